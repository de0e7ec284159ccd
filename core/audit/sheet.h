/* SPDX-License-Identifier: MIT
 *
 * sheet.h - a contact sheet: examples as their dataset has them, and beside each what a network
 * sees of it, with labels, masks, boxes and points.
 */
#ifndef TFU_CORE_AUDIT_SHEET_H
#define TFU_CORE_AUDIT_SHEET_H

#include "core/data/dataset.h"
#include "core/result/image.h"

struct tfu_sheet_request {
    const struct tfu_dataset *dataset;
    const char *const *class_names; /* of classes or labels; NULL: numbers */
    int64_t examples;               /* evenly spread over the split */
    int64_t draws;                  /* pictures of each as it is trained on, each another epoch */
    int64_t side;                   /* pixels of a picture, the longer side */
    uint64_t seed;                  /* as a run's: the first draw is that of its first epoch */
};

enum tfu_status tfu_sheet_draw(struct tfu_image *out, const struct tfu_sheet_request *request,
                               struct tfu_error *e);

#endif
