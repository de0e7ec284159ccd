/* SPDX-License-Identifier: MIT
 *
 * csv_ages.h - ages and sexes as tables write them.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_AGES_H
#define TFU_PLUGINS_DATASET_CSV_AGES_H

#include <stdbool.h>

#include "csv_config.h"

/* Years of "58", "58.0", "058Y", "007M" (months), "012W", "003D". */
bool csv_age_read(const char *text, double *years);
/* From the year of a birth, "1930.0", and a day, "20140915". */
bool csv_age_since(const char *birth, const char *date, double *years);
/* "58", or the band that it is in, "40-59", by the options. */
void csv_age_text(const struct csv_config *c, double years, char out[32]);

/* "male", "female", "" (unknown), or the word as it is. */
const char *csv_sex(const char *word);

#endif
