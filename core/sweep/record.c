/* SPDX-License-Identifier: MIT */
#include "core/sweep/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/config/hint.h"
#include "core/sweep/case_json.h"
#include "core/sweep/place.h"
#include "core/sweep/recall.h"
#include "core/sweep/title.h"
#include "core/sweep/work.h"

#define FILE_ENDING ".json"
enum { HOST_MAX = 256 };

/* What is there; NULL: nothing, or nothing that can be read. */
static json_t *read_record(const struct tfu_sweep *s)
{
    char path[PATH_MAX];
    return tfu_sweep_place(path, s->store, s->name, FILE_ENDING) ? tfu_sweep_place_read(path)
                                                                 : NULL;
}

static const char *key_of(const json_t *one)
{
    const char *key = json_string_value(json_object_get(one, "key"));
    return key ? key : "";
}

/* How many of the sweep's cases are in it? */
static size_t count_own(const struct tfu_sweep *s, const json_t *root)
{
    json_t *keys = json_object(), *one;
    size_t i, count = 0;
    json_array_foreach(json_object_get(root, "cases"), i, one)
        json_object_set_new(keys, key_of(one), json_true());
    for (i = 0; i < s->count; i++)
        count += json_object_get(keys, s->item[i].key) != NULL;
    json_decref(keys);
    return count;
}

static const char *text_of(const json_t *root, const char *key)
{
    const char *text = json_string_value(json_object_get(root, key));
    return text ? text : "";
}

static void name_host(char host[HOST_MAX])
{
    if (gethostname(host, HOST_MAX) != 0)
        host[0] = '\0';
    host[HOST_MAX - 1] = '\0';
}

/* ---- whose name it is */

/* Texts of files that are the same in two places come to other cases where what they name is
 * another file there. */
static bool says_the_same(const struct tfu_sweep *s, const json_t *root)
{
    return strcmp(text_of(root, "texts"), s->priv->texts) == 0 &&
           (!s->priv->whole || count_own(s, root) > 0);
}

/* Why the file that the name was first used by is not known to be gone; NULL: it is. */
static const char *why_not_gone(const json_t *root, int number)
{
    char here[HOST_MAX];
    const char *host = text_of(root, "host");
    name_host(here);
    if (number != ENOENT && number != ENOTDIR)
        return strerror(number);
    return host[0] && strcmp(host, here) != 0 ? "it is not on this host" : NULL;
}

enum tfu_status tfu_sweep_record_check(const struct tfu_sweep *s, struct tfu_error *e)
{
    struct stat own, other;
    json_t *root = read_record(s);
    const char *file = text_of(root, "file"), *host = text_of(root, "host");
    enum tfu_status st = TFU_OK;
    /* one that came by a pipe has no other to be taken for */
    if (file[0] != '/' || stat(s->file, &own) != 0 || says_the_same(s, root)) {
        json_decref(root);
        return TFU_OK;
    }
    if (stat(file, &other) != 0) {
        const char *why = why_not_gone(root, errno);
        if (why)
            st = tfu_error_at(e, TFU_EINVAL, s->file, 0, 0,
                              "the store %s has a sweep '%s' already, that of the file %s%s%s, "
                              "which cannot be looked at: %s; where that one is another, say what "
                              "this one is called: `study: NAME`, or give it a `store` of its own",
                              s->store, s->name, file, host[0] ? " of the host " : "", host, why);
    } else if (S_ISREG(other.st_mode) &&
               (own.st_dev != other.st_dev || own.st_ino != other.st_ino)) {
        st = tfu_error_at(e, TFU_EINVAL, s->file, 0, 0,
                          "the store %s has a sweep '%s' already, that of the file %s; say what "
                          "this one is called: `study: NAME`, or give it a `store` of its own",
                          s->store, s->name, file);
    }
    json_decref(root);
    return st;
}

/* ---- cases */

