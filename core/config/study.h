/* SPDX-License-Identifier: MIT
 *
 * study.h - what the readers of a study file share: its sections, each of which one command serves,
 * and what is done with the file before any of them reads it.
 */
#ifndef TFU_CORE_CONFIG_STUDY_H
#define TFU_CORE_CONFIG_STUDY_H

#include "core/config/document.h"
#include "core/config/options.h"

/* All keys of the file itself, NULL-terminated. */
extern const char *const tfu_study_roots[];

/* For struct tfu_document: lays the profile that `profile` names over the file, makes `base: FILE`
 * a mapping, so that keys can be laid over it, and fills the lists (study_lists.h). */
void tfu_study_prepare(void *arg, struct tfu_load *l, struct tfu_node *root,
                       const struct tfu_document *document);

/* The keys of the file itself that are in `table`: those of other readers are let pass, what is
 * nobody's is a finding. */
void tfu_study_read_keys(struct tfu_load *l, const struct tfu_options_table *table,
                         struct tfu_node *root);

/* "small_data" of "configs/small_data.yaml" */
const char *tfu_study_stem(struct tfu_load *l, const char *path);

/* Can a folder or a file be called so? */
#define TFU_STUDY_NAME_RULE "letters, digits and _ . + - = , alone, not . or - first"
bool tfu_study_is_name(const char *s);

#endif
