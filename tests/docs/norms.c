/* SPDX-License-Identifier: MIT
 *
 * study norms: how long are the weights of each stage, as vectors?
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/all.h"
#include "core/analysis/pictures.h"
#include "core/result/plot.h"
#include "core/study/groups.h"

struct config {
    struct tfu_analysis_common common; /* first: the context looks at it */
    const char *match;
};

static const struct tfu_option options[] = {
    TFU_OPT_STRING(struct config, match, "", 0,
                   "each parameter whose name fits this pattern, not the weights of each stage"),
    TFU_OPTION_SPLIT_ANY,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

static enum tfu_status check(const void *config, struct tfu_analysis_context *c,
                             struct tfu_error *e)
{
    const struct config *o = config;
    if (strchr(o->match, ' '))
        return tfu_analysis_refuse(c, "match", e,
                                   "`match` is a pattern of names, which have no blanks, not '%s'",
                                   o->match);
    return TFU_OK;
}

/* The length of one group's weights. */
static enum tfu_status measure(double *norm, const struct tfu_groups *g, size_t group,
                               const struct tfu_network *network, struct tfu_error *e)
{
    const size_t n = tfu_groups_size(g, group);
    double *x = calloc(n + 1, sizeof *x);
    if (!x)
        return tfu_error_memory(e, "measuring weights", n * sizeof *x);
    const enum tfu_status st = tfu_groups_gather(g, group, network, x, e);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    *norm = sqrt(sum);
    free(x);
    return st;
}

static enum tfu_status report(const struct tfu_groups *g, const struct tfu_network *network,
                              const char *label, struct tfu_result *out, struct tfu_error *e)
{
    static const struct tfu_column column[] = {
        {.name = "group"}, {.name = "numbers"}, {.name = "norm", .digits = 4}};
    enum tfu_status st = TFU_OK;
    struct tfu_plot p;
    tfu_result_say(out, "%s", label);
    struct tfu_result_table *t =
        tfu_result_table(out, "norms", TFU_TABLE_SHOWN | TFU_TABLE_DATA, column, TFU_COUNT(column));
    tfu_plot_begin(&p, out, 1, g->count);
    tfu_plot_axes(&p, "", "norm of the weights");
    tfu_plot_series(&p, 0, label, false);
    for (size_t i = 0; st == TFU_OK && i < g->count; i++) {
        double norm = NAN;
        st = measure(&norm, g, i, network, e);
        tfu_cell_text(t, "%s", g->name[i]);
        tfu_cell_whole(t, (int64_t)tfu_groups_size(g, i));
        tfu_cell_number(t, norm);
        tfu_plot_name(&p, i, g->name[i]);
        tfu_plot_point(&p, 0, i, norm);
    }
    tfu_plot_caption(&p, "Length of the weights of %zu groups of %s.", g->count, label);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct config *o = config;
    struct tfu_pictures p; /* the network and its data, from the context */
    struct tfu_graph *graph = NULL;
    struct tfu_network *network = NULL;
    struct tfu_groups groups = {.name = NULL};
    enum tfu_status st = tfu_pictures_open(&p, n, c, e);
    if (st == TFU_OK)
        st = tfu_pictures_network(&p, 0, &graph, &network, e);
    if (st == TFU_OK)
        st = tfu_groups_choose(&groups, graph, o->match[0] ? o->match : NULL, e);
    if (st == TFU_OK)
        st = report(&groups, network, p.subject[0]->label, out, e);
    tfu_groups_free(&groups);
    tfu_network_free(network);
    tfu_graph_free(graph);
    return st;
}

const struct tfu_analysis tfu_analysis_norms = {
    .name = "norms",
    .group = "study",
    .summary = "how long are the weights of each stage?",
    .about = "The Euclidean norm of the weights of each stage, as one vector each.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = 1,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .check = check,
    .run = run,
};
