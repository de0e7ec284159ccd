/* SPDX-License-Identifier: MIT */
#include "core/train/init_report.h"

#include "core/train/assemble.h"
#include "core/train/initialise.h"

static enum tfu_status report(const struct tfu_context *c, const struct tfu_dataset *data,
                              struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_experiment *x = c->experiment;
    struct tfu_graph *graph = NULL;
    struct tfu_network *network = NULL;
    enum tfu_status st = tfu_assemble_graph(&graph, c, tfu_dataset_info(data), 1, e);
    if (st == TFU_OK)
        st = tfu_assemble_network(&network, graph, c,
                                  &(struct tfu_assemble_options){.training = false}, e);
    if (st == TFU_OK)
        st = tfu_initialise(
            &(struct tfu_initialise_request){.network = network,
                                             .rule = x->init,
                                             .rule_count = x->init_count,
                                             .registry = c->registry,
                                             .seed = (uint64_t)x->seed,
                                             .threads = c->threads,
                                             .preprocessing = tfu_dataset_preprocessing(data),
                                             .log = c->log},
            out, e);
    tfu_network_free(network);
    tfu_graph_free(graph);
    return st;
}

enum tfu_status tfu_init_report(const struct tfu_experiment *x, struct tfu_registry *registry,
                                struct tfu_log *log, struct tfu_text *out, struct tfu_error *e)
{
    /* the network only has to hold parameters, one image at a time: by whatever algorithms */
    struct tfu_experiment own = *x;
    own.algorithm_count = 0;
    own.deterministic = 1;
    own.timings = "";
    struct tfu_context c = {.experiment = &own, .registry = registry, .log = log};
    struct tfu_dataset *data = NULL;
    enum tfu_status st = tfu_assemble_images(&data, &c, TFU_SPLIT_TRAIN, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&c.threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = report(&c, data, out, e);
    tfu_threads_free(c.threads);
    tfu_dataset_close(data);
    return st == TFU_OK && out->failed ? tfu_error_memory(e, "listing parameters", 0) : st;
}
