/* SPDX-License-Identifier: MIT
 *
 * transfuse compare A B: a metric over the activations of two networks, layer by layer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/lines.h"
#include "core/config/defaults.h"

static const char help[] =
    "usage: transfuse compare A B [--pair NAME A B]... [--matrix] [--baseline KIND]... [...]\n"
    "\n"
    "How similar are the representations of two networks? The same images go through both, and a\n"
    "metric compares their activations, layer by layer, over draws of positions and channels.\n"
    "\n"
    "A network is RUN (its best checkpoint, else its final), RUN@best, RUN@final, RUN@initial\n"
    "(before its first step), RUN@STEP, CONFIG.yaml (its initial state), or a file of weights.\n"
    "\n"
    "  --pair NAME A B  another pair, a line of its own; pairs of one NAME are one line, with the\n"
    "                   spread over them: runs that differ in their seeds\n"
    "  --name NAME      of the line of A B; default: networks\n"
    "  --matrix         every layer with every layer\n"
    "  --baseline KIND  a line beside it: untrained (A and B before their first step), random "
    "(two\n"
    "                   random networks of their architectures), noise (A, and Gaussian noise "
    "with\n"
    "                   the covariance of B's activations); may be repeated\n"
    "\n";

struct pair {
    const char *name, *spec[2];
};

enum { BASELINES_MAX = 3 };

struct request {
    struct tfu_comparing_options shared;
    struct pair *pair;
    size_t pairs;
    const char *name, *positional[2];
    size_t positionals;
    const char *baseline[BASELINES_MAX];
    size_t baselines;
    bool matrix;
};

static int add_baseline(struct request *r, const char *kind)
{
    static const char *const kinds[] = {"untrained", "random", "noise"};
    for (size_t i = 0; i < r->baselines; i++)
        if (strcmp(r->baseline[i], kind) == 0)
            return 0;
    for (size_t i = 0; i < TFU_COUNT(kinds); i++)
        if (strcmp(kind, kinds[i]) == 0) {
            r->baseline[r->baselines++] = kinds[i];
            return 0;
        }
    return tfu_cli_usage("compare", "--baseline is untrained, random or noise, not '%s'", kind);
}

static int parse(int argc, char **argv, struct request *r)
{
    const char *baseline = NULL;
    const struct tfu_cli_option table[] = {
        {.name = "--name", .text = &r->name},
        {.name = "--baseline", .text = &baseline},
        {.name = "--matrix", .flag = &r->matrix},
    };
    int status = 0;
    for (int i = 1; status == 0 && i < argc; i++) {
        baseline = NULL;
        if (tfu_cli_option_take(table, TFU_COUNT(table), "compare", argc, argv, &i, &status)) {
            if (status == 0 && baseline)
                status = add_baseline(r, baseline);
        } else if (strcmp(argv[i], "--pair") == 0) {
            if (i + 3 >= argc)
                return tfu_cli_usage("compare", "--pair needs a name and two networks");
            r->pair[r->pairs++] = (struct pair){argv[i + 1], {argv[i + 2], argv[i + 3]}};
            i += 3;
        } else if (!tfu_comparing_option_take(&r->shared, "compare", argc, argv, &i, &status)) {
            if (argv[i][0] == '-')
                return tfu_cli_usage("compare", "unknown option '%s'", argv[i]);
            if (r->positionals == 2)
                return tfu_cli_usage("compare",
                                     "'%s' is a third network; more pairs are given with --pair "
                                     "NAME A B",
                                     argv[i]);
            r->positional[r->positionals++] = argv[i];
        }
    }
    if (status != 0 || r->shared.help)
        return status;
    if (r->positionals == 1)
        return tfu_cli_missing("compare", r->shared.pair, r->shared.pair_count,
                               "'%s' with which other network?", r->positional[0]);
    if (r->positionals == 0 && r->pairs == 0)
        return tfu_cli_missing("compare", r->shared.pair, r->shared.pair_count,
                               "which two networks are to be compared?");
    if (!r->shared.metric)
        r->shared.metric = TFU_DEFAULT_SIMILARITY;
    if (!r->name)
        r->name = "networks";
    return tfu_comparing_options_check(&r->shared, "compare");
}

/* ---- lines */

/* One pair as a line's member, as it is or as a baseline of it. */
static enum tfu_status add_pair(struct tfu_lines *lines, struct tfu_comparing *c,
                                const struct request *r, const struct pair *p, const char *baseline,
                                struct tfu_error *e)
{
    static const char drawn[] = "init=[{plugin: " TFU_DEFAULT_INIT "}]";
    static const char *const randomised[2][2] = {{drawn, "seed=1001"}, {drawn, "seed=1002"}};
    const bool random = baseline && strcmp(baseline, "random") == 0;
    const bool initial = random || (baseline && strcmp(baseline, "untrained") == 0);
    const bool noise = baseline && strcmp(baseline, "noise") == 0;
    struct tfu_side_request request[2];
    for (int i = 0; i < 2; i++)
        request[i] = (struct tfu_side_request){
            .spec = p->spec[i],
            .initial = initial,
            .override = random ? randomised[i] : NULL,
            .override_count = random ? 2 : 0,
            .nodes = i && r->shared.nodes_b ? r->shared.nodes_b : r->shared.nodes,
        };
    struct tfu_side a, b;
    enum tfu_status st = tfu_sides_open(&a, &b, c, &request[0], &request[1], e);
    if (st == TFU_OK)
        st = tfu_lines_add(lines, baseline ? baseline : p->name, baseline != NULL, c, &a, &b, noise,
                           e);
    tfu_side_close(&b);
    tfu_side_close(&a);
    return st;
}

static enum tfu_status add_all(struct tfu_lines *lines, struct tfu_comparing *c,
                               const struct request *r, struct tfu_error *e)
{
    const struct pair own = {r->name, {r->positional[0], r->positional[1]}};
    const struct pair *first = r->positionals ? &own : &r->pair[0];
    enum tfu_status st = r->positionals ? add_pair(lines, c, r, &own, NULL, e) : TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < r->pairs; i++)
        st = add_pair(lines, c, r, &r->pair[i], NULL, e);
    for (size_t i = 0; st == TFU_OK && i < r->baselines; i++)
        st = add_pair(lines, c, r, first, r->baseline[i], e);
    return st;
}

int tfu_cmd_compare(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.pair = calloc((size_t)argc + 1, sizeof *r.pair)};
    if (!r.pair || !tfu_comparing_options_init(&r.shared, argc))
        return TFU_EXIT_FAILED;
    int status = parse(argc, argv, &r);
    if (status == 0 && r.shared.help) {
        fputs(help, stdout);
        fputs(tfu_comparing_help, stdout);
    } else if (status == 0) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_comparing c;
        struct tfu_lines lines = {.matrix = r.matrix};
        enum tfu_status st = tfu_comparing_open(&c, cli, &r.shared, &e);
        if (st == TFU_OK)
            st = add_all(&lines, &c, &r, &e);
        if (st == TFU_OK)
            st = tfu_lines_show(&lines, &c, r.matrix ? "matrix" : "similarity", &e);
        if (st != TFU_OK)
            status = tfu_comparing_error(&c, &e);
        tfu_lines_free(&lines);
        tfu_comparing_close(&c);
    }
    tfu_comparing_options_free(&r.shared);
    free(r.pair);
    return status;
}
