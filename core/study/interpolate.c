/* SPDX-License-Identifier: MIT */
#include "core/study/interpolate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/study/parameters.h"

/* b's own graph, for images of a's size. */
static enum tfu_status check_architectures(struct tfu_assessor *assessor,
                                           const struct tfu_subject *a, const struct tfu_subject *b,
                                           struct tfu_error *e)
{
    const struct tfu_graph *graph_a = tfu_network_graph(tfu_assessor_network(assessor));
    struct tfu_graph *graph_b;
    enum tfu_status st = tfu_assemble_graph(&graph_b, &b->context,
                                            tfu_dataset_info(tfu_assessor_data(assessor)), 1, e);
    if (st != TFU_OK)
        return st;
    st = tfu_parameters_match(graph_a, a->label, graph_b, b->label, e);
    tfu_graph_free(graph_b);
    return st;
}

static enum tfu_status load(const struct tfu_subject *s, struct tfu_assessor *assessor,
                            struct tfu_parameters *into, struct tfu_error *e)
{
    struct tfu_network *network = tfu_assessor_network(assessor);
    const enum tfu_status st =
        tfu_subject_load(s, network, tfu_dataset_preprocessing(tfu_assessor_data(assessor)), e);
    return st == TFU_OK ? tfu_parameters_take(into, network, e) : st;
}

static void find_barrier(struct tfu_interpolation *r)
{
    const double first = r->measure[0].value;
    const double last = r->measure[(r->points - 1) * r->measures].value;
    r->barrier = (struct tfu_estimate){true, 0};
    for (size_t i = 0; i < r->points; i++) {
        const double excess =
            r->measure[i * r->measures].value - ((1 - r->t[i]) * first + r->t[i] * last);
        if (isnan(excess)) {
            r->barrier = (struct tfu_estimate){.defined = false};
            return;
        }
        /* at the ends the line is the loss itself, up to rounding */
        if (i > 0 && i + 1 < r->points && excess > r->barrier.value) {
            r->barrier.value = excess;
            r->barrier_at = r->t[i];
        }
    }
}

static enum tfu_status score_points(struct tfu_interpolation *r, struct tfu_assessor *assessor,
                                    const struct tfu_parameters *a, const struct tfu_parameters *b,
                                    struct tfu_error *e)
{
    for (size_t i = 0; i < r->points; i++) {
        r->t[i] = (double)i / (double)(r->points - 1);
        enum tfu_status st =
            tfu_parameters_put_mixture(a, b, r->t[i], tfu_assessor_network(assessor), e);
        if (st == TFU_OK)
            st = tfu_assess(assessor, &r->measure[i * r->measures], NULL, NULL, e);
        if (st != TFU_OK)
            return st;
    }
    find_barrier(r);
    return TFU_OK;
}

enum tfu_status tfu_interpolate(struct tfu_interpolation *out, struct tfu_assessor *assessor,
                                const struct tfu_subject *a, const struct tfu_subject *b,
                                size_t points, struct tfu_error *e)
{
    assert(points >= 2);
    struct tfu_parameters *at_a = NULL, *at_b = NULL;
    const struct tfu_graph *graph = tfu_network_graph(tfu_assessor_network(assessor));
    *out =
        (struct tfu_interpolation){.points = points, .measures = tfu_assessor_measures(assessor)};
    out->t = calloc(points, sizeof *out->t);
    out->measure = calloc(points, out->measures * sizeof *out->measure);
    enum tfu_status st = out->t && out->measure ? TFU_OK : tfu_error_memory(e, "interpolating", 0);
    if (st == TFU_OK)
        st = check_architectures(assessor, a, b, e);
    if (st == TFU_OK)
        st = tfu_parameters_new(&at_a, graph, e);
    if (st == TFU_OK)
        st = tfu_parameters_new(&at_b, graph, e);
    if (st == TFU_OK)
        st = load(a, assessor, at_a, e);
    if (st == TFU_OK)
        st = load(b, assessor, at_b, e);
    if (st == TFU_OK)
        st = score_points(out, assessor, at_a, at_b, e);
    tfu_parameters_free(at_a);
    tfu_parameters_free(at_b);
    if (st != TFU_OK)
        tfu_interpolation_free(out);
    return st;
}

void tfu_interpolation_free(struct tfu_interpolation *r)
{
    free(r->t);
    free(r->measure);
    *r = (struct tfu_interpolation){.points = 0};
}
