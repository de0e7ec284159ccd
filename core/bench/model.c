/* SPDX-License-Identifier: MIT */
#include "core/bench/model.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/defaults.h"
#include "core/config/measured_numbers.h"
#include "core/config/path.h"
#include "core/task/task.h"

static bool is_configuration(const char *what)
{
    const size_t n = strlen(what);
    return tfu_path_is_stream(what) || (n > 5 && strcmp(what + n - 5, ".yaml") == 0) ||
           (n > 4 && strcmp(what + n - 4, ".yml") == 0);
}

/* Height, width and channels of a configuration's images, unless the request says others. */
static enum tfu_status look_at_data(const struct tfu_bench_model *m,
                                    const struct tfu_bench_model_request *r,
                                    struct tfu_dataset_info *image, struct tfu_error *e)
{
    struct tfu_dataset *d = NULL;
    *image =
        (struct tfu_dataset_info){.height = r->size, .width = r->size, .channels = r->channels};
    if (r->size && r->channels)
        return TFU_OK;
    const enum tfu_status st = tfu_assemble_images(&d, &m->context, TFU_SPLIT_TRAIN, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    image->height = r->size ? r->size : info->height;
    image->width = r->size ? r->size : info->width;
    image->channels = r->channels ? r->channels : info->channels;
    tfu_dataset_close(d);
    return TFU_OK;
}

static enum tfu_status from_configuration(struct tfu_bench_model *m,
                                          const struct tfu_bench_model_request *r,
                                          struct tfu_dataset_info *image, struct tfu_error *e)
{
    enum tfu_status st =
        tfu_config_load(&m->config, r->what, r->pair, r->pair_count, m->registry, m->findings, e);
    tfu_diagnostics_write_notes(m->findings, m->context.log);
    if (st == TFU_OK)
        st = tfu_measured_pretend(m->config, e);
    if (st != TFU_OK)
        return st;
    m->experiment = *tfu_config_experiment(m->config);
    return look_at_data(m, r, image, e);
}

static int32_t task_number(const char *name)
{
    int32_t i = 0;
    while (tfu_task_names[i + 1] && strcmp(tfu_task_names[i], name) != 0)
        i++;
    return i;
}

/* An experiment of which only the network is known: its outputs are labels. */
static enum tfu_status from_plugin(struct tfu_bench_model *m,
                                   const struct tfu_bench_model_request *r,
                                   struct tfu_dataset_info *image, struct tfu_error *e)
{
    const enum tfu_status st = tfu_chosen_new(&m->arch, TFU_KIND_ARCH, r->what, r->pair,
                                              r->pair_count, m->registry, m->findings, e);
    if (st != TFU_OK)
        return st;
    const int64_t size = r->size ? r->size : 224;
    *image = (struct tfu_dataset_info){
        .height = size, .width = size, .channels = r->channels ? r->channels : 3};
    m->experiment = (struct tfu_experiment){
        .seed = 1,
        .task = {.kind = task_number("multi_label"),
                 .loss = tfu_loss_number("sigmoid"),
                 .classes = 5},
        .arch = *tfu_chosen_get(m->arch),
        .arch_host = *tfu_chosen_arch(m->arch),
        .train = {.batch = 8},
        .deterministic = 1,
        .timings = "",
    };
    return TFU_OK;
}

static enum tfu_status choose_backend(struct tfu_bench_model *m, const char *name,
                                      struct tfu_error *e)
{
    if (!name && m->experiment.backend.plugin)
        return TFU_OK;
    /* findings of its own: places on the command line are counted anew */
    tfu_diagnostics_free(m->findings);
    enum tfu_status st = tfu_diagnostics_new(&m->findings, e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&m->backend, TFU_KIND_BACKEND, name ? name : TFU_DEFAULT_BACKEND, NULL,
                            0, m->registry, m->findings, e);
    if (st == TFU_OK)
        m->experiment.backend = *tfu_chosen_get(m->backend);
    return st;
}

static enum tfu_status add_algorithms(struct tfu_bench_model *m,
                                      const struct tfu_bench_model_request *r, struct tfu_error *e)
{
    struct tfu_experiment *x = &m->experiment;
    const size_t had = x->algorithm_count, size = sizeof *x->algorithm;
    if (r->algorithm_count == 0)
        return TFU_OK;
    m->algorithm = calloc(had + r->algorithm_count, size);
    if (!m->algorithm)
        return tfu_error_memory(e, "choosing algorithms", 0);
    if (had)
        memcpy(m->algorithm, x->algorithm, had * size);
    x->algorithm = m->algorithm;
    for (size_t i = 0; i < r->algorithm_count; i++) {
        x->algorithm[had + i].op = r->algorithm[i].op;
        x->algorithm[had + i].algorithm = r->algorithm[i].algorithm;
    }
    x->algorithm_count = had + r->algorithm_count;
    return TFU_OK;
}

/* What the request says goes over what the experiment has. */
static enum tfu_status override(struct tfu_bench_model *m, const struct tfu_bench_model_request *r,
                                struct tfu_error *e)
{
    struct tfu_experiment *x = &m->experiment;
    x->task.classes = r->classes ? r->classes : x->task.classes;
    x->train.batch = r->batch ? r->batch : x->train.batch;
    x->threads = r->threads ? r->threads : x->threads;
    x->deterministic = x->deterministic && !r->measure;
    x->timings = r->timings ? r->timings : x->timings;
    const enum tfu_status st = choose_backend(m, r->backend, e);
    return st == TFU_OK ? add_algorithms(m, r, e) : st;
}

enum tfu_status tfu_bench_model_open(struct tfu_bench_model *m,
                                     const struct tfu_bench_model_request *request,
                                     struct tfu_registry *registry, struct tfu_log *log,
                                     struct tfu_error *e)
{
    struct tfu_dataset_info image;
    *m = (struct tfu_bench_model){.registry = registry};
    m->context =
        (struct tfu_context){.experiment = &m->experiment, .registry = registry, .log = log};
    enum tfu_status st = tfu_diagnostics_new(&m->findings, e);
    if (st == TFU_OK)
        st = is_configuration(request->what) ? from_configuration(m, request, &image, e)
                                             : from_plugin(m, request, &image, e);
    if (st == TFU_OK)
        st = override(m, request, e);
    if (st == TFU_OK)
        st = tfu_assemble_graph(&m->graph, &m->context, &image, m->experiment.train.batch, e);
    return st;
}

void tfu_bench_model_close(struct tfu_bench_model *m)
{
    tfu_graph_free(m->graph);
    tfu_chosen_free(m->arch);
    tfu_chosen_free(m->backend);
    tfu_config_free(m->config);
    tfu_diagnostics_free(m->findings);
    free(m->algorithm);
    *m = (struct tfu_bench_model){.registry = NULL};
}

enum tfu_status tfu_bench_model_plan(const struct tfu_bench_model *m,
                                     struct tfu_network_memory *training,
                                     struct tfu_network_memory *inference, struct tfu_error *e)
{
    struct tfu_context c = m->context;
    /* algorithms ask how many threads they will have */
    enum tfu_status st = tfu_threads_new(&c.threads, (uint32_t)m->experiment.threads, e);
    if (st == TFU_OK)
        st = tfu_assemble_plan(training, m->graph, &c,
                               &(struct tfu_assemble_options){.training = true}, e);
    if (st == TFU_OK)
        st = tfu_assemble_plan(inference, m->graph, &c,
                               &(struct tfu_assemble_options){.constant = true}, e);
    tfu_threads_free(c.threads);
    return st;
}
