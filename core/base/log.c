/* SPDX-License-Identifier: MIT */
#include "core/base/log.h"

#include <string.h>
#include <time.h>

enum { EARLY_MAX = 1 << 16 }; /* bytes of warnings and notes that wait for a file */

void tfu_log_init(struct tfu_log *log, tfu_log_sink *sink, void *arg)
{
    memset(log, 0, sizeof *log);
    pthread_mutex_init(&log->lock, NULL);
    log->sink = sink;
    log->sink_arg = arg;
}

void tfu_log_destroy(struct tfu_log *log)
{
    if (log->file)
        fclose(log->file);
    log->file = NULL;
    tfu_text_free(&log->early);
    pthread_mutex_destroy(&log->lock);
}

static void write_line(FILE *file, enum tfu_log_level level, const char *line)
{
    char when[32];
    struct tm tm;
    const time_t now = time(NULL);
    strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime_r(&now, &tm));
    fprintf(file, "%s %s%s\n", when, level == TFU_LOG_WARNING ? "warning: " : "", line);
    fflush(file);
}

void tfu_log_attach(struct tfu_log *log, FILE *file)
{
    pthread_mutex_lock(&log->lock);
    if (log->file)
        fclose(log->file);
    log->file = file;
    for (const char *line = tfu_text_get(&log->early); file && *line; line += strlen(line) + 1)
        write_line(file, *line == 'w' ? TFU_LOG_WARNING : TFU_LOG_NOTE, line + 1);
    if (file)
        tfu_text_free(&log->early);
    pthread_mutex_unlock(&log->lock);
}

void tfu_log_write_v(struct tfu_log *log, enum tfu_log_level level, const char *fmt, va_list args)
{
    if (!log)
        return;
    char line[2048];
    vsnprintf(line, sizeof line, fmt, args);
    pthread_mutex_lock(&log->lock);
    if (level == TFU_LOG_WARNING)
        log->warnings++;
    if (log->file)
        write_line(log->file, level, line);
    else if (level != TFU_LOG_INFO && log->early.length < EARLY_MAX) {
        tfu_text_append(&log->early, level == TFU_LOG_WARNING ? "w" : "n", 1);
        tfu_text_append(&log->early, line, strlen(line) + 1);
    }
    if (log->sink)
        log->sink(log->sink_arg, level, line);
    pthread_mutex_unlock(&log->lock);
}

void tfu_log_write(struct tfu_log *log, enum tfu_log_level level, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_log_write_v(log, level, fmt, args);
    va_end(args);
}
