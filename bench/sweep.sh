#!/bin/sh
# SPDX-License-Identifier: MIT
# What a sweep costs: bench/sweep.sh [PART...], in the build folder on an idle machine, with
# dataset-fashion-mnist installed. Prints wall seconds and the processor's name. Parts, all by default:
#   many      plan and status of 10,000 cases, the best of five
#   overhead  24 cases of 20 s under `sweep run --jobs 1` against `run` in a loop, with all threads
#   jobs      4 cases of 10 s one after another with 2 threads against two at once with one thread
# STEPS are those of a case of 20 s; they are measured where it is not set.
set -u
build=$PWD
transfuse=$build/transfuse
export TRANSFUSE_PLUGIN_PATH="${TRANSFUSE_PLUGIN_PATH-$build/stage}"
work=$(mktemp -d "${TMPDIR:-/tmp}/transfuse-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
data=/usr/share/datasets/fashion-mnist

# wall COMMAND...: its seconds, on descriptor 3
wall() {
    begin=$(date +%s%N)
    "$@" >>printed 2>&1 || { echo "failed: $*" >&2; tail -3 printed >&2; exit 1; }
    end=$(date +%s%N)
    awk -v ns=$((end - begin)) 'BEGIN { printf "%.2f", ns / 1e9 }'
}

# best COMMAND...: the shortest of five, with what the processor did
best() {
    for _ in 1 2 3 4 5; do
        /usr/bin/env bash -c 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null' bash "$@" 2>&1 || exit 1
    done | sort -n | awk 'NR == 1 { printf "%.2f s, processor %.2f s\n", $1, $2 + $3 }'
}

base() {
    cat <<YAML
task: {kind: classification, classes: 10}
arch: {plugin: cbr_tiny}
init: [{plugin: random}]
data:
  train: {plugin: idx, images: $data/train-images-idx3-ubyte.gz, labels: $data/train-labels-idx1-ubyte.gz}
  test: {plugin: idx, images: $data/t10k-images-idx3-ubyte.gz, labels: $data/t10k-labels-idx1-ubyte.gz, limit: 500}
train: {optimizer: {plugin: adam, lr: 1e-3}, batch: 64, steps: $1, evaluate: {every_epochs: 1}}
metrics: [{plugin: auc}, {plugin: loss}]
YAML
}

sweep_many() {
    base 1000 >base.yaml
    cat >many.yaml <<YAML
study: many
base: base.yaml
cases:
  arch: [cbr_tiny, cbr_small]
  train.optimizer.lr: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
  train.batch: [16, 32, 64, 128]
  seed: 0..249
YAML
    "$transfuse" sweep plan many.yaml >/dev/null # reads the data's contents once
    printf 'sweep plan, 10,000 cases: '
    best "$transfuse" sweep plan many.yaml
    printf 'sweep status, 10,000 cases, none begun: '
    best "$transfuse" sweep status many.yaml
}

# bare FOLDER THREADS: each case of that store's, by `run`, into another
bare() {
    for config in "$1"/.cases/*/config.yaml; do
        "$transfuse" run "$config" output=bare threads="$2" || return 1
    done
}

cases_of() { # cases_of NAME STEPS SEEDS
    base "$2" >"$1-base.yaml"
    printf 'study: %s\nstore: %s\nbase: %s-base.yaml\ncases: {seed: %s}\n' "$1" "$1" "$1" "$3" >"$1.yaml"
}

steps_of_20_s() {
    [ -n "${STEPS-}" ] && return
    base 200 >probe.yaml
    seconds=$(wall "$transfuse" run probe.yaml output=probe threads="$(nproc)") || exit 1
    STEPS=$(awk -v s="$seconds" 'BEGIN { printf "%d", 200 * 20 / s }')
}

sweep_overhead() {
    steps_of_20_s
    cases_of overhead "$STEPS" 1..24
    swept=$(wall "$transfuse" sweep run overhead.yaml --jobs 1) || exit 1
    alone=$(wall bare overhead "$(nproc)") || exit 1
    echo "24 cases of $STEPS steps: sweep $swept s, run in a loop $alone s:" \
        "$(awk -v a="$swept" -v b="$alone" 'BEGIN { printf "%+.2f %%", 100 * (a / b - 1) }')"
}

sweep_jobs() {
    steps_of_20_s
    cases_of one $((STEPS / 2)) 1..4
    cases_of two $((STEPS / 2)) 1..4
    one=$(wall "$transfuse" sweep run one.yaml --jobs 1 base.threads=2) || exit 1
    two=$(wall "$transfuse" sweep run two.yaml --jobs 2 base.threads=1) || exit 1
    echo "4 cases of $((STEPS / 2)) steps: one after another with 2 threads $one s, two at once with 1 thread $two s:" \
        "$(awk -v a="$one" -v b="$two" 'BEGIN { printf "%.2f times", a / b }')"
}

sed -n 's/^model name[^:]*: */processor: /p' /proc/cpuinfo | sort | uniq -c
for part in ${*:-many overhead jobs}; do
    "sweep_$part"
done
