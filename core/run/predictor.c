/* SPDX-License-Identifier: MIT */
#include "core/run/predictor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/data/source.h"
#include "core/graph/access.h"
#include "core/run/eval_target.h"
#include "core/task/task.h"
#include "core/train/edited.h"
#include "core/train/train.h"

/* ---- opening */

static enum tfu_status new_preparer(struct tfu_predictor *p, int64_t height, int64_t width,
                                    int64_t channels, struct tfu_error *e)
{
    const struct tfu_preparer_request request = {
        .split = tfu_experiment_split(p->context.experiment, p->split),
        .registry = p->context.registry,
        .log = p->context.log,
        .height = height,
        .width = width,
        .channels = channels};
    return tfu_preparer_new(&p->preparer, &request, e);
}

/* By the dataset itself, whose images have one size. */
static enum tfu_status prepare_by_data(struct tfu_predictor *p, const char *why,
                                       struct tfu_error *e)
{
    struct tfu_dataset *data;
    enum tfu_status st = tfu_assemble_open(&data, &p->context, p->split, e);
    if (st != TFU_OK) {
        tfu_error_prefix(e,
                         "the configuration alone does not say how images are prepared (%s), so "
                         "the data were asked",
                         why);
        return st;
    }
    const struct tfu_dataset_info *info = &tfu_dataset_source(data)->info;
    tfu_assemble_put_classes(tfu_dataset_info(data), &p->class_text);
    st = new_preparer(p, info->height, info->width, info->channels, e);
    tfu_dataset_close(data);
    return st;
}

static enum tfu_status open_preparer(struct tfu_predictor *p, struct tfu_error *e)
{
    const struct tfu_data_split *split = tfu_experiment_split(p->context.experiment, p->split);
    struct tfu_error unknown = TFU_ERROR_INIT;
    const int64_t channels = tfu_preparer_channels(split);
    if (!channels)
        tfu_error_set(&unknown, TFU_EINVAL, "`channels` of the dataset is not set");
    else if (new_preparer(p, 0, 0, channels, &unknown) == TFU_OK)
        return TFU_OK;
    return prepare_by_data(p, unknown.text, e);
}

/* Of a state that does not say what its classes were called the data say it, if they are there. */
static void ask_for_names(struct tfu_predictor *p)
{
    struct tfu_dataset *data;
    struct tfu_error unknown = TFU_ERROR_INIT;
    if (p->state.path || p->class_text.length ||
        tfu_assemble_open(&data, &p->context, p->split, &unknown) != TFU_OK)
        return;
    tfu_assemble_put_classes(tfu_dataset_info(data), &p->class_text);
    tfu_dataset_close(data);
}

/* What the outputs are called: by the configuration, else when it was trained, else by the data. */
static enum tfu_status find_names(struct tfu_predictor *p, struct tfu_error *e)
{
    const struct tfu_task_config *task = &p->context.experiment->task;
    if (task->class_names.count == (uint64_t)task->classes) {
        p->names = task->class_names.item;
        return TFU_OK;
    }
    ask_for_names(p);
    if (p->state.classes) {
        tfu_text_free(&p->class_text);
        tfu_text_puts(&p->class_text, p->state.classes);
    }
    p->class_name = calloc((size_t)task->classes + 1, sizeof *p->class_name);
    if (p->class_text.failed || !p->class_name)
        return tfu_error_memory(e, "naming classes", 0);
    int64_t n = 0;
    for (char *line = p->class_text.data; line && *line;) {
        char *end = line + strcspn(line, "\n");
        if (n < task->classes)
            p->class_name[n] = line;
        n++;
        line = *end ? end + 1 : end;
        *end = '\0';
    }
    p->names = n == task->classes ? p->class_name : NULL;
    return TFU_OK;
}

static enum tfu_status allocate(struct tfu_predictor *p, struct tfu_error *e)
{
    const struct tfu_pipeline *of = tfu_preparer_pipeline(p->preparer);
    const size_t batch = (size_t)p->batch, rows = batch * (size_t)p->positions;
    const size_t cells = rows * (size_t)p->outputs;
    p->pixels = calloc(batch * (size_t)(of->height * of->width * of->channels), sizeof *p->pixels);
    p->logits = calloc(cells, sizeof *p->logits);
    p->scores = calloc(cells, sizeof *p->scores);
    p->labels = calloc(cells, sizeof *p->labels);
    p->losses = calloc(rows, sizeof *p->losses);
    p->failure = calloc(batch, sizeof *p->failure);
    p->times = calloc(batch, sizeof *p->times);
    p->row = calloc(batch, sizeof *p->row);
    if (!p->pixels || !p->logits || !p->scores || !p->labels || !p->losses || !p->failure ||
        !p->times || !p->row)
        return tfu_error_memory(e, "preparing predictions", 0);
    for (size_t i = 0; i < cells; i++)
        p->labels[i] = NAN; /* nobody knows them */
    return TFU_OK;
}

