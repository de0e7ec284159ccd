/* SPDX-License-Identifier: MIT
 *
 * chance.h - how much of a canonical correlation is due to few rows: a warning for people who look
 * at one, from the numbers that the metric reports beside it.
 */
#ifndef TFU_CORE_STUDY_CHANCE_H
#define TFU_CORE_STUDY_CHANCE_H

#include <stdbool.h>

#include "core/base/text.h"
#include "core/study/comparison.h"

/* What a comparison rests on; 0: not known (yet). */
struct tfu_chance {
    double rows;       /* data points */
    double columns[2]; /* of both sides */
    double rank[2];    /* directions that are left of them */
    bool ranked;       /* the metric says so */
};

/* Takes a number that a metric reported, if it is one of these: NAME.rows, NAME.columns_a and _b,
 * NAME.rank_a and _b. A metric reports columns or ranks if it looks for their best linear
 * combinations, and else none. */
void tfu_chance_take(struct tfu_chance *c, const char *key, double value);

/* Rows for each direction of the wider side; infinite when nothing is known. */
double tfu_chance_rows(const struct tfu_chance *c);
/* So few that people have to be told: below 10. */
bool tfu_chance_is_high(const struct tfu_chance *c);
/* The pair and draw of a comparison with the fewest rows for each direction, if there are fewer
 * than in `fewest`, which then becomes theirs: true, with the number of the pair. */
bool tfu_chance_take_fewest(struct tfu_chance *fewest, const struct tfu_comparison *r,
                            size_t *pair);
/* The sizes, what they alone make of unrelated activations (core/base/wachter.h), what to do. */
void tfu_chance_describe(const struct tfu_chance *c, struct tfu_text *out);

#endif
