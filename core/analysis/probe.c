/* SPDX-License-Identifier: MIT
 *
 * probe: how well do each layer's activations tell the classes?
 */
#include "core/study/probe.h"

#include "core/analysis/all.h"
#include "core/analysis/lines.h"

struct config {
    struct tfu_analysis_common common;
    int32_t fit; /* of tfu_analysis_splits */
};

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_PROBE),
    {.name = "fit",
     .help = "the split to fit to",
     .type = TFU_ENUM,
     .offset = offsetof(struct config, fit),
     .sdef = "train",
     .choices = tfu_analysis_splits},
    TFU_OPTION_NODES,
    TFU_OPTION_ROWS,
    TFU_OPTION_CHANNELS(0),
    TFU_OPTION_IMAGES,
    TFU_OPTION_SEED,
    TFU_OPTION_SPLIT,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
    TFU_OPTION_THREADS,
};

/* Both splits of one network, probed, as a line. */
static enum tfu_status probe_sides(struct tfu_lines *lines, const struct tfu_yardstick *y,
                                   const struct tfu_side *fit, const struct tfu_side *test,
                                   struct tfu_error *e)
{
    if (fit->split == test->split)
        return tfu_analysis_refuse(y->context, "fit", e,
                                   "the probe would be fitted to the %s data and measured on the "
                                   "same; choose with `fit` and `split`",
                                   tfu_split_name(fit->split));
    const struct tfu_probe_request request = {
        .fit = fit->capture,
        .test = test->capture,
        .node = test->node,
        .count = test->node_count,
        .metric = y->metric,
        .experiment = test->subject->experiment,
        .registry = y->context->host.registry,
        .threads = y->context->threads,
    };
    struct tfu_comparison r = {.pair = NULL};
    const enum tfu_status st = tfu_probe(&r, &request, e);
    return st == TFU_OK ? tfu_lines_take(lines, test, &r, e) : st;
}

static enum tfu_status probe_one(struct tfu_lines *lines, const struct tfu_yardstick *y,
                                 const struct config *o, const char *spec, struct tfu_error *e)
{
    const struct tfu_side_request request[2] = {
        {.network = {.spec = spec},
         .nodes = &o->common.nodes,
         .split = tfu_analysis_splits[o->fit]},
        {.network = {.spec = spec}, .nodes = &o->common.nodes}};
    struct tfu_side side[2] = {{.subject = NULL}, {.subject = NULL}};
    enum tfu_status st = tfu_side_open(&side[0], y, &request[0], e);
    if (st == TFU_OK)
        st = tfu_side_open(&side[1], y, &request[1], e);
    if (st == TFU_OK)
        st = probe_sides(lines, y, &side[0], &side[1], e);
    tfu_side_close(&side[1]);
    tfu_side_close(&side[0]);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct tfu_yardstick y;
    struct tfu_lines lines = {.line = NULL};
    enum tfu_status st = tfu_yardstick_open(&y, c, e);
    for (size_t i = 0; st == TFU_OK && i < n->count; i++)
        st = probe_one(&lines, &y, config, n->of[i], e);
    if (st == TFU_OK)
        st = tfu_lines_report(&lines, &y, out, e);
    tfu_lines_free(&lines);
    return st;
}

const struct tfu_analysis tfu_analysis_probe = {
    .name = "probe",
    .group = "study",
    .summary = "how well do the activations of each layer tell the classes?",
    .about = "How well do the activations of each layer tell the classes? A classifier is fitted "
             "to the\n"
             "activations of the training images, averaged over positions, and measured on the "
             "test images\n"
             "(Alain and Bengio 2016; Matsoukas et al. 2022). Each network is a line. The metric "
             "is one that\n"
             "is fitted to activations; `rows` bounds the images of either split.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = 64,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .ability = &tfu_metric_probes,
    .run = run,
};
