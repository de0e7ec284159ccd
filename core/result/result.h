/* SPDX-License-Identifier: MIT
 *
 * result.h - what an analysis came to, as data: lines of text, tables, figures, images and arrays,
 * in the order in which a person reads them. It owns everything and knows no format: result_text.h,
 * result_json.h and result_files.h write it.
 *
 * Failure is sticky: add as much as you like, tfu_result_check() once.
 */
#ifndef TFU_CORE_RESULT_RESULT_H
#define TFU_CORE_RESULT_RESULT_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/statistics.h"
#include "core/base/text.h"
#include "core/result/figure.h"
#include "core/result/image.h"

enum tfu_cell_kind { TFU_CELL_EMPTY, TFU_CELL_TEXT, TFU_CELL_WHOLE, TFU_CELL_NUMBER };

struct tfu_cell {
    enum tfu_cell_kind kind;
    const char *text;
    int64_t whole;
    double number;        /* NaN: not defined */
    double sd, low, high; /* how sure it is; NaN: not said */
    const char *why;      /* there is no number, or NULL */
};

struct tfu_column {
    const char *name;  /* of the field, in CSV and JSON: "worse_by" */
    const char *title; /* for people: "worse by"; NULL: as the name */
    int digits;        /* of numbers for people, behind the point */
    bool probability;  /* one too small for these digits is "< 0.0001" to people, and never 0 */
};

/* Who a table is for. */
enum {
    TFU_TABLE_SHOWN = 1u << 0, /* people: in the text */
    TFU_TABLE_FILE = 1u << 1,  /* programs: a file of CSV, every digit */
    TFU_TABLE_JSON = 1u << 2,  /* programs: in the JSON, under its name */
    TFU_TABLE_DATA = TFU_TABLE_FILE | TFU_TABLE_JSON
};

struct tfu_result_table {
    const char *name; /* "values": of the file <stem>-values.csv, and in JSON */
    uint32_t uses;
    const struct tfu_column *column;
    size_t columns;
    struct tfu_cell *cell; /* row by row */
    size_t count, capacity;
    struct tfu_result *result; /* that it is part of */
};

struct tfu_result_image {
    const char *file;
    struct tfu_image image;
};

struct tfu_result_array {
    const char *name;
    size_t rank;
    const int64_t *dim;
    const float *number;
};

/* One of the three is not NULL. */
struct tfu_result_part {
    const char *line;
    struct tfu_result_table *table;
    struct tfu_figure *figure;
};

struct tfu_result {
    struct tfu_arena arena;
    const char *analysis; /* "movement"; as long as the program */
    const char *stem;     /* its files begin with it */
    struct tfu_result_part *part;
    size_t parts, part_capacity;
    struct tfu_result_image *image;
    size_t images, image_capacity;
    struct tfu_result_array *array; /* of the file <stem>.npz */
    size_t arrays, array_capacity;
    struct tfu_result_table spare; /* is written to when memory ran out */
    bool failed;
};

void tfu_result_init(struct tfu_result *r, const char *analysis);
void tfu_result_free(struct tfu_result *r);
/* TFU_ENOMEM when memory ran out on the way. */
enum tfu_status tfu_result_check(const struct tfu_result *r, struct tfu_error *e);

/* ---- text */

/* One line; "": an empty one. */
void tfu_result_say(struct tfu_result *r, const char *fmt, ...) TFU_PRINTF(2, 3);

/* ---- tables: cells are added row by row, each from the left to the right */

/* The columns are copied, and their texts with them. Names of tables with TFU_TABLE_DATA are each
 * their own in a result. Never NULL. */
struct tfu_result_table *tfu_result_table(struct tfu_result *r, const char *name, uint32_t uses,
                                          const struct tfu_column *column, size_t columns);
void tfu_cell_text(struct tfu_result_table *t, const char *fmt, ...) TFU_PRINTF(2, 3);
void tfu_cell_empty(struct tfu_result_table *t);
void tfu_cell_whole(struct tfu_result_table *t, int64_t value);
void tfu_cell_number(struct tfu_result_table *t, double value);
/* A number that is not there, and why. */
void tfu_cell_none(struct tfu_result_table *t, const char *why);
void tfu_cell_estimate(struct tfu_result_table *t, struct tfu_estimate v);
/* For people "0.61 ± 0.02". */
void tfu_cell_mean(struct tfu_result_table *t, struct tfu_mean m);
/* For people "0.61 [0.55, 0.67]"; in JSON with NAME_low and NAME_high beside NAME. */
void tfu_cell_interval(struct tfu_result_table *t, struct tfu_estimate v, struct tfu_interval i);
/* Two cells: its ends. */
void tfu_cell_bounds(struct tfu_result_table *t, struct tfu_interval i);

/* ---- figures and files */

/* A figure of `panels` panels to be filled, and everything it points to to be made by the functions
 * below; its files are <stem>.csv, .gp, .svg, .png, .pdf, .caption.txt. At most one a result. NULL:
 * memory ran out. */
struct tfu_figure *tfu_result_figure(struct tfu_result *r, enum tfu_figure_kind kind,
                                     struct tfu_figure_panel **panel, size_t panels);
/* Takes the pixels of `image`. A PNG file. */
void tfu_result_image(struct tfu_result *r, const char *file, struct tfu_image *image);
/* Copies the numbers. */
void tfu_result_array(struct tfu_result *r, const char *name, size_t rank, const int64_t *dim,
                      const float *number);

/* Memory that lives as long as the result; NULL, which is noted, when there is none left. */
void *tfu_result_alloc(struct tfu_result *r, size_t count, size_t size) TFU_NODISCARD;
const char *tfu_result_printf(struct tfu_result *r, const char *fmt, ...) TFU_PRINTF(2, 3);
/* A copy of a text that grew, which is freed. */
const char *tfu_result_keep(struct tfu_result *r, struct tfu_text *text);

/* NaN for what is not defined. */
double tfu_estimate_value(struct tfu_estimate v);

#endif