static enum tfu_status open_network(struct tfu_predictor *p,
                                    const struct tfu_predictor_request *request,
                                    struct tfu_error *e)
{
    const struct tfu_pipeline *of = tfu_preparer_pipeline(p->preparer);
    const struct tfu_dataset_info info = {
        .height = of->height, .width = of->width, .channels = of->channels};
    const struct tfu_assemble_options options = {.training = false};
    struct tfu_text account = TFU_TEXT_INIT;
    enum tfu_status st = tfu_assemble_graph(&p->graph, &p->context, &info, p->batch, e);
    if (st == TFU_OK)
        st = tfu_assemble_network(&p->network, p->graph, &p->context, &options, e);
    if (st == TFU_OK)
        st = tfu_eval_state_load(&p->state, &p->context, p->network, &of->preprocessing, &account,
                                 e);
    if (st == TFU_OK && account.failed)
        st = tfu_error_memory(e, "preparing predictions", 0);
    if (st == TFU_OK && account.length && request->loaded)
        request->loaded(request->arg, tfu_text_get(&account));
    tfu_text_free(&account);
    if (st != TFU_OK)
        return st;
    p->outputs = tfu_graph_outputs(p->graph);
    p->positions = tfu_graph_positions(p->graph, p->graph->output);
    return allocate(p, e);
}

static enum tfu_status prepare(struct tfu_predictor *p, const struct tfu_predictor_request *request,
                               struct tfu_error *e)
{
    struct tfu_context *c = &p->context;
    const struct tfu_experiment *x = c->experiment;
    p->batch = request->batch                ? request->batch
               : x->train.evaluate.batch > 0 ? x->train.evaluate.batch
                                             : x->train.batch;
    enum tfu_status st = tfu_digests_new(&c->digests, e);
    if (st == TFU_OK)
        st = tfu_split_choose_any(x, NULL, &p->split, e);
    if (st == TFU_OK)
        st = tfu_eval_state_open(&p->state, &p->target, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&c->threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = open_preparer(p, e);
    if (st == TFU_OK)
        st = open_network(p, request, e);
    if (st == TFU_OK)
        st = find_names(p, e);
    const char *folder = p->target.folder;
    if (st == TFU_OK && folder)
        st = tfu_train_warn_plugins(c->registry, folder, c->log, e);
    if (st == TFU_OK && folder)
        st = tfu_edited_warn(folder, c->registry, c->log, c->digests, e);
    return st;
}

static enum tfu_status open_predictor(struct tfu_predictor *p,
                                      const struct tfu_predictor_request *request,
                                      struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum tfu_status st = tfu_eval_state_find(&p->state, request->checkpoint, &request->target, e);
    if (st == TFU_OK)
        st = tfu_eval_target_open(&p->target, &p->state, &request->target, d, e);
    if (st != TFU_OK)
        return st;
    p->context = (struct tfu_context){.experiment = p->target.experiment,
                                      .registry = request->target.registry,
                                      .log = request->target.log};
    return prepare(p, request, e);
}

enum tfu_status tfu_predictor_open(struct tfu_predictor **out,
                                   const struct tfu_predictor_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_predictor *p = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "preparing predictions", 0);
    const enum tfu_status st = open_predictor(p, request, d, e);
    if (st != TFU_OK)
        tfu_predictor_close(p);
    else
        *out = p;
    return st;
}

void tfu_predictor_close(struct tfu_predictor *p)
{
    if (!p)
        return;
    tfu_network_free(p->network);
    tfu_graph_free(p->graph);
    tfu_preparer_free(p->preparer);
    tfu_threads_free(p->context.threads);
    tfu_digests_free(p->context.digests);
    tfu_eval_state_free(&p->state);
    tfu_target_close(&p->target);
    tfu_text_free(&p->class_text);
    free(p->class_name);
    free(p->pixels);
    free(p->logits);
    free(p->scores);
    free(p->labels);
    free(p->losses);
    free(p->failure);
    free(p->times);
    free(p->row);
    free(p);
}

