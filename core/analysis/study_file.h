/* SPDX-License-Identifier: MIT
 *
 * study_file.h - a file that asks for analyses (docs/study-file.md):
 *
 *     study: transfer_in_miniature
 *     analyses:
 *       - name: pairs
 *         for_each: arch.plugin          # once for each value that the runs have
 *         compare:
 *           a: {runs: target/??*, where: {init.0.plugin: random}}
 *           b: {runs: target/??*, where: {init.0.plugin: pretrained}}
 *           metric: {plugin: svcca}
 *
 * Strict like every configuration: all that is wrong in it is found before anything is computed,
 * the networks that it names included.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_FILE_H
#define TFU_CORE_ANALYSIS_STUDY_FILE_H

#include "core/analysis/analysis.h"
#include "core/config/document.h"

/* One analysis, with everything found and filled in. */
struct tfu_study_item {
    const char *name; /* of its folder: unique, and a plain name of a file */
    const struct tfu_analysis *analysis;
    void *config;
    struct tfu_analysis_networks networks;
    struct tfu_mark mark;
};

struct tfu_study_file {
    struct tfu_arena arena; /* owns what is below */
    const char *name;       /* the key `study`, or the file's stem */
    const char *output;     /* a folder that gets a folder for each analysis */
    const char *store;      /* the folder of runs that ids and patterns are looked for in */
    struct tfu_study_item *item;
    size_t count;
};

/* What is wrong becomes findings of `d` and TFU_EINVAL. The plugins' registry must outlive it. */
enum tfu_status tfu_study_file_load(struct tfu_study_file *out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e);
/* Checks names, keys and options of the analyses, if there are any, and looks for no network: they
 * may be of runs that the same file asks for. */
enum tfu_status tfu_study_file_check(const struct tfu_document *document, struct tfu_diagnostics *d,
                                     struct tfu_error *e);
void tfu_study_file_free(struct tfu_study_file *f);

/* Is there an analysis for each of these patterns of names? TFU_EINVAL says what there is. */
enum tfu_status tfu_study_file_check_names(const struct tfu_study_file *f,
                                           const struct tfu_string_list *pattern,
                                           struct tfu_error *e);

/* The file as it resolves: a list item for each analysis, every option with its value, every
 * network that was found. */
enum tfu_status tfu_study_file_print(const struct tfu_study_file *f, struct tfu_text *out,
                                     struct tfu_error *e);

#endif
