#!/bin/sh
# SPDX-License-Identifier: MIT
# The study of configs/transfer-demo.yaml: `make transfer-demo`, or this script from anywhere with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set. Runs go to the folder
# `runs`; finished ones are not run again. Prints a table in Markdown: mean and standard deviation
# over the seeds.
set -eu
seeds="1 2 3"
transfuse=${TRANSFUSE:-transfuse}
configs=${TOP_SRCDIR:-.}/configs
metrics=$(mktemp "${TMPDIR:-/tmp}/transfer-demo.XXXXXX")
trap 'rm -f "$metrics"' EXIT

# run CONFIG [KEY=VALUE]...: runs it, or goes on with it; prints its folder.
run() {
    # a finished run says so in other words than one that has just been made
    "$transfuse" run --resume --quiet "$@" |
        sed -n -e 's/^run folder: //p' -e 's/^this run is finished: //p'
}

source=$(run "$configs/transfer-demo-pretrain.yaml")/checkpoints/final.safetensors
case $source in /*) ;; *) source=$PWD/$source ;; esac

# arm NAME RULE: the seeds of a row; $metrics gets lines NAME,SEED,STEP,AUC
arm() {
    for seed in $seeds; do
        folder=$(run "$configs/transfer-demo.yaml" "seed=$seed" "init=[$2]")
        echo "$1, seed $seed: $folder" >&2
        awk -F, -v name="$1" -v seed="$seed" \
            '$3 == "test" && $4 == "auc" { print name "," seed "," $1 "," $5 }' \
            "$folder/metrics.csv" >>"$metrics"
    done
}

arm "random" "{plugin: random}"
arm "gabor" "{plugin: gabor}"
arm "mean_var" "{plugin: mean_var, source: '$source', head: reinit}"
for stage in block1 block2 block3 block4; do
    arm "weight_transplant through $stage" \
        "{plugin: weight_transplant, source: '$source', through: $stage}"
done
arm "pretrained" "{plugin: pretrained, source: '$source', head: reinit}"

# the first evaluated step at which a run's AUC is there, and the AUC of its last step
awk -F, '
function add(name, what, value) {
    count[name, what]++
    sum[name, what] += value
    square[name, what] += value * value
}
function cell(name, what, format,    n, mean, variance) {
    n = count[name, what]
    if (n < count[name, "final"])
        return "not by all"
    mean = sum[name, what] / n
    variance = n > 1 ? (square[name, what] - n * mean * mean) / (n - 1) : 0
    return sprintf(format " ± " format, mean, variance > 0 ? sqrt(variance) : 0)
}
function finish() {
    if (run != "")
        add(name, "final", last)
}
$1 "," $2 != run {
    finish()
    run = $1 "," $2
    if ($1 != name)
        order[++rows] = $1
    name = $1
}
{
    last = $4
    if ($4 >= 0.95 && !seen[run, 95]++)
        add(name, 95, $3)
    if ($4 >= 0.99 && !seen[run, 99]++)
        add(name, 99, $3)
    if ($3 == 10)
        add(name, "early", $4)
}
END {
    finish()
    print "| initializer | steps to AUC 0.95 | steps to AUC 0.99 | AUC after 10 steps | AUC at the end |"
    print "| --- | --- | --- | --- | --- |"
    for (i = 1; i <= rows; i++)
        print "| " order[i] " | " cell(order[i], 95, "%.1f") " | " cell(order[i], 99, "%.1f") \
            " | " cell(order[i], "early", "%.4f") " | " cell(order[i], "final", "%.4f") " |"
}' "$metrics"