static json_t *case_json(struct tfu_sweep *s, size_t i)
{
    const struct tfu_sweep_case *c = &s->item[i];
    const char *chosen = tfu_sweep_chosen_or_null(s, i);
    json_t *needs = json_array(), *values = tfu_sweep_values_json(s, i);
    if (chosen)
        json_object_set_new(values, s->axis[s->tune->axis].name, json_string(chosen));
    for (size_t k = 0; k < c->need_count; k++)
        json_array_append_new(needs, json_string(s->item[c->need[k]].key));
    return json_pack("{s:s, s:s, s:o, s:o, s:b, s:b}", "name", c->name, "key", c->key, "values",
                     values, "needs", needs, "support", (int)c->support, "tuned", (int)c->tuned);
}

/* Those of before that the sweep has not. */
static json_t *cases_besides(const struct tfu_sweep *s, const json_t *before)
{
    json_t *cases = json_array(), *own = json_object(), *one;
    size_t i;
    for (i = 0; i < s->count; i++)
        json_object_set_new(own, s->item[i].key, json_true());
    json_array_foreach(before, i, one) if (!json_object_get(own, key_of(one)))
        json_array_append(cases, one);
    json_decref(own);
    return cases;
}

/* Others stay, before its own. */
static json_t *cases_json(struct tfu_sweep *s, const json_t *before)
{
    json_t *cases = cases_besides(s, before);
    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(cases, case_json(s, i));
    return cases;
}

/* ---- axes */

static json_t *find_axis(json_t *axes, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(axes, i, one)
    {
        const char *other = json_string_value(json_object_get(one, "name"));
        if (other && strcmp(other, name) == 0)
            return one;
    }
    return NULL;
}

/* What a value is told from others by: a number by what it is, as 1e-3 is 0.001. */
static const char *value_text(const json_t *value, char text[TFU_NUMBER_SIZE])
{
    const char *name = json_string_value(value);
    return name && tfu_hint_is_number(name) && !tfu_hint_is_integer(name)
               ? tfu_number_text(strtod(name, NULL), text)
               : name;
}

static void add_values(json_t *values, const json_t *more)
{
    char text[TFU_NUMBER_SIZE];
    json_t *there = json_object(), *one;
    size_t i;
    json_array_foreach(values, i, one) if (json_is_string(one))
        json_object_set_new(there, value_text(one, text), json_true());
    json_array_foreach(more, i, one) if (!json_object_get(there, value_text(one, text)))
        json_array_append(values, one);
    json_decref(there);
}

/* Those of before first, with their values, so that a part changes no order. */
static json_t *axes_json(const struct tfu_sweep *s, const json_t *before)
{
    json_t *axes = json_is_array(before) ? json_deep_copy(before) : json_array();
    json_t *own = tfu_sweep_axes_json(s), *one;
    size_t i;
    json_array_foreach(own, i, one)
    {
        json_t *there = find_axis(axes, json_string_value(json_object_get(one, "name")));
        if (there)
            add_values(json_object_get(there, "values"), json_object_get(one, "values"));
        else
            json_array_append(axes, one);
    }
    json_decref(own);
    return axes;
}

/* ---- one that is damaged */

/* Is there something that is no record, and could be read? */
static bool is_damaged(const char *path)
{
    struct stat info;
    json_t *root = NULL;
    const bool there = stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, R_OK) == 0;
    if (there)
        root = tfu_sweep_place_read(path);
    const bool damaged = there && !json_is_array(json_object_get(root, "cases"));
    json_decref(root);
    return damaged;
}

/* What cannot be read is not written over: somebody may mend it. */
static void put_aside(const struct tfu_sweep *s, const char *path, struct tfu_log *log)
{
    enum { NAMES = 100 };
    char aside[PATH_MAX];
    for (int i = 1; i <= NAMES; i++) {
        const int n = snprintf(aside, sizeof aside, "%s.damaged-%d", path, i);
        if (n < 0 || n >= PATH_MAX)
            return;
        if (access(aside, F_OK) == 0)
            continue;
        if (rename(path, aside) == 0)
            tfu_log_write(log, TFU_LOG_WARNING,
                          "the record of the sweep '%s' is damaged: it is '%s' now, and the cases "
                          "that earlier calls added are not in the new one; run the sweep without "
                          "overrides to have all of its cases there",
                          s->name, aside);
        return;
    }
}

/* ---- all of it */

