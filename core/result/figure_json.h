/* SPDX-License-Identifier: MIT
 *
 * figure_json.h - a figure as JSON, from which it can be made again: a report draws an analysis's
 * figure with its own words.
 *
 *     {"name": "similarity", "caption": "...", "kind": "lines", "panels": [{"x_label": "layer",
 *      "categories": ["conv1", "block1"], "series": [{"label": "start=random", "points": [[0, 0.94,
 *      0.93, 0.95], [1, 0.91, null, null]]}]}]}
 *
 * A point is x, y and the ends of its interval. What is as struct tfu_figure has it by default is
 * left out.
 */
#ifndef TFU_CORE_RESULT_FIGURE_JSON_H
#define TFU_CORE_RESULT_FIGURE_JSON_H

#include <jansson.h>

#include "core/base/arena.h"
#include "core/result/figure.h"

/* `name`: of its files. NULL: memory ran out. */
json_t *tfu_figure_json(const struct tfu_figure *f, const char *name);
/* Everything is the arena's. TFU_EINVAL: it is not of that form, as one that an older program wrote
 * is not, which had the name and the caption alone. */
enum tfu_status tfu_figure_read_json(struct tfu_figure *out, const json_t *root,
                                     struct tfu_arena *arena, struct tfu_error *e);

#endif
