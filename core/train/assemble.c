/* SPDX-License-Identifier: MIT */
#include "core/train/assemble.h"

#include <stdlib.h>
#include <string.h>

#include "core/task/task.h"
#include "core/train/freeze.h"

const char *tfu_split_name(enum tfu_split split)
{
    static const char *const name[] = {"train", "valid", "test"};
    return name[split];
}

const struct tfu_data_split *tfu_experiment_split(const struct tfu_experiment *x,
                                                  enum tfu_split split)
{
    const struct tfu_data_split *const of[] = {&x->train_data, &x->valid_data, &x->test_data};
    return of[split];
}

static enum tfu_status find_split(const char *name, enum tfu_split *out, struct tfu_error *e)
{
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (strcmp(name, tfu_split_name((enum tfu_split)i)) == 0) {
            *out = (enum tfu_split)i;
            return TFU_OK;
        }
    return tfu_error_set(e, TFU_EINVAL, "`split` is train, valid or test, not '%s'", name);
}

enum tfu_status tfu_split_choose(const struct tfu_experiment *x, const char *name,
                                 enum tfu_split *out, struct tfu_error *e)
{
    if (name)
        return find_split(name, out, e);
    *out = x->test_data.present ? TFU_SPLIT_TEST : TFU_SPLIT_VALID;
    return TFU_OK;
}

enum tfu_status tfu_split_choose_any(const struct tfu_experiment *x, const char *name,
                                     enum tfu_split *out, struct tfu_error *e)
{
    static const enum tfu_split order[] = {TFU_SPLIT_TEST, TFU_SPLIT_VALID, TFU_SPLIT_TRAIN};
    if (name)
        return find_split(name, out, e);
    for (size_t i = 0; i < TFU_COUNT(order); i++) {
        *out = order[i];
        if (tfu_experiment_split(x, *out)->present)
            return TFU_OK;
    }
    return tfu_error_set(e, TFU_EINVAL, "the configuration has no data");
}

enum tfu_status tfu_assemble_open_beside(struct tfu_dataset **out, const struct tfu_context *c,
                                         enum tfu_split split, const struct tfu_dataset *other,
                                         struct tfu_error *e)
{
    *out = NULL;
    const struct tfu_data_split *data = tfu_experiment_split(c->experiment, split);
    if (!data->present)
        return tfu_error_set(e, TFU_EINVAL,
                             "the configuration has no %s data; add `data: {%s: {plugin: ...}}`",
                             tfu_split_name(split), tfu_split_name(split));
    const enum tfu_status st = tfu_dataset_open_beside(out, data, other, c->registry, c->log, e);
    if (st != TFU_OK)
        tfu_error_prefix(e, "%s data", tfu_split_name(split));
    return st;
}

enum tfu_status tfu_assemble_open(struct tfu_dataset **out, const struct tfu_context *c,
                                  enum tfu_split split, struct tfu_error *e)
{
    return tfu_assemble_open_beside(out, c, split, NULL, e);
}

enum tfu_status tfu_assemble_check_labels(const struct tfu_dataset *d, const struct tfu_context *c,
                                          enum tfu_split split, bool needed, struct tfu_error *e)
{
    const struct tfu_task_config *task = &c->experiment->task;
    if (tfu_dataset_info(d)->target)
        return tfu_task_of(task)->check_labels(d, tfu_split_name(split), task->classes, e);
    return needed
               ? tfu_error_set(e, TFU_EINVAL,
                               "the %s data have no labels, and nothing can be learnt or measured "
                               "without them; `capture` and pictures need none",
                               tfu_split_name(split))
               : TFU_OK;
}

static enum tfu_status open_checked(struct tfu_dataset **out, const struct tfu_context *c,
                                    enum tfu_split split, bool labelled,
                                    const struct tfu_dataset *other, struct tfu_error *e)
{
    enum tfu_status st = tfu_assemble_open_beside(out, c, split, other, e);
    if (st == TFU_OK)
        st = tfu_assemble_check_labels(*out, c, split, labelled, e);
    if (st != TFU_OK) {
        tfu_dataset_close(*out);
        *out = NULL;
    }
    return st;
}

enum tfu_status tfu_assemble_images(struct tfu_dataset **out, const struct tfu_context *c,
                                    enum tfu_split split, struct tfu_error *e)
{
    return open_checked(out, c, split, false, NULL, e);
}

enum tfu_status tfu_assemble_data(struct tfu_dataset **out, const struct tfu_context *c,
                                  enum tfu_split split, struct tfu_error *e)
{
    return open_checked(out, c, split, true, NULL, e);
}

enum tfu_status tfu_assemble_data_beside(struct tfu_dataset **out, const struct tfu_context *c,
                                         enum tfu_split split, const struct tfu_dataset *other,
                                         struct tfu_error *e)
{
    return open_checked(out, c, split, true, other, e);
}

