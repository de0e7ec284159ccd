/* SPDX-License-Identifier: MIT */
#include "core/study/chance.h"

#include <math.h>
#include <string.h>

#include "core/base/wachter.h"

enum { ROWS_WANTED = 10 }; /* for each direction */

void tfu_chance_take(struct tfu_chance *c, const char *key, double value)
{
    /* dft_cca has a problem of its own at each frequency, with a column a channel */
    const struct {
        const char *key;
        double *to;
    } known[] = {
        {"svcca.rows", &c->rows},   {"svcca.rank_a", &c->a},      {"svcca.rank_b", &c->b},
        {"dft_cca.rows", &c->rows}, {"dft_cca.columns_a", &c->a}, {"dft_cca.columns_b", &c->b},
    };
    for (size_t i = 0; i < TFU_COUNT(known); i++)
        if (strcmp(key, known[i].key) == 0)
            *known[i].to = value;
}

double tfu_chance_rows(const struct tfu_chance *c)
{
    return c->a > 0 && c->b > 0 ? c->rows / fmax(c->a, c->b) : INFINITY;
}

bool tfu_chance_is_high(const struct tfu_chance *c)
{
    return tfu_chance_rows(c) < ROWS_WANTED;
}

/* The mean coefficient; columns are centred, which costs a row. */
static double level(const struct tfu_chance *c)
{
    const double freedom = c->rows - 1;
    return freedom > fmax(c->a, c->b)
               ? tfu_wachter_mean((int64_t)c->a, (int64_t)c->b, (int64_t)freedom)
               : 1;
}

void tfu_chance_describe(const struct tfu_chance *c, struct tfu_text *out)
{
    const double least = fmin(c->a, c->b), most = fmax(c->a, c->b);
    const double forced = fmin(least, c->a + c->b - (c->rows - 1));
    tfu_text_printf(
        out,
        "%.0f rows for %.0f and %.0f columns that count: canonical correlations of unrelated "
        "activations of these sizes have a mean of %.2f",
        c->rows, c->a, c->b, level(c));
    if (forced > 0)
        tfu_text_printf(out, ", and %.0f of the %.0f are 1 whatever the activations are", forced,
                        least);
    tfu_text_printf(out,
                    "; take %.0f rows or more (%d a column) or fewer channels, and hold the "
                    "value beside that of a baseline of the same sizes",
                    ROWS_WANTED * most, ROWS_WANTED);
}
