/* SPDX-License-Identifier: MIT
 *
 * groups.h - whom the examples of a dataset are of, and what else its table says of them in words:
 * read once, and kept as numbers.
 */
#ifndef TFU_CORE_DATA_GROUPS_H
#define TFU_CORE_DATA_GROUPS_H

#include "core/data/source.h"
#include "core/data/words.h"

/* Groups of some examples, numbered from 0 without gaps: those with a name come first, in the order
 * of the examples; an example whose group is not known is one of its own. */
struct tfu_example_groups {
    int64_t count;     /* 0: the dataset knows no group */
    int64_t named;     /* have a name: 0..named-1 */
    int32_t *of;       /* per example */
    const char **name; /* per group, borrowed from the plugin; NULL: it has none */
};

/* Of all examples. To be freed. */
enum tfu_status tfu_example_groups_read(struct tfu_example_groups *g, const struct tfu_source *s,
                                        struct tfu_error *e);
/* Of the examples `index` of those of `all`, numbered anew. To be freed; the names are those of
 * `all`. */
enum tfu_status tfu_example_groups_take(struct tfu_example_groups *g,
                                        const struct tfu_example_groups *all, const int64_t *index,
                                        int64_t count, struct tfu_error *e);
void tfu_example_groups_free(struct tfu_example_groups *g);

/* One column of words. */
struct tfu_attribute {
    int32_t *value;         /* per example: a number of `words` */
    struct tfu_words words; /* "": it is not known */
};

struct tfu_attributes {
    int64_t count;
    const char *const *name;
    struct tfu_attribute *item;
};

/* Of all examples. To be freed. */
enum tfu_status tfu_attributes_read(struct tfu_attributes *a, const struct tfu_source *s,
                                    struct tfu_error *e);
void tfu_attributes_free(struct tfu_attributes *a);
/* The number of attribute `name`; -1: there is none. */
int64_t tfu_attributes_find(const struct tfu_attributes *a, const char *name);

#endif
