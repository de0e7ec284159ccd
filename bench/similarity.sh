#!/bin/sh
# SPDX-License-Identifier: MIT
# `transfuse similarity` beside google/svcca over the same files: seconds and peak memory, as a
# table in Markdown. $1 is a checkout of google/svcca. Wants a Python 3 with numpy on OpenBLAS
# ($PYTHON), $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH; $THREADS for both sides, best of
# $REPEATS runs, $TYPE of the numbers in the files (float32 or float64), $SIZES as COLUMNSxROWS.
#
# google/svcca is timed twice: the call get_cca_similarity alone, its matrices in memory, and its
# whole process. Ours is the whole process, reading the files among it.
set -eu
checkout=${1:?usage: similarity.sh CHECKOUT-OF-GOOGLE-SVCCA}
python=${PYTHON:-/usr/bin/python3}
transfuse=${TRANSFUSE:-transfuse}
threads=${THREADS:-2}
repeats=${REPEATS:-3}
type=${TYPE:-float32}
helper=$(dirname "$0")/similarity.py
folder=$(mktemp -d "${TMPDIR:-/tmp}/similarity.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export OPENBLAS_NUM_THREADS="$threads" OMP_NUM_THREADS="$threads" PYTHONDONTWRITEBYTECODE=1

# ours MODE: seconds MiB seconds value sum
ours() {
    "$python" "$helper" measure "$repeats" "$transfuse" similarity "$folder/x.npy" \
        "$folder/y.npy" --mode "$1" --threads "$threads" --json
}

echo "| columns x rows, $type | google/svcca: call | process | MiB | transfuse cca | MiB |" \
    "cca_compat | MiB | faster than the call | memory | difference |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for size in ${SIZES:-256x20000 512x20000 1024x40000}; do
    "$python" "$helper" make "${size#*x}" "${size%x*}" "$type" "$folder/x.npy" "$folder/y.npy"
    theirs=$("$python" "$helper" measure "$repeats" "$python" "$helper" peer "$checkout" \
        "$folder/x.npy" "$folder/y.npy")
    echo "$size $theirs $(ours cca) $(ours cca_compat)" | awk '{
        difference = $5 - $15
        printf "| %s | %.2f s | %.2f s | %d | %.2f s | %d | %.2f s | %d | %.1f times | %.2f | %.1e |\n",
            $1, $4, $2, $3, $7, $8, $12, $13, $4 / $7, $8 / $3,
            difference < 0 ? -difference : difference
    }'
done
