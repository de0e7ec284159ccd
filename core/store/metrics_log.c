/* SPDX-License-Identifier: MIT */
#include "core/store/metrics_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/csv.h"

struct tfu_metrics_log {
    struct tfu_csv csv;
    char *path;
};

static bool ends_a_line(int fd, int64_t keep)
{
    char last = '\0';
    return keep == 0 || (pread(fd, &last, 1, (off_t)keep - 1) == 1 && last == '\n');
}

bool tfu_metrics_log_has(const char *path, int64_t keep)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool has = fd >= 0 && ends_a_line(fd, keep);
    if (fd >= 0)
        close(fd);
    return has;
}

/* Cuts the file to what a checkpoint knows of. */
static enum tfu_status keep_only(int fd, const char *path, int64_t keep, struct tfu_error *e)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return tfu_error_errno(e, errno, "cannot read", path);
    if (!ends_a_line(fd, keep))
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "the checkpoint knows of %lld bytes of whole lines, but the file has "
                            "%lld bytes; it was changed since, so the run cannot go on",
                            (long long)keep, (long long)info.st_size);
    if (ftruncate(fd, (off_t)keep) != 0 || lseek(fd, 0, SEEK_END) < 0)
        return tfu_error_errno(e, errno, "cannot cut", path);
    return TFU_OK;
}

static void write_head(struct tfu_csv *csv)
{
    static const char *const column[] = {"step", "epoch", "split", "metric", "value", "note"};
    for (size_t i = 0; i < TFU_COUNT(column); i++)
        tfu_csv_text(csv, column[i]);
    tfu_csv_end_line(csv);
}

enum tfu_status tfu_metrics_log_open(struct tfu_metrics_log **out, const char *path, int64_t keep,
                                     struct tfu_error *e)
{
    *out = NULL;
    struct tfu_metrics_log *m = calloc(1, sizeof *m);
    if (!m || !(m->path = strdup(path))) {
        free(m);
        return tfu_error_memory(e, "opening metrics.csv", 0);
    }
    enum tfu_status st = TFU_OK;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        st = tfu_error_errno(e, errno, "cannot open", path);
    else
        st = keep_only(fd, path, keep, e);
    if (st == TFU_OK && !(m->csv.file = fdopen(fd, "r+b")))
        st = tfu_error_memory(e, "opening metrics.csv", 0);
    if (st == TFU_OK)
        fd = -1; /* the stream's now */
    if (st == TFU_OK && keep == 0)
        write_head(&m->csv);
    if (st == TFU_OK)
        st = tfu_metrics_log_sync(m, NULL, e);
    if (fd >= 0)
        close(fd);
    if (st != TFU_OK) {
        tfu_metrics_log_close(m);
        return st;
    }
    *out = m;
    return TFU_OK;
}

void tfu_metrics_log_close(struct tfu_metrics_log *m)
{
    if (!m)
        return;
    if (m->csv.file)
        fclose(m->csv.file);
    free(m->path);
    free(m);
}

void tfu_metrics_log_abandon(struct tfu_metrics_log *m)
{
    if (m && m->csv.file)
        __fpurge(m->csv.file);
    tfu_metrics_log_close(m);
}

void tfu_metrics_log_add(struct tfu_metrics_log *m, int64_t step, double epoch, const char *split,
                         const char *metric, double value, const char *note)
{
    tfu_csv_int(&m->csv, step);
    tfu_csv_number(&m->csv, epoch, 9);
    tfu_csv_text(&m->csv, split);
    tfu_csv_text(&m->csv, metric);
    tfu_csv_number(&m->csv, value, 9);
    tfu_csv_text(&m->csv, note ? note : "");
    tfu_csv_end_line(&m->csv);
}

enum tfu_status tfu_metrics_log_sync(struct tfu_metrics_log *m, int64_t *bytes, struct tfu_error *e)
{
    FILE *file = m->csv.file;
    const bool failed_before = ferror(file) != 0;
    if (fflush(file) != 0 || failed_before || fdatasync(fileno(file)) != 0)
        return tfu_error_errno(e, failed_before ? EIO : errno, "cannot write", m->path);
    const off_t size = lseek(fileno(file), 0, SEEK_END);
    if (size < 0)
        return tfu_error_errno(e, errno, "cannot write", m->path);
    if (bytes)
        *bytes = (int64_t)size;
    return TFU_OK;
}
