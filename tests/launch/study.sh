# SPDX-License-Identifier: MIT
# study.sh - sourced after experiment.sh by tests of sweeps: writes a study file, and counts.

narrow

# study NAME SEEDS: NAME.yaml, a sweep with a source of half of its cases: 1 + 2 x the seeds
study() {
    cat >"$1.yaml" <<YAML
study: $1
base: small.yaml
runs:
  source: {base: small.yaml, seed: 9, train.steps: 8}
cases:
  start:
    random: {init: [{plugin: random}]}
    pretrained: {init: [{plugin: pretrained, source: "\${source.final}", head: reinit}]}
  seed: $2
YAML
}

sweep() {
    "$TRANSFUSE" sweep "$@"
}

# states STUDY ARGUMENT...: "3 done, 1 failed", of `sweep status`
states() {
    sweep status "$@" | sed -n '$s/.*: //p'
}

# state_files STORE KEY: the values of a key of all state.json, one a line
state_values() {
    for state_file in "$1"/.cases/*/state.json; do
        json "$state_file" "$2"
    done
}

# to_their_end STORE: how many trainings came to their end, by what they printed
to_their_end() {
    cat "$1"/.cases/*/log.txt | grep -c '^finished after step'
}

# same_store A B: two stores have the same runs, and these the same bytes in metrics and checkpoints
same_store() {
    for same_run in "$1"/*/*/; do
        same_name=${same_run#"$1"/}
        same_result "${same_run%/}" "$2/${same_name%/}" || return 1
    done
    test "$(cd "$1" && ls -d -- */*)" = "$(cd "$2" && ls -d -- */*)"
}
