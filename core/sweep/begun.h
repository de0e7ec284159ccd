/* SPDX-License-Identifier: MIT
 *
 * begun.h - is there any run of an experiment in a store? Where there is none, none of
 * 10,000 cases has to be resolved to know that nothing was done of it.
 */
#ifndef TFU_CORE_SWEEP_BEGUN_H
#define TFU_CORE_SWEEP_BEGUN_H

#include <stdbool.h>
#include <stddef.h>

/* What was looked up before; all zero at the start. */
struct tfu_begun {
    struct tfu_begun_of {
        const char *experiment;
        bool any;
    } * of;
    size_t count;
};

/* Has <store>/<experiment>/ a run, begun or finished? Asks the disk once for each experiment; true
 * where that cannot be told. `experiment` must outlive `f`. */
bool tfu_begun_any(struct tfu_begun *f, const char *store, const char *experiment);
void tfu_begun_free(struct tfu_begun *f);

#endif
