/* SPDX-License-Identifier: MIT */
#include "core/data/census.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { LISTED = 20 }; /* classes, labels or ranges of them in one line */

enum tfu_status tfu_census_init(struct tfu_census *c, int64_t classes, uint32_t columns,
                                struct tfu_error *e)
{
    *c = (struct tfu_census){.classes = classes, .columns = columns};
    if (classes)
        c->count = calloc((size_t)classes, sizeof *c->count);
    c->column = calloc((size_t)columns + 1, sizeof *c->column);
    return (c->count || !classes) && c->column ? TFU_OK : tfu_error_memory(e, "counting labels", 0);
}

void tfu_census_free(struct tfu_census *c)
{
    free(c->count);
    free(c->column);
    *c = (struct tfu_census){.examples = 0};
}

void tfu_census_add(struct tfu_census *c, const float *labels)
{
    c->examples++;
    if (c->count && !isnan(labels[0]))
        c->count[(int64_t)labels[0]]++;
    for (uint32_t k = 0; k < c->columns; k++) {
        struct tfu_census_column *column = &c->column[k];
        const float v = labels[k];
        if (isnan(v))
            column->unknown++;
        else if (v == 0)
            column->negative++;
        else if (v == 1)
            column->positive++;
        else if (v > 0 && v < 1)
            column->between++;
        else if (isinf(v))
            column->infinite++;
        else
            column->outside++;
    }
}

int64_t tfu_census_present(const struct tfu_census *c, int64_t below)
{
    int64_t n = 0;
    for (int64_t k = 0; k < c->classes && k < below; k++)
        n += c->count[k] > 0;
    return n;
}

static void put_name(struct tfu_text *out, const char *const *names, int64_t k)
{
    if (names)
        tfu_text_puts(out, names[k]);
    else
        tfu_text_printf(out, "%" PRId64, k);
}

static int64_t count_of(const struct tfu_census *c, int64_t k)
{
    return k < c->classes ? c->count[k] : 0;
}

void tfu_census_classes(const struct tfu_census *c, int64_t outputs, const char *const *names,
                        struct tfu_text *out)
{
    int64_t least = c->examples, most = 0;
    for (int64_t k = 0; k < outputs; k++) {
        least = count_of(c, k) < least ? count_of(c, k) : least;
        most = count_of(c, k) > most ? count_of(c, k) : most;
    }
    if (outputs > LISTED)
        tfu_text_printf(out, "%" PRId64 " classes of %" PRId64 " to %" PRId64 " examples", outputs,
                        least, most);
    for (int64_t k = 0; outputs <= LISTED && k < outputs; k++) {
        tfu_text_puts(out, k ? ", " : "");
        put_name(out, names, k);
        tfu_text_printf(out, ": %" PRId64, count_of(c, k));
    }
    if (c->column[0].unknown)
        tfu_text_printf(out, ", unknown: %" PRId64, c->column[0].unknown);
}

void tfu_census_labels(const struct tfu_census *c, const char *const *names, struct tfu_text *out)
{
    tfu_text_puts(out, "positive/negative/unknown of each:");
    for (uint32_t k = 0; k < c->columns && k < LISTED; k++) {
        const struct tfu_census_column *column = &c->column[k];
        tfu_text_puts(out, k ? ", " : " ");
        put_name(out, names, k);
        tfu_text_printf(out, " %" PRId64 "/%" PRId64 "/%" PRId64, column->positive,
                        column->negative, column->unknown);
        if (column->between)
            tfu_text_printf(out, " and %" PRId64 " between", column->between);
    }
    if (c->columns > LISTED)
        tfu_text_printf(out, ", and %" PRIu32 " more", c->columns - LISTED);
}

int64_t tfu_census_missing(const struct tfu_census *c, int64_t outputs, struct tfu_text *out)
{
    int64_t missing = 0, ranges = 0, end;
    for (int64_t k = 0; k < outputs; k = end) {
        for (end = k; end < outputs && count_of(c, end) == 0;)
            end++;
        missing += end - k;
        if (end == k)
            end++;
        else if (++ranges == LISTED)
            tfu_text_puts(out, ", ...");
        else if (ranges < LISTED && end - k == 1)
            tfu_text_printf(out, "%s%" PRId64, ranges > 1 ? ", " : "", k);
        else if (ranges < LISTED)
            tfu_text_printf(out, "%s%" PRId64 " to %" PRId64, ranges > 1 ? ", " : "", k, end - 1);
    }
    return missing;
}
