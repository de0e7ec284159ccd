/* SPDX-License-Identifier: MIT
 *
 * evaluate.h - a network without training, run over whole splits: the metrics of a configuration.
 *
 * It is a network of its own with its own batch, so that `transfuse eval` of a checkpoint computes
 * the very bits that the run did.
 */
#ifndef TFU_CORE_TRAIN_EVALUATE_H
#define TFU_CORE_TRAIN_EVALUATE_H

#include "core/train/assemble.h"
#include "core/train/score.h"

struct tfu_evaluator;

/* Calls out of an evaluation; each may be NULL. */
struct tfu_evaluate_hooks {
    void *arg;
    bool (*interrupted)(void *arg); /* true: stop with TFU_EINTERRUPTED */
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
    /* Every batch with its results, in the order of the dataset: rows are examples, each with all
     * positions of its output; `example` has one number an example, as tfu_dataset_get() counts. */
    enum tfu_status (*batch)(void *arg, const struct tfu_batch *batch, const int64_t *example,
                             struct tfu_error *e);
};

/* The scores of a split; a view into the evaluator. */
struct tfu_scores {
    const struct tfu_score *score;
    size_t count;
};

/* `c` and what it points to must outlive it; `info` says what the examples look like; `constant`:
 * its network's parameters hardly ever change, as in struct tfu_network_request. */
enum tfu_status tfu_evaluator_new(struct tfu_evaluator **out, const struct tfu_context *c,
                                  const struct tfu_dataset_info *info, bool constant,
                                  struct tfu_error *e);
void tfu_evaluator_free(struct tfu_evaluator *v);

/* What the batches of a split take while it is evaluated. */
size_t tfu_evaluator_bytes(const struct tfu_evaluator *v, const struct tfu_dataset *data);
/* What is kept of its results, until its next evaluation. */
size_t tfu_evaluator_kept_bytes(const struct tfu_evaluator *v, enum tfu_split split,
                                const struct tfu_dataset *data);
/* Rows that an example has in a batch's results: 1, or the positions of its map. */
int64_t tfu_evaluator_positions(const struct tfu_evaluator *v);
/* The network, to be filled with parameters. */
struct tfu_network *tfu_evaluator_network(struct tfu_evaluator *v);
/* Takes over all parameters and running statistics of a network of the same graph. */
enum tfu_status tfu_evaluator_copy(struct tfu_evaluator *v, const struct tfu_network *from,
                                   struct tfu_error *e);

/* Can the metrics be reported of these data: have they the attributes that the key `by` names? Run
 * asks too; this is for those who would know before. */
enum tfu_status tfu_evaluator_check(struct tfu_evaluator *v, enum tfu_split split,
                                    const struct tfu_dataset *data, struct tfu_error *e);
/* Does a metric choose something on the validation data? These are to be run first then, before any
 * other split: what the same network last said of them is what it chooses by. */
bool tfu_evaluator_wants_valid(const struct tfu_evaluator *v);

/* Runs a split; tfu_evaluator_scores() has the results then. */
enum tfu_status tfu_evaluator_run(struct tfu_evaluator *v, enum tfu_split split,
                                  const struct tfu_dataset *data,
                                  const struct tfu_evaluate_hooks *hooks, struct tfu_error *e);
/* Did a run fail because outputs of the network are not finite? */
bool tfu_evaluator_diverged(const struct tfu_evaluator *v);
/* Intervals for metrics with the key `bootstrap`, added to the scores of the split's last run: at
 * the end, as they take as long as many evaluations. */
enum tfu_status tfu_evaluator_intervals(struct tfu_evaluator *v, enum tfu_split split,
                                        const struct tfu_evaluate_hooks *hooks,
                                        struct tfu_error *e);
/* More scores for those of the split, until its next run; their texts are borrowed for so long. */
enum tfu_status tfu_evaluator_add(struct tfu_evaluator *v, enum tfu_split split,
                                  struct tfu_scores more, struct tfu_error *e);
/* Of the last completed run of the split; none before. Valid until the next. */
struct tfu_scores tfu_evaluator_scores(const struct tfu_evaluator *v, enum tfu_split split);
/* What the metrics report of a few made-up examples: the keys that they will report of the split.
 * Where one of them refuses these, what the metric that `key` is of reports alone; none where that
 * is the one. Valid until the next call, or until the split is run. */
enum tfu_status tfu_evaluator_rehearse(struct tfu_evaluator *v, enum tfu_split split,
                                       const char *key, struct tfu_scores *out,
                                       struct tfu_error *e);
/* "auc 0.9712  accuracy n/a (no known labels)": the headline of each metric, in one line. */
void tfu_scores_headline(struct tfu_scores s, struct tfu_text *out);
/* NULL: no such key. */
const struct tfu_score *tfu_scores_find(struct tfu_scores s, const char *key);
bool tfu_evaluator_lower_is_better(const struct tfu_evaluator *v, enum tfu_split split,
                                   const char *key);

#endif
