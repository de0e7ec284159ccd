/* SPDX-License-Identifier: MIT
 *
 * The functions of <transfuse/infer.h>. Of libtransfuse-infer alone: the backend is linked in.
 */
#include <transfuse/infer.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/access.h"
#include "core/infer/blas.h"
#include "core/infer/model.h"
#include "core/infer/prepare.h"
#include "core/task/loss.h"

#include <transfuse/option.h>

extern const struct tfu_plugin tfu_plugin; /* the backend `cpu` */

/* Its only option: 0 is `isa: auto`. */
static const int32_t backend_config = 0;

struct tfu_infer_model {
    struct tfu_model *model;
    struct tfu_threads *threads;
    struct tfu_network *network;
    struct tfu_infer_info info;
    float *unknown; /* the labels of an image, which nobody knows */
    int64_t batch, dim[3];
};

static enum tfu_status report(enum tfu_status st, const struct tfu_error *e,
                              struct tfu_infer_error *out)
{
    if (st != TFU_OK && out)
        snprintf(out->text, sizeof out->text, "%s%s%s", e->source, e->source[0] ? ": " : "",
                 e->text);
    return st;
}

static void describe(struct tfu_infer_model *m)
{
    const struct tfu_model *f = m->model;
    const struct tfu_shape *input = &f->graph->value[f->graph->input].shape;
    for (int i = 0; i < 3; i++)
        m->dim[i] = input->dim[i + 1];
    m->info =
        (struct tfu_infer_info){.struct_size = sizeof m->info,
                                .scores = f->scores == TFU_MODEL_SOFTMAX   ? TFU_INFER_CLASSES
                                          : f->scores == TFU_MODEL_SIGMOID ? TFU_INFER_LABELS
                                                                           : TFU_INFER_NUMBERS,
                                .height = m->dim[0],
                                .width = m->dim[1],
                                .channels = m->dim[2],
                                .outputs = tfu_graph_outputs(f->graph),
                                .names = f->names,
                                .arch = f->source.arch,
                                .run = f->source.run,
                                .sha256 = f->sha256,
                                .step = f->source.step,
                                .not_preparable = f->prepare.channels ? NULL
                                                  : f->prepare.why    ? f->prepare.why
                                                                      : "it is not known"};
}

static enum tfu_status open_model(struct tfu_infer_model *m, const char *path, uint32_t threads,
                                  struct tfu_error *e)
{
    enum tfu_status st = tfu_infer_blas_check(e);
    if (st == TFU_OK)
        st = tfu_model_read(&m->model, path, m->batch, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&m->threads, threads, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_network_request request = {.graph = m->model->graph,
                                                .backend = &tfu_plugin,
                                                .backend_config = &backend_config,
                                                .threads = m->threads,
                                                .dtype = TFU_F32,
                                                .constant = true};
    st = tfu_network_new(&m->network, &request, e);
    if (st == TFU_OK)
        st = tfu_model_load(m->model, m->network, e);
    if (st != TFU_OK)
        return st;
    describe(m);
    m->unknown = malloc((size_t)m->info.outputs * sizeof *m->unknown);
    if (!m->unknown)
        return tfu_error_memory(e, "opening a model", 0);
    for (int64_t k = 0; k < m->info.outputs; k++)
        m->unknown[k] = NAN;
    return TFU_OK;
}

/* What is not set is most often forgotten, and the rest would be left out without a word. */
static enum tfu_status refuse_size(const char *name, uint32_t is, size_t wanted,
                                   struct tfu_error *e)
{
    return tfu_error_set(e, TFU_EINVAL,
                         "`struct_size` of struct %s is %u, and at least %zu is wanted; set it to "
                         "the struct's size",
                         name, is, wanted);
}

enum tfu_status tfu_infer_open(struct tfu_infer_model **out, const char *path,
                               const struct tfu_infer_options *options,
                               struct tfu_infer_error *error)
{
    struct tfu_error e = TFU_ERROR_INIT;
    enum { BATCH_MAX = 65536, THREADS_MAX = 1024 };
    *out = NULL;
    if (options && options->struct_size < sizeof *options)
        return report(refuse_size("tfu_infer_options", options->struct_size, sizeof *options, &e),
                      &e, error);
    const int64_t batch = options && options->batch ? options->batch : 1;
    const uint32_t threads = options ? options->threads : 0;
    if (batch < 1 || batch > BATCH_MAX || threads > THREADS_MAX)
        return report(tfu_error_set(&e, TFU_EINVAL,
                                    "a batch of %lld and %u threads; there are 1 to %d, and up to "
                                    "%d",
                                    (long long)batch, threads, BATCH_MAX, THREADS_MAX),
                      &e, error);
    struct tfu_infer_model *m = calloc(1, sizeof *m);
    if (!m)
        return report(tfu_error_memory(&e, "opening a model", 0), &e, error);
    m->batch = batch;
    const enum tfu_status st = open_model(m, path, threads, &e);
    if (st != TFU_OK)
        tfu_infer_close(m);
    else
        *out = m;
    return report(st, &e, error);
}

void tfu_infer_close(struct tfu_infer_model *m)
{
    if (!m)
        return;
    free(m->unknown);
    tfu_network_free(m->network);
    tfu_threads_free(m->threads);
    tfu_model_free(m->model);
    free(m);
}

const struct tfu_infer_info *tfu_infer_get_info(const struct tfu_infer_model *m)
{
    return &m->info;
}

enum tfu_status tfu_infer_prepare(const struct tfu_infer_model *m,
                                  const struct tfu_infer_image *image, float *input,
                                  struct tfu_infer_error *error)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (image->struct_size < sizeof *image)
        return report(refuse_size("tfu_infer_image", image->struct_size, sizeof *image, &e), &e,
                      error);
    const struct tfu_raw_image raw = {.pixels = image->pixels,
                                      .dtype = image->dtype,
                                      .height = image->height,
                                      .width = image->width,
                                      .channels = image->channels};
    return report(tfu_model_prepare(&m->model->prepare, m->dim, &raw, input, &e), &e, error);
}

