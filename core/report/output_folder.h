/* SPDX-License-Identifier: MIT
 *
 * output_folder.h - the folder that a report is written to: files are gathered, and written when
 * all of them may be. Those that change are replaced one by one, each whole or not at all; those of
 * an earlier report that are no more are removed, and nothing else is touched. The file FILES in it
 * says which files are of a report.
 */
#ifndef TFU_CORE_REPORT_OUTPUT_FOLDER_H
#define TFU_CORE_REPORT_OUTPUT_FOLDER_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"

#define TFU_OUTPUT_FILES "FILES"

struct tfu_output_name {
    const char *name; /* below the folder: "tables/auc.csv" */
    const void *bytes;
    size_t size;
    bool now;   /* of this report; else of an earlier one alone */
    bool known; /* of an earlier one */
};

struct tfu_output_folder {
    struct tfu_arena arena;
    const char *folder;
    struct tfu_output_name *name;
    size_t count, capacity;
    size_t changed; /* files that were written, or removed, for they were others */
};

/* Makes the folder where it is not there. TFU_EIO. */
enum tfu_status tfu_output_folder_begin(struct tfu_output_folder *o, const char *folder,
                                        struct tfu_error *e);
/* One file: its bytes are kept until the end. */
enum tfu_status tfu_output_folder_put(struct tfu_output_folder *o, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e);
/* Writes all of them; what an earlier report had beyond them goes. TFU_EINVAL: files are there that
 * no report wrote, and nothing was written. TFU_EIO, too, where another report is being written to
 * the folder and does not end soon. */
enum tfu_status tfu_output_folder_end(struct tfu_output_folder *o, struct tfu_error *e);
void tfu_output_folder_free(struct tfu_output_folder *o);

#endif
