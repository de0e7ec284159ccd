#!/bin/sh
# SPDX-License-Identifier: MIT
# The sweep configs/sweeps/transfer-demo.yaml: `make transfer-demo`, or this script from anywhere with
# $TRANSFUSE (the program), $TRANSFUSE_PLUGIN_PATH and $TOP_SRCDIR set, and $JOBS cases at a time (1).
# Runs go to the folder `runs`; finished ones are not run again. Prints a table in Markdown: mean and
# standard deviation over the seeds.
set -eu
transfuse=${TRANSFUSE:-transfuse}
sweep=${TOP_SRCDIR:-.}/configs/sweeps/transfer-demo.yaml
metrics=$(mktemp "${TMPDIR:-/tmp}/transfer-demo.XXXXXX")
trap 'rm -f "$metrics"' EXIT

"$transfuse" sweep run "$sweep" --jobs "${JOBS:-1}" >&2
# lines NAME,SEED,STEP,AUC
"$transfuse" sweep status "$sweep" --only 'initializer=*' |
    sed -n 's/^initializer=\(.*\) seed=\([0-9]*\) .* \(\/.*\)$/\1,\2,\3/p' |
    while IFS=, read -r name seed folder; do
        awk -F, -v name="$name" -v seed="$seed" \
            '$3 == "test" && $4 == "auc" { print name "," seed "," $1 "," $5 }' \
            "$folder/metrics.csv"
    done >"$metrics"

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
