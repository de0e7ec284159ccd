/* SPDX-License-Identifier: MIT */
#include "core/report/table_predictions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/index/compare_means.h"

enum { DRAWS = 2000 };

static void say(char why[TFU_REPORT_WHY], const char *text)
{
    snprintf(why, TFU_REPORT_WHY, "%.590s", text);
}

static char *file_of(struct tfu_report_builder *b, size_t item)
{
    return tfu_arena_printf(b->cases->arena, "%s/%s/predictions.csv", b->out->store,
                            b->cases->item[item].path);
}

/* Are they there of all pairs? The first that is not is named with the command that makes it. */
static bool are_there(struct tfu_report_builder *b, const size_t *one, const size_t *other,
                      size_t pairs, char why[TFU_REPORT_WHY])
{
    size_t missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < 2 * pairs; i++) {
        const size_t item = i % 2 ? other[i / 2] : one[i / 2];
        const char *file = file_of(b, item);
        if (!file || access(file, R_OK) == 0)
            continue;
        first = first ? first : b->cases->item[item].path;
        missing++;
    }
    if (first)
        snprintf(
            why, TFU_REPORT_WHY,
            "%zu of %zu runs have no predictions.csv in their folders, as %s; `transfuse eval` "
            "writes it",
            missing, 2 * pairs, first);
    return !first;
}

static enum tfu_status read_all(struct tfu_report_builder *b, struct tfu_scored_file *file,
                                const size_t *item, size_t count, size_t *opened,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        const char *path = file_of(b, item[i]);
        st = path ? tfu_scored_file_read(&file[(*opened)++], path, e)
                  : tfu_error_memory(e, "comparing predictions", 0);
    }
    return st;
}

static enum tfu_status compare(struct tfu_report_builder *b, bool draw, int64_t output,
                               const size_t *one, const size_t *other, size_t pairs, double *p,
                               double *difference, char why[TFU_REPORT_WHY], struct tfu_error *e)
{
    struct tfu_scored_file *file = calloc(2 * pairs + 1, sizeof *file);
    struct tfu_error said = TFU_ERROR_INIT;
    struct tfu_means_comparison c;
    size_t opened = 0;
    if (!file)
        return tfu_error_memory(e, "comparing predictions", 0);
    enum tfu_status st = read_all(b, file, one, pairs, &opened, &said);
    if (st == TFU_OK)
        st = read_all(b, file, other, pairs, &opened, &said);
    const struct tfu_means_request r = {
        .a = file, .b = file + pairs, .runs = pairs, .output = output, .draws = draw ? DRAWS : 0};
    if (st == TFU_OK)
        st = tfu_compare_means(&c, &r, &said);
    if (st == TFU_OK) {
        *difference = c.test.difference;
        *p = draw ? c.resample.p : c.test.p;
        say(why, draw ? c.resample.why.text : c.test.why.text);
    }
    for (size_t i = 0; i < opened; i++)
        tfu_scored_file_free(&file[i]);
    free(file);
    if (st == TFU_OK || st == TFU_ENOMEM)
        return st == TFU_OK ? TFU_OK : tfu_error_memory(e, "comparing predictions", 0);
    /* files that do not go together are no failure of the report */
    const char *full =
        !said.source[0] ? said.text
        : said.line
            ? tfu_arena_printf(b->cases->arena, "%s:%d: %s", said.source, said.line, said.text)
            : tfu_arena_printf(b->cases->arena, "%s: %s", said.source, said.text);
    const char *plain = full ? tfu_report_plain(b->cases, full) : NULL;
    if (!plain)
        return tfu_error_memory(e, "comparing predictions", 0);
    say(why, plain);
    return TFU_OK;
}

enum tfu_status tfu_report_test_predictions(struct tfu_report_builder *b,
                                            const struct tfu_report_ask *ask,
                                            const struct tfu_report_pair *p, double *out,
                                            double *difference, char why[TFU_REPORT_WHY],
                                            size_t *used, struct tfu_error *e)
{
    const bool draw = ask->test.paired == TFU_PAIRED_BOOTSTRAP;
    size_t *one = calloc(p->items + 1, sizeof *one), *other = calloc(p->items + 1, sizeof *other);
    int64_t output;
    enum tfu_status st = TFU_OK;
    *out = *difference = NAN;
    *used = 0;
    if (!one || !other) {
        st = tfu_error_memory(e, "comparing predictions", 0);
    } else if (!tfu_report_value_is_area(&p->series->value, &output)) {
        say(why, "predictions are compared by the area under the ROC curve of the test data, "
                 "test/auc or test/auc.class.0; use `paired: t` for other numbers");
    } else if ((*used = tfu_report_pairs(b->cases, &ask->over, p, one, other)) == 0) {
        say(why, "no pair of runs has both numbers");
    } else if (are_there(b, one, other, *used, why)) {
        st = compare(b, draw, output, one, other, *used, out, difference, why, e);
    }
    free(one);
    free(other);
    return st;
}
