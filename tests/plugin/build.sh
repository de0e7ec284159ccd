# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# build.sh - sourced by shell tests: a plugin as its author would compile it.

# build SOURCE PLUGIN FLAG...: what the compiler says goes to build.log.
build() {
    build_source=$1
    build_target=$2
    shift 2
    # shellcheck disable=SC2086 # $CC and the flags are lists of words
    $CC $INSTRUMENT_CFLAGS -std=c11 -w -fPIC -shared -fvisibility=hidden \
        -I"$TOP_SRCDIR/include" "$build_source" -o "$build_target" "$@" >build.log 2>&1 || {
        echo "Bail out! cannot compile $build_source $*"
        sed 's/^/# /' build.log
        return 1
    }
}
