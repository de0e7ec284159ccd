/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_networks.h"

#include <string.h>
#include <sys/stat.h>

#include "core/analysis/case_names.h"
#include "core/analysis/select.h"
#include "core/analysis/select_pairs.h"
#include "core/config/options.h"
#include "core/config/path.h"

const char *const *tfu_study_network_keys(enum tfu_analysis_takes takes, size_t *count)
{
    static const char *const list[] = {"of"}, *const pair[] = {"a", "b"},
                             *const lines[] = {"a",           "b",     "pair_by",
                                               "pair_across", "among", "lines"};
    *count = takes == TFU_ANALYSIS_TAKES_LIST    ? TFU_COUNT(list)
             : takes == TFU_ANALYSIS_TAKES_LINES ? TFU_COUNT(lines)
                                                 : TFU_COUNT(pair);
    return takes == TFU_ANALYSIS_TAKES_LIST    ? list
           : takes == TFU_ANALYSIS_TAKES_LINES ? lines
                                               : pair;
}

/* Networks that are being read. */
struct reading {
    struct tfu_load *load;
    const struct tfu_select_scope *scope;
    struct tfu_selected all; /* of all keys */
    struct tfu_analysis_networks *out;
    struct side {
        struct tfu_selected a, b; /* of a line; b of none is that of a */
        bool named;
    } * side;
};

/* What the key `key` of `n` selects; nothing, with a finding, where it is not there. */
static void select_key(struct reading *r, const char *path, const struct tfu_node *n,
                       const char *key, struct tfu_selected *out)
{
    struct tfu_load *l = r->load;
    const struct tfu_node *value = tfu_node_at(n, key);
    const char *below = tfu_load_printf(l, "%s.%s", path, key);
    *out = (struct tfu_selected){.count = 0};
    out->refused = !value;
    if (value && below)
        tfu_select_networks(l, below, value, r->scope, out);
    else if (below)
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(n),
                            "%s is missing: a network, a pattern of runs, or a list of these",
                            below);
    tfu_selected_add_all(l, &r->all, out);
}

/* ---- a list, a pair */

/* "one network", "1 to 64 networks" */
static const char *count_words(struct tfu_load *l, size_t least, size_t most)
{
    const char *words =
        most == 1 ? "one network" : tfu_load_printf(l, "%zu to %zu networks", least, most);
    return words ? words : "";
}

static const char **list_specs(struct tfu_load *l, const struct tfu_selected *s)
{
    const char **spec = tfu_load_array(l, s->count + 1, sizeof *spec);
    for (size_t i = 0; spec && i < s->count; i++)
        spec[i] = s->one[i].spec;
    return spec;
}

static void read_list(struct reading *r, const char *path, const struct tfu_node *n,
                      const struct tfu_analysis *a)
{
    struct tfu_load *l = r->load;
    struct tfu_selected of;
    select_key(r, path, n, "of", &of);
    if (!of.refused && !l->out_of_memory && (of.count < a->least || of.count > a->most))
        tfu_selected_misfit(l, r->scope, &of, tfu_node_key_mark(tfu_node_at(n, "of")),
                            "%s.of: it takes %s, and these are %zu", path,
                            count_words(l, a->least, a->most), of.count);
    r->out->of = list_specs(l, &of);
    r->out->count = of.count;
}

static void read_pair(struct reading *r, const char *path, const struct tfu_node *n)
{
    static const char *const keys[] = {"a", "b"};
    struct tfu_load *l = r->load;
    const char **of = tfu_load_array(l, TFU_COUNT(keys), sizeof *of);
    for (size_t i = 0; of && i < TFU_COUNT(keys); i++) {
        struct tfu_selected one;
        select_key(r, path, n, keys[i], &one);
        if (one.count != 1 && !one.refused && !l->out_of_memory)
            tfu_selected_misfit(l, r->scope, &one, tfu_node_key_mark(tfu_node_at(n, keys[i])),
                                "%s.%s: it takes one network, and these are %zu; say with %s "
                                "which one",
                                path, keys[i], one.count,
                                tfu_selected_are_cases(&one) ? "more axes" : "`where`");
        of[i] = one.count ? one.one[0].spec : "";
    }
    r->out->of = of;
    r->out->count = TFU_COUNT(keys);
}

