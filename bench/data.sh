#!/bin/sh
# SPDX-License-Identifier: MIT
# How fast images are read and transformed, beside torchvision's DataLoader where there is one, on
# the same images and processors, in turn: a table in Markdown.
#
# $1 is the folder of the results, $TRANSFUSE the program. Optional:
# BENCH_DATA      folder of the images, made where there is none; needs a torchvision   $1/images
# BENCH_IMAGES    how many of a kind                                                    64
# BENCH_WORKERS   of both sides                                                         all processors
# BENCH_ROUNDS    of both sides in turn; medians count                                  3
# BENCH_PYTHON    the first of these that has a torchvision is the peer
set -eu
folder=${1:?usage: data.sh FOLDER}
. "$(dirname "$0")/settings.sh"
rounds=${BENCH_ROUNDS:-3}
workers=${BENCH_WORKERS:-$(nproc)}
images=${BENCH_DATA:-$folder/images}
count=${BENCH_IMAGES:-64}
peer=$here/torch_data.py
TRANSFUSE_CACHE=$folder/cache
export TRANSFUSE_CACHE

python=
for candidate in $pythons; do
    if [ -z "$python" ] && "$candidate" "$peer" version > /dev/null 2>&1; then
        python=$candidate
    fi
done
for kind in jpeg png; do
    [ -d "$images/$kind" ] && continue
    if [ -z "$python" ]; then
        echo "no torchvision found in: $pythons; without it there are no images" >&2
        exit 0
    fi
    echo "making images: $kind" >&2
    "$python" "$peer" make "$kind" "$images/$kind" "$count"
done

# config KIND CACHE: what torch_data.py does, as a configuration
config() {
    cat << YAML
task: {classes: 2}
arch: {plugin: cbr_tiny}
data:
  cache: $2
  train:
    plugin: image_folder
YAML
    case $1 in
    jpeg) cat << YAML
    folder: $images/jpeg
    channels: 3
    decode: reduced
    transforms:
      - {plugin: resize, short_side: 342}
      - {plugin: random_crop, size: [299, 299]}
      - {plugin: flip}
      - {plugin: color_jitter}
    normalise: {preprocessing: torchvision}
YAML
        ;;
    crop) cat << YAML
    folder: $images/jpeg
    channels: 3
    decode: reduced
    transforms:
      - {plugin: random_crop, size: [299, 299], scale: [0.08, 1]}
      - {plugin: flip}
      - {plugin: color_jitter}
    normalise: {preprocessing: torchvision}
YAML
        ;;
    png) cat << YAML
    folder: $images/png
    channels: 1
    transforms: [{plugin: resize, size: [224, 224]}, {plugin: flip}]
    normalise: {mean: [0.5], deviation: [0.25]}
YAML
        ;;
    esac
    echo 'train: {batch: 8, epochs: 1, optimizer: {plugin: adam}}'
}

# ours KIND CACHE: images a second by all workers
ours() {
    config "$1" "$2" > "$folder/data-$1-$2.yaml"
    "$transfuse" bench --data "$folder/data-$1-$2.yaml" --threads "$workers" --steps 8 |
        awk -v workers="$workers" '$1 == workers && NF == 2 { print $2 }'
}
theirs() {
    folder_of=$images/$1
    [ "$1" = crop ] && folder_of=$images/jpeg
    "$python" "$peer" read "$1" "$folder_of" "$workers" 8 2
}
median() {
    tr ' ' '\n' | grep . | sort -g | awk '
        { x[NR] = $1 }
        END { print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'
}
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

{
    echo "images/s, $workers workers, batches of 8, medians of $rounds rounds in turn"
    [ -n "$python" ] && echo "peer: $("$python" "$peer" version)"
    echo
    echo "| images | transfuse | DataLoader | ratio | transfuse, from memory | from the disk |"
    echo "| --- | --- | --- | --- | --- | --- |"
    for kind in jpeg crop png; do
        here_all='' there_all=''
        round=0
        while [ "$round" -lt "$rounds" ]; do
            round=$((round + 1))
            echo "$kind, round $round of $rounds" >&2
            here_all="$here_all $(ours "$kind" none)"
            [ -z "$python" ] || there_all="$there_all $(theirs "$kind")"
        done
        us=$(echo "$here_all" | median)
        them=- times=-
        if [ -n "$python" ]; then
            them=$(echo "$there_all" | median)
            times=$(ratio "$us" "$them")
        fi
        case $kind in
        jpeg) what='JPEG 2048x1536: resize, crop of 299, flip, colours' ;;
        crop) what='JPEG 2048x1536: random resized crop to 299, flip, colours' ;;
        png) what='PNG 1024x1024, 16-bit gray, to 224' ;;
        esac
        echo "| $what | $us | $them | **$times** | $(ours "$kind" memory) | $(ours "$kind" disk) |"
    done
} > "$folder/data.md"
rm -rf "$TRANSFUSE_CACHE"
cat "$folder/data.md"
