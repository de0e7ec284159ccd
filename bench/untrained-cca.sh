#!/bin/sh
# SPDX-License-Identifier: MIT
# CCA between two untrained networks against rows and channels, beside Gaussian noise of the same
# covariance: the tables of docs/analysis.md, in Markdown. `make untrained-cca`, or this script with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set.
set -eu
transfuse=${TRANSFUSE:-transfuse}
configs=${TOP_SRCDIR:-.}/configs/analysis

# compare OPTION...: lines "node mean ± sd noise ± sd"
compare() {
    "$transfuse" compare "$configs/untrained.yaml" "$configs/untrained-other.yaml" --quiet \
        --baseline noise --draws 3 "$@" | grep ' ± .* ± ' | grep -v 'standard deviation'
}

head_of() {
    echo
    echo "| $1 | noise | block1 | block2 | block3 | block4 |"
    echo "| ---: | ---: | ---: | ---: | ---: | ---: |"
}

# line VALUE OPTION...: all blocks; the noise is that of the last, the only one of 256 channels
line() {
    value=$1
    shift
    compare "$@" | awk -v value="$value" '
        { cell = cell sprintf(" %.3f ± %.3f |", $2, $4); noise = $5 }
        END { printf "| %s | %.3f |%s\n", value, noise, cell }'
}

head_of "rows, 32 channels"
for rows in 40 64 96 160 320 640 1280 2560 5120; do
    line $rows --rows $rows --channels 32
done
head_of "channels, 2560 rows"
for channels in 8 16 32 64 128 256; do
    line $channels --rows 2560 --channels $channels
done
head_of "channels, 20 rows a channel"
for channels in 8 16 32 64 128 256; do
    line $channels --rows $((20 * channels)) --channels $channels
done

echo
echo "| node of the first block, 1280 rows | all 32 channels | 16 of them | 8 of them |"
echo "| :--- | ---: | ---: | ---: |"
for channels in 32 16 8; do
    compare --rows 1280 --channels $channels --nodes 'block1.*' |
        awk -v column=$channels '{ print $1, column, sprintf("%.3f ± %.3f", $2, $4) }'
done | awk '
    !($1 in seen) { seen[$1] = 1; name[++n] = $1 }
    { cell[$1, $2] = $3 " " $4 " " $5 }
    END {
        for (i = 1; i <= n; i++)
            printf "| %s | %s | %s | %s |\n", name[i], cell[name[i], 32], cell[name[i], 16],
                cell[name[i], 8]
    }'
