/* SPDX-License-Identifier: MIT
 *
 * name_index.h - examples found by what people call them in lists: a file's name with or without
 * folders before it and with or without its ending, or the name of a group.
 */
#ifndef TFU_CORE_DATA_NAME_INDEX_H
#define TFU_CORE_DATA_NAME_INDEX_H

#include "core/data/example_names.h"
#include "core/data/groups.h"

struct tfu_name_index;

/* All of them have to outlive it. */
enum tfu_status tfu_name_index_new(struct tfu_name_index **out, const struct tfu_source *s,
                                   const struct tfu_example_names *names,
                                   const struct tfu_example_groups *groups, struct tfu_error *e);
void tfu_name_index_free(struct tfu_name_index *x);

/* What a name is of. */
struct tfu_name_found {
    int64_t count;   /* examples; 0: none */
    bool ambiguous;  /* it is of examples with different names */
    int64_t some[2]; /* the first of them, and where it is ambiguous one with another name */
};
/* Calls take(arg, example) for each example that `name` is of, unless it is ambiguous. An example's
 * own name goes before a group's, which goes before a name that several examples have. */
struct tfu_name_found tfu_name_index_find(const struct tfu_name_index *x, const char *name,
                                          void (*take)(void *arg, int64_t example), void *arg);

#endif