/* FILE or FILE:NAME beside the study file. */
static const char *find_file(struct tfu_load *l, const struct tfu_node *n, const char *path,
                             const char *key, bool look)
{
    struct stat info;
    const char *whole = tfu_path_absolute(l, n->mark, n->text);
    const char *colon = whole ? strrchr(whole, ':') : NULL;
    const char *file = colon ? tfu_load_printf(l, "%.*s", (int)(colon - whole), whole) : NULL;
    if (look && whole && stat(whole, &info) != 0 && !(file && stat(file, &info) == 0) &&
        !l->out_of_memory)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s.%s: there is no file '%s'", path, key,
                            whole);
    return whole;
}

static void read_files(struct reading *r, const char *path, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    static const char *const keys[] = {"a", "b"};
    const char **of = tfu_load_array(l, TFU_COUNT(keys), sizeof *of);
    for (size_t i = 0; of && i < TFU_COUNT(keys); i++) {
        const struct tfu_node *v = tfu_node_at(n, keys[i]);
        if (!v || v->kind != TFU_NODE_SCALAR || !v->text[0])
            tfu_diagnostics_add(l->diagnostics, v ? v->mark : tfu_node_key_mark(n),
                                "%s.%s: expected a file of a matrix, FILE or FILE:NAME", path,
                                keys[i]);
        else
            of[i] = find_file(l, v, path, keys[i], !r->scope->blind);
    }
    r->out->of = of;
    r->out->count = TFU_COUNT(keys);
}

/* ---- lines */

struct line_keys {
    const char *name;
    struct tfu_string_list pair_by, pair_across;
};

static const struct tfu_option line_options[] = {
    TFU_OPT_STRING(struct line_keys, name, "", 0, "what the line is called"),
    TFU_OPT_STRING_LIST(struct line_keys, pair_by,
                        "axes, or keys of configurations, under which the two of a pair have equal "
                        "values"),
    TFU_OPT_STRING_LIST(struct line_keys, pair_across,
                        "axes, or keys of configurations, under which the two of a pair have other "
                        "values"),
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
static void pair_among(struct reading *r, const char *path, const struct tfu_node *n,
                       struct tfu_selected *all, struct tfu_analysis_line *line)
{
    struct tfu_load *l = r->load;
    const char **a, **b;
    const size_t count = all->count, pairs = count * (count - 1) / 2;
    if (count < 2) {
        tfu_selected_misfit(l, r->scope, all, tfu_node_key_mark(tfu_node_at(n, "among")),
                            "%s.among: it takes two networks or more, and this is %zu", path,
                            count);
        return;
    }
    if (!alloc_line(l, line, pairs, &a, &b))
        return;
    size_t p = 0;
    for (size_t distance = 1; p < pairs; distance++)
        for (size_t i = 0; i < count && p < pairs; i++) {
            a[p] = all->one[i].spec;
            b[p++] = all->one[(i + distance) % count].spec;
        }
}

static void pair_sides(struct reading *r, const char *path, const struct tfu_node *n,
                       struct tfu_selected *x, const struct tfu_selected *y,
                       struct tfu_analysis_line *line)
{
    struct tfu_load *l = r->load;
    const char **a, **b;
    const size_t pairs = x->count > y->count ? x->count : y->count;
    if (x->count != y->count && x->count != 1 && y->count != 1) {
        x->narrowed |= y->narrowed;
        tfu_selected_misfit(l, r->scope, x, tfu_node_key_mark(tfu_node_at(n, "b")),
                            "%s: `a` has %zu networks and `b` %zu, which do not go together one by "
                            "one; say with `pair_by` under which keys they have equal values",
                            path, x->count, y->count);
        return;
    }
    if (!alloc_line(l, line, pairs, &a, &b))
        return;
    for (size_t i = 0; i < pairs; i++) {
        a[i] = x->one[x->count == 1 ? 0 : i].spec;
        b[i] = y->one[y->count == 1 ? 0 : i].spec;
    }
}

/* `n` has the networks of line number `index`. */
static void read_line(struct reading *r, const char *path, const struct tfu_node *n, bool paired,
                      size_t index, struct tfu_analysis_line *line)
{
    struct tfu_load *l = r->load;
    struct tfu_selected a, b = {.count = 0};
    const bool among = tfu_node_at(n, "among") != NULL;
    const bool both = among && (tfu_node_at(n, "a") || tfu_node_at(n, "b") || paired);
    if (both)
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(tfu_node_at(n, "among")),
                            "%s: `among` has pairs of its own; leave out `a`, `b`, `pair_by` and "
                            "`pair_across`",
                            path);
    select_key(r, path, n, among ? "among" : "a", &a);
    if (!among)
        select_key(r, path, n, "b", &b);
    if (l->out_of_memory || both || a.refused || b.refused)
        return;
    r->side[index].a = a;
    r->side[index].b = among ? a : b;
    if (!among && paired)
        tfu_select_pair(l, path, n, r->scope, &a, &b);
    if (l->out_of_memory || b.refused)
        return;
    if (among)
        pair_among(r, path, n, &a, line);
    else
        pair_sides(r, path, n, &a, &b, line);
}