enum tfu_status tfu_assemble_same_size(const struct tfu_dataset *a, const char *a_name,
                                       const struct tfu_dataset *b, const char *b_name,
                                       struct tfu_error *e)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a), *y = tfu_dataset_info(b);
    if (x->height == y->height && x->width == y->width && x->channels == y->channels)
        return TFU_OK;
    return tfu_error_set(e, TFU_ESHAPE,
                         "images of the %s data are %lld x %lld x %lld, those of the %s data "
                         "%lld x %lld x %lld; give both the same `resize:`",
                         a_name, (long long)x->height, (long long)x->width, (long long)x->channels,
                         b_name, (long long)y->height, (long long)y->width, (long long)y->channels);
}

/* Of its classes, or else of its label columns. */
static int64_t name_count(const struct tfu_dataset_info *info)
{
    return info->classes ? info->classes : info->label_columns;
}

enum tfu_status tfu_assemble_same_classes(const struct tfu_dataset *a, const char *a_name,
                                          const struct tfu_dataset *b, const char *b_name,
                                          struct tfu_error *e)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a), *y = tfu_dataset_info(b);
    if (!x->class_names || !y->class_names || (x->classes > 0) != (y->classes > 0))
        return TFU_OK;
    for (int64_t i = 0; i < name_count(x) && i < name_count(y); i++)
        if (strcmp(x->class_names[i], y->class_names[i]) != 0)
            return tfu_error_set(
                e, TFU_EINVAL,
                "%s %lld is '%s' in the %s data and '%s' in the %s data; give "
                "both the same classes (of folders, an empty one will do), or keep "
                "some of them with `classes: [...]`",
                x->classes ? "class" : "label", (long long)i, x->class_names[i], a_name,
                y->class_names[i], b_name);
    return TFU_OK;
}

void tfu_assemble_put_classes(const struct tfu_dataset_info *info, struct tfu_text *out)
{
    for (int64_t i = 0; info->class_names && i < name_count(info); i++)
        tfu_text_printf(out, "%s%s", i ? "\n" : "", info->class_names[i]);
}

enum tfu_status tfu_assemble_check_classes(const struct tfu_dataset_info *info, const char *name,
                                           const char *classes, struct tfu_error *e)
{
    if (!info->class_names || !classes)
        return TFU_OK;
    int64_t i = 0;
    for (const char *line = classes; *line && i < name_count(info); i++) {
        const size_t n = strcspn(line, "\n");
        const char *is = info->class_names[i];
        if (strlen(is) != n || memcmp(is, line, n) != 0)
            return tfu_error_set(
                e, TFU_EINVAL,
                "%s %lld is '%s' in the %s data, and was '%.*s' when the network was trained; give "
                "the data the same classes in the same order",
                info->classes ? "class" : "label", (long long)i, is, name, (int)n, line);
        line += n + (line[n] == '\n');
    }
    return TFU_OK;
}

const char *const *tfu_assemble_class_names(const struct tfu_experiment *x,
                                            const struct tfu_dataset_info *info)
{
    const int64_t data_names = info->classes ? info->classes : (int64_t)info->label_columns;
    if (x->task.class_names.count == (uint64_t)x->task.classes)
        return x->task.class_names.item;
    return info->class_names && data_names == x->task.classes ? info->class_names : NULL;
}

const char *const *tfu_assemble_label_names(const struct tfu_experiment *x,
                                            const struct tfu_dataset_info *info)
{
    const int64_t count = info->classes ? info->classes : info->label_columns;
    const struct tfu_string_list *own = &x->task.class_names;
    return count > 0 && own->count == (uint64_t)count ? own->item : info->class_names;
}

static struct tfu_graph_request graph_request(const struct tfu_context *c,
                                              const struct tfu_dataset_info *info, int64_t batch)
{
    return (struct tfu_graph_request){
        .arch = c->experiment->arch.plugin,
        .config = c->experiment->arch.config,
        .input = tfu_shape_make(4, batch, info->height, info->width, info->channels, 1),
        .head = tfu_task_of(&c->experiment->task)->head,
        .outputs = c->experiment->task.classes,
        .truncate = c->experiment->arch_host.truncate,
        .freeze = tfu_freeze_statistics(&c->experiment->train),
        .layers = c->registry,
    };
}

enum tfu_status tfu_assemble_graph(struct tfu_graph **out, const struct tfu_context *c,
                                   const struct tfu_dataset_info *info, int64_t batch,
                                   struct tfu_error *e)
{
    const struct tfu_graph_request request = graph_request(c, info, batch);
    return tfu_graph_build(out, &request, e);
}

