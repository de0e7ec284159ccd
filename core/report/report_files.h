/* SPDX-License-Identifier: MIT
 *
 * report_files.h - the files of a report: which formats are wanted, what files are called, and
 * which of a figure there are.
 */
#ifndef TFU_CORE_REPORT_REPORT_FILES_H
#define TFU_CORE_REPORT_REPORT_FILES_H

#include "core/base/text.h"
#include "core/report/report.h"

enum tfu_report_format {
    TFU_REPORT_HTML = 1u << 0,     /* index.html */
    TFU_REPORT_MARKDOWN = 1u << 1, /* report.md, tables/NAME.md */
    TFU_REPORT_LATEX = 1u << 2,    /* report.tex, tables/NAME.tex */
    TFU_REPORT_CSV = 1u << 3,      /* runs.csv, tables/NAME.csv */
    TFU_REPORT_JSON = 1u << 4,     /* report.json */
    TFU_REPORT_ALL = (1u << 5) - 1,
    TFU_REPORT_ALONE = 1u << 5 /* index.html links to no file beside it */
};

/* What is beside a picture. */
enum tfu_figure_file {
    TFU_FIGURE_SVG,
    TFU_FIGURE_PNG,
    TFU_FIGURE_PDF,
    TFU_FIGURE_PICTURES, /* so many are drawn */
    TFU_FIGURE_CSV = TFU_FIGURE_PICTURES,
    TFU_FIGURE_GP,
    TFU_FIGURE_TXT,
    TFU_FIGURE_FILES
};
extern const struct tfu_figure_ending {
    const char *ending, *title; /* "gp", "script" */
} tfu_figure_endings[TFU_FIGURE_FILES];

/* The files of one figure. */
struct tfu_report_picture {
    const char *base; /* below the report's folder, without an ending: "figures/curves" */
    bool has[TFU_FIGURE_FILES];
    const char *svg; /* its bytes; NULL: there is none */
    size_t svg_length;
};

/* What the writers of pages are told. */
struct tfu_report_page {
    const struct tfu_report *report;
    const struct tfu_report_picture *drawing; /* of block i; where that is no figure, all 0 */
    unsigned formats;
    unsigned refresh; /* seconds after which a page reads itself again; 0: never */
};

/* How a report is to be written. */
struct tfu_report_writing {
    const char *folder;
    unsigned formats;               /* enum tfu_report_format */
    unsigned refresh;               /* seconds after which the page reads itself again; 0: never */
    bool (*interrupted)(void *arg); /* asked between figures; may be NULL */
    void *arg;
    size_t changed; /* out: files that are others than before */
};

/* Of a block that is a heading, 2 or 3: none is below one that is not there. */
int tfu_report_heading_level(const struct tfu_report *r, size_t block);

/* A name as a file's and an id's: what is no letter, digit, '.', '-' or '_' becomes '_', and a
 * digest tells apart what then would be the same. */
void tfu_report_put_name(struct tfu_text *out, const char *name);

#endif
