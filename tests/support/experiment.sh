# SPDX-License-Identifier: MIT
# experiment.sh - sourced by tests that train: writes $scratch/small.yaml and its data, and goes
# there. A run of it takes a second or two.

cd "$scratch" || exit 99
make_idx=$TOP_BUILDDIR/tests/support/make_idx
"$make_idx" train-images train-labels 45 8 3 1 &&
    "$make_idx" test-images test-labels 30 8 3 2 || exit 99
cat >small.yaml <<'YAML'
seed: 3
task: {kind: classification, classes: 3}
arch: {plugin: cbr_tiny}
init: [{plugin: random, scheme: he_normal}]
data:
  train: {plugin: idx, images: train-images, labels: train-labels}
  test: {plugin: idx, images: test-images, labels: test-labels}
train:
  optimizer: {plugin: adam, lr: 1e-3}
  batch: 8
  steps: 16
  schedule: {kind: cosine, warmup: 3}
  evaluate: {every_steps: 5, every_epochs: 0, batch: 30}
  checkpoint: {every_steps: 3, keep: 2}
  threshold: {metric: accuracy, value: 0.4}
metrics: [{plugin: auc}, {plugin: accuracy}, {plugin: loss}]
threads: 1
YAML

# narrow: of networks a quarter as wide, for tests of what goes on around a training: a sixteenth of the bytes in a
# checkpoint, and a seventh of the time
narrow() {
    sed -i 's/{plugin: cbr_tiny}/{plugin: cbr_tiny, width: 0.25}/' small.yaml
}

# run_folder OUTPUT: the folder of the one run there
run_folder() {
    set -- "$1"/small/*
    echo "$1"
}

# has_checkpoint OUTPUT: a run there has one of a step; of which, changes quickly
has_checkpoint() {
    ls "$1"/small/*/checkpoints/step-*.safetensors
}

# same_result A B: two run folders have the same bytes in metrics.csv and in their checkpoints, and
# the same checkpoints
same_result() {
    cmp "$1/metrics.csv" "$2/metrics.csv" && diff -r "$1/checkpoints" "$2/checkpoints"
}

# runs DESCRIPTION STATUS COMMAND...: as status_is; said() looks at what it printed.
runs() {
    status_is "$@"
    cat "$out" "$err" | without_note_of_machine >"$scratch/printed"
}

# said PATTERN: the last command printed a line that matches.
said() {
    grep -E "$1" "$scratch/printed"
}
