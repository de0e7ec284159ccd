#!/bin/sh
# SPDX-License-Identifier: MIT
# The study of docs/analysis.md: `make analysis-demo`, or this script from anywhere with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set, and $JOBS trainings at a time
# (1). Trains the sweep configs/sweeps/analysis-demo.yaml, which is what the study files paper.yaml,
# dynamics.yaml and movement.yaml of configs/analysis ask for, then does these: runs go to the folder
# `runs`, figures and tables to `analysis`; finished runs are not run again. $ARCHITECTURES chooses
# others than the four CBR networks.
set -eu
transfuse=${TRANSFUSE:-transfuse}
configs=${TOP_SRCDIR:-.}/configs

# all of the sweep, or those of its cases that have these architectures
if [ -n "${ARCHITECTURES:-}" ]; then
    only=
    for arch in $ARCHITECTURES; do
        only="$only,arch=$arch *"
    done
    "$transfuse" sweep run "$configs/sweeps/analysis-demo.yaml" --jobs "${JOBS:-1}" --only "${only#,}" >&2
else
    "$transfuse" sweep run "$configs/sweeps/analysis-demo.yaml" --jobs "${JOBS:-1}" >&2
fi

for study in paper dynamics movement; do
    "$transfuse" analyse "$configs/analysis/$study.yaml" store=runs "output=analysis/$study"
done
echo "figures and tables are in analysis"
