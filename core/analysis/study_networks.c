/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_networks.h"

#include <string.h>
#include <sys/stat.h>

#include "core/config/options.h"
#include "core/config/path.h"

const char *const *tfu_study_network_keys(enum tfu_analysis_takes takes, size_t *count)
{
    static const char *const list[] = {"of"}, *const pair[] = {"a", "b"},
                             *const lines[] = {"a", "b", "pair_by", "among", "lines"};
    *count = takes == TFU_ANALYSIS_TAKES_LIST    ? TFU_COUNT(list)
             : takes == TFU_ANALYSIS_TAKES_LINES ? TFU_COUNT(lines)
                                                 : TFU_COUNT(pair);
    return takes == TFU_ANALYSIS_TAKES_LIST    ? list
           : takes == TFU_ANALYSIS_TAKES_LINES ? lines
                                               : pair;
}

/* What the key `key` of `n` selects; nothing, with a finding, where it is not there. */
static void select_key(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const char *key, const struct tfu_select_scope *s, struct tfu_selected *out)
{
    const struct tfu_node *value = tfu_node_at(n, key);
    const char *below = tfu_load_printf(l, "%s.%s", path, key);
    *out = (struct tfu_selected){.count = 0};
    out->refused = !value;
    if (value && below)
        tfu_select_networks(l, below, value, s, out);
    else if (below)
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(n),
                            "%s is missing: a network, a pattern of runs, or a list of these",
                            below);
}

/* ---- a list, a pair */

/* "one network", "1 to 64 networks" */
static const char *count_words(struct tfu_load *l, size_t least, size_t most)
{
    const char *words =
        most == 1 ? "one network" : tfu_load_printf(l, "%zu to %zu networks", least, most);
    return words ? words : "";
}

static void read_list(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_analysis *a, const struct tfu_select_scope *s,
                      struct tfu_analysis_networks *out)
{
    struct tfu_selected of;
    select_key(l, path, n, "of", s, &of);
    if (!of.refused && !l->out_of_memory && (of.count < a->least || of.count > a->most))
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, "of")),
                            "%s.of: it takes %s, and these are %zu", path,
                            count_words(l, a->least, a->most), of.count);
    out->of = of.spec;
    out->count = of.count;
}

static void read_pair(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_select_scope *s, struct tfu_analysis_networks *out)
{
    static const char *const keys[] = {"a", "b"};
    const char **of = tfu_load_array(l, TFU_COUNT(keys), sizeof *of);
    for (size_t i = 0; of && i < TFU_COUNT(keys); i++) {
        struct tfu_selected one;
        select_key(l, path, n, keys[i], s, &one);
        if (one.count != 1 && !one.refused && !l->out_of_memory)
            tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, keys[i])),
                                "%s.%s: it takes one network, and these are %zu; say with `where` "
                                "which one",
                                path, keys[i], one.count);
        of[i] = one.count ? one.spec[0] : "";
    }
    out->of = of;
    out->count = TFU_COUNT(keys);
}

/* FILE or FILE:NAME beside the study file. */
static const char *find_file(struct tfu_load *l, const struct tfu_node *n, const char *path,
                             const char *key)
{
    struct stat info;
    const char *whole = tfu_path_absolute(l, n->mark, n->text);
    const char *colon = whole ? strrchr(whole, ':') : NULL;
    const char *file = colon ? tfu_load_printf(l, "%.*s", (int)(colon - whole), whole) : NULL;
    if (whole && stat(whole, &info) != 0 && !(file && stat(file, &info) == 0) && !l->out_of_memory)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s.%s: there is no file '%s'", path, key,
                            whole);
    return whole;
}

