/* SPDX-License-Identifier: MIT
 *
 * csv_boxes.h - boxes in images: of four columns of the table, or of a table of their own.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_BOXES_H
#define TFU_PLUGINS_DATASET_CSV_BOXES_H

#include "csv_labels.h"

struct csv_boxes {
    struct csv_box {
        uint32_t example, order;
        float top, left, bottom, right;
        float class; /* index of a label; -1: the example's own class */
    } * box;
    size_t count, room;
    size_t field[4]; /* left, top, width, height in the row */
    bool has_fields;
    int64_t other_images, other_labels; /* boxes of a table of their own that were left out */
};

enum tfu_status csv_boxes_begin(struct csv_boxes *b, const struct csv_settings *s,
                                const struct csv_reader *r, struct tfu_dataset_host *h);
/* The box of a row, if it has one. */
enum tfu_status csv_boxes_add(struct csv_boxes *b, const struct csv_reader *r, uint32_t example,
                              struct tfu_dataset_host *h);
/* Those of the table that the option names, of the images that there are. */
enum tfu_status csv_boxes_read(struct csv_boxes *b, const struct csv_settings *s,
                               const struct csv_labels *l, const struct csv_words *images,
                               struct tfu_dataset_host *h);
/* After the last. */
void csv_boxes_end(struct csv_boxes *b);
void csv_boxes_free(struct csv_boxes *b);

/* Those of one example; how many. */
size_t csv_boxes_of(const struct csv_boxes *b, uint32_t example, const struct csv_box **first);

#endif
