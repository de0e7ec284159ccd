/* SPDX-License-Identifier: MIT
 *
 * preference.h - which algorithms an operation is to be done by, as a configuration says it: names
 * with commas between, in the order in which they are tried ("winograd4, direct"); `any`, as the
 * last, stands for all that are left, of which the cheapest is taken ("winograd4, any"); `not NAME`
 * leaves one out ("not winograd7", which alone means any other).
 */
#ifndef TFU_CORE_GRAPH_PREFERENCE_H
#define TFU_CORE_GRAPH_PREFERENCE_H

#include <stdbool.h>
#include <stddef.h>

/* One item of a list. */
struct tfu_preference {
    const char *name; /* `length` bytes */
    size_t length;
    bool excluded; /* not NAME */
    bool any;
};

/* The item behind `*at`, which begins at the list and moves on; false at the end. */
bool tfu_preference_next(const char **at, struct tfu_preference *out);
/* Alternative number `rank`: a name, or any. NULL, and a list that only leaves out, have one. */
bool tfu_preference_at(const char *list, size_t rank, struct tfu_preference *out);
/* Is `name` among what the alternative `p` of the list stands for? */
bool tfu_preference_takes(const char *list, const struct tfu_preference *p, const char *name);

#endif