static void read_files(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       struct tfu_analysis_networks *out)
{
    static const char *const keys[] = {"a", "b"};
    const char **of = tfu_load_array(l, TFU_COUNT(keys), sizeof *of);
    for (size_t i = 0; of && i < TFU_COUNT(keys); i++) {
        const struct tfu_node *v = tfu_node_at(n, keys[i]);
        if (!v || v->kind != TFU_NODE_SCALAR || !v->text[0])
            tfu_diagnostics_add(l->diagnostics, v ? v->mark : tfu_node_key_mark(n),
                                "%s.%s: expected a file of a matrix, FILE or FILE:NAME", path,
                                keys[i]);
        else
            of[i] = find_file(l, v, path, keys[i]);
    }
    out->of = of;
    out->count = TFU_COUNT(keys);
}

/* ---- lines */

struct line_keys {
    const char *name;
    struct tfu_string_list pair_by;
};

static const struct tfu_option line_options[] = {
    TFU_OPT_STRING(struct line_keys, name, "networks", 0, "what the line is called"),
    TFU_OPT_STRING_LIST(struct line_keys, pair_by,
                        "keys of configurations under which the two of a pair have equal values"),
};

static bool alloc_line(struct tfu_load *l, struct tfu_analysis_line *line, size_t pairs,
                       const char ***a, const char ***b)
{
    *a = tfu_load_array(l, pairs + 1, sizeof **a);
    *b = tfu_load_array(l, pairs + 1, sizeof **b);
    line->a = *a;
    line->b = *b;
    line->pairs = pairs;
    return *a && *b;
}

/* Every two, each as often first as second where their number is odd: 1-2, 2-3, 3-1. */
static void pair_among(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const struct tfu_selected *all, struct tfu_analysis_line *line)
{
    const char **a, **b;
    const size_t count = all->count, pairs = count * (count - 1) / 2;
    if (count < 2) {
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, "among")),
                            "%s.among: it takes two networks or more, and this is %zu", path,
                            count);
        return;
    }
    if (!alloc_line(l, line, pairs, &a, &b))
        return;
    size_t p = 0;
    for (size_t distance = 1; p < pairs; distance++)
        for (size_t i = 0; i < count && p < pairs; i++) {
            a[p] = all->spec[i];
            b[p++] = all->spec[(i + distance) % count];
        }
}

static void pair_sides(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const struct tfu_selected *x, const struct tfu_selected *y,
                       struct tfu_analysis_line *line)
{
    const char **a, **b;
    const size_t pairs = x->count > y->count ? x->count : y->count;
    if (x->count != y->count && x->count != 1 && y->count != 1) {
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, "b")),
                            "%s: `a` has %zu networks and `b` %zu, which do not go together one by "
                            "one; say with `pair_by` under which keys they have equal values",
                            path, x->count, y->count);
        return;
    }
    if (!alloc_line(l, line, pairs, &a, &b))
        return;
    for (size_t i = 0; i < pairs; i++) {
        a[i] = x->spec[x->count == 1 ? 0 : i];
        b[i] = y->spec[y->count == 1 ? 0 : i];
    }
}

/* `n` has the networks of one line. */
static void read_line(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_string_list *pair_by, const struct tfu_select_scope *s,
                      struct tfu_analysis_line *line)
{
    struct tfu_selected a, b = {.count = 0};
    const bool among = tfu_node_at(n, "among") != NULL;
    const bool both = among && (tfu_node_at(n, "a") || tfu_node_at(n, "b") || pair_by->count);
    if (both)
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, "among")),
                            "%s: `among` has pairs of its own; leave out `a`, `b` and `pair_by`",
                            path);
    select_key(l, path, n, among ? "among" : "a", s, &a);
    if (!among)
        select_key(l, path, n, "b", s, &b);
    if (l->out_of_memory || both || a.refused || b.refused)
        return;
    if (!among && pair_by->count)
        tfu_select_pair(l, tfu_node_key_mark(tfu_node_at(n, "pair_by")), path, pair_by, &a, &b);
    if (l->out_of_memory || b.refused)
        return;
    if (among)
        pair_among(l, path, n, &a, line);
    else
        pair_sides(l, path, n, &a, &b, line);
}

