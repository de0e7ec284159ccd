/* SPDX-License-Identifier: MIT */
#include "core/config/versus.h"

#include <string.h>

#include <transfuse/metric.h>

#include "core/config/path.h"
#include "core/config/scored.h"

bool tfu_versus_is_for(const struct tfu_plugin *metric)
{
    const struct tfu_metric_ops *ops = metric->ops;
    return ops && (ops->needs & (TFU_NEEDS_TAPS | TFU_NEEDS_PARAMETERS)) &&
           !(ops->needs & TFU_NEEDS_FIT);
}

bool tfu_versus_has_run(const struct tfu_versus *w)
{
    return w->against[0] && strcmp(w->against, TFU_VERSUS_INITIAL) != 0;
}

const char *tfu_versus_name(const struct tfu_versus *w)
{
    return w->name[0] ? w->name : w->choice.plugin->name;
}

const struct tfu_versus *tfu_versus_find(const struct tfu_experiment *x, const char *key)
{
    for (size_t i = 0; i < x->versus_count; i++) {
        const char *name = tfu_versus_name(&x->versus[i]);
        const size_t n = strlen(name);
        if (strncmp(name, key, n) == 0 && (key[n] == '.' || key[n] == '\0'))
            return &x->versus[i];
    }
    return NULL;
}

bool tfu_versus_lower_is_better(const struct tfu_versus *w)
{
    return ((const struct tfu_metric_ops *)w->choice.plugin->ops)->needs & TFU_LOWER_IS_BETTER;
}

size_t tfu_versus_metric_place(const struct tfu_experiment *x, size_t i)
{
    /* in the order of the list */
    for (size_t k = 0; k < x->versus_count && x->versus[k].place <= i; k++)
        i++;
    return i;
}

void tfu_versus_resolve(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        struct tfu_versus *w)
{
    const struct tfu_node *against = tfu_node_at(n, "against");
    w->mark = against ? against->mark : w->choice.mark;
    if (!tfu_versus_has_run(w))
        return;
    if (w->against[0] == '~') {
        tfu_diagnostics_add(l->diagnostics, w->mark,
                            "%s.against: write out the home folder: ~ is not expanded", path);
        return;
    }
    const char *absolute = tfu_path_absolute(l, w->mark, w->against);
    w->against = absolute ? absolute : "";
}

/* ---- checks */

/* Item number `place` of `metrics`. */
static const struct tfu_node *item(const struct tfu_node *root, size_t place)
{
    const struct tfu_node *list = tfu_node_at(root, "metrics");
    const struct tfu_node *n = list ? list->first : NULL;
    for (size_t i = 0; n && i < place; i++)
        n = n->next;
    return n;
}

/* Where the value of a key is, or the name of the plugin. */
static struct tfu_mark place_of(const struct tfu_node *root, const struct tfu_versus *w,
                                const char *key)
{
    const struct tfu_node *n = tfu_node_at(item(root, w->place), key);
    return n ? n->mark : w->choice.mark;
}

static void check_against(struct tfu_load *l, const struct tfu_node *root,
                          const struct tfu_versus *w)
{
    const struct tfu_node *n = tfu_node_at(item(root, w->place), "against");
    if (w->against[0] || (n && !(n->quoted && !n->text[0])))
        return; /* is there, or has been reported for its type */
    tfu_diagnostics_add(l->diagnostics, n ? n->mark : w->choice.mark,
                        "metrics.%zu: %s compares two networks, and one is the network under "
                        "training; say with which other one, as by `against: " TFU_VERSUS_INITIAL
                        "` or `against: RUN`",
                        w->place, w->choice.plugin->name);
}

static void check_name(struct tfu_load *l, const struct tfu_node *root, const struct tfu_versus *w)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (w->name[strspn(w->name, allowed)])
        tfu_diagnostics_add(l->diagnostics, place_of(root, w, "name"),
                            "metrics.%zu.name: '%s' is not made of lower case letters, digits and "
                            "underscores",
                            w->place, w->name);
}

static void report_twin(struct tfu_load *l, const struct tfu_node *root, const struct tfu_versus *w,
                        size_t first)
{
    tfu_diagnostics_add(l->diagnostics, place_of(root, w, "name"),
                        "metrics.%zu: its numbers would be called '%s', as those of metrics.%zu "
                        "are; give it a `name` of its own",
                        w->place, tfu_versus_name(w), first);
}

/* Two that report under one name. */
static void check_twins(struct tfu_load *l, const struct tfu_node *root,
                        const struct tfu_experiment *x, size_t i)
{
    const struct tfu_versus *w = &x->versus[i];
    const char *name = tfu_versus_name(w);
    for (size_t k = 0; k < x->metric_count; k++)
        if (x->metric[k].plugin && strcmp(tfu_scored_name(x, k), name) == 0) {
            report_twin(l, root, w, tfu_versus_metric_place(x, k));
            return;
        }
    for (size_t k = 0; k < i; k++)
        if (strcmp(tfu_versus_name(&x->versus[k]), name) == 0) {
            report_twin(l, root, w, x->versus[k].place);
            return;
        }
}

/* `against` of metrics that look at one network. */
static void check_others(struct tfu_load *l, const struct tfu_node *root,
                         const struct tfu_experiment *x)
{
    for (size_t i = 0; i < x->metric_count; i++) {
        const size_t place = tfu_versus_metric_place(x, i);
        const struct tfu_plugin *p = x->metric[i].plugin;
        const struct tfu_node *n = p ? tfu_node_at(item(root, place), "against") : NULL;
        bool own = false;
        for (size_t k = 0; n && k < p->option_count; k++)
            own |=
                strcmp(((const struct tfu_option *)((const char *)p->options + k * p->option_size))
                           ->name,
                       "against") == 0;
        if (n && !own)
            tfu_diagnostics_add(l->diagnostics, n->key_mark,
                                "metrics.%zu.against: %s does not compare two networks; leave the "
                                "key out",
                                place, p->name);
    }
}

void tfu_versus_check(struct tfu_load *l, const struct tfu_node *root,
                      const struct tfu_experiment *x)
{
    check_others(l, root, x);
    for (size_t i = 0; i < x->versus_count; i++) {
        const struct tfu_versus *w = &x->versus[i];
        check_against(l, root, w);
        check_name(l, root, w);
        check_twins(l, root, x, i);
        if (w->rows == 1)
            tfu_diagnostics_add(l->diagnostics, place_of(root, w, "rows"),
                                "metrics.%zu.rows: expected 2 or more, or 0, got 1", w->place);
        if (tfu_node_at(root, "data") && !x->valid_data.present && !x->test_data.present &&
            !tfu_node_at(root, "data.valid") && !tfu_node_at(root, "data.test"))
            tfu_diagnostics_add(l->diagnostics, w->choice.mark,
                                "metrics.%zu: there is neither data.valid nor data.test whose "
                                "images the networks are compared on",
                                w->place);
    }
}
