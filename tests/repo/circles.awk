# SPDX-License-Identifier: MIT
#
# Circles of files inside the folders of core. A file x.c and its x.h count as one. Files need each other when
# one includes the other's header, or its .c uses a function or table that the other's .c defines; that
# a header declares what several files define makes no circle. Prints each circle with what holds it together.
#
#     awk -f code.awk -f circles.awk pass=1 core/*/*.[ch] pass=2 core/*/*.[ch]

function stem(path)
{
    sub(/\.[ch]$/, "", path)
    return path
}

function folder(path)
{
    sub(/\/[^\/]*$/, "", path)
    return path
}

function needs(from, to, why)
{
    if (from == to || folder(from) != folder(to))
        return
    if (!((from, to) in reason)) {
        reason[from, to] = why
        needed[from, ++needed_count[from]] = to
    }
}

FNR == 1 {
    in_comment = 0
    here = stem(FILENAME)
    if (!(here in known)) {
        known[here] = 1
        all[++count] = here
    }
}

{
    text = code($0)
    # names of types are no uses of functions that are called the same
    gsub(/(struct|enum|union) tfu_[a-z0-9_]+/, "type", text)
}

pass == 1 && FILENAME ~ /\.c$/ && text ~ /^[a-z]/ && text !~ /^(static|typedef|extern) / {
    if (match(text, /tfu_[a-z0-9_]+( = |\[|\()/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/[^a-z0-9_].*/, "", name)
        definer[name] = here
    }
}

pass == 2 && match($0, /^#include "core\/[^"]*"/) {
    header = substr($0, RSTART + 10, RLENGTH - 11)
    needs(here, stem(header), "includes it")
}

pass == 2 && FILENAME ~ /\.c$/ {
    while (match(text, /tfu_[a-z0-9_]+/)) {
        name = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (name in definer)
            needs(here, definer[name], name)
    }
}

# Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972).
function visit(v,    i, w, size)
{
    number[v] = low[v] = ++visited
    stack[++height] = v
    on_stack[v] = 1
    for (i = 1; i <= needed_count[v]; i++) {
        w = needed[v, i]
        if (!(w in number)) {
            visit(w)
            if (low[w] < low[v])
                low[v] = low[w]
        } else if (on_stack[w] && number[w] < low[v]) {
            low[v] = number[w]
        }
    }
    if (low[v] != number[v])
        return
    circles++
    for (size = 1; stack[height] != v; size++) {
        circle[stack[height]] = circles
        on_stack[stack[height--]] = 0
    }
    circle[v] = circles
    on_stack[v] = 0
    height--
    if (size > 1)
        bad[circles] = size
}

END {
    for (i = 1; i <= count; i++)
        if (!(all[i] in number))
            visit(all[i])
    for (c = 1; c <= circles; c++) {
        if (!(c in bad))
            continue
        print "a circle of " bad[c] " files:"
        for (i = 1; i <= count; i++)
            for (k = 1; circle[all[i]] == c && k <= needed_count[all[i]]; k++) {
                to = needed[all[i], k]
                if (circle[to] == c)
                    print "    " all[i] " needs " to ": " reason[all[i], to]
            }
    }
}
