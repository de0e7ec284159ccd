/* SPDX-License-Identifier: MIT
 *
 * csv_values.h - what the words and numbers of a table mean: `values` gives words a number,
 * `binary` makes two classes of grades.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_VALUES_H
#define TFU_PLUGINS_DATASET_CSV_VALUES_H

#include <stdbool.h>

#include <transfuse/dataset.h>

/* A whole text as a decimal number; not for "inf" or "nan". */
bool csv_number(const char *text, double *number);
/* "", or one of the words that programs write where nothing is known. */
bool csv_is_blank(const char *text);

struct csv_values {
    struct csv_value {
        char *word;
        double number;
    } * item;
    size_t count;
};
/* Of "WORD=NUMBER", or of words that are numbered by their place. */
enum tfu_status csv_values_make(struct csv_values *v, const struct tfu_string_list *list,
                                struct tfu_dataset_host *h);
void csv_values_free(struct csv_values *v);
bool csv_values_find(const struct csv_values *v, const char *word, double *number);

/* A comparison with a number. */
struct csv_binary {
    enum csv_comparison {
        CSV_NONE,
        CSV_LESS,
        CSV_LESS_EQUAL,
        CSV_GREATER,
        CSV_GREATER_EQUAL,
        CSV_EQUAL,
        CSV_UNEQUAL
    } comparison;
    double than;
    const char *names[2]; /* of its classes; live as long as the option, or `name` */
    char name[2][80];
};
/* Of ">= 2", or of the name of a task, "referable_dr"; CSV_NONE of "". */
enum tfu_status csv_binary_make(struct csv_binary *b, const char *option,
                                struct tfu_dataset_host *h);
bool csv_binary_holds(const struct csv_binary *b, double number);

#endif
