/* SPDX-License-Identifier: MIT */
#include "core/index/compare_predictions.h"

#include <stdlib.h>

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "comparing predictions", 0);
}

void tfu_predictions_comparison_free(struct tfu_predictions_comparison *c)
{
    for (size_t i = 0; i < c->runs; i++) {
        tfu_scored_comparison_free(&c->found[i]);
        tfu_scored_file_free(&c->file[i]);
    }
    free(c->file);
    free(c->found);
    free(c->why);
    free(c->test);
    *c = (struct tfu_predictions_comparison){.runs = 0};
}

static enum tfu_status gather(struct tfu_predictions_comparison *c, struct tfu_error *e)
{
    size_t room = 1;
    for (size_t i = 1; i < c->runs; i++)
        room += c->found[i].count;
    c->test = calloc(room, sizeof *c->test);
    double *p = calloc(room, sizeof *p);
    enum tfu_status st = c->test && p ? TFU_OK : no_memory(e);
    for (size_t i = 1; st == TFU_OK && i < c->runs; i++)
        for (size_t k = 0; k < c->found[i].count; k++) {
            p[c->tests] = c->found[i].item[k].test.p;
            c->test[c->tests++] =
                (struct tfu_prediction_test){.run = i, .of = &c->found[i].item[k]};
            c->examples = c->found[i].examples;
            c->groups = c->found[i].groups;
        }
    if (st == TFU_OK && c->tests)
        st = tfu_family_correct(TFU_FAMILY_HOLM, p, (int64_t)c->tests, p, &c->family, e);
    for (size_t i = 0; st == TFU_OK && i < c->tests; i++)
        c->test[i].p_holm = p[i];
    free(p);
    return st;
}

enum tfu_status tfu_compare_predictions(struct tfu_predictions_comparison *out,
                                        const char *const *path, size_t runs, struct tfu_error *e)
{
    struct tfu_predictions_comparison *c = out;
    *c = (struct tfu_predictions_comparison){.file = calloc(runs + 1, sizeof *c->file),
                                             .found = calloc(runs + 1, sizeof *c->found),
                                             .why = calloc(runs + 1, sizeof *c->why)};
    if (!c->file || !c->found || !c->why)
        return no_memory(e);
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK && c->runs < runs) {
        st = tfu_scored_file_read(&c->file[c->runs], path[c->runs], e);
        c->runs++;
    }
    for (size_t i = 1; st == TFU_OK && i < runs; i++) {
        c->why[i] = (struct tfu_error)TFU_ERROR_INIT;
        st = tfu_compare_scored(&c->found[i], &c->file[i], &c->file[0], 0, &c->why[i]);
        if (st == TFU_EINVAL)
            st = TFU_OK;
        else if (st != TFU_OK)
            tfu_error_set(e, st, "%s", c->why[i].text);
    }
    return st == TFU_OK ? gather(c, e) : st;
}