/* By the very functions that losses make scores by. */
static void score(const struct tfu_infer_model *m, int64_t count, const float *logits,
                  float *scores)
{
    static const struct tfu_loss_kind *const kind[] = {&tfu_loss_softmax, &tfu_loss_sigmoid,
                                                       &tfu_loss_squared};
    const int64_t outputs = m->info.outputs;
    for (int64_t i = 0; i < count; i++) {
        const struct tfu_loss_row row = {.index = i,
                                         .outputs = outputs,
                                         .positions = 1,
                                         .logit = logits + i * outputs,
                                         .label = m->unknown,
                                         .score = scores + i * outputs};
        kind[m->model->scores]->row(&row, 0, 0);
    }
}

static enum tfu_status run(struct tfu_infer_model *m, int64_t count, const float *input,
                           float *scores, float *logits, struct tfu_error *e)
{
    const struct tfu_graph *g = m->model->graph;
    const float *out;
    if (count < 1 || count > m->batch)
        return tfu_error_set(e, TFU_EINVAL, "%lld images, where the model was opened for 1 to %lld",
                             (long long)count, (long long)m->batch);
    enum tfu_status st = tfu_network_put_input(m->network, count, input, e);
    if (st == TFU_OK)
        st = tfu_network_forward(m->network, count, false, 0, e);
    if (st == TFU_OK)
        st = tfu_network_look(m->network, tfu_region_output(g, count), &out, e);
    if (st != TFU_OK)
        return st;
    const size_t cells = (size_t)(count * m->info.outputs);
    for (size_t i = 0; i < cells; i++)
        if (!isfinite(out[i]))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "output %zu of image %zu is %g; are its numbers those that "
                                 "prepare() makes?",
                                 i % (size_t)m->info.outputs, i / (size_t)m->info.outputs,
                                 (double)out[i]);
    if (logits)
        memcpy(logits, out, cells * sizeof *out);
    score(m, count, out, scores);
    return TFU_OK;
}

enum tfu_status tfu_infer_run(struct tfu_infer_model *m, int64_t count, const float *input,
                              float *scores, float *logits, struct tfu_infer_error *error)
{
    struct tfu_error e = TFU_ERROR_INIT;
    return report(run(m, count, input, scores, logits, &e), &e, error);
}
