/* SPDX-License-Identifier: MIT
 *
 * transfuse study probe: how well each layer's activations tell the classes.
 */
#include <math.h>
#include <string.h>

#include "core/cli/comparing_main.h"
#include "core/cli/lines.h"
#include "core/cli/study.h"
#include "core/config/defaults.h"
#include "core/study/probe.h"

static const char help[] =
    "usage: transfuse study probe RUN... [--metric NAME] [--fit NAME] [...]\n"
    "\n"
    "How well do the activations of each layer tell the classes? A classifier is fitted to the\n"
    "activations of the training images, averaged over positions, and measured on the test images\n"
    "(Alain and Bengio 2016; Matsoukas et al. 2022). Each network is a line.\n"
    "\n"
    "  --fit NAME       the split to fit to; default train\n"
    "\n"
    "Here --rows bounds the images of either split (default 10000), there is one draw, and all\n"
    "channels are used unless --channels says otherwise. The metric is one that is fitted to\n"
    "activations; default " TFU_DEFAULT_PROBE ".\n"
    "\n";

struct probe {
    const char *fit;
};

/* Both splits of one network, probed, as a line. */
static enum tfu_status probe_one(struct tfu_lines *lines, struct tfu_comparing *c, const char *fit,
                                 const char *spec, struct tfu_error *e)
{
    const struct tfu_side_request request[2] = {
        {.spec = spec, .nodes = c->options->nodes, .split = fit ? fit : "train"},
        {.spec = spec, .nodes = c->options->nodes}};
    struct tfu_side side[2] = {{.subject = NULL}, {.subject = NULL}};
    struct tfu_comparison r = {.pair = NULL};
    enum tfu_status st = tfu_side_open(&side[0], c, &request[0], e);
    if (st == TFU_OK)
        st = tfu_side_open(&side[1], c, &request[1], e);
    if (st == TFU_OK && side[0].split == side[1].split)
        st = tfu_error_set(e, TFU_EINVAL,
                           "the probe would be fitted to the %s data and measured on the same; "
                           "choose with --fit and --split",
                           tfu_split_name(side[0].split));
    if (st == TFU_OK) {
        const struct tfu_probe_request probe = {
            .fit = side[0].capture,
            .test = side[1].capture,
            .node = side[1].node,
            .count = side[1].node_count,
            .metric = c->metric,
            .experiment = side[1].subject->experiment,
            .registry = c->registry,
            .threads = c->threads,
        };
        st = tfu_probe(&r, &probe, e);
    }
    if (st == TFU_OK)
        st = tfu_lines_take(lines, &side[1], &r, e);
    tfu_side_close(&side[1]);
    tfu_side_close(&side[0]);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_comparing *c, const char *const *spec,
                           size_t count, struct tfu_error *e)
{
    const struct probe *p = arg;
    struct tfu_lines lines = {.line = NULL};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = probe_one(&lines, c, p->fit, spec[i], e);
    if (st == TFU_OK)
        st = tfu_lines_show(&lines, c, "probe", e);
    tfu_lines_free(&lines);
    return st;
}

int tfu_study_probe(struct tfu_cli *cli, int argc, char **argv)
{
    struct probe p = {.fit = NULL};
    const struct tfu_cli_option options[] = {{.name = "--fit", .text = &p.fit}};
    static const char *const unused[] = {"--data",    "--draws", "--memory",
                                         "--nodes-b", "--per",   NULL};
    const struct tfu_comparing_command command = {
        .name = "study probe",
        .help = help,
        .metric = TFU_DEFAULT_PROBE,
        .rows = -1,
        .channels = 0,
        .draws = 1,
        .subjects_min = 1,
        .subjects_max = 64,
        .unused = unused,
        .option = options,
        .option_count = TFU_COUNT(options),
        .run = run,
        .arg = &p,
    };
    return tfu_comparing_main(cli, &command, argc, argv);
}
