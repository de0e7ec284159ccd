/* SPDX-License-Identifier: MIT
 *
 * published.h - numbers that others published, out of a file: read and checked with the section
 * that names it, and put beside ours. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_PUBLISHED_H
#define TFU_CORE_REPORT_PUBLISHED_H

#include "core/report/report.h"
#include "core/report/section_reader.h"

/* A number as others gave it. */
struct tfu_published_entry {
    double number, spread;       /* spread below 0: none was given */
    int32_t how;                 /* enum tfu_published_how */
    const char *source;          /* "": the file's */
    const char *value;           /* which of a table's numbers, as test/auc; "": the first */
    const struct tfu_node *node; /* whose other keys are axes, and say of which cells it is */
};

enum tfu_published_how { TFU_PUBLISHED_READ, TFU_PUBLISHED_RECALLED };

struct tfu_published {
    const char *file, *table;
    const char *source; /* of all of the file; "" */
    double scale;       /* times which the numbers are in our unit */
    const struct tfu_published_entry *entry;
    size_t count;
};

/* Is it a key of an entry, and no axis? */
bool tfu_published_is_option(const char *key);
/* Reads the table of the file; what is wrong with it becomes findings. Keys that are no axis are,
 * where the cases are known. */
void tfu_published_read(struct tfu_section_reader *r, struct tfu_published *p);

/* Where the entries belong among the cells of a table. */
struct tfu_published_cells {
    const struct tfu_report_cases *cases;
    const struct tfu_report_ask *ask;
    const struct tfu_report_group *row, *column;
    size_t rows, columns;
};

/* By rows, columns and values of the table: the entry of each number, NULL: none; and, of each
 * entry, whether it has a place. Two of one number are a finding of `d`. */
enum tfu_status tfu_published_place(const struct tfu_published_cells *c,
                                    const struct tfu_published_entry ***of, const bool **placed,
                                    struct tfu_diagnostics *d, struct tfu_error *e);
/* Puts them beside the numbers of the table, likewise in order, and lines of where they are from
 * into `notes`. */
enum tfu_status tfu_published_put(const struct tfu_published_cells *c,
                                  struct tfu_report_number *number, struct tfu_text *notes,
                                  struct tfu_error *e);

#endif
