/* SPDX-License-Identifier: MIT
 *
 * error.h - the caller-allocated error object. Reporting an error never allocates.
 *
 * A message says what is wrong, with the value; the fact it collides with; what to do. It is one
 * sentence or two, without a capital and without a full stop at the end, and does not repeat the
 * file and line, which have fields of their own.
 */
#ifndef TFU_CORE_BASE_ERROR_H
#define TFU_CORE_BASE_ERROR_H

#include <stdarg.h>

#include <transfuse/abi.h>

struct tfu_error {
    enum tfu_status status;
    int line, column; /* 1-based; 0: not about a place in a file */
    char source[256]; /* the file, or "" */
    char text[2048];  /* may hold several lines: the paths that were tried, one a line */
};

/* Starts clean: status TFU_OK and empty texts. */
#define TFU_ERROR_INIT                                                                             \
    {                                                                                              \
        .status = TFU_OK                                                                           \
    }

/* Fills `e` (which may be NULL) unless it already holds an error; returns `st`. [any thread] */
enum tfu_status tfu_error_set(struct tfu_error *e, enum tfu_status st, const char *fmt, ...)
    TFU_PRINTF(3, 4);
enum tfu_status tfu_error_set_v(struct tfu_error *e, enum tfu_status st, const char *fmt,
                                va_list args);
/* As tfu_error_set(), with a place; `source` may be NULL, line 0. */
enum tfu_status tfu_error_at(struct tfu_error *e, enum tfu_status st, const char *source, int line,
                             int column, const char *fmt, ...) TFU_PRINTF(6, 7);
/* Puts "<prefix>: " before the text of an error on its way up: says where it happened. */
enum tfu_status tfu_error_prefix(struct tfu_error *e, const char *fmt, ...) TFU_PRINTF(2, 3);
/* Out of memory while `what`, for `bytes` (0: not said). */
enum tfu_status tfu_error_memory(struct tfu_error *e, const char *what, size_t bytes);
/* errno as a sentence: "<action> '<path>': No such file or directory". */
enum tfu_status tfu_error_errno(struct tfu_error *e, int number, const char *action,
                                const char *path);
/* "out of memory" and so on. */
const char *tfu_status_text(enum tfu_status st);

#endif
