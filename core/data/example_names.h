/* SPDX-License-Identifier: MIT
 *
 * example_names.h - what the examples of a dataset are called in lists: their names without the
 * folders that all of them have in common, so that lists and cuts hold wherever the data lie.
 */
#ifndef TFU_CORE_DATA_EXAMPLE_NAMES_H
#define TFU_CORE_DATA_EXAMPLE_NAMES_H

#include <stdbool.h>

#include "core/data/source.h"

struct tfu_example_names {
    int64_t count;
    const char **name; /* of all examples, borrowed; where the dataset gives none their numbers */
    bool given;        /* the dataset gives names */
    char *numbers;     /* those that it does not */
};

/* Of all examples of a source. To be freed. */
enum tfu_status tfu_example_names_read(struct tfu_example_names *n, const struct tfu_source *s,
                                       struct tfu_error *e);
void tfu_example_names_free(struct tfu_example_names *n);

#endif