/* The item of the list of lines, or the analysis itself. */
static void read_line_item(struct reading *r, const char *path, const struct tfu_node *item,
                           bool listed, size_t index, struct tfu_analysis_line *line)
{
    static const char *const other[] = {"a", "b", "among"};
    struct line_keys keys = {.name = ""};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(line_options, &keys);
    const struct tfu_options_section section = {
        .path = path, .table = &table, .table_count = 1, .other = other, .other_count = 3};
    if (listed && item->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, item->mark, "%s: expected a mapping, got %s",
                            path, tfu_node_describe(r->load, item));
        return;
    }
    if (listed)
        tfu_options_read(r->load, &section, item, item->mark);
    else /* its other keys are the analysis's */
        tfu_options_read_known(r->load, &section, item, item->mark);
    r->side[index].named = keys.name[0];
    line->name = keys.name[0] ? keys.name : "networks";
    read_line(r, path, item, keys.pair_by.count + keys.pair_across.count > 0, index, line);
}

static void read_lines(struct reading *r, const char *path, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    const struct tfu_node *list = tfu_node_at(n, "lines");
    const bool listed = list && list->kind == TFU_NODE_SEQUENCE;
    if (list &&
        (!listed || list->count == 0 || tfu_node_at(n, "a") || tfu_node_at(n, "b") ||
         tfu_node_at(n, "among") || tfu_node_at(n, "pair_by") || tfu_node_at(n, "pair_across"))) {
        tfu_diagnostics_add(l->diagnostics, list->mark,
                            "%s.lines: expected a list of mappings such as {name: NAME, a: RUN, b: "
                            "RUN}, and then neither `a`, `b` nor `among` beside it",
                            path);
        return;
    }
    const size_t count = listed ? list->count : 1;
    struct tfu_analysis_line *line = tfu_load_array(l, count + 1, sizeof *line);
    r->side = tfu_load_array(l, count + 1, sizeof *r->side);
    size_t i = 0;
    for (const struct tfu_node *item = listed ? list->first : n; item && line && r->side;
         item = listed ? item->next : NULL, i++) {
        const char *below = listed ? tfu_load_printf(l, "%s.lines.%zu", path, i) : path;
        if (below)
            read_line_item(r, below, item, listed, i, &line[i]);
    }
    r->out->line = line;
    r->out->lines = i;
}

