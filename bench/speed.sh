#!/bin/sh
# SPDX-License-Identifier: MIT
# The six networks of the paper: images a second in training and inference, and peak memory, ours
# beside every PyTorch that is found, as a table in Markdown, CSV and a picture.
#
# $1 is the folder of the results. Wants $TRANSFUSE (the program) and $TRANSFUSE_PLUGIN_PATH.
# BENCH_PYTHON    Pythons to look for PyTorch in       /usr/bin/python3 python3
# BENCH_NETWORKS                                       all six
# BENCH_BATCH, BENCH_THREADS, BENCH_STEPS              8, all processors, 3
# BENCH_ROUNDS    of all sides in turn; medians count  3
# BENCH_SIZE      side of the images                   224, Inception-v3 299
set -eu
folder=${1:?usage: speed.sh FOLDER}
. "$(dirname "$0")/settings.sh"
rounds=${BENCH_ROUNDS:-3}
raw=$folder/networks.raw

# Each line: the version of a PyTorch, a tab, its Python. One of a kind.
peers=$folder/peers
: > "$peers"
for python in $pythons; do
    if version=$("$python" "$peer" version 2> /dev/null); then
        grep -q "^$version	" "$peers" || printf '%s\t%s\n' "$version" "$python" >> "$peers"
    fi
done
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
about="batch $batch, $threads threads, $steps steps, $rounds rounds, ${processor:-unknown processor}"
echo "$about"
if [ -s "$peers" ]; then
    sed 's/\(.*\)\t\(.*\)/peer: PyTorch \1, \2/' "$peers"
else
    echo "no PyTorch found in: $pythons"
fi

# raw: network, side, training and inference images/s, peak MiB
: > "$raw"
for network in $networks; do
    size=$(size_of "$network")
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        echo "$network, round $round of $rounds" >&2
        "$transfuse" bench "$network" --batch "$batch" --size "$size" --threads "$threads" \
            --steps "$steps" | awk -v network="$network" '
            $1 == "training" { training = $2; peak = $(NF - 1) }
            $1 == "inference" && NF > 5 { inference = $2 }
            END { printf "%s\ttransfuse\t%s\t%s\t%s\n", network, training, inference, peak }' \
            >> "$raw"
        while IFS='	' read -r version python; do
            for layout in nchw nhwc; do
                numbers=$("$python" "$peer" network "$network" "$layout" "$batch" "$size" \
                    "$threads" "$steps" < /dev/null)
                printf '%s\tPyTorch %s, %s\t%s\n' "$network" "$version" "$layout" \
                    "$(echo "$numbers" | tr ' ' '\t')" >> "$raw"
            done
        done < "$peers"
    done
done

awk -f "$here/speed.awk" -v markdown="$folder/networks.md" -v csv="$folder/networks.csv" \
    -v plot="$folder/networks.dat" -v about="$about" "$raw"
cat "$folder/networks.md"
if command -v gnuplot > /dev/null; then
    gnuplot -e "data='$folder/networks.dat'; picture='$folder/networks.png'" "$here/speed.gp"
    echo
    echo "picture: $folder/networks.png"
fi
