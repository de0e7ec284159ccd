/* SPDX-License-Identifier: MIT
 *
 * assess.h - a network scored on a split of its data, again and again with other parameters: the
 * loss and the headlines of the configuration's metrics, computed as the run computes them.
 */
#ifndef TFU_CORE_STUDY_ASSESS_H
#define TFU_CORE_STUDY_ASSESS_H

#include "core/study/subject.h"
#include "core/train/evaluate.h"

/* One number of an assessment. */
struct tfu_measure {
    const char *key; /* "loss", or a metric's; as long as the configuration */
    bool lower_is_better;
    double value; /* NaN: not defined */
    char why[96]; /* it is not */
};

struct tfu_assessor;
struct tfu_images;

struct tfu_assessor_request {
    const struct tfu_subject *subject; /* must outlive the assessor */
    const char *split;                 /* "test"; NULL: test, else valid */
    struct tfu_images *images;         /* whose data are shown; NULL: the assessor opens its own */
    void *arg;                         /* of progress(), which may be NULL */
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
};

/* Opens the data and builds the network; it has no parameters yet. */
enum tfu_status tfu_assessor_new(struct tfu_assessor **out,
                                 const struct tfu_assessor_request *request, struct tfu_error *e);
void tfu_assessor_free(struct tfu_assessor *a);

struct tfu_network *tfu_assessor_network(struct tfu_assessor *a);
const struct tfu_dataset *tfu_assessor_data(const struct tfu_assessor *a);
const char *tfu_assessor_split(const struct tfu_assessor *a);
/* Numbers of an assessment: the loss, then the metrics as configured. */
size_t tfu_assessor_measures(const struct tfu_assessor *a);
/* Which of them has the key; the first metric (the loss where there is none) for NULL. An unknown
 * key is an error that lists those there are. */
enum tfu_status tfu_assessor_find(const struct tfu_assessor *a, const char *key, size_t *index,
                                  struct tfu_error *e);

typedef enum tfu_status (*tfu_assess_batch)(void *arg, const struct tfu_batch *batch,
                                            const int64_t *example, struct tfu_error *e);

/* Runs the split with the network's present parameters. `measure` has room for all; a network
 * whose outputs are not finite has no defined one. `batch` (may be NULL) gets every batch with its
 * results; without it outputs that are not finite are no error. */
enum tfu_status tfu_assess(struct tfu_assessor *a, struct tfu_measure *measure,
                           tfu_assess_batch batch, void *arg, struct tfu_error *e);

#endif
