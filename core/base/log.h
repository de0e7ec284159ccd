/* SPDX-License-Identifier: MIT
 *
 * log.h - lines that go to the run's log.txt and, by whoever set the sink, to the terminal.
 */
#ifndef TFU_CORE_BASE_LOG_H
#define TFU_CORE_BASE_LOG_H

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/text.h"

#include <transfuse/abi.h>

/* A note is worth a line on the terminal and no fault of anybody's. */
enum tfu_log_level { TFU_LOG_INFO = 0, TFU_LOG_WARNING = 1, TFU_LOG_NOTE = 2 };

/* Receives a finished line without its newline. */
typedef void tfu_log_sink(void *arg, enum tfu_log_level level, const char *line);

struct tfu_log {
    pthread_mutex_t lock;
    FILE *file;         /* NULL: none */
    tfu_log_sink *sink; /* NULL: none */
    void *sink_arg;
    unsigned warnings; /* so far */
    /* Warnings and notes from before there was a file, to go into it: a line each, with a NUL
     * behind it and `w` or `n` before it. */
    struct tfu_text early;
};

void tfu_log_init(struct tfu_log *log, tfu_log_sink *sink, void *arg);
void tfu_log_destroy(struct tfu_log *log); /* closes the file */
/* From now on lines go to `file` too, with the time in front; the log owns it. The first file also
 * gets the warnings and notes that came before. */
void tfu_log_attach(struct tfu_log *log, FILE *file);
/* `log` may be NULL. [any thread] */
void tfu_log_write(struct tfu_log *log, enum tfu_log_level level, const char *fmt, ...)
    TFU_PRINTF(3, 4);
void tfu_log_write_v(struct tfu_log *log, enum tfu_log_level level, const char *fmt, va_list args);

#endif
