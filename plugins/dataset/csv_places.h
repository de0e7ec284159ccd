/* SPDX-License-Identifier: MIT
 *
 * csv_places.h - where the images lie that a table names. A table's paths may begin above or below
 * the root, its names may lack their ending, and images of one table may lie in many folders.
 *
 * A pattern is a path below the root: "{}" in it stands for the image's name, "{Column}" for
 * another field of the row, "*" for any part of a folder's name.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_PLACES_H
#define TFU_PLUGINS_DATASET_CSV_PLACES_H

#include "csv_reader.h"
#include "csv_settings.h"
#include "csv_words.h"

struct csv_places {
    const struct csv_settings *settings;
    int root; /* a descriptor of the folder */
    struct csv_pattern {
        char *before, *after; /* the name */
        size_t field;         /* of the row, in place of `column` */
        char *column;         /* where `before` has it; NULL: it has none */
    } * pattern;
    size_t patterns, room;
    struct csv_words folders; /* that came out of `column` */
    /* How the last image was found: most are found like it. */
    struct csv_try {
        size_t pattern;
        uint32_t left_out; /* folders at the beginning of the image's name */
        uint32_t ending;
    } last;
    struct csv_words keys; /* of the places */
    struct csv_place {
        uint32_t left_out, ending;
        uint32_t before; /* into `texts` */
        const char *after;
    } * place;
    size_t places, place_room;
    struct csv_words texts;
    int64_t searches; /* that found nothing */
};

enum tfu_status csv_places_begin(struct csv_places *p, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h);
/* What a row adds to the way to its image, a number for csv_places_find(). */
enum tfu_status csv_places_row(struct csv_places *p, const struct csv_reader *r, uint32_t *folder,
                               struct tfu_dataset_host *h);
/* Is this a path that stays below the root? Else why it is not. */
const char *csv_places_leaves(const char *path);
/* Looks for the file of an image; *place is where it is, or where it ought to be. */
enum tfu_status csv_places_find(struct csv_places *p, const char *image, uint32_t folder,
                                bool *found, uint32_t *place, struct tfu_dataset_host *h);
void csv_places_end(struct csv_places *p);
void csv_places_free(struct csv_places *p);

/* The path of an image's file, with the root; false: it is too long for `room`. [any thread] */
bool csv_places_path(const struct csv_places *p, const char *image, uint32_t place, char *out,
                     size_t room);

#endif
