/* SPDX-License-Identifier: MIT
 *
 * scored.h - metrics that score one network: under which name, and for which groups of examples.
 */
#ifndef TFU_CORE_CONFIG_SCORED_H
#define TFU_CORE_CONFIG_SCORED_H

#include <stdbool.h>

#include "core/config/experiment.h"

/* What the keys of metric number `i` begin with. */
const char *tfu_scored_name(const struct tfu_experiment *x, size_t i);
/* The metric that `key`, "auc" or "auc.class.3", is of; -1: none. One whose plugin was not found
 * may have any name. */
int64_t tfu_scored_find(const struct tfu_experiment *x, const char *key);

enum { TFU_BY_EDGES_MAX = 16 };

/* An item of `by`: "sex", or "age(40, 60)", whose groups are below 40, 40 to 60, 60 and above. */
struct tfu_by {
    size_t name_length; /* of the attribute's name at the beginning of the text */
    size_t edges;
    double edge[TFU_BY_EDGES_MAX];
};
/* False, with `*why` ("the edges have to rise"): that is no such text. */
bool tfu_by_parse(const char *text, struct tfu_by *out, const char **why);
/* Words as a part of keys: lower case letters, digits and single underscores between them; "value"
 * where nothing is left. To be freed; NULL: memory ran out. */
char *tfu_by_key(const char *text, size_t length);

#endif
