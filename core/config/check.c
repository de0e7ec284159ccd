/* SPDX-License-Identifier: MIT */
#include "core/config/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/measured.h"
#include "core/config/schema.h"
#include "core/config/scored.h"
#include "core/config/scored_check.h"
#include "core/config/tasks.h"
#include "core/config/versus.h"

/* A loaded experiment under examination. */
struct subject {
    struct tfu_load *load;
    const struct tfu_node *root;
    const struct tfu_experiment *x;
};

/* Where the value at `path` is, or the nearest mapping around it that is there. */
static struct tfu_mark place(const struct subject *s, const char *path)
{
    const struct tfu_node *n = s->root;
    for (;;) {
        const size_t length = strcspn(path, ".");
        const struct tfu_node *child = tfu_node_get(n, path, length);
        if (!child)
            return n == s->root ? tfu_load_mark(s->load) : tfu_node_key_mark(n);
        if (!path[length])
            return child->mark;
        n = child;
        path += length + 1;
    }
}

/* A finding at the value of `path`, which is also how the text begins. */
static void report(const struct subject *s, const char *path, const char *fmt, ...)
    TFU_PRINTF(3, 4);

static void report(const struct subject *s, const char *path, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = tfu_arena_printf_v(s->load->arena, fmt, args);
    va_end(args);
    if (text)
        tfu_diagnostics_add(s->load->diagnostics, place(s, path), "%s: %s", path, text);
    else
        s->load->out_of_memory = true;
}

static bool is_given(const struct subject *s, const char *path)
{
    return tfu_node_at(s->root, path);
}

static bool is_text(const struct subject *s, const char *path)
{
    const struct tfu_node *n = tfu_node_at(s->root, path);
    return !n || (n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n));
}

static void check_folders(const struct subject *s)
{
    const char *name = s->x->name, *output = s->x->output;
    if (is_text(s, "name") &&
        (!name[0] || name[0] == '.' || strchr(name, '/') || strlen(name) > 100))
        report(s, "name",
               "'%s' cannot be the name of a folder of runs; use up to 100 characters without / "
               "that do not begin with a dot",
               name);
    if (is_text(s, "output") && !output[0])
        report(s, "output", "expected a folder, got the empty text");
    if (output[0] == '~')
        report(s, "output", "write out the home folder: ~ is not expanded");
}

/* ---- task */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name that is there twice, or NULL. */
static const char *find_twin(const struct subject *s, const struct tfu_string_list *names)
{
    const char **sorted = tfu_load_array(s->load, names->count + 1, sizeof *sorted);
    if (!sorted)
        return NULL;
    for (uint64_t i = 0; i < names->count; i++)
        sorted[i] = names->item[i];
    qsort(sorted, names->count, sizeof *sorted, compare_names);
    for (uint64_t i = 1; i < names->count; i++)
        if (strcmp(sorted[i], sorted[i - 1]) == 0)
            return sorted[i];
    return NULL;
}

static void check_loss(const struct subject *s, const struct tfu_task_words *kind, const char *loss)
{
    struct tfu_text list = TFU_TEXT_INIT;
    bool fits = false;
    for (const char *const *name = kind->losses; *name; name++) {
        fits |= strcmp(*name, loss) == 0;
        tfu_text_printf(&list, "%s%s", name == kind->losses ? "" : ", ", *name);
    }
    if (!fits)
        report(s, "task.loss", "%s does not fit kind %s; its loss is %s", loss, kind->name,
               tfu_text_get(&list));
    s->load->out_of_memory |= list.failed;
    tfu_text_free(&list);
}

static void check_task(const struct subject *s)
{
    const struct tfu_task_config *t = &s->x->task;
    const struct tfu_task_words *kind = tfu_task_words(t->kind);
    check_loss(s, kind, tfu_loss_names[t->loss]);
    if (t->classes > 0 && t->classes < kind->outputs_min)
        report(s, "task.classes", "kind %s needs at least %" PRId64 " classes, got %" PRId64,
               kind->name, kind->outputs_min, t->classes);
    if (t->class_names.count && t->classes && t->class_names.count != (uint64_t)t->classes)
        report(s, "task.class_names", "got %" PRIu64 " names, but task.classes is %" PRId64,
               t->class_names.count, t->classes);
    const char *twin = find_twin(s, &t->class_names);
    if (twin)
        report(s, "task.class_names", "'%s' is there twice", twin);
}

