/* SPDX-License-Identifier: MIT */
#include "core/index/facts_metrics.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/csv_reader.h"

enum { TAIL = 16 };

/* The bytes before `bytes` in hex digits. */
static void tail_of(int fd, int64_t bytes, char tail[33])
{
    unsigned char last[TAIL];
    const int64_t n = bytes < TAIL ? bytes : TAIL;
    const ssize_t got = pread(fd, last, (size_t)n, (off_t)(bytes - n));
    tail[0] = '\0';
    for (ssize_t i = 0; i < got; i++)
        snprintf(tail + 2 * i, 3, "%02x", last[i]);
}

static bool goes_on(int fd, const struct stat *info, const struct tfu_facts_place *known)
{
    char tail[33];
    if (!known || !known->bytes || known->inode != info->st_ino || known->bytes > info->st_size)
        return false;
    tail_of(fd, known->bytes, tail);
    return strcmp(tail, known->tail) == 0;
}

/* ---- a line */

struct columns {
    int step, split, metric, value, note;
    size_t count;
};

static const struct columns ours = {0, 2, 3, 4, 5, 6}; /* as core/store/metrics_log.c writes them */

static bool read_head(struct tfu_facts *f, const struct tfu_csv_reader *r, struct columns *c)
{
    *c = (struct columns){tfu_csv_reader_column(r, "step"),   tfu_csv_reader_column(r, "split"),
                          tfu_csv_reader_column(r, "metric"), tfu_csv_reader_column(r, "value"),
                          tfu_csv_reader_column(r, "note"),   r->count};
    if (c->step >= 0 && c->split >= 0 && c->metric >= 0 && c->value >= 0)
        return true;
    tfu_facts_complain(f, "metrics.csv:1: the head has no columns step, split, metric and value");
    return false;
}

static bool find_series(struct tfu_facts *f, const char *split, const char *metric, size_t *out)
{
    struct tfu_facts_metrics *m = &f->metrics;
    const size_t n = strlen(split);
    for (size_t i = m->series_count; i-- > 0;)
        if (strncmp(m->series[i], split, n) == 0 && m->series[i][n] == '/' &&
            strcmp(m->series[i] + n + 1, metric) == 0) {
            *out = i;
            return true;
        }
    const char *name = tfu_arena_printf(&f->arena, "%s/%s", split, metric);
    if (!name || !tfu_facts_grow(f, (void **)&m->series, m->series_count, &m->series_room,
                                 sizeof *m->series))
        return false;
    *out = m->series_count;
    m->series[m->series_count++] = name;
    return true;
}

static bool whole_number(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return end != text && !*end && errno == 0 && *out >= 0;
}

static bool any_number(const char *text, double *out)
{
    char *end;
    *out = text[0] ? strtod(text, &end) : NAN;
    return !text[0] || !*end;
}

static enum tfu_status take_line(struct tfu_facts *f, const struct tfu_csv_reader *r,
                                 const struct columns *c, struct tfu_error *e)
{
    struct tfu_facts_metrics *m = &f->metrics;
    struct tfu_fact_metric row = {.note = NULL};
    if (r->count != c->count) {
        tfu_facts_complain(f, "metrics.csv:%lld: %zu fields where the head has %zu",
                           (long long)r->line, r->count, c->count);
        return TFU_OK;
    }
    if (!whole_number(r->field[c->step], &row.step) ||
        !any_number(r->field[c->value], &row.value)) {
        tfu_facts_complain(f, "metrics.csv:%lld: no numbers in '%.40s' and '%.40s'",
                           (long long)r->line, r->field[c->step], r->field[c->value]);
        return TFU_OK;
    }
    bool ok = find_series(f, r->field[c->split], r->field[c->metric], &row.series);
    if (ok && c->note >= 0 && r->field[c->note][0])
        ok = (row.note = tfu_arena_strdup(&f->arena, r->field[c->note])) != NULL;
    ok = ok && tfu_facts_grow(f, (void **)&m->row, m->count, &m->room, sizeof *m->row);
    if (!ok)
        return tfu_error_memory(e, "reading metrics.csv", 0);
    m->row[m->count++] = row;
    return TFU_OK;
}

/* ---- the file */

static enum tfu_status read_lines(struct tfu_facts *f, struct tfu_csv_reader *r,
                                  struct tfu_error *e)
{
    struct tfu_error found = TFU_ERROR_INIT;
    struct columns c = ours;
    bool more = true, has_head = r->bytes > 0;
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK && more) {
        st = tfu_csv_reader_next(r, &more, &found);
        if (st != TFU_OK || !more)
            break;
        if (has_head)
            st = take_line(f, r, &c, &found);
        else if (!(has_head = read_head(f, r, &c)))
            break;
    }
    if (st == TFU_ENOMEM)
        return tfu_error_memory(e, "reading metrics.csv", 0);
    if (st != TFU_OK)
        tfu_facts_complain(f, "metrics.csv:%d: %s", found.line, found.text);
    return TFU_OK;
}

enum tfu_status tfu_facts_read_metrics(struct tfu_facts *f, int folder,
                                       const struct tfu_facts_place *known, struct tfu_error *e)
{
    struct tfu_facts_metrics *m = &f->metrics;
    struct stat info;
    m->anew = true;
    m->from.step = m->to.step = -1;
    const int fd = tfu_facts_open(folder, "metrics.csv");
    if (fd < 0 || fstat(fd, &info) != 0) {
        if (fd < 0 && errno != ENOENT)
            tfu_facts_complain(f, "metrics.csv: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return TFU_OK;
    }
    struct tfu_csv_reader r = {.path = "metrics.csv"};
    m->from.inode = info.st_ino;
    if (goes_on(fd, &info, known)) {
        m->anew = false;
        m->from = *known;
        r.bytes = known->bytes;
        r.line = known->lines;
    }
    FILE *file = lseek(fd, (off_t)r.bytes, SEEK_SET) >= 0 ? fdopen(fd, "r") : NULL;
    if (!file) {
        close(fd);
        return tfu_error_memory(e, "reading metrics.csv", 0);
    }
    r.file = file;
    m->to.step = m->from.step;
    const size_t complaints = f->problem.length;
    const enum tfu_status st = read_lines(f, &r, e);
    /* what is wrong in there must be found again: from the beginning, the next time */
    if (f->problem.length == complaints)
        m->to = (struct tfu_facts_place){m->from.inode, r.bytes, r.line - 1, m->from.step, ""};
    for (size_t i = 0; i < m->count; i++)
        if (m->row[i].step > m->to.step)
            m->to.step = m->row[i].step;
    tail_of(fd, m->to.bytes, m->to.tail);
    tfu_csv_reader_free(&r);
    fclose(file);
    return st;
}
