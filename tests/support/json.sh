# SPDX-License-Identifier: MIT
# json.sh - sourced by tests that look into what --json printed, one value a line.

# json_all FILE KEY: the values of a key, in their order
json_all() {
    sed -n 's/^ *"'"$2"'": \(.*[^,]\),*$/\1/p' "$1"
}

# json_at FILE KEY N: the N-th of them, from 1
json_at() {
    json_all "$1" "$2" | sed -n "$3p"
}

# near A B: two numbers are the same to 1e-12
near() {
    awk -v a="$1" -v b="$2" \
        'BEGIN { d = a - b; exit !(a != "" && b != "" && (d < 0 ? -d : d) <= 1e-12) }'
}