/* ---- data */

static bool has_twins(const struct subject *s, const struct tfu_int_list *list)
{
    /* a list this long has been refused for its length, or is no list of classes */
    if ((int64_t)list->count > s->x->task.classes || list->count > 10000)
        return false;
    for (uint64_t i = 0; i < list->count; i++)
        for (uint64_t j = 0; j < i; j++)
            if (list->item[i] == list->item[j])
                return true;
    return false;
}

/* What is measured is said nowhere else; what is inherited has been looked at in data.train. */
static void check_measured(const struct subject *s, const char *split,
                           const struct tfu_data_split *d)
{
    const struct tfu_data_select *select = &d->select;
    const char *path = tfu_options_path(s->load, split, "normalise.from");
    const char *list = tfu_options_path(s->load, split, "transforms");
    if (!path || !list || (!is_given(s, path) && !is_given(s, list)))
        return;
    if (select->normalise.from == TFU_NORMALISE_FROM_DATA &&
        (select->normalise.mean.count || select->normalise.deviation.count ||
         select->normalise.preprocessing[0]))
        report(s, path, "data measures the mean and the deviation; remove `%s`, or `from: data`",
               select->normalise.preprocessing[0] ? "preprocessing"
               : select->normalise.mean.count     ? "mean"
                                                  : "deviation");
    if (tfu_measured_count(d) > 1)
        report(s, list, "two steps `normalise` have `from: data`; it is for one of them");
}

static void check_split(const struct subject *s, const char *name, const struct tfu_data_split *d)
{
    const struct tfu_data_select *select = &d->select;
    const char *path = tfu_options_path(s->load, "data", name);
    if (!d->present || !path)
        return;
    const char *classes = tfu_options_path(s->load, path, "classes");
    const char *limit = tfu_options_path(s->load, path, "limit");
    const char *preprocessing = tfu_options_path(s->load, path, "normalise.preprocessing");
    if (!classes || !limit || !preprocessing)
        return;
    check_measured(s, path, d);
    if (is_given(s, preprocessing) && select->normalise.preprocessing[0] &&
        (select->normalise.mean.count || select->normalise.deviation.count))
        report(s, preprocessing,
               "%s says the mean and the deviation; remove `mean` and `deviation`",
               select->normalise.preprocessing);
    if (is_given(s, classes) && select->classes.count && s->x->task.classes &&
        tfu_task_words(s->x->task.kind)->chooses_one &&
        select->classes.count != (uint64_t)s->x->task.classes)
        report(s, classes, "keeps %" PRIu64 " class%s, but task.classes is %" PRId64,
               select->classes.count, select->classes.count == 1 ? "" : "es", s->x->task.classes);
    if (is_given(s, classes) && has_twins(s, &select->classes))
        report(s, classes, "a class is there twice");
    if (select->limit && select->limit_per_class)
        report(s, limit, "set limit or limit_per_class, not both");
    else if (select->limit_groups && (select->limit || select->limit_per_class))
        report(s, limit, "set limit_groups or %s, not both",
               select->limit ? "limit" : "limit_per_class");
}

/* ---- train */

static void check_length(const struct subject *s)
{
    const struct tfu_train_config *t = &s->x->train;
    if (t->epochs && t->steps)
        report(s, "train.steps",
               "epochs is %" PRId64 " and steps is %" PRId64
               "; set one of them, and the other to 0 or not at all",
               t->epochs, t->steps);
    else if (!t->epochs && !t->steps && !is_given(s, "train.steps"))
        report(s, "train.epochs",
               "one of epochs and steps has to say how long to train, for example `epochs: 3`");
}

