/* SPDX-License-Identifier: MIT
 *
 * diagnostic.h - all errors of a configuration, reported at once:
 *
 *     demo.yaml:7:12: error: ...
 *         lr: 1e-3x
 *             ^
 */
#ifndef TFU_CORE_DIAGNOSTIC_H
#define TFU_CORE_DIAGNOSTIC_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* A place in a configuration. `source` is a file name, or "command line" for an override, whose
 * text is then the source line. */
struct tfu_mark {
    const char *source;
    int line, column; /* 1-based */
};

struct tfu_diagnostics; /* grows; each entry has a mark and a text */

enum tfu_status tfu_diagnostics_new(struct tfu_diagnostics **out, struct tfu_error *e);
void tfu_diagnostics_free(struct tfu_diagnostics *d);
void tfu_diagnostics_add(struct tfu_diagnostics *d, struct tfu_mark m, const char *fmt, ...)
    TFU_PRINTF(3, 4);
size_t tfu_diagnostics_count(const struct tfu_diagnostics *d);
/* The entries in order of file, line and column, with source line and caret. */
void tfu_diagnostics_print(const struct tfu_diagnostics *d, struct tfu_text *out);

#endif
