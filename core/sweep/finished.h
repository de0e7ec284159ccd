/* SPDX-License-Identifier: MIT
 *
 * finished.h - is there any finished run of an experiment in a store? Where there is none, none of
 * 10,000 cases has to be resolved to know that it is not done.
 */
#ifndef TFU_CORE_SWEEP_FINISHED_H
#define TFU_CORE_SWEEP_FINISHED_H

#include <stdbool.h>
#include <stddef.h>

/* What was looked up before; all zero at the start. */
struct tfu_finished {
    struct tfu_finished_of {
        const char *experiment;
        bool any;
    } * of;
    size_t count;
};

/* Has <store>/<experiment>/ a finished run? Asks the disk once for each experiment; true where that
 * cannot be told. `experiment` must outlive `f`. */
bool tfu_finished_any(struct tfu_finished *f, const char *store, const char *experiment);
void tfu_finished_free(struct tfu_finished *f);

#endif
