/* SPDX-License-Identifier: MIT
 *
 * report.h - what a report says, as data: headings, texts, tables and figures in the order of
 * reading, and the runs that they rest on. It owns everything and knows no format: build.h makes
 * it, page.h, markdown.h, latex.h and csv.h write it.
 *
 * The same store gives the same report: there is no time, no host and no path of this machine in
 * it.
 */
#ifndef TFU_CORE_REPORT_REPORT_H
#define TFU_CORE_REPORT_REPORT_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/result/figure.h"

/* A run, or a case that has none yet. Numbers name their runs by their places among these. */
struct tfu_report_run {
    const char *label;         /* "arch=cbr_tiny start=random seed=0" */
    const char *path;          /* "NAME/ID" below the store; NULL: not begun */
    const char *state;         /* "done", "failed", "queued"... */
    const char *why;           /* why it is not done; NULL */
    const char *const *column; /* its values, by struct tfu_report.column */
    const char *const *word;   /* the same for a reader; NULL: they are the same */
};

/* A number of a table with what it rests on. */
struct tfu_report_number {
    double value;      /* NaN: there is none; `why` says why, or the study has no such case */
    double spread;     /* standard deviation over its runs; NaN: not said */
    double low, high;  /* interval of 95 %; NaN: none */
    int digits;        /* behind the point, for people */
    const char *unit;  /* "ms", "MB"; NULL */
    bool unit_above;   /* its head says the unit */
    const char *why;   /* NULL where there is a value */
    bool missed;       /* there is none, for all runs, or one of each pair, ended before their
                        * threshold was reached */
    size_t asked;      /* it is to rest on so many runs */
    const size_t *run; /* and does on these `runs` of struct tfu_report.run: fewer are a hole */
    size_t runs;
    double p;              /* of its test against `against`, corrected; NaN: none */
    double p_alone;        /* before the correction */
    const char *test;      /* "DeLong, paired, against start=random; Holm over 12"; NULL: none */
    bool better, worse;    /* p below 0.05, and in which direction */
    bool best;             /* of its row or column: to be emphasised */
    const char *published; /* what was published: "0.935 ± 0.002"; NULL */
    bool recalled;         /* ... and that is from memory, not read */
};

struct tfu_report_cell {
    const char *text; /* heads and words; NULL: `number` */
    const char *key;  /* `text` as the study file has it, for programs; NULL: it is the same */
    size_t columns;   /* it stretches over so many: of heads; 0 counts as 1 */
    struct tfu_report_number number;
};

/* A grid: the first `head_rows` rows and the first `head_columns` columns are heads. */
struct tfu_report_table {
    const char *name;    /* of its files; of its own in the report */
    const char *caption; /* what it shows, over how many runs, what the interval and the test are */
    size_t rows, columns, head_rows, head_columns;
    const char *const *head_axis; /* by head row: what its heads are values of, where they do not
                                     say so themselves, else NULL; may be NULL for all */
    const struct tfu_report_cell *cell; /* row by row */
    const char *const *note;            /* below it: holes, tests, sources */
    size_t notes;
};

struct tfu_report_figure {
    const char *name;        /* of its files */
    const char *caption;     /* beside it, never drawn into it */
    const char *alternative; /* for those who do not see it: what is drawn, with the main numbers */
    const struct tfu_figure *figure; /* NULL: it is there, as the files `stem`.svg and so on */
    const char *stem;  /* of an analysis: its files, where `figure` is the same in other words */
    const size_t *run; /* that it rests on */
    size_t runs, asked;
    const char *hole; /* why there is none, and the command that makes it; NULL: it is there */
};

enum tfu_report_kind {
    TFU_REPORT_HEADING, /* `text`, of `level` 2 or 3 */
    TFU_REPORT_TEXT,    /* `text`: paragraphs with an empty line between, lists of "- " */
    TFU_REPORT_PRINTED, /* `text` in columns, as a terminal has it */
    TFU_REPORT_TABLE,
    TFU_REPORT_FIGURE,
    TFU_REPORT_HOLE /* `text`: what is missing, and the command that makes it */
};

struct tfu_report_block {
    enum tfu_report_kind kind;
    int level;
    const char *text;
    const char *file; /* PRINTED: that has the text, below the folder of analyses; may be NULL */
    const struct tfu_report_table *table;
    const struct tfu_report_figure *figure;
};

struct tfu_report {
    struct tfu_arena arena;
    const char *title, *study;
    const char
        *output;       /* of the study: the folder of its analyses; never part of what is written */
    const char *store; /* likewise: what the runs' paths are below */
    const struct tfu_report_block *block;
    size_t blocks;
    const char *const *column;       /* names of what is known of every run: axes, then metrics */
    const char *const *column_title; /* the same for a reader; NULL: they are the same */
    size_t columns;
    const struct tfu_report_run *run; /* in the order of the sweep */
    size_t runs, done;
    const char *const *command; /* that made it, and that make what is missing, a line each */
    size_t commands;
};

#endif