/* ---- names */

static void name_lines(struct reading *r, const bool *differ)
{
    struct tfu_analysis_line *line = (struct tfu_analysis_line *)r->out->line;
    for (size_t i = 0; i < r->out->lines && r->side; i++) {
        const struct side *s = &r->side[i];
        const char *name =
            s->named ? "" : tfu_case_names_of_pair(r->load, r->scope->sweep, differ, &s->a, &s->b);
        if (name[0])
            line[i].name = name;
    }
}

/* What the file calls a network, else the axes that differ; NULL: nothing. */
static const char *name_of(struct reading *r, const bool *differ,
                           const struct tfu_selected_one *one)
{
    const char *name = one->label;
    if (!name && differ && one->item != TFU_NO_CASE)
        name = tfu_case_name(r->load, r->scope->sweep, differ, one->item);
    return name && name[0] ? name : NULL;
}

static void name_networks(struct reading *r)
{
    const struct tfu_sweep *sweep = r->scope->sweep;
    const bool *differ = sweep ? tfu_case_names_differ(r->load, sweep, &r->all) : NULL;
    struct tfu_analysis_name *name = tfu_load_array(r->load, r->all.count + 1, sizeof *name);
    for (size_t i = 0; name && i < r->all.count; i++) {
        const char *is = name_of(r, differ, &r->all.one[i]);
        if (is)
            name[r->out->names++] =
                (struct tfu_analysis_name){.spec = r->all.one[i].spec, .name = is};
    }
    r->out->name = name;
    if (differ)
        name_lines(r, differ);
}

/* ---- all */

void tfu_study_networks_read(struct tfu_load *l, const char *path, const struct tfu_node *n,
                             const struct tfu_analysis *a, const struct tfu_select_scope *s,
                             struct tfu_analysis_networks *out, struct tfu_study_gaps *gaps)
{
    struct tfu_select_scope scope = *s;
    struct reading r = {.load = l, .scope = &scope, .out = out};
    *out = (struct tfu_analysis_networks){.count = 0};
    *gaps = (struct tfu_study_gaps){.count = 0};
    scope.nothing = &gaps->nothing;
    if (scope.whole)
        scope.asked = tfu_load_array(l, scope.whole->count + 1, sizeof *scope.asked);
    switch (a->takes) {
    case TFU_ANALYSIS_TAKES_LIST:
        read_list(&r, path, n, a);
        break;
    case TFU_ANALYSIS_TAKES_PAIR:
        read_pair(&r, path, n);
        break;
    case TFU_ANALYSIS_TAKES_FILES:
        read_files(&r, path, n);
        break;
    case TFU_ANALYSIS_TAKES_LINES:
        read_lines(&r, path, n);
        break;
    }
    if (l->out_of_memory)
        return;
    name_networks(&r);
    tfu_study_gaps_count(l, &scope, &r.all, out, gaps);
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

void tfu_study_networks_varying(struct tfu_load *l, const char *path, const struct tfu_node *n,
                                const struct tfu_analysis *a, const struct tfu_select_scope *s,
                                struct tfu_selected *all, const char **nothing)
{
    struct tfu_select_scope varying = *s;
    const struct tfu_node *list = tfu_node_at(n, "lines");
    size_t i = 0;
    varying.only_varying = true;
    varying.nothing = nothing;
    *nothing = NULL;
    *all = (struct tfu_selected){.count = 0};
    gather(l, path, n, &varying, all);
    for (const struct tfu_node *item = a->takes == TFU_ANALYSIS_TAKES_LINES && list ? list->first
                                                                                    : NULL;
         item; item = item->next) {
        const char *below = tfu_load_printf(l, "%s.lines.%zu", path, i++);
        if (below)
            gather(l, below, item, &varying, all);
    }
}
