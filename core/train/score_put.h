/* SPDX-License-Identifier: MIT
 *
 * score_put.h - a scorer from inside: its metrics, what they have reported, and of whom.
 */
#ifndef TFU_CORE_TRAIN_SCORE_PUT_H
#define TFU_CORE_TRAIN_SCORE_PUT_H

#include "core/base/arena.h"
#include "core/config/experiment.h"
#include "core/train/cohort.h"
#include "core/train/kept_rows.h"
#include "core/train/metric_call.h"

/* What a metric asked for with want_tap(). */
struct tfu_tap_wish {
    const char *source, *glob;
};

/* One reported number. */
struct tfu_score {
    const char *key;  /* "auc.class.3"; valid until the next finish or free */
    double value;     /* NaN: not defined */
    const char *note; /* why it is not defined: "0 positives"; else NULL */
    bool headline;    /* shown where there is little room, although its key has dots */
    bool aside;       /* tfu_score_is_aside() */
};

/* One metric of the configuration. */
struct tfu_scored_metric {
    struct tfu_scorer *scorer;
    struct tfu_plugin_choice choice;
    struct tfu_scored keys;          /* the program's; all 0 where there are none */
    const char *name;                /* what its keys begin with */
    struct tfu_metric_call instance; /* of all examples */
    struct tfu_metric_call part;     /* of those of one value of an attribute after the other */
    struct tfu_cohorts *cohorts;     /* of each item of `by`; NULL: no data are known */
    /* whose numbers are being reported: of which item, of which value; -1: of all */
    int64_t by, value;
};

/* Where a score is from. */
struct tfu_score_origin {
    const struct tfu_scored_metric *metric;
    const char *own; /* the key as the metric says it; NULL: the program reports it itself */
    int64_t by, value;
    bool aside;
};

enum { TFU_WISHES_MAX = 64 };

struct tfu_scorer {
    struct tfu_metric_shape shape;
    bool captures, keeps;
    bool made_up; /* what is scored: no examples of the data */
    uint64_t seed;
    struct tfu_scored_metric *metric;
    size_t metric_count;
    struct tfu_arena wish_arena;
    struct tfu_tap_wish wish[TFU_WISHES_MAX];
    size_t wish_count;
    struct tfu_arena arena; /* keys and notes of the last finish */
    struct tfu_score *score;
    struct tfu_score_origin *origin; /* of each score */
    size_t score_count, score_capacity;
    struct tfu_score *interval; /* of tfu_scorer_intervals() */
    size_t interval_count, interval_capacity;
    const struct tfu_dataset *data;  /* that the examples are of; NULL: not known */
    struct tfu_kept_rows rows;       /* where `keeps` */
    const struct tfu_kept_rows *fit; /* borrowed; NULL: there is nothing to fit on */
};

/* Adds a score under `key`, which is copied, as `note` is. */
enum tfu_status tfu_scorer_put(struct tfu_scorer *s, struct tfu_score_origin origin,
                               const char *key, double value, const char *note,
                               struct tfu_error *e);
/* The rows that a metric is fitted to before it measures some of those at hand: those of the
 * validation data, or else all at hand, so that what it chooses is the same for all of their groups
 * and draws. NULL: it chooses nothing. */
const struct tfu_kept_rows *tfu_scorer_fit_rows(const struct tfu_scored_metric *m);
const struct tfu_score *tfu_scorer_find(const struct tfu_scorer *s, const char *key);
/* Is `key`, as the metric says it, the bound of another number's interval, its error, or how many
 * it is of? */
bool tfu_score_is_aside(const char *key);
/* Is it a number in its own right: neither that, nor an item of a series? */
bool tfu_score_stands_alone(const char *key);
/* Items of a series are scores "<series>.0", "<series>.1", ...: the index of one, and the length of
 * its series' name; -1: the key is of none. */
long tfu_score_series_index(const char *key, size_t *length);

#endif
