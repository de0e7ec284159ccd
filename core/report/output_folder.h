/* SPDX-License-Identifier: MIT
 *
 * output_folder.h - the folder that a report is written to: files that change are replaced one by
 * one, each whole or not at all; those of an earlier report that are no more are removed, and
 * nothing else is touched. The file FILES in it says which files are of a report.
 */
#ifndef TFU_CORE_REPORT_OUTPUT_FOLDER_H
#define TFU_CORE_REPORT_OUTPUT_FOLDER_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"

#define TFU_OUTPUT_FILES "FILES"

struct tfu_output_name {
    const char *name; /* below the folder: "tables/auc.csv" */
    bool now;         /* of this report; else of an earlier one alone */
};

struct tfu_output_folder {
    struct tfu_arena arena;
    const char *folder;
    struct tfu_output_name *name;
    size_t count, capacity;
    size_t changed; /* files that were written, or removed, for they were others */
};

/* Makes the folder where it is not there, and reads what an earlier report left. TFU_EIO. */
enum tfu_status tfu_output_folder_begin(struct tfu_output_folder *o, const char *folder,
                                        struct tfu_error *e);
/* One file. TFU_EINVAL: a file is there that no report wrote. */
enum tfu_status tfu_output_folder_put(struct tfu_output_folder *o, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e);
/* All of it is written: what an earlier report had beyond it goes. */
enum tfu_status tfu_output_folder_end(struct tfu_output_folder *o, struct tfu_error *e);
void tfu_output_folder_free(struct tfu_output_folder *o);

#endif
