/* SPDX-License-Identifier: MIT
 *
 * result_files.h - a result as files of a folder: a CSV for each table that is one, the figure as
 * its numbers, script, drawings and caption, images, and arrays as an archive of numpy.
 */
#ifndef TFU_CORE_RESULT_RESULT_FILES_H
#define TFU_CORE_RESULT_RESULT_FILES_H

#include "core/base/log.h"
#include "core/result/result.h"

/* Makes the folder where it is not there. Without gnuplot there are the figure's numbers and
 * script, and a warning. `said` (may be NULL) gets a line for each figure: what was written. */
enum tfu_status tfu_result_write(const struct tfu_result *r, const char *folder,
                                 struct tfu_log *log, struct tfu_text *said, struct tfu_error *e);

#endif
