# SPDX-License-Identifier: MIT
# Medians of networks.raw (network, side, training, inference, peak; tab-separated) as Markdown, CSV
# and what the picture is drawn from. The better of a PyTorch's two layouts counts, for each column.

function median(list, count,    values, i, j, t) {
    split(list, values, " ")
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && values[j - 1] + 0 > values[j] + 0; j--) {
            t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
        }
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}

function peer_of(side) {
    sub(/, n(chw|hwc)$/, "", side)
    return side
}

function better(network, peer, what, best,    layout, key, m) {
    for (layout = 1; layout <= 2; layout++) {
        key = network SUBSEP peer (layout == 1 ? ", nchw" : ", nhwc")
        m = median(list[key, what], count[key])
        if (layout == 1 || (best == "most" ? m > value : m < value))
            value = m
    }
    return value
}

BEGIN { FS = "\t" }

{
    key = $1 SUBSEP $2
    if (!($1 in known)) { known[$1] = 1; network[++networks] = $1 }
    if ($2 != "transfuse" && !(peer_of($2) in seen)) {
        seen[peer_of($2)] = 1
        peer[++peers] = peer_of($2)
    }
    count[key]++
    for (i = 3; i <= 5; i++)
        list[key, i] = list[key, i] " " $i
}

END {
    title = "| network | training images/s | inference images/s | peak memory MiB |"
    rule = "| --- | --- | --- | --- |"
    head = "network,transfuse training,transfuse inference,transfuse MiB"
    for (p = 1; p <= peers; p++) {
        title = title " " peer[p] ": training | inference | MiB | training ratio | inference ratio | memory ratio |"
        rule = rule " --- | --- | --- | --- | --- | --- |"
        head = head sprintf(",\"%s training\",\"%s inference\",\"%s MiB\"", peer[p], peer[p], peer[p])
    }
    printf "%s\n\n%s\n%s\n", about, title, rule > markdown
    print head > csv
    for (n = 1; n <= networks; n++) {
        key = network[n] SUBSEP "transfuse"
        for (i = 3; i <= 5; i++)
            ours[i] = median(list[key, i], count[key])
        row = sprintf("| %s | %.2f | %.2f | %.0f |", network[n], ours[3], ours[4], ours[5])
        line = sprintf("%s,%.4f,%.4f,%.0f", network[n], ours[3], ours[4], ours[5])
        for (p = 1; p <= peers; p++) {
            training = better(network[n], peer[p], 3, "most")
            inference = better(network[n], peer[p], 4, "most")
            memory = better(network[n], peer[p], 5, "least")
            row = row sprintf(" %.2f | %.2f | %.0f | **%.2f** | **%.2f** | **%.2f** |", training, inference,
                memory, ours[3] / training, ours[4] / inference, ours[5] / memory)
            line = line sprintf(",%.4f,%.4f,%.0f", training, inference, memory)
            best[3] = p == 1 || training > best[3] ? training : best[3]
            best[4] = p == 1 || inference > best[4] ? inference : best[4]
            best[5] = p == 1 || memory < best[5] ? memory : best[5]
        }
        print row > markdown
        print line > csv
        if (peers) # the picture: beside the best of all
            printf "%s\t%.4f\t%.4f\t%.4f\n", network[n], ours[3] / best[3], ours[4] / best[4],
                ours[5] / best[5] > plot
        else
            printf "%s\t%.4f\t%.4f\n", network[n], ours[3], ours[4] > plot
    }
}
