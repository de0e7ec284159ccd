/* SPDX-License-Identifier: MIT */
#include "core/run/predictions.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

enum { DIGITS = 9 }; /* of a float32, which they give back */

static bool is_stream(const struct stat *info)
{
    return S_ISCHR(info->st_mode) || S_ISFIFO(info->st_mode) || S_ISSOCK(info->st_mode);
}

bool tfu_predictions_exist(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !is_stream(&info) && !S_ISDIR(info.st_mode);
}

/* ---- the head */

/* "score.odd", or "score.1" for outputs without names. */
static bool add_column(struct tfu_csv *csv, const char *what, const char *const *names, int64_t i)
{
    char number[32];
    snprintf(number, sizeof number, "%" PRId64, i);
    struct tfu_text column = TFU_TEXT_INIT;
    tfu_text_printf(&column, "%s.%s", what, names ? names[i] : number);
    const bool ok = !column.failed;
    tfu_csv_text(csv, tfu_text_get(&column));
    tfu_text_free(&column);
    return ok;
}

static enum tfu_status write_head(struct tfu_predictions *p, const char *const *names,
                                  struct tfu_error *e)
{
    bool ok = true;
    p->named = tfu_dataset_name(p->data, 0) != NULL;
    tfu_csv_text(&p->csv, "index");
    if (p->named)
        tfu_csv_text(&p->csv, "name");
    p->grouped = tfu_dataset_groups(p->data) > 0;
    if (p->grouped)
        tfu_csv_text(&p->csv, "group");
    if (p->positions > 1)
        tfu_csv_text(&p->csv, "position");
    if (p->label_columns == 1)
        tfu_csv_text(&p->csv, "label");
    for (int64_t i = 0; p->label_columns > 1 && i < p->label_columns; i++)
        ok &= add_column(&p->csv, "label", p->label_columns == p->outputs ? names : NULL, i);
    for (int64_t k = 0; k < p->outputs; k++)
        ok &= add_column(&p->csv, "score", names, k);
    for (int64_t k = 0; p->logits && k < p->outputs; k++)
        ok &= add_column(&p->csv, "logit", names, k);
    tfu_csv_end_line(&p->csv);
    return ok ? TFU_OK : tfu_error_memory(e, "writing predictions", 0);
}

/* ---- the file */

static enum tfu_status check_absent(const struct tfu_predictions *p, const char *path,
                                    struct tfu_error *e)
{
    return p->force || !tfu_predictions_exist(path)
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "'%s' exists; `force` overwrites it", path);
}

/* Neither the file nor the one that is written before it takes its name. */
static enum tfu_status check_both(const struct tfu_predictions *p, struct tfu_error *e)
{
    struct tfu_text first = TFU_TEXT_INIT;
    enum tfu_status st = check_absent(p, p->path, e);
    tfu_text_printf(&first, "%s.tmp", p->path);
    if (first.failed)
        st = tfu_error_memory(e, "writing predictions", 0);
    else if (st == TFU_OK)
        st = check_absent(p, first.data, e);
    tfu_text_free(&first);
    return st;
}

/* Of a link it is the file behind it that is meant. */
static enum tfu_status find_place(struct tfu_predictions *p, const char *path, struct tfu_error *e)
{
    struct stat info;
    const bool exists = stat(path, &info) == 0;
    p->stream = exists && is_stream(&info);
    if (exists && S_ISDIR(info.st_mode))
        return tfu_error_set(e, TFU_EINVAL, "'%s' is a folder; name a file for the predictions",
                             path);
    p->path = exists && !p->stream ? realpath(path, NULL) : strdup(path);
    return p->path ? check_both(p, e) : tfu_error_memory(e, "writing predictions", 0);
}

enum tfu_status tfu_predictions_open(struct tfu_predictions *p, const char *path,
                                     const char *const *class_names, struct tfu_error *e)
{
    p->file.fd = -1;
    enum tfu_status st = find_place(p, path, e);
    if (st == TFU_OK && !p->stream)
        st = tfu_atomic_open(&p->file, p->path, e);
    if (st != TFU_OK)
        return st;
    const int fd =
        p->stream ? open(p->path, O_WRONLY | O_CLOEXEC) : fcntl(p->file.fd, F_DUPFD_CLOEXEC, 0);
    p->csv.file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!p->csv.file) {
        st = tfu_error_errno(e, errno, "cannot create", p->path);
        if (fd >= 0)
            close(fd);
        return st;
    }
    return write_head(p, class_names, e);
}

enum tfu_status tfu_predictions_add(struct tfu_predictions *p, const struct tfu_batch *batch,
                                    const int64_t *example, struct tfu_error *e)
{
    for (int64_t i = 0; i < batch->rows; i++) {
        const int64_t index = example[i / p->positions];
        const char *name = p->named ? tfu_dataset_name(p->data, index) : NULL;
        tfu_csv_int(&p->csv, tfu_dataset_source_index(p->data, index));
        if (p->named)
            tfu_csv_text(&p->csv, name ? name : "");
        if (p->grouped) {
            const char *group = tfu_dataset_group_name(p->data, tfu_dataset_group(p->data, index));
            tfu_csv_text(&p->csv, group ? group : "");
        }
        if (p->positions > 1)
            tfu_csv_int(&p->csv, i % p->positions);
        for (int64_t k = 0; k < p->label_columns; k++)
            tfu_csv_number(&p->csv, (double)batch->labels[i * p->label_columns + k], DIGITS);
        for (int64_t k = 0; k < p->outputs; k++)
            tfu_csv_number(&p->csv, (double)batch->scores[i * p->outputs + k], DIGITS);
        for (int64_t k = 0; p->logits && k < p->outputs; k++)
            tfu_csv_number(&p->csv, (double)batch->logits[i * p->outputs + k], DIGITS);
        tfu_csv_end_line(&p->csv);
    }
    return fflush(p->csv.file) == 0 && !ferror(p->csv.file)
               ? TFU_OK
               : tfu_error_errno(e, errno, "cannot write", p->path);
}

enum tfu_status tfu_predictions_close(struct tfu_predictions *p, enum tfu_status st,
                                      struct tfu_error *e)
{
    if (p->csv.file) {
        const bool failed = ferror(p->csv.file) != 0;
        if ((fclose(p->csv.file) != 0 || failed) && st == TFU_OK)
            st = tfu_error_errno(e, errno, "cannot write", p->path);
        p->csv.file = NULL;
    }
    /* somebody may have put a file there in the meantime */
    if (st == TFU_OK && p->file.fd >= 0)
        st = check_absent(p, p->path, e);
    if (st == TFU_OK && p->file.fd >= 0)
        st = tfu_atomic_commit(&p->file, e);
    if (p->file.fd >= 0)
        tfu_atomic_abandon(&p->file);
    free(p->path);
    p->path = NULL;
    return st;
}
