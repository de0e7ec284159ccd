/* SPDX-License-Identifier: MIT
 *
 * section.h - the section `report` of a study file (docs/report.md): headings, texts, tables and
 * figures in the order of reading, each with what it asks of which cases.
 */
#ifndef TFU_CORE_REPORT_SECTION_H
#define TFU_CORE_REPORT_SECTION_H

#include "core/config/document.h"
#include "core/report/cases.h"

/* A number that a case has. */
enum tfu_report_measure {
    TFU_MEASURE_METRIC, /* "test/auc" */
    TFU_MEASURE_PARAMETERS,
    TFU_MEASURE_MULTIPLY_ADDS,
    TFU_MEASURE_LATENCY_1, /* ms */
    TFU_MEASURE_LATENCY_8,
    TFU_MEASURE_PEAK_MEMORY, /* MB, as planned for training */
    TFU_MEASURE_SIZE,        /* MB, of the last checkpoint on disk */
    TFU_MEASURE_SECONDS      /* of training */
};

struct tfu_report_value {
    enum tfu_report_measure measure;
    const char *text;   /* as it is written: "test/auc", "cost/size" */
    const char *column; /* METRIC: of core/index/column.h, "test/auc@best" */
};

/* "cost/size" and so on; false: none of these. */
bool tfu_report_value_read(struct tfu_report_value *out, const char *text);
/* Names of costs, NULL-terminated. */
extern const char *const tfu_report_costs[];
/* Are two names of values on an axis the same: 0.001 and 1e-3 are. */
bool tfu_report_same_value(const char *a, const char *b);

enum tfu_report_paired {
    TFU_PAIRED_NONE,
    TFU_PAIRED_DELONG,
    TFU_PAIRED_T,
    TFU_PAIRED_WILCOXON,
    TFU_PAIRED_SIGN_FLIP,
    TFU_PAIRED_BOOTSTRAP
};
enum tfu_report_correction { TFU_CORRECT_HOLM, TFU_CORRECT_BH, TFU_CORRECT_NONE };

struct tfu_report_test {
    int32_t paired, correct;
    size_t axis, value; /* against the cells that have this value there */
};

enum tfu_report_drawing {
    TFU_DRAW_CURVES,
    TFU_DRAW_BARS,
    TFU_DRAW_SCATTER,
    TFU_DRAW_BOX,
    TFU_DRAW_PARETO
};

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
    const char *published_file, *published_table; /* NULL: none */
    struct tfu_mark mark, published_mark;
    /* figures */
    enum tfu_report_drawing drawing;
    bool by_step;              /* x is the step */
    size_t x_axis;             /* x is this axis; TFU_REPORT_NONE */
    struct tfu_report_value x; /* else x is this; its `text` NULL: x is none */
    int32_t log_x;
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
    TFU_ITEM_RUNS
};

struct tfu_report_item {
    enum tfu_report_item_kind kind;
    const char *text; /* of headings and texts; the name of an analysis */
    const struct tfu_report_ask *ask;
    const struct tfu_node *node; /* what it was read from; NULL after a finding */
    struct tfu_mark mark;
};

struct tfu_report_section {
    const char *study, *store, *output; /* as the keys of the file say; "": they do not */
    bool present;                       /* the file has the section */
    bool has_cases;                     /* and cases */
    struct tfu_report_item *item;
    size_t count;
    const char *const
        *analysis; /* names of the file's analyses, of which `for_each` makes several */
    size_t analyses;
};

/* Fills `out` from the document; all that is wrong becomes findings of `d`, with TFU_EINVAL. The
 * axes that are asked for are found in `cases`, whose arena gets what is made.  */
enum tfu_status tfu_report_section_load(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_report_cases *cases, struct tfu_diagnostics *d,
                                        struct tfu_error *e);
/* As YAML that reads as the same section. */
void tfu_report_section_print(const struct tfu_report_section *s, struct tfu_text *out);
/* What the file has, right or wrong: no findings. */
enum tfu_status tfu_report_section_look(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_arena *arena, struct tfu_error *e);
/* For whoever is after something else of the file: is the section right, if there is one? `sweep`
 * is that of the document; NULL: it has none, or it is wrong, which was said. */
enum tfu_status tfu_report_section_check(const struct tfu_document *document,
                                         struct tfu_sweep *sweep, struct tfu_diagnostics *d,
                                         struct tfu_error *e);

#endif
