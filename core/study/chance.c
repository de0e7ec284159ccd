/* SPDX-License-Identifier: MIT */
#include "core/study/chance.h"

#include <math.h>
#include <string.h>

#include "core/base/wachter.h"

enum { ROWS_WANTED = 10 }; /* for each direction */

/* Behind the metric's name. */
static const char *word_of(const char *key)
{
    const char *dot = strchr(key, '.');
    return dot ? dot + 1 : "";
}

void tfu_chance_take(struct tfu_chance *c, const char *key, double value)
{
    const struct {
        const char *word;
        double *to;
    } known[] = {
        {"rows", &c->rows},      {"columns_a", &c->columns[0]}, {"columns_b", &c->columns[1]},
        {"rank_a", &c->rank[0]}, {"rank_b", &c->rank[1]},
    };
    const char *word = word_of(key);
    for (size_t i = 0; i < TFU_COUNT(known); i++)
        if (strcmp(word, known[i].word) == 0)
            *known[i].to = value;
    c->ranked = c->ranked || strncmp(word, "rank_", strlen("rank_")) == 0;
}

static double directions(const struct tfu_chance *c, int side)
{
    return c->ranked ? c->rank[side] : c->columns[side];
}

double tfu_chance_rows(const struct tfu_chance *c)
{
    const double a = directions(c, 0), b = directions(c, 1);
    return a > 0 && b > 0 ? c->rows / fmax(a, b) : INFINITY;
}

bool tfu_chance_is_high(const struct tfu_chance *c)
{
    return tfu_chance_rows(c) < ROWS_WANTED;
}

bool tfu_chance_take_fewest(struct tfu_chance *fewest, const struct tfu_comparison *r, size_t *pair)
{
    bool taken = false;
    for (size_t p = 0; p < r->pair_count; p++)
        for (int64_t d = 0; d < r->draws; d++) {
            const struct tfu_compare_draw *draw = &r->pair[p].draw[d];
            struct tfu_chance chance = {.rows = 0};
            for (size_t i = 0; i < draw->count; i++)
                tfu_chance_take(&chance, draw->score[i].key, draw->score[i].value);
            if (tfu_chance_rows(&chance) >= tfu_chance_rows(fewest))
                continue;
            *fewest = chance;
            *pair = p;
            taken = true;
        }
    return taken;
}

/* The mean coefficient; columns are centred, which costs a row. */
static double level(const struct tfu_chance *c)
{
    const double freedom = c->rows - 1, a = directions(c, 0), b = directions(c, 1);
    return freedom > fmax(a, b) ? tfu_wachter_mean((int64_t)a, (int64_t)b, (int64_t)freedom) : 1;
}

void tfu_chance_describe(const struct tfu_chance *c, struct tfu_text *out)
{
    const double a = directions(c, 0), b = directions(c, 1);
    const double least = fmin(a, b), most = fmax(a, b);
    const double forced = fmin(least, a + b - (c->rows - 1));
    tfu_text_printf(
        out,
        "%.0f rows for %.0f and %.0f columns that count: canonical correlations of unrelated "
        "activations of these sizes have a mean of %.2f",
        c->rows, a, b, level(c));
    if (forced > 0)
        tfu_text_printf(out, ", and %.0f of the %.0f are 1 whatever the activations are", forced,
                        least);
    tfu_text_printf(out,
                    "; take %.0f rows or more (%d a column) or fewer channels, and hold the "
                    "value beside that of a baseline of the same sizes",
                    ROWS_WANTED * most, ROWS_WANTED);
}
