# SPDX-License-Identifier: MIT
# faulty.sh - sourced by tests of `plugins check`, after tap.sh: the templates, each with one fault put in.

cd "$scratch" || exit 99
TRANSFUSE_TEMPLATES=$TOP_SRCDIR/templates
export TRANSFUSE_TEMPLATES

# what faults call
included=
for header in fenv locale pthread signal stdio stdlib string sys/mman time unistd; do
    included="$included -include $header.h"
done

for kind in arch layer init metric dataset optim backend transform; do
    "$TRANSFUSE" plugins new $kind faulty --output $kind >"$scratch/log" 2>&1
done

# transforms that move what is in the image are none of the templates
included="$included -I$TOP_SRCDIR/plugins/transform"
for name in flip normalise; do
    mkdir $name
    sed "s/\.name = \"$name\"/.name = \"faulty\"/" "$TOP_SRCDIR/plugins/transform/$name.c" >$name/faulty.c
done

# noticed KIND DESCRIPTION TEST WHY SED...: the template changed so fails that test, for that reason. With
# TRANSFUSE_QUICK_CASES one fault is enough for each test of a kind: what a sanitizer watches is the test.
noticed_tests=
noticed() {
    if [ -n "${TRANSFUSE_QUICK_CASES-}" ]; then
        case $noticed_tests in
        *"<$1: $3>"*)
            echo "# TRANSFUSE_QUICK_CASES: $1: $2 is left out"
            return
            ;;
        esac
        noticed_tests="$noticed_tests<$1: $3>"
    fi
    noticed_kind=$1
    noticed_what=$2
    noticed_test=$3
    noticed_why=$4
    shift 4
    rm -rf one faulty.so
    mkdir one
    sed "$@" "$noticed_kind/faulty.c" >one/faulty.c
    ok "$noticed_kind: $noticed_what" fails
}
fails() {
    cmp -s one/faulty.c "$noticed_kind/faulty.c" && echo "the fault was not put in" && return 1
    # shellcheck disable=SC2086  # flags
    $CC -std=gnu11 -w -O1 -fPIC -shared "-I$TOP_SRCDIR/include" $included -o faulty.so \
        one/faulty.c -lm || return 1
    "$TRANSFUSE" plugins check ./faulty.so --seconds 120 >report 2>log
    status=$?
    cat report
    [ $status = 1 ] && grep -q "^FAILED *$noticed_test.*: .*$noticed_why" report
}