static void read_lines(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const struct tfu_select_scope *s, struct tfu_analysis_networks *out)
{
    const struct tfu_node *list = tfu_node_at(n, "lines");
    const bool listed = list && list->kind == TFU_NODE_SEQUENCE;
    static const char *const other[] = {"a", "b", "among"};
    if (list && (!listed || list->count == 0 || tfu_node_at(n, "a") || tfu_node_at(n, "b") ||
                 tfu_node_at(n, "among") || tfu_node_at(n, "pair_by"))) {
        tfu_diagnostics_add(l->diagnostics, list->mark,
                            "%s.lines: expected a list of mappings such as {name: NAME, a: RUN, b: "
                            "RUN}, and then neither `a`, `b` nor `among` beside it",
                            path);
        return;
    }
    struct tfu_analysis_line *line =
        tfu_load_array(l, (listed ? list->count : 1) + 1, sizeof *line);
    size_t i = 0;
    for (const struct tfu_node *item = listed ? list->first : n; item && line;
         item = listed ? item->next : NULL, i++) {
        struct line_keys keys = {.name = "networks"};
        const char *below = listed ? tfu_load_printf(l, "%s.lines.%zu", path, i) : path;
        const struct tfu_options_table table = TFU_OPTIONS_TABLE(line_options, &keys);
        const struct tfu_options_section section = {
            .path = below, .table = &table, .table_count = 1, .other = other, .other_count = 3};
        if (!below)
            return;
        if (listed && item->kind != TFU_NODE_MAPPING) {
            tfu_diagnostics_add(l->diagnostics, item->mark, "%s: expected a mapping, got %s", below,
                                tfu_node_describe(l, item));
            continue;
        }
        if (listed)
            tfu_options_read(l, &section, item, item->mark);
        else /* its other keys are the analysis's */
            tfu_options_read_known(l, &section, item, item->mark);
        line[i].name = keys.name;
        read_line(l, below, item, &keys.pair_by, s, &line[i]);
    }
    out->line = line;
    out->lines = i;
}

void tfu_study_networks_read(struct tfu_load *l, const char *path, const struct tfu_node *n,
                             const struct tfu_analysis *a, const struct tfu_select_scope *s,
                             struct tfu_analysis_networks *out)
{
    *out = (struct tfu_analysis_networks){.count = 0};
    switch (a->takes) {
    case TFU_ANALYSIS_TAKES_LIST:
        read_list(l, path, n, a, s, out);
        break;
    case TFU_ANALYSIS_TAKES_PAIR:
        read_pair(l, path, n, s, out);
        break;
    case TFU_ANALYSIS_TAKES_FILES:
        read_files(l, path, n, out);
        break;
    case TFU_ANALYSIS_TAKES_LINES:
        read_lines(l, path, n, s, out);
        break;
    }
}

/* ---- values under a key */

static void gather(struct tfu_load *l, const char *path, const struct tfu_node *n,
                   const struct tfu_select_scope *s, struct tfu_selected *all)
{
    static const char *const keys[] = {"of", "a", "b", "among"};
    for (size_t i = 0; i < TFU_COUNT(keys); i++) {
        const struct tfu_node *value = tfu_node_at(n, keys[i]);
        const char *below = tfu_load_printf(l, "%s.%s", path, keys[i]);
        if (value && below)
            tfu_select_networks(l, below, value, s, all);
    }
}

void tfu_study_networks_values(struct tfu_load *l, const char *path, const struct tfu_node *n,
                               const struct tfu_analysis *a, const struct tfu_select_scope *s,
                               const char *key, const char ***value, size_t *count)
{
    struct tfu_selected all = {.count = 0};
    struct tfu_select_scope varying = *s;
    varying.only_varying = true;
    const struct tfu_node *list = tfu_node_at(n, "lines");
    size_t i = 0;
    gather(l, path, n, &varying, &all);
    for (const struct tfu_node *item = a->takes == TFU_ANALYSIS_TAKES_LINES && list ? list->first
                                                                                    : NULL;
         item; item = item->next) {
        const char *below = tfu_load_printf(l, "%s.lines.%zu", path, i++);
        if (below)
            gather(l, below, item, &varying, &all);
    }
    tfu_select_values(l, &all, key, value, count);
}
