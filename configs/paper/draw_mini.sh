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
# of configs/questions/juodelyte.yaml
tagged='--kind cxr --layout image_folder --task Atelectasis --confounder tag'
# shellcheck disable=SC2086 # words
set_of tagged $tagged --images 1200 --valid 0.2 --test 0
# shellcheck disable=SC2086
set_of reversed $tagged --images 400 --seed 2 --valid 0 --test 1 --reverse
