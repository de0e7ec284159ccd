#!/bin/sh
# SPDX-License-Identifier: MIT
# The study of docs/analysis.md: `make analysis-demo`, or this script from anywhere with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set. Runs go to the folder `runs`,
# figures and tables to `analysis`; finished runs are not run again. $ARCHITECTURES chooses others
# than the four CBR networks.
set -eu
seeds="1 2 3"
architectures=${ARCHITECTURES:-cbr_tiny cbr_small cbr_larget cbr_largew}
transfuse=${TRANSFUSE:-transfuse}
configs=${TOP_SRCDIR:-.}/configs/analysis
output=analysis
mkdir -p $output

# run CONFIG [KEY=VALUE]...: runs it, or goes on with it; prints its folder.
run() {
    "$transfuse" run --resume --quiet "$@" |
        sed -n -e 's/^run folder: //p' -e 's/^this run is finished: //p'
}

say() {
    printf '\n== %s\n\n' "$1"
}

# tell FILE ARGUMENT...: a command of transfuse, its table kept as analysis/FILE.txt too.
tell() {
    tell_file=$output/$1.txt
    shift
    "$transfuse" "$@" --quiet >"$tell_file"
    cat "$tell_file"
}

for arch in $architectures; do
    source=$(run "$configs/source.yaml" "arch.plugin=$arch")/checkpoints/final.safetensors
    case $source in /*) ;; *) source=$PWD/$source ;; esac
    for seed in $seeds; do
        for init in random pretrained; do
            rule="{plugin: random, scheme: he_normal}"
            [ $init = random ] || rule="{plugin: pretrained, source: '$source', head: reinit}"
            # checkpoints of single steps are for `study dynamics` of the small networks
            keep=1000
            case $arch in cbr_large*) keep=1 ;; esac
            folder=$(run "$configs/target.yaml" "arch.plugin=$arch" "seed=$seed" "init=[$rule]" \
                "train.checkpoint.keep=$keep")
            echo "$arch, $init, seed $seed: $folder" >&2
            eval "run_${arch}_${init}_$seed=\$folder"
        done
    done
done

# folder ARCH INIT SEED
folder() {
    eval "printf '%s\n' \"\$run_$1_$2_$3\""
}

for arch in $architectures; do
    r1=$(folder "$arch" random 1) r2=$(folder "$arch" random 2) r3=$(folder "$arch" random 3)
    t1=$(folder "$arch" pretrained 1) t2=$(folder "$arch" pretrained 2)
    t3=$(folder "$arch" pretrained 3)
    sample="--rows 5000 --images 1250" # all positions of the deepest maps, 2 x 2
    held="$sample --channels 32"       # and the channels of the narrowest layer

    say "$arch: random and pretrained against random and random, before and after (Fig. 2)"
    # shellcheck disable=SC2086 # several options
    tell "$arch-pairs" compare $held --output "$output/$arch-pairs" --baseline noise \
        --pair "random-random" "$r1@final" "$r2@final" --pair "random-random" "$r2@final" "$r3@final" \
        --pair "random-random" "$r3@final" "$r1@final" \
        --pair "random-pretrained" "$r1@final" "$t1@final" \
        --pair "random-pretrained" "$r2@final" "$t2@final" \
        --pair "random-pretrained" "$r3@final" "$t3@final" \
        --pair "random-random untrained" "$r1@initial" "$r2@initial" \
        --pair "random-random untrained" "$r2@initial" "$r3@initial" \
        --pair "random-random untrained" "$r3@initial" "$r1@initial" \
        --pair "random-pretrained untrained" "$r1@initial" "$t1@initial" \
        --pair "random-pretrained untrained" "$r2@initial" "$t2@initial" \
        --pair "random-pretrained untrained" "$r3@initial" "$t3@initial"

    say "$arch: each layer before against after training (Fig. 3)"
    # shellcheck disable=SC2086
    tell "$arch-before-after" compare $held --output "$output/$arch-before-after" \
        --pair random "$r1@initial" "$r1@final" --pair random "$r2@initial" "$r2@final" \
        --pair random "$r3@initial" "$r3@final" \
        --pair pretrained "$t1@initial" "$t1@final" --pair pretrained "$t2@initial" "$t2@final" \
        --pair pretrained "$t3@initial" "$t3@final"

    say "$arch: subsets of channels before and after (Fig. 4)"
    # shellcheck disable=SC2086
    tell "$arch-subsets-random" study subsets $sample "$r1@final" "$r2@final" \
        --output "$output/$arch-subsets-random"
    # shellcheck disable=SC2086
    tell "$arch-subsets-pretrained" study subsets $sample "$r1@final" "$t1@final" \
        --output "$output/$arch-subsets-pretrained"

    say "$arch: layer by layer"
    # shellcheck disable=SC2086
    tell "$arch-matrix" compare "$r1@final" "$t1@final" --matrix $held \
        --output "$output/$arch-matrix"

    case $arch in cbr_large*) continue ;; esac
    say "$arch: over training"
    # shellcheck disable=SC2086
    tell "$arch-dynamics-random" study dynamics "$r1" $held \
        --output "$output/$arch-dynamics-random"
    # shellcheck disable=SC2086
    tell "$arch-dynamics-pretrained" study dynamics "$t1" $held \
        --output "$output/$arch-dynamics-pretrained"
done

say "How far each layer moved, and model size"
all_random='' all_pretrained=''
for arch in $architectures; do
    for seed in $seeds; do
        all_random="$all_random $(folder "$arch" random "$seed")@final"
        all_pretrained="$all_pretrained $(folder "$arch" pretrained "$seed")@final"
    done
done
# shellcheck disable=SC2086 # lists of folders
{
    tell movement-weights-random study movement $all_random --output "$output/movement-weights-random"
    tell movement-weights-pretrained study movement $all_pretrained \
        --output "$output/movement-weights-pretrained"
    tell movement-similarity-random study movement $all_random --metric svcca $held \
        --output "$output/movement-similarity-random"
    tell movement-similarity-pretrained study movement $all_pretrained --metric svcca $held \
        --output "$output/movement-similarity-pretrained"
}

say "One architecture in four widths"
all_widths=''
for width in 0.25 0.5 1 2; do
    for seed in $seeds; do
        all_widths="$all_widths $(run "$configs/target.yaml" arch.plugin=cbr_tiny \
            "arch.width=$width" "seed=$seed" train.checkpoint.keep=1)@final"
    done
done
# shellcheck disable=SC2086
{
    tell widths-weights study movement $all_widths --output "$output/widths-weights"
    # 8 channels: the narrowest layer's
    tell widths-similarity study movement $all_widths --metric svcca $sample --channels 8 \
        --output "$output/widths-similarity"
}
echo "figures and tables are in $output"