/* Gives every dropout the rate 0, where the pointers of its calls see it too. */
static void drop_nothing(struct tfu_graph *g)
{
    for (uint32_t i = 0; i < g->node_count; i++) {
        struct tfu_graph_node *node = &g->node[i];
        if (strcmp(node->op, "dropout") != 0)
            continue;
        for (uint32_t k = 0; k < node->attr_count; k++)
            if (strcmp(node->attr[k].name, "rate") == 0)
                node->attr[k].f = 0;
    }
}

enum tfu_status tfu_assemble_steady_graph(struct tfu_graph **out, const struct tfu_context *c,
                                          const struct tfu_dataset_info *info, int64_t batch,
                                          struct tfu_error *e)
{
    /* the name of the last stage before the head is known when the graph is built */
    struct tfu_graph *first;
    enum tfu_status st = tfu_assemble_graph(&first, c, info, batch, e);
    *out = NULL;
    if (st != TFU_OK)
        return st;
    struct tfu_graph_request request = graph_request(c, info, batch);
    request.freeze = first->stage[first->stage_count - 2].name;
    st = tfu_graph_build(out, &request, e);
    tfu_graph_free(first);
    if (st == TFU_OK)
        drop_nothing(*out);
    return st;
}

/* What algorithms are chosen by besides predictions; NULL: nothing. */
static enum tfu_status open_timings(struct tfu_timings **out, const struct tfu_experiment *x,
                                    struct tfu_log *log, struct tfu_error *e)
{
    *out = NULL;
    if (x->deterministic && !x->timings[0])
        return TFU_OK;
    return tfu_timings_open_or_cache(out, x->timings, !x->deterministic, log, e);
}

/* A request for a network, and what it points to. */
struct wish {
    struct tfu_network_request request;
    struct tfu_algorithm_choice *algorithm;
    bool *frozen;
};

static void wish_free(struct wish *w)
{
    tfu_timings_free(w->request.timings);
    free(w->frozen);
    free(w->algorithm);
}

/* To be freed in any case. */
static enum tfu_status wish_for(struct wish *w, const struct tfu_graph *graph,
                                const struct tfu_context *c,
                                const struct tfu_assemble_options *options, struct tfu_error *e)
{
    const struct tfu_experiment *x = c->experiment;
    w->algorithm = calloc(x->algorithm_count + 1, sizeof *w->algorithm);
    w->frozen = calloc((size_t)graph->param_count + 1, sizeof *w->frozen);
    w->request = (struct tfu_network_request){
        .graph = graph,
        .backend = x->backend.plugin,
        .backend_config = x->backend.config,
        .threads = c->threads,
        .log = c->log,
        .dtype = TFU_F32,
        .training = options->training,
        .constant = options->constant,
        .seed = (uint64_t)x->seed,
        .algorithm = w->algorithm,
        .algorithm_count = x->algorithm_count,
        .keep = options->keep,
        .keep_count = options->keep_count,
        .frozen = w->frozen,
        .low_memory = x->train.memory == TFU_TRAIN_MEMORY_LOW,
    };
    if (!w->algorithm || !w->frozen)
        return tfu_error_memory(e, "building a network", 0);
    for (size_t i = 0; i < x->algorithm_count; i++)
        w->algorithm[i] =
            (struct tfu_algorithm_choice){x->algorithm[i].op, x->algorithm[i].algorithm};
    const enum tfu_status st = tfu_freeze(&x->train, graph, w->frozen, e);
    return st == TFU_OK ? open_timings(&w->request.timings, x, c->log, e) : st;
}

enum tfu_status tfu_assemble_network(struct tfu_network **out, const struct tfu_graph *graph,
                                     const struct tfu_context *c,
                                     const struct tfu_assemble_options *options,
                                     struct tfu_error *e)
{
    *out = NULL;
    struct wish w;
    enum tfu_status st = wish_for(&w, graph, c, options, e);
    if (st == TFU_OK)
        st = tfu_network_new(out, &w.request, e);
    struct tfu_error unsaved = TFU_ERROR_INIT;
    if (st == TFU_OK && w.request.timings &&
        tfu_timings_save(w.request.timings, &unsaved) != TFU_OK)
        tfu_log_write(c->log, TFU_LOG_WARNING, "%s; algorithms will be measured again next time",
                      unsaved.text);
    wish_free(&w);
    return st;
}

enum tfu_status tfu_assemble_plan(struct tfu_network_memory *out, const struct tfu_graph *graph,
                                  const struct tfu_context *c,
                                  const struct tfu_assemble_options *options, struct tfu_error *e)
{
    struct wish w;
    enum tfu_status st = wish_for(&w, graph, c, options, e);
    if (st == TFU_OK)
        st = tfu_network_plan(out, &w.request, e);
    wish_free(&w);
    return st;
}
