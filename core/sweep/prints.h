/* SPDX-License-Identifier: MIT
 *
 * prints.h - the fingerprints of an experiment's data, opened once for all experiments that ask for
 * the same: they are part of a run's id. So are the numbers of `normalise: {from: data}`.
 */
#ifndef TFU_CORE_SWEEP_PRINTS_H
#define TFU_CORE_SWEEP_PRINTS_H

#include "core/config/experiment.h"
#include "core/train/assemble.h"

/* What is remembered of data that were opened. */
struct tfu_data_print {
    const char *print[TFU_SPLIT_COUNT]; /* fingerprints; NULL: no such split, or it gives none */
    struct tfu_dataset_info train;      /* its numbers; whatever it points to is gone */
};

struct tfu_data_prints;

enum tfu_status tfu_data_prints_new(struct tfu_data_prints **out, struct tfu_registry *r,
                                    struct tfu_error *e);
void tfu_data_prints_free(struct tfu_data_prints *p);

/* Lives as long as `p`. Where `c` asks for numbers of its data (core/data/measure.h) they are in it
 * then; it asks for the same only until then. */
enum tfu_status tfu_data_prints_get(struct tfu_data_prints *p, struct tfu_config *c,
                                    const struct tfu_data_print **out, struct tfu_error *e);

#endif
