# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# recompute.sh - sourced by tests of the numbers of reports, behind tap.sh: the Python that recompute/ needs, or the
# test is skipped.
reports=$TOP_SRCDIR/tests/report
python=
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import numpy, scipy, yaml' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ] || ! command -v gnuplot >/dev/null; then
    skip "a report is recomputed" "python3 with numpy, scipy and yaml, or gnuplot, was not found"
    done_testing
fi

# recompute STUDY STORE REPORT [ANALYSES]
recompute() {
    PYTHONDONTWRITEBYTECODE=1 "$python" "$reports/recompute" "$@"
}