/* ---- a batch */

struct reading {
    struct tfu_predictor *p;
    const char *const *path;
    struct tfu_prediction *out;
    size_t numbers; /* of an image */
};

static void read_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct reading *r = arg;
    struct tfu_error *e = &r->p->failure[index];
    *e = (struct tfu_error)TFU_ERROR_INIT;
    r->out[index].status = tfu_preparer_read(
        r->p->preparer, r->path[index], r->p->pixels + index * r->numbers, &r->out[index].times, e);
    r->out[index].error = e;
}

/* Those that were read, one behind another; how many there are. */
static int64_t close_ranks(struct tfu_predictor *p, size_t count, size_t numbers,
                           const struct tfu_prediction *out)
{
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        if (out[i].status != TFU_OK)
            continue;
        if (rows != i)
            memcpy(p->pixels + rows * numbers, p->pixels + i * numbers,
                   numbers * sizeof *p->pixels);
        p->row[i] = rows++;
    }
    return (int64_t)rows;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Numbers that are too large before the network, or weights that are none, fail the image and not
 * those beside it. Its logits become 0, as scores are made of all rows. */
static void check_logits(struct tfu_predictor *p, const struct reading *r, size_t count)
{
    const size_t cells = (size_t)(p->positions * p->outputs);
    for (size_t i = 0; i < count; i++) {
        if (r->out[i].status != TFU_OK)
            continue;
        float *logits = p->logits + p->row[i] * cells;
        size_t k = 0;
        while (k < cells && isfinite(logits[k]))
            k++;
        if (k == cells)
            continue;
        r->out[i].status = tfu_error_set(
            &p->failure[i], TFU_ENUMERIC,
            "image '%s': output %lld of the network is %g: its pixels are too large, or the "
            "training has diverged",
            r->path[i], (long long)k % p->outputs, (double)logits[k]);
        memset(logits, 0, cells * sizeof *logits);
    }
}

static enum tfu_status forward(struct tfu_predictor *p, const struct reading *r, size_t count,
                               int64_t rows, double *network, struct tfu_error *e)
{
    const float *logits;
    const double begin = now();
    enum tfu_status st = tfu_network_put_input(p->network, rows, p->pixels, e);
    if (st == TFU_OK)
        st = tfu_network_forward(p->network, rows, false, 0, e);
    if (st == TFU_OK)
        st = tfu_network_look(p->network, tfu_region_output(p->graph, rows), &logits, e);
    if (network)
        *network = now() - begin;
    if (st != TFU_OK)
        return st;
    memcpy(p->logits, logits, (size_t)(rows * p->positions * p->outputs) * sizeof *logits);
    check_logits(p, r, count);
    struct tfu_loss_batch batch = {.rows = rows * p->positions,
                                   .outputs = p->outputs,
                                   .positions = p->positions,
                                   .logits = p->logits,
                                   .labels = p->labels,
                                   .scores = p->scores,
                                   .losses = p->losses};
    double ignored;
    return tfu_loss(tfu_loss_rule(&p->context.experiment->task), p->context.threads, &batch,
                    &ignored, e);
}

enum tfu_status tfu_predictor_run(struct tfu_predictor *p, const char *const *path, size_t count,
                                  struct tfu_prediction *out, double *network, struct tfu_error *e)
{
    const struct tfu_pipeline *of = tfu_preparer_pipeline(p->preparer);
    const size_t numbers = (size_t)(of->height * of->width * of->channels);
    const size_t cells = (size_t)(p->positions * p->outputs);
    struct reading reading = {.p = p, .path = path, .out = out, .numbers = numbers};
    memset(out, 0, count * sizeof *out);
    if (count == 1)
        read_task(&reading, 0, 0);
    else
        tfu_threads_run(p->context.threads, (uint32_t)count, read_task, &reading);
    const int64_t rows = close_ranks(p, count, numbers, out);
    if (network)
        *network = 0;
    const enum tfu_status st = rows ? forward(p, &reading, count, rows, network, e) : TFU_OK;
    for (size_t i = 0; i < count; i++) {
        out[i].logits = p->logits + p->row[i] * cells;
        out[i].scores = p->scores + p->row[i] * cells;
    }
    return st;
}
