/* SPDX-License-Identifier: MIT
 *
 * scored_file.h - what a network said of each example, from a file that core/run/predictions.h
 * describes: index, name, group, position, labels, scores.
 */
#ifndef TFU_CORE_INDEX_SCORED_FILE_H
#define TFU_CORE_INDEX_SCORED_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"

struct tfu_scored_example {
    int64_t index, position;  /* position 0: an example has but one */
    const char *name, *group; /* NULL: the file has no such column */
    const double *label;      /* NaN: not known */
    const double *score;
};

struct tfu_scored_file {
    struct tfu_arena arena;
    const char *path;
    const char **label, **output; /* names: "" of a single label; "odd", "1" */
    size_t labels, outputs;
    struct tfu_scored_example *example; /* sorted by index and position */
    size_t count;
};

/* TFU_ENOTFOUND: there is no such file. TFU_ECORRUPT, with file and line: it is none of these. To
 * be freed in any case. */
enum tfu_status tfu_scored_file_read(struct tfu_scored_file *out, const char *path,
                                     struct tfu_error *e);
void tfu_scored_file_free(struct tfu_scored_file *f);

#endif
