/* SPDX-License-Identifier: MIT
 *
 * csv_labels.h - the labels of the examples: what the table says of each, and what it counts as.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_LABELS_H
#define TFU_PLUGINS_DATASET_CSV_LABELS_H

#include "csv_reader.h"
#include "csv_settings.h"
#include "csv_values.h"
#include "csv_words.h"

/* What a table says of a label. */
enum csv_state { CSV_NEGATIVE, CSV_POSITIVE, CSV_UNCERTAIN, CSV_BLANK, CSV_STATES };
/* What an uncertain one counts as. */
enum csv_policy { CSV_ZEROS, CSV_ONES, CSV_IGNORE, CSV_SMOOTH };

struct csv_labels {
    const struct csv_settings *settings;
    int32_t kind;    /* enum csv_kind; CSV_AUTO: there are no labels */
    size_t columns;  /* of labels; 1 for classes */
    size_t *field;   /* of each in the table; NULL where one field lists them */
    size_t list;     /* that field */
    size_t examples; /* so far */
    size_t room;

    struct csv_values values;
    struct csv_binary binary;
    int64_t classes;
    char **class_name; /* `classes` of them, or NULL */

    /* CSV_LABELS */
    uint8_t *state;  /* enum csv_state, `columns` of each example */
    uint8_t *policy; /* enum csv_policy of each label */
    double smooth[2];
    /* words of the lists; the first are the labels */
    struct csv_words words;
    /* CSV_CLASS: words of the column, the line where each came first, its class (NaN: unknown) */
    uint32_t *word;
    int64_t *word_line;
    float *word_class;
    size_t word_room;
    /* CSV_NUMBERS */
    float *number; /* `columns` of each example */
};

enum tfu_status csv_labels_begin(struct csv_labels *l, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h);
/* The row is the next example. */
enum tfu_status csv_labels_add(struct csv_labels *l, const struct csv_reader *r,
                               struct tfu_dataset_host *h);
/* The row is one more of an example that there is: has it the same labels? */
enum tfu_status csv_labels_repeat(struct csv_labels *l, size_t example, int64_t its_line,
                                  const struct csv_reader *r, struct tfu_dataset_host *h);
/* After the last. */
enum tfu_status csv_labels_end(struct csv_labels *l, struct tfu_dataset_host *h);
void csv_labels_free(struct csv_labels *l);

/* The numbers of one example, called `name`: `columns` of them. A smoothed one is drawn once and
 * for all for a seed, the example's name and the label's. */
void csv_labels_get(const struct csv_labels *l, size_t example, const char *name, float *to);
/* How often each state occurs in label `column`. */
void csv_labels_count(const struct csv_labels *l, size_t column, int64_t count[CSV_STATES]);
/* "Edema: 52246 positive, 20726 negative, 12984 uncertain (as 1), 137458 blank (as 0)" */
void csv_labels_text(const struct csv_labels *l, size_t column, char *out, size_t room);
size_t csv_labels_bytes(const struct csv_labels *l);

/* Of a column of a box's class: the label of this name, or -1. */
int64_t csv_labels_find(const struct csv_labels *l, const char *name);

#endif
