# SPDX-License-Identifier: MIT
# tap.sh - sourced by shell tests: a scratch folder, and TAP.
#
#   . "$TOP_SRCDIR/tests/support/tap.sh"
#   ok "what holds" test 1 = 1
#   status_is "usage error" 2 "$TRANSFUSE" frobnicate     # output is in $out and $err
#   done_testing

tap_count=0
tap_failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/transfuse-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
out=$scratch/.out
err=$scratch/.err

# ok DESCRIPTION COMMAND...: passes when the command succeeds; its output is shown when it fails.
ok() {
    tap_description=$1
    shift
    tap_count=$((tap_count + 1))
    if "$@" >"$out" 2>"$err"; then
        echo "ok $tap_count - $tap_description"
    else
        tap_failed=1
        echo "not ok $tap_count - $tap_description"
        echo "# $*"
        sed 's/^/# /' "$out" "$err"
    fi
}

# status_is DESCRIPTION STATUS COMMAND...: passes when the command exits with that status.
status_is() {
    tap_description=$1
    tap_want=$2
    shift 2
    tap_count=$((tap_count + 1))
    "$@" >"$out" 2>"$err"
    tap_got=$?
    if [ "$tap_got" = "$tap_want" ]; then
        echo "ok $tap_count - $tap_description"
    else
        tap_failed=1
        echo "not ok $tap_count - $tap_description (exit status $tap_got, not $tap_want)"
        echo "# $*"
        sed 's/^/# /' "$out" "$err"
    fi
}

# wait_until COMMAND...: until it succeeds; what takes five minutes will not come
wait_until() {
    wait_tries=0
    until "$@" >/dev/null 2>&1; do
        wait_tries=$((wait_tries + 1))
        if [ $wait_tries -ge 6000 ]; then
            echo "# waited in vain: $*"
            return 1
        fi
        sleep 0.05
    done
}

# Of what a program said, all but the note that OpenBLAS is older than this processor.
without_note_of_machine() {
    sed '/^transfuse: note: OpenBLAS .* does not know this processor/d'
}

# skip DESCRIPTION REASON
skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

# The plugins that are shipped, of plugins.txt: all that this build has the libraries for.
shipped_plugins() {
    if [ "$HAVE_DICOM" = no ]; then
        grep -v -e '^#' -e '^reader/dicom.so$' "$TOP_SRCDIR/tests/repo/plugins.txt"
    else
        grep -v '^#' "$TOP_SRCDIR/tests/repo/plugins.txt"
    fi | LC_ALL=C sort
}

# json [-n] FILE PATH: a value of a file of JSON, or how many there are (json.c)
json() {
    "$TOP_BUILDDIR/tests/support/json" "$@"
}

# near A B: two numbers are the same to 1e-12
near() {
    awk -v a="$1" -v b="$2" \
        'BEGIN { d = a - b; exit !(a != "" && b != "" && (d < 0 ? -d : d) <= 1e-12) }'
}

# Ends the script; call it last.
done_testing() {
    echo "1..$tap_count"
    exit $tap_failed
}
