/* SPDX-License-Identifier: MIT */
#include "core/study/matrices.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/io/npy_matrix.h"
#include "core/train/checkpoint.h"

/* Bytes of one matrix that are held at a time. */
static const size_t chunk_bytes = 8u << 20;

struct work {
    const struct tfu_matrices_request *request;
    struct tfu_npy_matrix *matrix[2];
    void *chunk[2];
    int64_t rows;
};

void tfu_matrices_free(struct tfu_matrices *m)
{
    tfu_scorer_free(m->scorer);
    *m = (struct tfu_matrices){.scorer = NULL};
}

static enum tfu_status check_rows(struct work *w, struct tfu_error *e)
{
    const struct tfu_matrices_request *r = w->request;
    const struct tfu_shape x = tfu_npy_matrix_shape(w->matrix[0]);
    const struct tfu_shape y = tfu_npy_matrix_shape(w->matrix[1]);
    w->rows = x.dim[0];
    if (x.dim[0] == y.dim[0])
        return TFU_OK;
    const bool turned = x.rank == 2 && y.rank == 2 && x.dim[1] == y.dim[1];
    return tfu_error_set(e, TFU_ESHAPE,
                         "%s has %" PRId64 " data points and %s has %" PRId64
                         ": both have to hold the same ones%s",
                         r->path[0], x.dim[0], r->path[1], y.dim[0],
                         !turned            ? ""
                         : r->neurons_first ? "; without `neurons_first` they would match"
                                            : "; with `neurons_first` they would match");
}

static enum tfu_status open_matrices(struct work *w, struct tfu_error *e)
{
    const struct tfu_matrices_request *r = w->request;
    const struct tfu_metric_ops *ops = r->metric->plugin->ops;
    for (int i = 0; i < 2; i++) {
        const struct tfu_npy_matrix_request request = {
            .path = r->path[i],
            .columns_first = r->neurons_first,
            .maps = ops->needs & TFU_NEEDS_MAPS,
            .threads = r->threads,
            .own = &tfu_checkpoint_own,
        };
        const enum tfu_status st = tfu_npy_matrix_open(&w->matrix[i], &request, e);
        if (st != TFU_OK)
            return st;
        if (tfu_npy_matrix_is_turned(w->matrix[i]))
            tfu_log_write(
                r->log, TFU_LOG_WARNING,
                "%s is read as N,H,W,C, and has the sizes that N,C,H,W would have, as PyTorch "
                "has maps; if it is that, save numpy.moveaxis(x, 1, -1)",
                r->path[i]);
    }
    return check_rows(w, e);
}

/* Bytes of `rows` rows of matrix `i`. */
static size_t bytes_of(const struct work *w, int i, int64_t rows)
{
    const struct tfu_shape shape = tfu_npy_matrix_shape(w->matrix[i]);
    return (size_t)(tfu_shape_count(&shape) / w->rows * rows) *
           tfu_dtype_size(tfu_npy_matrix_dtype(w->matrix[i]));
}

static enum tfu_status allocate(struct work *w, int64_t *chunk, struct tfu_error *e)
{
    *chunk = w->rows;
    for (int i = 0; i < 2; i++) {
        const size_t row = bytes_of(w, i, 1);
        const int64_t fit = chunk_bytes > row ? (int64_t)(chunk_bytes / row) : 1;
        *chunk = fit < *chunk ? fit : *chunk;
    }
    for (int i = 0; i < 2; i++)
        if (!(w->chunk[i] = malloc(bytes_of(w, i, *chunk))))
            return tfu_error_memory(e, "reading a matrix", bytes_of(w, i, *chunk));
    return TFU_OK;
}

/* Rows first..first + rows - 1 of both go to the metric. */
static enum tfu_status feed(struct work *w, struct tfu_scorer *scorer, int64_t first, int64_t rows,
                            struct tfu_error *e)
{
    struct tfu_tensor t[2];
    for (int i = 0; i < 2; i++) {
        t[i] = (struct tfu_tensor){.struct_size = sizeof t[i],
                                   .dtype = tfu_npy_matrix_dtype(w->matrix[i]),
                                   .place = TFU_HOST,
                                   .shape = tfu_npy_matrix_shape(w->matrix[i]),
                                   .data = w->chunk[i]};
        t[i].shape.dim[0] = rows;
        const enum tfu_status st = tfu_npy_matrix_read(w->matrix[i], first, rows, w->chunk[i], e);
        if (st != TFU_OK)
            return st;
    }
    const struct tfu_activations batch = {
        .rows = rows, .node = {w->request->path[0], w->request->path[1]}, .t = {&t[0], &t[1]}};
    return tfu_scorer_look(scorer, &batch, e);
}

enum tfu_status tfu_matrices_compare(struct tfu_matrices *out,
                                     const struct tfu_matrices_request *request,
                                     struct tfu_error *e)
{
    struct work w = {.request = request};
    int64_t chunk = 1;
    *out = (struct tfu_matrices){.scorer = NULL};
    enum tfu_status st = open_matrices(&w, e);
    const struct tfu_scorer_request scorer = {
        .metric = request->metric,
        .metric_count = 1,
        .task = TFU_TASK_CLASSIFICATION,
        .registry = request->registry,
        .captures = true,
        .threads = request->threads,
    };
    if (st == TFU_OK)
        st = tfu_scorer_new(&out->scorer, &scorer, e);
    if (st == TFU_OK)
        st = allocate(&w, &chunk, e);
    for (int64_t first = 0; st == TFU_OK && first < w.rows; first += chunk)
        st = feed(&w, out->scorer, first, w.rows - first < chunk ? w.rows - first : chunk, e);
    if (st == TFU_OK)
        st = tfu_scorer_finish(out->scorer, &out->score, &out->count, e);
    out->rows = w.rows;
    for (int i = 0; i < 2; i++) {
        tfu_npy_matrix_close(w.matrix[i]);
        free(w.chunk[i]);
    }
    if (st != TFU_OK)
        tfu_matrices_free(out);
    return st;
}
