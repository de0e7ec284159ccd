/* SPDX-License-Identifier: MIT
 *
 * stray_boxes.h - boxes that lie wholly outside their images, as those of images of another size
 * do: no transform keeps one, so that somebody has to say it.
 */
#ifndef TFU_CORE_DATA_STRAY_BOXES_H
#define TFU_CORE_DATA_STRAY_BOXES_H

#include <stdbool.h>

#include "core/base/error.h"

#include <transfuse/example.h>

struct tfu_stray_boxes;

/* For that many examples. */
enum tfu_status tfu_stray_boxes_new(struct tfu_stray_boxes **out, int64_t examples,
                                    struct tfu_error *e);
void tfu_stray_boxes_free(struct tfu_stray_boxes *b);

/* Looks at example `index` as its dataset has it, and counts it, once. True: it is the first that
 * has one, which `box` then has: top, left, bottom, right. [any thread] */
bool tfu_stray_boxes_look(struct tfu_stray_boxes *b, int64_t index, const struct tfu_example *x,
                          float box[4]);
/* Examples so far. */
int64_t tfu_stray_boxes_count(const struct tfu_stray_boxes *b);

#endif
