/* SPDX-License-Identifier: MIT
 *
 * filter.h - what is asked of runs, in a word each: arch=cbr_tiny, test/auc>0.9, since=2d,
 * state=failed,interrupted, train.optimizer.lr<=1e-3, name=demo*, seed!=0.
 *
 * Keys are those of column.h, and `since` and `before`, of `updated`. = and != compare numbers as
 * numbers, know * and ? in texts, and take several values with commas between (or one that has
 * commas itself); a run without the value is not equal to it. < <= > >= are of numbers and times
 * alone, and of no run that has none. A time is 90s, 30m, 12h, 2d or 3w ago, or 2026-03-01, or
 * 2026-03-01T14:00:00, of UTC.
 */
#ifndef TFU_CORE_INDEX_FILTER_H
#define TFU_CORE_INDEX_FILTER_H

#include "core/index/column.h"

enum tfu_filter_sign {
    TFU_FILTER_EQUAL,
    TFU_FILTER_UNEQUAL,
    TFU_FILTER_LESS,
    TFU_FILTER_AT_MOST,
    TFU_FILTER_MORE,
    TFU_FILTER_AT_LEAST
};

struct tfu_index_filter {
    const char *text;  /* as it was written */
    const char *key;   /* `updated` of since=2d */
    const char *whole; /* what stands behind the sign */
    enum tfu_filter_sign sign;
    const char **value; /* one, but of = and != */
    size_t values;
    double bound; /* of the other signs */
};

/* Has the word a sign of comparison? Else it names runs. */
bool tfu_filter_is(const char *word);

/* `now`: seconds since 1970. What is wrong in itself is TFU_EINVAL. The memory is the arena's. */
enum tfu_status tfu_filter_parse(struct tfu_index_filter *out, const char *word, int64_t now,
                                 struct tfu_arena *arena, struct tfu_error *e);

/* Does a run fit that has this value under the key? */
bool tfu_filter_fits(const struct tfu_index_filter *f, const struct tfu_index_run *run,
                     const struct tfu_index_value *v);
/* keep[i] becomes false for runs that do not fit. TFU_ENOTFOUND for a key that no run has,
 * TFU_EINVAL for a value that no run could have, or that other runs have on an axis of a sweep that
 * is called as the key. */
enum tfu_status tfu_filter_apply(struct tfu_index *x, const struct tfu_index_filter *f, bool *keep,
                                 struct tfu_error *e);

/* "arch=cbr_tny: none; there are cbr_tiny (12), resnet50 (8)": how many runs fit it, and what there
 * is else. */
enum tfu_status tfu_filter_explain(struct tfu_index *x, const struct tfu_index_filter *f,
                                   struct tfu_text *out, struct tfu_error *e);

#endif
