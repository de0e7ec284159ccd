# SPDX-License-Identifier: MIT
# awk -F, -v by=COLUMN -f means.awk scores.csv means.csv: are the means, deviations and intervals of a line those of its pairs, of
# each value in COLUMN? Names of networks may have commas: columns are counted from the end. For up to three pairs.
BEGIN { # of Student's t, by degrees of freedom: scipy.stats.t.ppf(0.975, n)
    quantile[1] = 12.706204736432095
    quantile[2] = 4.302652729911275
}
function differ(is, want) {
    return (is - want) ^ 2 > 1e-18
}
FNR == 1 {
    file++
    for (i = 1; file == 1 && i <= NF; i++)
        at[$i] = NF - i
    next
}
file == 1 {
    group = $1 SUBSEP $(NF - at[by])
    for (key in at)
        if ($(NF - at[key]) != "")
            value[group, key, ++count[group, key]] = $(NF - at[key])
    next
}
{
    group = $1 SUBSEP $3
    n = count[group, $4]
    sum = squares = 0
    for (i = 1; i <= n; i++)
        sum += value[group, $4, i]
    mean = n ? sum / n : 0
    for (i = 1; i <= n; i++)
        squares += (value[group, $4, i] - mean) ^ 2
    sd = n > 1 ? sqrt(squares / (n - 1)) : 0
    half = n > 1 ? quantile[n - 1] * sd / sqrt(n) : 0
    wrong = $9 != n || (n == 1 && $6 $7 $8 != "") || (n > 0 && differ($5, mean)) || \
        (n > 1 && (differ($6, sd) || differ($7, mean - half) || differ($8, mean + half)))
    if (wrong)
        print "not what its pairs have: " $0
    failed += wrong
    seen += sd > 0
}
END { exit failed > 0 || seen < 4 }
