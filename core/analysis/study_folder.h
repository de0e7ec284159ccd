/* SPDX-License-Identifier: MIT
 *
 * study_folder.h - what a study file asks for, as files: <output>/study.yaml and a folder for each
 * analysis.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_FOLDER_H
#define TFU_CORE_ANALYSIS_STUDY_FOLDER_H

#include "core/analysis/study_file.h"

/* Everything there is of a result: its tables, figure and images, JSON, and `text` where there is
 * some. */
enum tfu_status tfu_study_write_result(const char *folder, const struct tfu_result *r,
                                       const struct tfu_text *text, struct tfu_log *log,
                                       struct tfu_error *e);
/* The file as it resolved, in its folder `output`, which is made. */
enum tfu_status tfu_study_write_resolved(const struct tfu_study_file *f, struct tfu_error *e);

#endif
