/* SPDX-License-Identifier: MIT
 *
 * section.h - the section `report` of a study file (docs/report.md): headings, texts, tables and
 * figures in the order of reading, each with what it asks of which cases.
 */
#ifndef TFU_CORE_REPORT_SECTION_H
#define TFU_CORE_REPORT_SECTION_H

#include "core/report/cases.h"
#include "core/report/section_value.h"
#include "core/result/figure.h"

enum tfu_report_paired {
    TFU_PAIRED_NONE,
    TFU_PAIRED_DELONG,
    TFU_PAIRED_T,
    TFU_PAIRED_WILCOXON,
    TFU_PAIRED_SIGN_FLIP,
    TFU_PAIRED_BOOTSTRAP
};
enum tfu_report_correction { TFU_CORRECT_HOLM, TFU_CORRECT_BH, TFU_CORRECT_NONE };

/* The cells that others are held against: those that have this value there. */
struct tfu_report_against {
    size_t axis, value;
    const char *gone; /* a value that a profile or the command line took away; NULL */
};

struct tfu_report_test {
    int32_t paired, correct;
    struct tfu_report_against against;
};

/* What a table shows beside its numbers. */
enum tfu_report_derivation { TFU_DERIVE_DIFFERENCE, TFU_DERIVE_RATIO, TFU_DERIVATIONS };

struct tfu_report_derived {
    bool asked;
    struct tfu_report_against against;
};

enum tfu_report_drawing {
    TFU_DRAW_CURVES,
    TFU_DRAW_BARS,
    TFU_DRAW_SCATTER,
    TFU_DRAW_BOX,
    TFU_DRAW_PARETO,
    TFU_DRAW_HEAT_MAP
};

struct tfu_published;

/* What a table or a figure asks. */
struct tfu_report_ask {
    const char *name, *caption, *at;
    struct tfu_report_axes rows, columns; /* of a figure: panels, lines */
    struct tfu_report_axes over;
    const struct tfu_report_value *value; /* of a figure one: what is drawn upwards */
    size_t values;
    const bool *chosen; /* of each case */
    size_t count;       /* of them */
    int64_t digits;     /* behind the point; -1: not said */
    struct tfu_report_test test;
    struct tfu_report_derived derived[TFU_DERIVATIONS];
    const struct tfu_published *published; /* see published.h; NULL: none */
    struct tfu_mark mark;
    /* figures */
    enum tfu_report_drawing drawing;
    bool by_step;              /* x is the step */
    size_t x_axis;             /* x is this axis; TFU_REPORT_NONE */
    struct tfu_report_value x; /* else x is this; its `text` NULL: x is none */
    int32_t log_x, log_y;
    struct tfu_figure_ends y; /* of the axis */
    /* runs */
    const char *const *shown; /* columns */
    size_t shown_count;
};

enum tfu_report_item_kind {
    TFU_ITEM_HEADING,
    TFU_ITEM_TEXT,
    TFU_ITEM_TABLE,
    TFU_ITEM_FIGURE,
    TFU_ITEM_ANALYSIS,        /* text, table and figure of one of the file's analyses */
    TFU_ITEM_ANALYSIS_FIGURE, /* its figure alone */
    TFU_ITEM_RUNS,
    TFU_ITEM_NAMES /* which are not to be seen by themselves */
};

struct tfu_report_item {
    enum tfu_report_item_kind kind;
    const char *text; /* of headings and texts; the name of an analysis */
    const struct tfu_report_ask *ask;
    const struct tfu_node *node; /* what it was read from; NULL after a finding */
    struct tfu_mark mark;
};

/* Words for an axis, a value of one or a number. */
struct tfu_report_name {
    const char *key, *words;
    const char *path; /* of the mapping that says it */
    struct tfu_mark mark;
    bool known; /* an axis, or a value of one, that there is now */
};

struct tfu_report_names {
    struct tfu_report_name *item;
    size_t count;
};

struct tfu_report_section {
    const char *study, *store, *output; /* as the keys of the file say; "": they do not */
    bool has_cases;                     /* and cases */
    struct tfu_report_item *item;
    size_t count;
    struct tfu_report_names names;
    const char *const
        *analysis; /* names of the file's analyses, of which `for_each` makes several */
    size_t analyses;
};

#endif
