/* SPDX-License-Identifier: MIT
 *
 * scoring.h - metrics over a split that a test has made up.
 */
#ifndef TFU_TESTS_SUPPORT_SCORING_H
#define TFU_TESTS_SUPPORT_SCORING_H

#include "core/train/score.h"
#include "tests/support/choice.h"

/* Rows of scores and labels, all 0 at first. */
struct split {
    enum tfu_task task;
    int64_t rows, outputs, columns;
    float *score, *label;
    double *loss;
    float *logit; /* of split_sure(); else NULL: scores are all there is */
    double *odds; /* likewise */
    enum tfu_part part;
};

struct split split_new(enum tfu_task task, int64_t rows, int64_t outputs);
void split_free(struct split *s);
/* Gives it logits, all 0, of which split_scores() makes the rest. */
void split_sure(struct split *s);
void split_scores(struct split *s);
/* That of make_auc.py: scores in 64ths, many of them tied. */
struct split split_of_classes(const char *name, int64_t rows, int64_t classes);
/* Number `i` of the stream "<name>.<what>". */
double score_draw(const char *name, const char *what, int64_t i);

/* A scorer of one metric, or of two. */
struct scoring {
    struct tfu_registry *registry;
    struct tfu_plugin_choice metric[2];
    struct tfu_scorer *scorer;
    const struct tfu_score *score;
    size_t count;
};

/* "auc", or with options "kappa weights=linear"; `second` may be NULL. To be closed after a failure
 * too. */
enum tfu_status scoring_try(struct scoring *s, const struct split *d, const char *first,
                            const char *second, struct tfu_error *e);
struct scoring scoring_open(const struct split *d, const char *first, const char *second);
void scoring_close(struct scoring *s);
/* The split in batches. */
enum tfu_status scoring_feed(struct scoring *s, const struct split *d, int64_t batch,
                             struct tfu_error *e);
/* Results in `score`; the test ends when there are none. */
void scoring_finish(struct scoring *s);
const struct tfu_score *scoring_get(const struct scoring *s, const char *key);

#endif
