#!/bin/sh
# SPDX-License-Identifier: MIT
# draw_mini.sh [FOLDER] - the sets of the mini profiles, drawn by `transfuse data synth` into FOLDER, by default data/mini of
# the tree that this file is in, where the profiles look for them. A minute of one core, and done once.
set -e
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$here/data/mini}
transfuse=${TRANSFUSE:-transfuse}
mkdir -p "$folder"
set_of() { # NAME OPTION...
    name=$1
    shift
    [ -f "$folder/$name/synth.json" ] || "$transfuse" data synth --tables-only --seed 1 --size 64 "$@" --output "$folder/$name"
}
set_of chest --kind cxr --layout chexpert --images 2000 --valid 0.25 --test 0.05
# of configs/questions/confounder.yaml: a sign that goes with the finding in all pictures, in four of five, or as it comes
sign='--kind cxr --layout image_folder --task Atelectasis --confounder tag'
for rate in 1 0.6 0; do
    case $rate in 1) suffix= ;; *) suffix=-$rate ;; esac
    # shellcheck disable=SC2086 # words
    set_of "tagged$suffix" $sign --rate $rate --images 1200 --valid 0.2 --test 0
    # shellcheck disable=SC2086
    set_of "reversed$suffix" $sign --rate $rate --images 400 --seed 2 --valid 0 --test 1 --reverse
done
