/* SPDX-License-Identifier: MIT
 *
 * build_parts.h - a report that is being made: what its blocks are made of, and where they go.
 * Private to this folder.
 */
#ifndef TFU_CORE_REPORT_BUILD_PARTS_H
#define TFU_CORE_REPORT_BUILD_PARTS_H

#include "core/report/cases_value.h"
#include "core/report/report.h"
#include "core/report/section.h"

struct tfu_study_file;
struct tfu_class_names;

struct tfu_report_builder {
    struct tfu_report *out;
    struct tfu_report_cases *cases;
    struct tfu_report_numbers numbers;
    struct tfu_report_section *section;
    const struct tfu_study_file *file; /* its analyses; NULL: it has none */
    const char *words;                 /* "FILE KEY=VALUE...": behind a command */
    const struct tfu_document *document;
    struct tfu_diagnostics *findings;
    struct tfu_report_block *block;
    size_t blocks, room;
    bool missing_runs, missing_analyses; /* commands that would help */
    struct tfu_class_names *class_names; /* that are known so far, see class_names.c */
};

enum tfu_status tfu_report_add(struct tfu_report_builder *b, const struct tfu_report_block *block,
                               struct tfu_error *e);
/* A block of words. */
enum tfu_status tfu_report_add_text(struct tfu_report_builder *b, enum tfu_report_kind kind,
                                    int level, const char *text, struct tfu_error *e);
/* The text in the report's arena; frees it. NULL after an error. */
const char *tfu_report_keep(struct tfu_report_builder *b, struct tfu_text *text,
                            struct tfu_error *e);

/* One block or several of what is asked. */
enum tfu_status tfu_report_table_build(struct tfu_report_builder *b,
                                       const struct tfu_report_ask *ask, struct tfu_error *e);
enum tfu_status tfu_report_figure_build(struct tfu_report_builder *b,
                                        const struct tfu_report_ask *ask, struct tfu_error *e);
enum tfu_status tfu_report_runs_build(struct tfu_report_builder *b,
                                      const struct tfu_report_ask *ask, struct tfu_error *e);
/* Text, table and figure of the file's analysis `name`, or its figure alone. */
enum tfu_status tfu_report_analysis_build(struct tfu_report_builder *b, const char *name,
                                          bool figure_alone, struct tfu_error *e);

/* "mean over seed of up to 5 runs": what numbers rest on, for captions. */
void tfu_report_put_over(struct tfu_text *out, const struct tfu_report_builder *b,
                         const struct tfu_report_ask *ask, size_t least, size_t most);

#endif