static json_t *record_json(struct tfu_sweep *s, const json_t *before, bool replace)
{
    char here[HOST_MAX], *real = realpath(s->file, NULL);
    const char *file = real ? real : s->file;
    name_host(here);
    /* one file that hosts share is not written anew by each of them */
    const bool same = strcmp(text_of(before, "file"), file) == 0 && text_of(before, "host")[0];
    const char *host = same ? text_of(before, "host") : here;
    const json_t *kept = replace ? NULL : before;
    json_t *root = json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "sweep", s->name, "file", file,
                             "host", tfu_json_text(host), "texts", s->priv->texts, "axes",
                             axes_json(s, json_object_get(kept, "axes")), "cases",
                             cases_json(s, json_object_get(kept, "cases")));
    free(real);
    return root;
}

static enum tfu_status write_once(struct tfu_sweep *s, const char *path, const json_t *before,
                                  bool replace, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_json_write(record_json(s, before, replace), &text, e);
    if (st == TFU_OK)
        st = tfu_sweep_place_write(s->store, path, &text, e);
    tfu_text_free(&text);
    return st;
}

/* Each waits another while, so that they come one after the other. */
static void wait_for_others(int try)
{
    struct timespec now, pause = {.tv_nsec = 5000000};
    clock_gettime(CLOCK_MONOTONIC, &now);
    pause.tv_nsec += ((long)getpid() * 7919 + now.tv_nsec / 1000) % (try > 0 ? 50000000 : 20000000);
    nanosleep(&pause, NULL);
}

/* Reads, writes, and looks whether its cases are in. The lock is not relied on: on some file
 * systems that hosts share each host has its own. */
static enum tfu_status write_until_in(struct tfu_sweep *s, const char *path, bool replace,
                                      bool locked, struct tfu_error *e)
{
    enum { TRIES = 40, LOOKS = 5 };
    int seen = 0; /* so many times, one after the other */
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < TRIES && st == TFU_OK; i++) {
        json_t *before = tfu_sweep_place_read(path);
        const bool in = before && count_own(s, before) == s->count;
        if (i == 0 || !in)
            st = write_once(s, path, before, replace && i == 0, e);
        json_decref(before);
        seen = in ? seen + 1 : 0;
        if (seen == (locked ? 1 : LOOKS))
            break;
        wait_for_others(i);
    }
    return st;
}

/* Cases of before that the file does not ask for: whoever changed a line sees what that takes away,
 * and whoever changed none, that something else did. */
static void tell_dropped(const struct tfu_sweep *s, const char *path, struct tfu_log *log)
{
    json_t *before = tfu_sweep_place_read(path);
    json_t *others = cases_besides(s, json_object_get(before, "cases"));
    const size_t dropped = json_array_size(others);
    if (dropped)
        tfu_log_write(log, TFU_LOG_WARNING,
                      "%zu case%s of before %s not asked for any more, such as '%s': the file, or "
                      "what it names, is another now; what was done stays",
                      dropped, dropped == 1 ? "" : "s", dropped == 1 ? "is" : "are",
                      text_of(json_array_get(others, 0), "name"));
    json_decref(others);
    json_decref(before);
}

static enum tfu_status write_record(struct tfu_sweep *s, bool ends, struct tfu_log *log,
                                    struct tfu_error *e)
{
    char path[PATH_MAX];
    if (!tfu_sweep_place(path, s->store, s->name, FILE_ENDING))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", s->store);
    const int lock = tfu_sweep_place_lock(s->store);
    if (is_damaged(path))
        put_aside(s, path, log);
    const bool there = access(path, F_OK) == 0;
    enum tfu_status st = TFU_OK;
    if (!ends && s->priv->whole)
        tell_dropped(s, path, log);
    if (!ends || !there || s->tune || !s->priv->whole)
        st = write_until_in(s, path, !ends && s->priv->whole, lock >= 0, e);
    if (lock >= 0)
        close(lock);
    return st;
}

enum tfu_status tfu_sweep_record_write(struct tfu_sweep *s, struct tfu_log *log,
                                       struct tfu_error *e)
{
    return write_record(s, false, log, e);
}

enum tfu_status tfu_sweep_record_end(struct tfu_sweep *s, struct tfu_log *log, struct tfu_error *e)
{
    return write_record(s, true, log, e);
}

void tfu_sweep_keep_known(const struct tfu_sweep *s)
{
    tfu_work_keep(s);
}
