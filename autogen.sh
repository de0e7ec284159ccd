#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure in a fresh clone.
set -e
cd "$(dirname "$0")"
for tool in autoreconf automake libtoolize pkg-config; do
    command -v "$tool" >/dev/null || {
        echo "autogen.sh: $tool was not found; \`make packages\` installs what packages.txt lists" >&2
        exit 1
    }
done
mkdir -p m4 build-aux
# the TAP driver is not among the files that `automake --add-missing` copies by itself
cp "$(automake --print-libdir)/tap-driver.sh" build-aux/
exec autoreconf --install --force --warnings=all,no-obsolete
