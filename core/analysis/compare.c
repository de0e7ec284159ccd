/* SPDX-License-Identifier: MIT
 *
 * compare: a metric over the activations of two networks, layer by layer.
 */
#include <string.h>

#include "core/analysis/all.h"
#include "core/analysis/lines.h"

struct config {
    struct tfu_analysis_common common;
    struct tfu_string_list baseline;
    int32_t matrix;
};

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_SIMILARITY),
    TFU_OPT_STRING_LIST(
        struct config, baseline,
        "lines beside it: untrained (a and b before their first step), random (two "
        "random networks of their architectures), noise (a, and Gaussian noise with "
        "the covariance of b's activations)"),
    TFU_OPT_BOOL(struct config, matrix, 0, "every layer with every layer"),
    TFU_OPTION_NODES,
    TFU_OPTION_NODES_B,
    TFU_OPTION_ROWS,
    TFU_OPTION_CHANNELS(64),
    TFU_OPTION_DRAWS(5, "draws of rows and channels"),
    TFU_OPTION_PER,
    TFU_OPTION_IMAGES,
    TFU_OPTION_SEED,
    TFU_OPTION_SPLIT,
    TFU_OPTION_DATA,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
    TFU_OPTION_MEMORY,
    TFU_OPTION_THREADS,
};

static const char *const baselines[] = {"untrained", "random", "noise"};

static enum tfu_status check(const void *config, struct tfu_analysis_context *c,
                             struct tfu_error *e)
{
    const struct tfu_string_list *list = &((const struct config *)config)->baseline;
    for (uint64_t i = 0; i < list->count; i++) {
        bool known = false;
        for (size_t k = 0; k < TFU_COUNT(baselines); k++)
            known |= strcmp(list->item[i], baselines[k]) == 0;
        if (!known)
            return tfu_analysis_refuse(c, "baseline", e,
                                       "`baseline` is untrained, random or noise, not '%s'",
                                       list->item[i]);
    }
    return TFU_OK;
}

/* One pair as a line's member, as it is or as a baseline of it. */
static enum tfu_status add_pair(struct tfu_lines *lines, const struct tfu_yardstick *y,
                                const char *name, const char *const spec[2], const char *baseline,
                                struct tfu_error *e)
{
    static const char drawn[] = "init=[{plugin: " TFU_DEFAULT_INIT "}]";
    static const char *const randomised[2][2] = {{drawn, "seed=1001"}, {drawn, "seed=1002"}};
    const bool random = baseline && strcmp(baseline, "random") == 0;
    const bool untrained = random || (baseline && strcmp(baseline, "untrained") == 0);
    const struct tfu_line_kind kind = {.name = baseline ? baseline : name,
                                       .baseline = baseline != NULL,
                                       .noise = baseline && strcmp(baseline, "noise") == 0};
    struct tfu_state_request state[2];
    for (int i = 0; i < 2; i++)
        state[i] = (struct tfu_state_request){.spec = spec[i],
                                              .initial = untrained,
                                              .override = random ? randomised[i] : NULL,
                                              .override_count = random ? 2 : 0};
    return tfu_lines_add_pair(lines, &kind, y, state, e);
}

/* Every pair of every line, then the baselines of the first. */
static enum tfu_status add_all(struct tfu_lines *lines, const struct tfu_yardstick *y,
                               const struct config *config, const struct tfu_analysis_networks *n,
                               struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < n->lines; i++)
        for (size_t k = 0; st == TFU_OK && k < n->line[i].pairs; k++) {
            const char *const spec[2] = {n->line[i].a[k], n->line[i].b[k]};
            st = add_pair(lines, y, n->line[i].name, spec, NULL, e);
        }
    const char *const first[2] = {n->line[0].a[0], n->line[0].b[0]};
    for (uint64_t i = 0; st == TFU_OK && i < config->baseline.count; i++) {
        bool again = false;
        for (uint64_t k = 0; k < i; k++)
            again |= strcmp(config->baseline.item[i], config->baseline.item[k]) == 0;
        if (!again)
            st = add_pair(lines, y, "", first, config->baseline.item[i], e);
    }
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct config *o = config;
    struct tfu_lines lines = {.matrix = o->matrix};
    struct tfu_yardstick y;
    out->stem = o->matrix ? "matrix" : "similarity";
    enum tfu_status st = tfu_yardstick_open(&y, c, e);
    if (st == TFU_OK)
        st = add_all(&lines, &y, o, n, e);
    if (st == TFU_OK)
        st = tfu_lines_report(&lines, &y, out, e);
    tfu_lines_free(&lines);
    return st;
}

const struct tfu_analysis tfu_analysis_compare = {
    .name = "compare",
    .group = "",
    .summary = "compare the representations of networks, layer by layer",
    .about = "How similar are the representations of two networks? The same images go through "
             "both, and a\n"
             "metric compares their activations, layer by layer, over draws of positions and "
             "channels.\n",
    .takes = TFU_ANALYSIS_TAKES_LINES,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .ability = &tfu_metric_compares_networks,
    .check = check,
    .run = run,
};
