/* SPDX-License-Identifier: MIT
 *
 * why.h - the reason why a number is not there. One rule for every result of this folder: a number
 * that is not defined is NaN, and then `why.text` says the reason ("1 positive: a variance needs
 * two"); it is "" when every number of the result is defined. Of several reasons the first is kept.
 * An error (tfu_status) is something else: memory, or an interruption.
 */
#ifndef TFU_CORE_STATS_WHY_H
#define TFU_CORE_STATS_WHY_H

#include <stdbool.h>
#include <stdint.h>

#include <transfuse/abi.h>

struct tfu_why {
    char text[160];
};

/* Keeps the sentence (no capital, no full stop) unless there is one. */
void tfu_why_say(struct tfu_why *w, const char *fmt, ...) TFU_PRINTF(2, 3);
/* Is every value finite? If not says which one is not: "difference 3 of 5 is not a number", counted
 * from 1; `what` is the word for a value. */
bool tfu_why_finite(struct tfu_why *w, const char *what, const double *value, int64_t n);
/* Can `level` be the level of an interval: 0 < level < 1? */
bool tfu_why_level(struct tfu_why *w, double level);

/* Says of 1 difference that a test of signs, as wilcoxon.h and sign_flip.h are, has nothing to say:
 * its p is 1 whatever the difference is, and would only make a family larger. False: it is 1. */
bool tfu_why_two(struct tfu_why *w, int64_t differences);

#endif
