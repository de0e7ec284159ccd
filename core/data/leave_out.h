/* SPDX-License-Identifier: MIT
 *
 * leave_out.h - examples that are not used since their images cannot be read (`on_bad_image:
 * skip`).
 */
#ifndef TFU_CORE_DATA_LEAVE_OUT_H
#define TFU_CORE_DATA_LEAVE_OUT_H

#include "core/data/source.h"

/* A 1 for each example of a bad file, to be freed; NULL: all files are good. Counts them, and warns
 * of them. More than half are an error. */
enum tfu_status tfu_leave_out(unsigned char **out, struct tfu_source *s, struct tfu_log *log,
                              struct tfu_error *e);

#endif
