# SPDX-License-Identifier: MIT
# gate.sh - sourced after experiment.sh by tests that disturb runs: builds the transform `gate` (gate.c), at which a
# run waits while the gate is closed. What has it among its transforms lasts until a test has seen what it waits for.

mkdir -p plugins/transform
$CC -std=gnu11 -w -O1 -fPIC -shared "-I$TOP_SRCDIR/include" -o plugins/transform/gate.so \
    "$TOP_SRCDIR/tests/launch/gate.c" || exit 99
TRANSFUSE_PLUGIN_PATH=$scratch/plugins:$TRANSFUSE_PLUGIN_PATH
GATE=$scratch/closed
export TRANSFUSE_PLUGIN_PATH GATE

# close_gate [SECONDS]: an image takes so long, one by default
close_gate() {
    rm -f "$GATE.reached"
    echo "${1-1}" >"$GATE.new" && mv "$GATE.new" "$GATE"
}

open_gate() {
    rm "$GATE"
}

# trains_in STORE: is a run there that was begun, or resumed, since the gate was closed?
trains_in() {
    find "$1"/[!.]* -name log.txt -newer "$GATE" -exec tail -n 1 {} + | grep -E '(begun|resumed) at step'
}

# at_gate STORE: waits until such a run has come to the gate; who opens data looks at some of them before
at_gate() {
    wait_until trains_in "$1"
    rm -f "$GATE.reached"
    wait_until test -e "$GATE.reached"
}
