/* SPDX-License-Identifier: MIT
 *
 * The sections `tune` and `early_stop`.
 */
#include <string.h>

#include "core/config/options.h"
#include "core/sweep/spec.h"

static const char *const goals[] = {"auto", "max", "min", "maximize", "minimize", NULL};

static int32_t goal_of(int32_t read)
{
    return read == 0 ? TFU_GOAL_AUTO : read == 1 || read == 3 ? TFU_GOAL_MAX : TFU_GOAL_MIN;
}

/* "valid/auc" */
static void read_metric(struct tfu_load *l, struct tfu_spec_metric *m, const char *path,
                        const char *text, const struct tfu_node *n, int32_t goal)
{
    const char *slash = strchr(text, '/');
    const size_t length = slash ? (size_t)(slash - text) : 0;
    m->goal = goal_of(goal);
    m->mark = n->mark;
    static const char *const splits[] = {"valid", "test"};
    for (size_t i = 0; i < TFU_COUNT(splits); i++)
        if (length == strlen(splits[i]) && strncmp(text, splits[i], length) == 0)
            m->split = splits[i];
    m->name = slash ? slash + 1 : "";
    if (!m->split || !m->name[0])
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a metric of a split, as valid/auc, got '%s'", path, text);
}

/* ---- tune */

struct tune_keys {
    const char *by;
    int32_t goal;
};

static const struct tfu_option tune_options[] = {
    TFU_OPT_STRING(struct tune_keys, by, "", TFU_OPT_REQUIRED,
                   "the metric that the choice goes by, as valid/auc"),
    TFU_OPT_ENUM(struct tune_keys, goal, "auto", goals,
                 "is the largest or the smallest best? by default as the metric says"),
};

static void read_tune(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *n)
{
    static const char *const own[] = {"by", "goal", "for_each", NULL};
    struct tune_keys keys;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(tune_options, &keys);
    s->tune.mark = tfu_node_key_mark(n);
    if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "tune: expected a mapping such as {key: train.optimizer.lr, values: "
                            "[1e-2, 1e-3], for_each: [arch], by: valid/auc}, got %s",
                            tfu_node_describe(l, n));
        return;
    }
    tfu_options_read_known(
        l, &(struct tfu_options_section){.path = "tune", .table = &table, .table_count = 1}, n,
        n->mark);
    const struct tfu_node *by = tfu_node_at(n, "by"), *key = tfu_node_at(n, "key");
    if (by && keys.by && keys.by[0])
        read_metric(l, &s->tune.by, "tune.by", keys.by, by, keys.goal);
    s->tune.for_each = tfu_spec_read_axis_list(l, s, "tune.for_each", tfu_node_at(n, "for_each"));
    struct tfu_case_axis *more = tfu_load_array(l, s->axes + 1, sizeof *more);
    if (!more || !s->tune.for_each)
        return;
    if (s->axes)
        memcpy(more, s->axis, s->axes * sizeof *more);
    s->axis = more;
    struct tfu_case_axis *a = &more[s->axes];
    const char *name = key && key->kind == TFU_NODE_SCALAR ? key->text : "tune";
    tfu_case_axis_read(l, a, "tune", name, n, NULL, own);
    s->all_axes = s->axes + 1;
    s->tune.present = true;
    if (a->only)
        tfu_diagnostics_add(l->diagnostics, a->only->key_mark,
                            "tune.only: what is tuned is tuned on all cases; leave it out");
    if (a->drawn)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "tune: how many values are drawn? say `draws`");
    else if (a->count == 1)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "tune: there is one value, and nothing to choose; give it more, or "
                            "write it into `base`");
    for (size_t i = 0; i < s->axes; i++)
        if (strcmp(s->axis[i].name, a->name) == 0)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "tune: '%s' is an axis of the cases, which have all of its "
                                "values; take it out of one",
                                a->name);
}

/* ---- early_stop */

struct halving_keys {
    const char *metric;
    int32_t goal;
    int64_t first, factor;
};

static const struct tfu_option halving_options[] = {
    TFU_OPT_STRING(struct halving_keys, metric, "", TFU_OPT_REQUIRED,
                   "the metric that the choice goes by, as valid/auc"),
    TFU_OPT_ENUM(struct halving_keys, goal, "auto", goals,
                 "is the largest or the smallest best? by default as the metric says"),
    {.name = "first",
     .help = "the step at which is chosen first",
     .type = TFU_INT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct halving_keys, first),
     .imin = 1,
     .imax = 1000000000},
    TFU_OPT_INT(struct halving_keys, factor, 3, 2, 100,
                "one of so many goes on, for so many times the steps"),
};

static void read_halving(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *n)
{
    static const char *const other[] = {"for_each"};
    struct halving_keys keys;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(halving_options, &keys);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    s->halving.mark = tfu_node_key_mark(n);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = "early_stop.halving",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = other,
                                                   .other_count = 1},
                     n, n->mark);
    const struct tfu_node *metric = tfu_node_at(n, "metric");
    if (metric && tfu_diagnostics_count(l->diagnostics) == before)
        read_metric(l, &s->halving.by, "early_stop.halving.metric", keys.metric, metric, keys.goal);
    s->halving.for_each =
        tfu_spec_read_axis_list(l, s, "early_stop.halving.for_each", tfu_node_at(n, "for_each"));
    const struct tfu_node *first = tfu_node_at(n, "first");
    s->halving.first = keys.first;
    s->halving.first_mark = first ? first->mark : n->mark;
    s->halving.factor = keys.factor;
    s->halving.present = tfu_diagnostics_count(l->diagnostics) == before && s->halving.for_each;
    if (s->tune.present)
        tfu_diagnostics_add(l->diagnostics, s->halving.mark,
                            "early_stop: with `tune` the cases are those of values that were "
                            "chosen: stop none of them early, or search without `tune`");
}

void tfu_spec_read_tune(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *tune = tfu_node_at(root, "tune"),
                          *stop = tfu_node_at(root, "early_stop");
    if (tune)
        read_tune(l, s, tune);
    if (!stop)
        return;
    const struct tfu_node *halving = tfu_node_at(stop, "halving");
    const struct tfu_options_table none = {.count = 0};
    static const char *const other[] = {"halving"};
    if (stop->kind == TFU_NODE_MAPPING)
        tfu_options_read(l,
                         &(struct tfu_options_section){.path = "early_stop",
                                                       .table = &none,
                                                       .table_count = 1,
                                                       .other = other,
                                                       .other_count = 1},
                         stop, stop->mark);
    const bool known = stop->kind != TFU_NODE_MAPPING || !stop->first || halving;
    if (halving && halving->kind == TFU_NODE_MAPPING)
        read_halving(l, s, halving);
    else if (known)
        tfu_diagnostics_add(l->diagnostics, stop->mark,
                            "early_stop: expected {halving: {metric: valid/auc, first: STEPS, "
                            "factor: 3}}, got %s",
                            tfu_node_describe(l, halving ? halving : stop));
}
