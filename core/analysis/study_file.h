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
 * or of the cases of the same file, by their axes: {start: random, seed: 0..2}.
 * Strict like every configuration: all that is wrong in it is found before anything is computed,
 * the networks that it names included.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_FILE_H
#define TFU_CORE_ANALYSIS_STUDY_FILE_H

#include "core/analysis/study_item.h"
#include "core/config/document.h"

struct tfu_study_file {
    struct tfu_arena arena;  /* owns what is below */
    const char *name;        /* the key `study`, or the file's stem */
    const char *output;      /* a folder that gets a folder for each analysis */
    const char *store;       /* the folder of runs that ids and patterns are looked for in */
    struct tfu_sweep *sweep; /* its cases; NULL: it has none */
    struct tfu_study_item *item;
    size_t count;
};

/* The sections `analyses` and, where there are any, those of runs. What is wrong in either becomes
 * findings of `d` and TFU_EINVAL. The document's registry and overrides must outlive it. */
enum tfu_status tfu_study_file_load(struct tfu_study_file *out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_study_file_free(struct tfu_study_file *f);
/* For whoever is after its runs: is the section `analyses` right, if there is one, as far as can be
 * told before anything is trained? `sweep` is that of the document; NULL: it is wrong, which was
 * said. */
enum tfu_status tfu_study_file_check(const struct tfu_document *document, struct tfu_sweep *sweep,
                                     struct tfu_diagnostics *d, struct tfu_error *e);

/* Is there an analysis for each of these patterns of names? TFU_EINVAL says what there is. */
enum tfu_status tfu_study_file_check_names(const struct tfu_study_file *f,
                                           const struct tfu_string_list *pattern,
                                           struct tfu_error *e);

/* Is it one of them? None is: all are. */
bool tfu_study_file_wants(const struct tfu_string_list *pattern, const char *name);

/* The file as it resolves: a list item for each analysis, every option with its value, every
 * network that was found. `only` these, by patterns of their names; NULL: all. */
enum tfu_status tfu_study_file_print(const struct tfu_study_file *f,
                                     const struct tfu_string_list *only, struct tfu_text *out,
                                     struct tfu_error *e);

/* One analysis of it in the same way, but the runs of the store by their places below it: two such
 * texts are the same where they ask the same of the same networks, wherever the store lies. */
enum tfu_status tfu_study_file_print_item(const struct tfu_study_file *f,
                                          const struct tfu_study_item *item, struct tfu_text *out,
                                          struct tfu_error *e);

#endif
