#!/bin/sh
# SPDX-License-Identifier: MIT
# How fast the runs of a large store are listed: bench/runs.sh [COUNT], in the build folder. Prints
# seconds, the best of five, and of those the processor's, with its name.
count=${1-10000}
build=$PWD
store=$(mktemp -d "${TMPDIR:-/tmp}/transfuse-bench.XXXXXX")
trap 'rm -rf "$store"' EXIT
"$build/tests/support/make_runs" "$store/runs" "$count" || exit 1
cd "$store" || exit 1

# best COMMAND...: the shortest of five, with what the processor did
best() {
    for _ in 1 2 3 4 5; do
        /usr/bin/env bash -c 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null' bash "$@" 2>&1 || exit 1
    done | sort -n | awk 'NR == 1 { printf "%.3f s, processor %.3f s\n", $1, $2 + $3 }'
}
sed -n 's/^model name[^:]*: */processor: /p' /proc/cpuinfo | sort | uniq -c
echo "runs: $count"
printf 'first list, which builds the index: '
begin=$(date +%s%N)
"$build/transfuse" runs list --limit 1 >"$store/printed"
end=$(date +%s%N)
awk -v ns=$((end - begin)) 'BEGIN { printf "%.2f s\n", ns / 1e9 }'
printf 'reindex: '
"$build/transfuse" runs reindex
printf 'list with two filters: '
best "$build/transfuse" runs list arch=cbr_tiny 'test/auc>0.9'
printf 'list of all: '
best "$build/transfuse" runs list
stat -c 'index: %s bytes' "$store/runs/index.sqlite"
