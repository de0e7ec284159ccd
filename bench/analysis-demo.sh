#!/bin/sh
# SPDX-License-Identifier: MIT
# The study of docs/analysis.md: `make analysis-demo`, or this script from anywhere with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set. Trains what the study files
# configs/analysis/paper.yaml, dynamics.yaml and movement.yaml ask for, then does them: runs go to the
# folder `runs`, figures and tables to `analysis`; finished runs are not run again. $ARCHITECTURES
# chooses others than the four CBR networks.
set -eu
seeds="1 2 3"
architectures=${ARCHITECTURES:-cbr_tiny cbr_small cbr_larget cbr_largew}
transfuse=${TRANSFUSE:-transfuse}
configs=${TOP_SRCDIR:-.}/configs/analysis

# run CONFIG [KEY=VALUE]...: runs it, or goes on with it; prints its folder.
run() {
    "$transfuse" run --resume --quiet "$@" |
        sed -n -e 's/^run folder: //p' -e 's/^this run is finished: //p'
}

for arch in $architectures; do
    source=$(run "$configs/source.yaml" "arch.plugin=$arch")/checkpoints/final.safetensors
    case $source in /*) ;; *) source=$PWD/$source ;; esac
    for seed in $seeds; do
        for init in random pretrained; do
            rule="{plugin: random, scheme: he_normal}"
            [ $init = random ] || rule="{plugin: pretrained, source: '$source', head: reinit}"
            # checkpoints of single steps are for `dynamics` of the small networks
            keep=1000
            case $arch in cbr_large*) keep=1 ;; esac
            folder=$(run "$configs/target.yaml" "arch.plugin=$arch" "seed=$seed" "init=[$rule]" \
                "train.checkpoint.keep=$keep")
            echo "$arch, $init, seed $seed: $folder" >&2
        done
    done
done

# one architecture in four widths; 1 is there
case " $architectures " in *" cbr_tiny "*)
    for width in 0.25 0.5 2; do
        for seed in $seeds; do
            folder=$(run "$configs/target.yaml" arch.plugin=cbr_tiny "arch.width=$width" "seed=$seed" \
                train.checkpoint.keep=1)
            echo "cbr_tiny of width $width, seed $seed: $folder" >&2
        done
    done
    ;;
esac

for study in paper dynamics movement; do
    "$transfuse" analyse "$configs/$study.yaml" store=runs "output=analysis/$study"
done
echo "figures and tables are in analysis"
