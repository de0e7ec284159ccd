/* SPDX-License-Identifier: MIT
 *
 * study_folder.h - what a study file asks for, as files: <output>/study.yaml and a folder for each
 * analysis.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_FOLDER_H
#define TFU_CORE_ANALYSIS_STUDY_FOLDER_H

#include "core/analysis/study_file.h"

/* Everything there is of the result of an analysis of `f`: its tables, figure and images, JSON,
 * `text` where there is some, and what was asked. */
enum tfu_status tfu_study_write_result(const struct tfu_study_file *f,
                                       const struct tfu_study_item *item,
                                       const struct tfu_result *r, const struct tfu_text *text,
                                       struct tfu_log *log, struct tfu_error *e);
/* "<folder>/<stem>" of the result of an analysis that is there, whole and of what is asked now, to
 * be freed; NULL with TFU_OK: there is none. `*other` says that there is one of something else. */
enum tfu_status tfu_study_find_result(char **stem, bool *other, const struct tfu_study_file *f,
                                      const struct tfu_study_item *item, struct tfu_error *e);
/* The file as it resolved, in its folder `output`, which is made. */
enum tfu_status tfu_study_write_resolved(const struct tfu_study_file *f, struct tfu_error *e);

#endif
