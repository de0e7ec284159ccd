/* SPDX-License-Identifier: MIT
 *
 * What there is, where a filter fits nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/index/filter.h"

struct seen {
    const char *text;
    size_t runs;
};

static int by_runs(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    return x->runs != y->runs ? (x->runs < y->runs) - (x->runs > y->runs)
                              : strcmp(x->text, y->text);
}

static void put_values(struct tfu_text *out, const struct tfu_index_column *c, size_t runs)
{
    enum { DIFFERENT = 64, SHOWN = 6 };
    struct seen seen[DIFFERENT];
    size_t count = 0, more = 0;
    for (size_t i = 0; i < runs; i++) {
        const char *text = c->value[i].text ? c->value[i].text : "(none)";
        size_t k = 0;
        while (k < count && strcmp(seen[k].text, text) != 0)
            k++;
        if (k == DIFFERENT)
            more++;
        else if (k == count)
            seen[count++] = (struct seen){text, 1};
        else
            seen[k].runs++;
    }
    qsort(seen, count, sizeof *seen, by_runs);
    for (size_t k = 0; k < count && k < SHOWN; k++)
        tfu_text_printf(out, "%s%s (%zu)", k ? ", " : "there are ", seen[k].text, seen[k].runs);
    if (count > SHOWN || more)
        tfu_text_puts(out, " and others");
}

static void put_range(struct tfu_text *out, const struct tfu_index_column *c, size_t runs)
{
    double low = NAN, high = NAN;
    char a[TFU_INDEX_TIME_SIZE], b[TFU_INDEX_TIME_SIZE];
    for (size_t i = 0; i < runs; i++) {
        const double v = c->value[i].number;
        low = v < low || isnan(low) ? v : low;
        high = v > high || isnan(high) ? v : high;
    }
    if (isnan(low))
        tfu_text_puts(out, "no run has it");
    else if (c->kind == TFU_INDEX_TIME)
        tfu_text_printf(out, "they are from %s to %s", tfu_index_time_text((int64_t)low, a),
                        tfu_index_time_text((int64_t)high, b));
    else
        tfu_text_printf(out, "they are from %s to %s", tfu_number_text(low, a),
                        tfu_number_text(high, b));
}

enum tfu_status tfu_filter_explain(struct tfu_index *x, const struct tfu_index_filter *f,
                                   struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_index_column *c;
    const enum tfu_status st = tfu_index_column(x, f->key, &c, e);
    if (st != TFU_OK)
        return st;
    size_t fitting = 0;
    for (size_t i = 0; i < tfu_index_count(x); i++)
        fitting += tfu_filter_fits(f, tfu_index_run(x, i), &c->value[i]);
    tfu_text_printf(out, "%s: ", f->text);
    if (fitting) {
        tfu_text_printf(out, "%zu by itself", fitting);
        return TFU_OK;
    }
    tfu_text_puts(out, "none; ");
    if (c->kind == TFU_INDEX_TEXT)
        put_values(out, c, tfu_index_count(x));
    else
        put_range(out, c, tfu_index_count(x));
    return TFU_OK;
}
