/* SPDX-License-Identifier: MIT */
#include "core/study/probe.h"

#include <stdlib.h>

#include "core/study/comparison.h"
#include "core/study/metrics.h"
#include "core/task/task.h"

enum { CHUNK = 1024 }; /* rows of a batch */

static enum tfu_status capture_all(struct tfu_capture *c, const struct tfu_probe_request *r,
                                   struct tfu_error *e)
{
    struct tfu_capture_want *want = calloc(r->count + 1, sizeof *want);
    if (!want)
        return tfu_error_memory(e, "probing", 0);
    for (size_t i = 0; i < r->count; i++)
        want[i] = (struct tfu_capture_want){r->node[i].name, r->node[i].value, 1, 1, 0};
    const enum tfu_status st = tfu_capture_run(c, want, r->count, e);
    free(want);
    return st;
}

static enum tfu_status feed(struct tfu_scorer *s, const struct tfu_capture *c, size_t node,
                            const char *name, enum tfu_part part, struct tfu_error *e)
{
    const struct tfu_tensor all = tfu_capture_get(c, node, 0);
    const int64_t total = all.shape.dim[0], width = all.shape.dim[1];
    int64_t columns;
    const float *labels = tfu_capture_labels(c, &columns);
    float *own = calloc((size_t)(CHUNK * columns) + 1, sizeof *own);
    enum tfu_status st = own ? TFU_OK : tfu_error_memory(e, "probing", 0);
    for (int64_t first = 0; st == TFU_OK && first < total; first += CHUNK) {
        const int64_t rows = total - first < CHUNK ? total - first : CHUNK;
        struct tfu_tensor t = all;
        t.shape.dim[0] = rows;
        t.data = (float *)all.data + first * width;
        for (int64_t i = 0; i < rows; i++) {
            const int64_t image = tfu_capture_image(c, node, 0, first + i);
            for (int64_t k = 0; k < columns; k++)
                own[i * columns + k] = labels[image * columns + k];
        }
        const struct tfu_activations batch = {
            .rows = rows, .part = part, .labels = own, .node = {name}, .t = {&t}};
        st = tfu_scorer_look(s, &batch, e);
    }
    free(own);
    return st;
}

static enum tfu_status probe_node(struct tfu_comparison *out, const struct tfu_probe_request *r,
                                  size_t node, struct tfu_error *e)
{
    int64_t columns;
    tfu_capture_labels(r->fit, &columns);
    const struct tfu_scorer_request request = {
        .metric = r->metric,
        .metric_count = 1,
        .task = tfu_task_of(&r->experiment->task)->reads,
        .outputs = r->experiment->task.classes,
        .label_columns = columns,
        .registry = r->registry,
        .captures = true,
        .threads = r->threads,
    };
    struct tfu_error said = TFU_ERROR_INIT;
    struct tfu_compare_draw *to = out->pair[node].draw;
    struct tfu_scorer *s;
    enum tfu_status st = tfu_scorer_new(&s, &request, e);
    if (st != TFU_OK)
        return st;
    feed(s, r->fit, node, r->node[node].name, TFU_PART_FIT, &said);
    if (said.status == TFU_OK)
        feed(s, r->test, node, r->node[node].name, TFU_PART_TEST, &said);
    const struct tfu_tensor test = tfu_capture_get(r->test, node, 0);
    to->rows = test.shape.dim[0];
    to->columns_a = to->columns_b = test.shape.dim[1];
    st = tfu_compare_conclude(&out->arena, to, s, &said, e);
    tfu_scorer_free(s);
    return st;
}

/* A probe is fitted to labels and measured by them. */
static enum tfu_status check_labelled(const struct tfu_probe_request *request, struct tfu_error *e)
{
    int64_t fit, test;
    tfu_capture_labels(request->fit, &fit);
    tfu_capture_labels(request->test, &test);
    return fit && test ? TFU_OK
                       : tfu_error_set(e, TFU_EINVAL,
                                       "the images have no labels, and a probe is fitted to them");
}

enum tfu_status tfu_probe(struct tfu_comparison *out, const struct tfu_probe_request *request,
                          struct tfu_error *e)
{
    *out = (struct tfu_comparison){.draws = 1};
    tfu_arena_init(&out->arena, 0);
    enum tfu_status st =
        tfu_metric_check(request->metric, &tfu_metric_probes, request->registry, e);
    if (st != TFU_OK)
        return st;
    st = capture_all(request->fit, request, e);
    if (st == TFU_OK)
        st = capture_all(request->test, request, e);
    if (st == TFU_OK)
        st = check_labelled(request, e);
    const size_t count = request->count;
    out->pair = tfu_arena_alloc(&out->arena, (count + 1) * sizeof *out->pair);
    struct tfu_compare_draw *draw = tfu_arena_alloc(&out->arena, (count + 1) * sizeof *draw);
    if (st == TFU_OK && (!out->pair || !draw))
        st = tfu_error_memory(e, "probing", 0);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        draw[i] = (struct tfu_compare_draw){.rows = 0};
        out->pair[out->pair_count++] = (struct tfu_compare_pair){i, i, &draw[i]};
        st = probe_node(out, request, i, e);
    }
    if (st == TFU_OK)
        st = tfu_compare_all_refused(out, e);
    if (st != TFU_OK)
        tfu_comparison_free(out);
    return st;
}
