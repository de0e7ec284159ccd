/* SPDX-License-Identifier: MIT
 *
 * score.h - the metrics of a configuration over one split: instances, updates, results.
 */
#ifndef TFU_CORE_TRAIN_SCORE_H
#define TFU_CORE_TRAIN_SCORE_H

#include "core/base/threads.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/train/score_put.h"

#include <transfuse/metric.h>

struct tfu_scorer_request {
    const struct tfu_plugin_choice *metric;
    const struct tfu_scored *scored; /* the program's keys of each; NULL: there are none */
    size_t metric_count;
    uint64_t seed; /* of what is drawn for intervals */
    enum tfu_task task;
    int64_t outputs, label_columns;
    const char *const *class_names; /* may be NULL */
    struct tfu_registry *registry;
    bool captures; /* activations can be had: else a metric that wants any is refused */
    /* for parallel() of metrics, and for draws; NULL: one task after the other */
    struct tfu_threads *threads;
};

enum tfu_status tfu_scorer_new(struct tfu_scorer **out, const struct tfu_scorer_request *request,
                               struct tfu_error *e);
void tfu_scorer_free(struct tfu_scorer *s);
/* What the metrics asked for when they were made, in that order; valid until free. */
const struct tfu_tap_wish *tfu_scorer_wishes(const struct tfu_scorer *s, size_t *count);
/* Whose examples are scored from now on: the key `by` of metrics names attributes of it, and the
 * draws of `bootstrap` go by its groups. It must outlive the scorer, or the next call. TFU_EINVAL:
 * it lacks an attribute. */
enum tfu_status tfu_scorer_data(struct tfu_scorer *s, const struct tfu_dataset *data,
                                struct tfu_error *e);
/* That; NULL: it has not been said. */
const struct tfu_dataset *tfu_scorer_dataset(const struct tfu_scorer *s);
/* Back to empty, but for the data. */
void tfu_scorer_reset(struct tfu_scorer *s);
/* Other results of the same network, to fit on: for metrics that want that, before the first
 * update. Borrowed until the next reset. */
enum tfu_status tfu_scorer_fit(struct tfu_scorer *s, const struct tfu_kept_rows *rows,
                               struct tfu_error *e);
enum tfu_status tfu_scorer_update(struct tfu_scorer *s, const struct tfu_batch *batch,
                                  struct tfu_error *e);
/* Of these examples of the data, one number each. */
enum tfu_status tfu_scorer_update_of(struct tfu_scorer *s, const struct tfu_batch *batch,
                                     const int64_t *example, struct tfu_error *e);
/* All that was seen since the last reset, where a metric wants it kept; else NULL. */
const struct tfu_kept_rows *tfu_scorer_rows(const struct tfu_scorer *s);
/* Bytes of that for so many examples. */
size_t tfu_scorer_bytes(const struct tfu_scorer *s, int64_t examples, int64_t positions);
bool tfu_scorer_wants_fit(const struct tfu_scorer *s);
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
/* Does a smaller value of `key` mean a better network? A gap's does, whatever metric it is of. */
bool tfu_scorer_lower_is_better(const struct tfu_scorer *s, const char *key);

#endif
