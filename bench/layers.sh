#!/bin/sh
# SPDX-License-Identifier: MIT
# Every kind of layer of some networks: each convolution algorithm in each direction, beside PyTorch
# where there is one, and the memory-bound layers beside a copy. As tables in Markdown, and CSV.
#
# $1 is the folder of the results. $TRANSFUSE, $TRANSFUSE_PLUGIN_PATH and BENCH_* as for speed.sh.
set -eu
folder=${1:?usage: layers.sh FOLDER}
. "$(dirname "$0")/settings.sh"

csv=$folder/layers.csv
: > "$csv"
for network in $networks; do
    echo "layers of $network" >&2
    "$transfuse" bench "$network" --layers --csv --batch "$batch" --size "$(size_of "$network")" \
        --threads "$threads" --steps "$steps" | awk -v network="$network" '
        NR == 1 { print "network," $0; next }
        { print network "," $0 }' | { if [ -s "$csv" ]; then tail -n +2; else cat; fi; } >> "$csv"
done

# the newest PyTorch: milliseconds forward and backward of each kind of convolution
python=
for candidate in $pythons; do
    if "$candidate" "$peer" version > /dev/null 2>&1; then
        python=$candidate
    fi
done
kinds=$folder/layers.kinds
awk -F, 'NR > 1 && $3 == "conv2d" && $16 == 1 {
    print $6, $7, $8, $9, $10, $11, $12, $14, $15 }' "$csv" | sort -u > "$kinds"
: > "$folder/layers.peer"
if [ -n "$python" ]; then
    echo "PyTorch $("$python" "$peer" version), $python" > "$folder/layers.version"
    "$python" "$peer" layers "$batch" "$threads" "$steps" < "$kinds" |
        paste -d ' ' "$kinds" - > "$folder/layers.peer"
else
    echo "no PyTorch found" > "$folder/layers.version"
fi
awk -f "$here/layers.awk" -v peers="$folder/layers.peer" \
    -v version="$(cat "$folder/layers.version")" "$csv" > "$folder/layers.md"
cat "$folder/layers.md"
