# SPDX-License-Identifier: MIT
# layers.csv as two tables in Markdown: convolutions (each algorithm; backward: data and parameters
# together where both are there), and what is bound by memory.

function cell(key, algorithm,    ms) {
    ms = time[key, algorithm]
    if (ms == "")
        return " |"
    return sprintf(ms == best[key] ? " **%.2f**%s |" : " %.2f%s |", ms,
        algorithm == chosen[key] ? "*" : "")
}

BEGIN {
    FS = ","
    while ((getline line < peers) > 0) {
        split(line, field, " ")
        key = field[1]
        for (i = 2; i <= 9; i++)
            key = key " " field[i]
        forward[key] = field[10]
        backward[key] = field[11]
    }
}

NR == 1 { next }

$3 == "conv2d" {
    kind = $6 " " $7 " " $8 " " $9 " " $10 " " $11 " " $12 " " $14 " " $15
    key = kind SUBSEP $17
    if (!((kind, $16) in seen_kind)) {
        seen_kind[kind, $16] = 1
        if ($16 == 1)
            order[++kinds] = kind
    }
    if ($16 != 1)
        next
    if (!(kind in first)) {
        first[kind] = sprintf("%sx%sx%s -> %s, %sx%s%s", $6, $7, $8, $9, $10, $11,
            $12 > 1 ? " / " $12 : "")
    }
    if (!($18 in known)) { known[$18] = 1; algorithm[++algorithms] = $18 }
    directions[kind, $17] = 1
    if (time[key, $18] == "") {
        time[key, $18] = $20
        gflop[kind] = $20 * $21 / 1000
        if (best[key] == "" || $20 + 0 < best[key] + 0)
            best[key] = $20
        if ($19 == 1) {
            chosen[key] = $18
            executed[key] = $22
        }
    }
    next
}

{
    if ($1 SUBSEP $2 SUBSEP $17 in shown || $19 != 1)
        next
    shown[$1 SUBSEP $2 SUBSEP $17] = 1
    if ($23 > 0)
        bound[++bounds] = sprintf("| %s | %s | %s | %s | %.3f | %.1f | %.1f |", $1, $2, $3, $17, $20, $23, $24)
}

END {
    print "Milliseconds; the fastest in bold, * what the cost model chooses; GFLOP/s counted as"
    print "direct convolution and as executed, of what is chosen. " version ".\n"
    head = "| convolution | direction |"
    rule = "| --- | --- |"
    for (a = 1; a <= algorithms; a++) {
        head = head " " algorithm[a] " |"
        rule = rule " --- |"
    }
    print head " GFLOP/s | executed | PyTorch |"
    print rule " --- | --- | --- |"
    split("forward backward_data backward_params", way, " ")
    for (k = 1; k <= kinds; k++) {
        kind = order[k]
        sum = 0
        for (d = 1; d <= 3; d++) {
            if (!((kind, way[d]) in directions))
                continue
            key = kind SUBSEP way[d]
            row = sprintf("| %s | %s |", d == 1 ? first[kind] : "", way[d])
            for (a = 1; a <= algorithms; a++)
                row = row cell(key, algorithm[a])
            ms = time[key, chosen[key]]
            if (d > 1)
                sum += ms
            theirs = d == 1 ? forward[kind] : d == 3 ? backward[kind] : ""
            row = row sprintf(" %.0f | %.0f |", ms ? 1000 * gflop[kind] / ms : 0, executed[key])
            if (theirs == "")
                row = row " |"
            else if (d == 1)
                row = row sprintf(" %.2f (%.1fx) |", theirs, theirs / ms)
            else
                row = row sprintf(" both: %.2f (%.1fx) |", theirs, theirs / sum)
            print row
        }
    }
    print "\n| network | layer | operation | direction | ms | GB/s | a copy's GB/s |"
    print "| --- | --- | --- | --- | --- | --- | --- |"
    for (b = 1; b <= bounds; b++)
        print bound[b]
}
