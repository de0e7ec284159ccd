/* SPDX-License-Identifier: MIT
 *
 * cohort.h - examples by what the dataset's table says of them: those of each value of an
 * attribute, or of each range of its numbers.
 */
#ifndef TFU_CORE_TRAIN_COHORT_H
#define TFU_CORE_TRAIN_COHORT_H

#include "core/data/dataset.h"

enum { TFU_COHORTS_MAX = 32 };

struct tfu_cohorts {
    char *attribute; /* as a part of keys: "sex", "patient_age" */
    int64_t count;
    char **key;       /* likewise of each value: "female", "60_up", "unknown"; no two are equal */
    int64_t examples; /* of the dataset */
    int32_t *of;      /* of each of them: 0..count-1 */
};

/* `by` is an item of the key of that name: "sex", "age(40, 60)". Values come in their order:
 * numbers by size, words by their letters, and what is not known last. An attribute that the data
 * lack, or that has too many values, is TFU_EINVAL with those that there are. */
enum tfu_status tfu_cohorts_read(struct tfu_cohorts *c, const struct tfu_dataset *d, const char *by,
                                 struct tfu_error *e);
void tfu_cohorts_free(struct tfu_cohorts *c);

#endif
