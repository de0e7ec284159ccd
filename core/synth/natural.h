/* SPDX-License-Identifier: MIT
 *
 * natural.h - pictures of 20 classes of things that are no medical images: ten shapes before some
 * background, ten textures. For a network to learn edges, colours and grain from, as a source task.
 */
#ifndef TFU_CORE_SYNTH_NATURAL_H
#define TFU_CORE_SYNTH_NATURAL_H

#include "core/synth/camera.h"

enum { TFU_NATURAL_CLASSES = 20 };
extern const char *const tfu_natural_classes[TFU_NATURAL_CLASSES];

struct tfu_natural_request {
    int side, class;
    uint64_t image; /* the key */
    enum tfu_confounder confounder;
};
/* The quality of the JPEG: 70 to 95. */
int tfu_natural_quality(const struct tfu_natural_request *q);
/* Red, green and blue; of a shape the mask "SHAPE". [any thread] */
enum tfu_status tfu_natural_draw(const struct tfu_natural_request *q, struct tfu_picture *out,
                                 struct tfu_error *e);

#endif
