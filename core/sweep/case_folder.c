/* SPDX-License-Identifier: MIT */
#include "core/sweep/case_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "core/base/json.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/io/atomic_file.h"

enum { RECORD_MAX = 65536 }; /* bytes of a state.json */

static const char *const end_name[] = {
    [TFU_ATTEMPT_NONE] = "none",
    [TFU_ATTEMPT_BEGUN] = "begun",
    [TFU_ATTEMPT_DONE] = "done",
    [TFU_ATTEMPT_PAUSED] = "paused",
    [TFU_ATTEMPT_INTERRUPTED] = "interrupted",
    [TFU_ATTEMPT_FAILED] = "failed",
};

char *tfu_case_folder_path(const char *store, const char *key)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s/" TFU_CASES_FOLDER "/%s", store, key);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

char *tfu_case_run_path(const char *store, const struct tfu_case_record *r)
{
    return r->run[0] == '/' ? strdup(r->run) : tfu_path_join(store, r->run);
}

void tfu_case_record_set_run(struct tfu_case_record *r, const char *store, const char *run)
{
    const size_t n = strlen(store);
    if (strncmp(run, store, n) == 0 && run[n] == '/')
        run += n + 1;
    snprintf(r->run, sizeof r->run, "%s", run);
}

/* ---- read */

static int64_t integer(const json_t *o, const char *key, int64_t absent)
{
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : absent;
}

static void string(const json_t *o, const char *key, char *out, size_t size)
{
    const char *v = json_string_value(json_object_get(o, key));
    const size_t n = v ? strnlen(v, size - 1) : 0;
    if (v)
        memcpy(out, v, n);
    out[n] = '\0';
}

static void read_rungs(struct tfu_case_record *r, const json_t *list)
{
    const size_t count = json_array_size(list);
    for (size_t i = 0; i < count && i < TFU_CASE_RUNGS_MAX; i++) {
        const json_t *item = json_array_get(list, i), *score = json_object_get(item, "score");
        struct tfu_case_rung *rung = &r->rung[i];
        rung->step = integer(item, "step", 0);
        rung->score = json_is_number(score) ? json_number_value(score) : (double)NAN;
        rung->missing = json_is_true(json_object_get(item, "missing"));
        string(item, "metric", rung->metric, sizeof rung->metric);
        r->rungs = i + 1;
    }
}

static void read_diverged(struct tfu_case_record *r, const json_t *at)
{
    r->diverged = json_is_integer(at);
    r->diverged_at = r->diverged ? (int64_t)json_integer_value(at) : 0;
}

static void read_last(struct tfu_case_record *r, const json_t *last)
{
    char end[16];
    string(last, "end", end, sizeof end);
    for (size_t i = 0; i < TFU_COUNT(end_name); i++)
        if (strcmp(end, end_name[i]) == 0)
            r->end = (enum tfu_attempt_end)i;
    string(last, "sweep", r->sweep, sizeof r->sweep);
    string(last, "host", r->host, sizeof r->host);
    string(last, "error", r->error, sizeof r->error);
    r->pid = (long)integer(last, "pid", 0);
    r->begun = integer(last, "begun", 0);
    r->ended = integer(last, "ended", 0);
    r->threads = integer(last, "threads", 0);
    r->exit_status = (int)integer(last, "exit", -1);
    r->signal_number = (int)integer(last, "signal", 0);
}

/* Much quicker than reading by characters, as json_load_file() does: a sweep may have thousands.
 * What is too long is cut off, and no JSON then. */
static bool read_all(const char *path, char text[RECORD_MAX], size_t *size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const ssize_t n = read(fd, text, RECORD_MAX);
    *size = n > 0 ? (size_t)n : 0;
    close(fd);
    return true;
}

enum tfu_status tfu_case_record_read(struct tfu_case_record *out, const char *folder,
                                     struct tfu_error *e)
{
    char path[PATH_MAX];
    json_error_t why;
    memset(out, 0, sizeof *out);
    out->exit_status = -1;
    if (!tfu_path_put(path, folder, TFU_CASE_STATE_FILE))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot read", folder);
    char text[RECORD_MAX];
    size_t size;
    if (!read_all(path, text, &size))
        return TFU_OK;
    json_t *root = json_loadb(text, size, 0, &why);
    if (!json_is_object(root)) {
        const char *reason = root ? "it is no object" : why.text;
        const enum tfu_status st =
            tfu_error_at(e, TFU_ECORRUPT, path, root ? 0 : why.line, 0,
                         "what is known of a case cannot be read: %s; it may be removed: its run "
                         "has what was computed",
                         reason);
        json_decref(root);
        return st;
    }
    string(root, "run", out->run, sizeof out->run);
    out->attempts = integer(root, "attempts", 0);
    out->completed = integer(root, "completed", 0);
    out->failures = integer(root, "failures", 0);
    const json_t *seconds = json_object_get(root, "seconds");
    out->seconds = json_is_number(seconds) ? json_number_value(seconds) : 0;
    read_rungs(out, json_object_get(root, "rungs"));
    read_diverged(out, json_object_get(root, "diverged"));
    read_last(out, json_object_get(root, "last"));
    json_decref(root);
    return TFU_OK;
}

/* ---- written */

/* Output of any program may be in an error: what is no UTF-8 cannot be in JSON. */
static json_t *clean(const char *s)
{
    struct tfu_text text = TFU_TEXT_INIT;
    uint32_t code;
    for (size_t left = strlen(s), n; left > 0; s += n, left -= n) {
        n = tfu_utf8_decode(s, left, &code);
        tfu_text_append(&text, n ? s : "?", n ? n : 1);
        n = n ? n : 1;
    }
    json_t *string = text.failed ? NULL : json_string(tfu_text_get(&text));
    tfu_text_free(&text);
    return string;
}

static json_t *rungs_of(const struct tfu_case_record *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->rungs; i++) {
        const struct tfu_case_rung *rung = &r->rung[i];
        json_t *item = json_pack("{s:I, s:o, s:o}", "step", (json_int_t)rung->step, "metric",
                                 clean(rung->metric), "score", tfu_json_number(rung->score));
        if (rung->missing)
            json_object_set_new(item, "missing", json_true());
        json_array_append_new(list, item);
    }
    return list;
}

enum tfu_status tfu_case_record_write(const struct tfu_case_record *r, const char *folder,
                                      struct tfu_error *e)
{
    char path[PATH_MAX];
    struct tfu_text text = TFU_TEXT_INIT;
    if (!tfu_path_put(path, folder, TFU_CASE_STATE_FILE))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write", folder);
    json_t *root = json_pack(
        "{s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:{s:s, s:o, s:s, s:I, s:I, s:I, s:I, s:i, s:i, s:o}}",
        "run", clean(r->run), "attempts", (json_int_t)r->attempts, "completed",
        (json_int_t)r->completed, "failures", (json_int_t)r->failures, "seconds",
        tfu_json_number(r->seconds), "rungs", rungs_of(r), "diverged",
        r->diverged ? json_integer((json_int_t)r->diverged_at) : json_null(), "last", "end",
        end_name[r->end], "sweep", clean(r->sweep), "host", r->host, "pid", (json_int_t)r->pid,
        "begun", (json_int_t)r->begun, "ended", (json_int_t)r->ended, "threads",
        (json_int_t)r->threads, "exit", r->exit_status, "signal", r->signal_number, "error",
        clean(r->error));
    enum tfu_status st = tfu_json_write(root, &text, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, tfu_text_get(&text), text.length, e);
    tfu_text_free(&text);
    return st;
}
