/* SPDX-License-Identifier: MIT */
#include "core/store/failure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/path.h"
#include "core/io/atomic_file.h"

enum { FILE_MAX = 64 * 1024 }; /* larger than any that is written */

static const char *const kind_name[TFU_FAILURE_KINDS] = {
    [TFU_FAILURE_OTHER] = "other",
    [TFU_FAILURE_DIVERGED] = "diverged",
};

void tfu_failure_of(struct tfu_failure *f, const struct tfu_error *why, int exit_status,
                    int64_t step)
{
    struct tfu_process self;
    tfu_process_self(&self);
    *f = (struct tfu_failure){
        .line = why->line,
        .exit_status = exit_status,
        .pid = self.pid,
        .time = (int64_t)time(NULL),
        .step = step,
    };
    memcpy(f->host, self.host, sizeof f->host);
    snprintf(f->error, sizeof f->error, "%s",
             why->text[0] ? why->text : tfu_status_text(why->status));
    snprintf(f->source, sizeof f->source, "%s", why->source);
}

/* An error may name a file whose name is no UTF-8. */
static json_t *text_of(const char *text)
{
    char plain[2048];
    json_t *json = json_string(text);
    if (json)
        return json;
    snprintf(plain, sizeof plain, "%s", text);
    for (char *p = plain; *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    return json_string(plain);
}

static json_t *count_of(int64_t value, bool known)
{
    return known ? json_integer((json_int_t)value) : json_null();
}

enum tfu_status tfu_failure_write(const char *folder, const struct tfu_failure *f,
                                  struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    char path[PATH_MAX];
    json_t *root = json_object();
    json_object_set_new(root, "kind", json_string(kind_name[f->kind]));
    json_object_set_new(root, "error", text_of(f->error));
    json_object_set_new(root, "file", f->source[0] ? text_of(f->source) : json_null());
    json_object_set_new(root, "line", count_of(f->line, f->line > 0));
    json_object_set_new(root, "exit", count_of(f->exit_status, f->exit_status >= 0));
    json_object_set_new(root, "signal", count_of(f->signal_number, f->signal_number > 0));
    json_object_set_new(root, "host", text_of(f->host));
    json_object_set_new(root, "pid", count_of(f->pid, f->pid > 0));
    json_object_set_new(root, "time", json_integer((json_int_t)f->time));
    json_object_set_new(root, "step", count_of(f->step, f->step >= 0));
    enum tfu_status st = tfu_json_write(root, &text, e);
    if (st == TFU_OK && !tfu_path_put(path, folder, TFU_FAILURE_FILE))
        st = tfu_error_errno(e, ENAMETOOLONG, "cannot write " TFU_FAILURE_FILE " in", folder);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, tfu_text_get(&text), text.length, e);
    tfu_text_free(&text);
    return st;
}

static void take_text(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%s", json_is_string(value) ? json_string_value(value) : "");
}

static int64_t take_count(const json_t *root, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(root, key);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

/* The value where it is one of its kind; else `otherwise`. */
static int take_small(const json_t *root, const char *key, int otherwise)
{
    const int64_t value = take_count(root, key, otherwise);
    return value >= 0 && value <= INT_MAX ? (int)value : otherwise;
}

static enum tfu_failure_kind take_kind(const json_t *value)
{
    for (int i = 0; i < TFU_FAILURE_KINDS && json_is_string(value); i++)
        if (strcmp(json_string_value(value), kind_name[i]) == 0)
            return (enum tfu_failure_kind)i;
    return TFU_FAILURE_OTHER;
}

static enum tfu_status take_all(struct tfu_failure *out, const char *path, const char *text,
                                size_t n, struct tfu_error *e)
{
    json_t *root = json_loadb(text, n, 0, NULL);
    const json_t *error = json_object_get(root, "error");
    enum tfu_status st = TFU_OK;
    if (json_is_string(error)) {
        out->kind = take_kind(json_object_get(root, "kind"));
        take_text(out->error, sizeof out->error, error);
        take_text(out->source, sizeof out->source, json_object_get(root, "file"));
        take_text(out->host, sizeof out->host, json_object_get(root, "host"));
        out->line = take_small(root, "line", 0);
        out->exit_status = take_small(root, "exit", -1);
        out->signal_number = take_small(root, "signal", 0);
        out->pid = take_small(root, "pid", 0);
        out->time = take_count(root, "time", 0);
        out->step = take_count(root, "step", -1);
    } else {
        st = tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                          "it is no JSON object with a text `error`; what failed is not known");
    }
    json_decref(root);
    return st;
}

enum tfu_status tfu_failure_read(struct tfu_failure *out, const char *folder, struct tfu_error *e)
{
    char path[PATH_MAX];
    *out = (struct tfu_failure){.exit_status = -1, .step = -1};
    if (!tfu_path_put(path, folder, TFU_FAILURE_FILE))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot read " TFU_FAILURE_FILE " in", folder);
    FILE *file = fopen(path, "rbe");
    if (!file && errno == ENOENT)
        return tfu_error_at(e, TFU_ENOTFOUND, path, 0, 0, "there is none");
    if (!file)
        return tfu_error_errno(e, errno, "cannot read", path);
    char *text = malloc(FILE_MAX);
    enum tfu_status st = text ? TFU_OK : tfu_error_memory(e, "reading " TFU_FAILURE_FILE, FILE_MAX);
    if (st == TFU_OK) {
        const size_t n = fread(text, 1, FILE_MAX, file);
        st = take_all(out, path, text, n < FILE_MAX ? n : 0, e);
    }
    free(text);
    fclose(file);
    return st;
}

enum tfu_status tfu_failure_remove(const char *folder, struct tfu_error *e)
{
    char path[PATH_MAX];
    if (!tfu_path_put(path, folder, TFU_FAILURE_FILE))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot remove " TFU_FAILURE_FILE " in", folder);
    if (unlink(path) != 0 && errno != ENOENT)
        return tfu_error_errno(e, errno, "cannot remove", path);
    return TFU_OK;
}