static void check_schedule(const struct subject *s)
{
    static const char path[] = "train.schedule.milestones";
    const struct tfu_train_config *t = &s->x->train;
    const struct tfu_int_list *m = &t->schedule.milestones;
    if (m->count && t->schedule.kind != TFU_SCHEDULE_STEP)
        report(s, path, "milestones belong to kind step, but the kind is %s",
               tfu_schema_schedules[t->schedule.kind]);
    if (!m->count && t->schedule.kind == TFU_SCHEDULE_STEP)
        report(s, path,
               "kind step needs the steps at which the rate falls, for example "
               "`milestones: [1000, 2000]`");
    for (uint64_t i = 1; i < m->count; i++)
        if (m->item[i] <= m->item[i - 1]) {
            report(s, path, "milestones have to rise, but %" PRId64 " comes after %" PRId64,
                   m->item[i], m->item[i - 1]);
            return;
        }
}

/* ---- metrics */

/* `path` has the key of a metric that something goes by. */
static void check_metric_use(const struct subject *s, const char *path, const char *key)
{
    const struct tfu_experiment *x = s->x;
    const char *slash = strchr(key, '/'); /* valid/auc, as in metrics.csv */
    const char *name = slash ? slash + 1 : key;
    if (slash && tfu_scored_find(x, name) >= 0)
        report(s, path, "a metric is named without its data here: '%s', not '%s'", name, key);
    else if (tfu_scored_find(x, key) < 0 && !tfu_versus_find(x, key))
        report(s, path, "'%s' is reported by no plugin in metrics; add {plugin: %.*s} there", key,
               (int)strcspn(name, "."), name);
    if (is_given(s, "data") && !x->valid_data.present && !x->test_data.present &&
        !is_given(s, "data.valid") && !is_given(s, "data.test"))
        report(s, path, "there is neither data.valid nor data.test to evaluate");
    if (!x->train.evaluate.every_steps && !x->train.evaluate.every_epochs)
        report(s, path,
               "nothing is evaluated: set train.evaluate.every_epochs or every_steps above 0");
}

/* Is the split there, or was meant to be? */
static bool has_split(const struct subject *s, const char *path, const struct tfu_data_split *d)
{
    return d->present || is_given(s, path) || !is_given(s, "data");
}

/* The test data choose nothing unless they are told to. */
static void check_monitor(const struct subject *s)
{
    const struct tfu_train_config *t = &s->x->train;
    const bool by_test = t->monitor == TFU_TRAIN_MONITOR_TEST;
    const bool test = has_split(s, "data.test", &s->x->test_data);
    if (by_test && !test)
        report(s, "train.monitor", "there is no data.test to go by");
    if (t->early_stopping.patience && t->early_stopping.metric[0] && !by_test && test &&
        !has_split(s, "data.valid", &s->x->valid_data))
        report(s, "train.early_stopping.patience",
               "there is no data.valid to go by; add one, or set `train: {monitor: test}` to let "
               "the test data decide, of which the results are then too good");
}

static void check_metric_uses(const struct subject *s)
{
    const struct tfu_train_config *t = &s->x->train;
    check_monitor(s);
    if (t->early_stopping.metric[0])
        check_metric_use(s, "train.early_stopping.metric", t->early_stopping.metric);
    else if (t->early_stopping.patience)
        report(s, "train.early_stopping.patience",
               "early stopping goes by a metric: set train.early_stopping.metric");
    if (t->threshold.metric[0])
        check_metric_use(s, "train.threshold.metric", t->threshold.metric);
    else if (t->threshold.value != 0)
        report(s, "train.threshold.value",
               "a threshold is for a metric: set train.threshold.metric");
}

void tfu_check_experiment(struct tfu_load *l, const struct tfu_node *root,
                          const struct tfu_experiment *x)
{
    const struct subject s = {.load = l, .root = root, .x = x};
    check_folders(&s);
    if (is_given(&s, "task"))
        check_task(&s);
    check_split(&s, "train", &x->train_data);
    check_split(&s, "valid", &x->valid_data);
    check_split(&s, "test", &x->test_data);
    tfu_scored_check(l, root, x);
    tfu_versus_check(l, root, x);
    const struct tfu_node *train = tfu_node_at(root, "train");
    if (!train || train->kind != TFU_NODE_MAPPING)
        return; /* has been reported */
    check_length(&s);
    check_schedule(&s);
    check_metric_uses(&s);
}
