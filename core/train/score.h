/* SPDX-License-Identifier: MIT
 *
 * score.h - the metrics of a configuration over one split: instances, updates, results.
 */
#ifndef TFU_CORE_TRAIN_SCORE_H
#define TFU_CORE_TRAIN_SCORE_H

#include "core/base/threads.h"
#include "core/config/experiment.h"

#include <transfuse/metric.h>

struct tfu_scorer;

struct tfu_scorer_request {
    const struct tfu_plugin_choice *metric;
    size_t metric_count;
    enum tfu_task task;
    int64_t outputs, label_columns;
    const char *const *class_names; /* may be NULL */
    struct tfu_registry *registry;
    bool captures; /* activations can be had: else a metric that wants any is refused */
    struct tfu_threads *threads; /* for parallel() of metrics; NULL: one task after the other */
};

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
};

enum tfu_status tfu_scorer_new(struct tfu_scorer **out, const struct tfu_scorer_request *request,
                               struct tfu_error *e);
void tfu_scorer_free(struct tfu_scorer *s);
/* What the metrics asked for when they were made, in that order; valid until free. */
const struct tfu_tap_wish *tfu_scorer_wishes(const struct tfu_scorer *s, size_t *count);
void tfu_scorer_reset(struct tfu_scorer *s);
enum tfu_status tfu_scorer_update(struct tfu_scorer *s, const struct tfu_batch *batch,
                                  struct tfu_error *e);
/* Activations or parameters of one network, or of two: a batch of taps. */
struct tfu_activations {
    int64_t rows;
    enum tfu_part part;
    const float *labels;           /* may be NULL */
    const char *node[2];           /* of sources "a" and "b" */
    const struct tfu_tensor *t[2]; /* the second NULL: there is only "a" */
};
enum tfu_status tfu_scorer_look(struct tfu_scorer *s, const struct tfu_activations *batch,
                                struct tfu_error *e);
/* Ends the split; the scores are borrowed until the next call. Two metrics that report the same key
 * are an error. */
enum tfu_status tfu_scorer_finish(struct tfu_scorer *s, const struct tfu_score **score,
                                  size_t *count, struct tfu_error *e);
/* Items of a series are scores "<series>.0", "<series>.1", ...: the index of one, and the length of
 * its series' name; -1: the key is of none. */
long tfu_score_series_index(const char *key, size_t *length);
/* Does a smaller value of the metric that reports `key` mean a better network? */
bool tfu_scorer_lower_is_better(const struct tfu_scorer *s, const char *key);

#endif
