/* SPDX-License-Identifier: MIT
 *
 * csv_examples.h - the examples that a table lists, without their images.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_EXAMPLES_H
#define TFU_PLUGINS_DATASET_CSV_EXAMPLES_H

#include "csv_about.h"
#include "csv_boxes.h"
#include "csv_filter.h"
#include "csv_labels.h"
#include "csv_places.h"

struct csv_examples {
    struct csv_settings settings;
    struct csv_words images; /* names of the images, as the table has them; one an example */
    struct csv_labels labels;
    struct csv_about about;
    struct csv_boxes boxes;
    struct csv_places places;
    /* Until the images are found: of each example the line of its first row, and what that adds to
     * the image's path. */
    int64_t *line;
    uint32_t *folder;
    size_t room;
    int64_t rows, filtered; /* of the table; left out by `where` */
    int64_t before[CSV_VIEWS], after[CSV_VIEWS];
    bool wanted[CSV_VIEWS];
    char **note; /* what there is to say of the table, in lines */
    size_t notes, note_room;
};

/* Reads the table. Whatever happens, csv_examples_free() is to be called. */
enum tfu_status csv_examples_read(struct csv_examples *x, const struct csv_config *c,
                                  struct tfu_dataset_host *h);
void csv_examples_free(struct csv_examples *x);
/* Gives back what only looking for the images needs. */
void csv_examples_finish(struct csv_examples *x);
/* That are kept, after csv_examples_finish(). */
size_t csv_examples_bytes(const struct csv_examples *x);

#endif
