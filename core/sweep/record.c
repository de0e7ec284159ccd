/* SPDX-License-Identifier: MIT */
#include "core/sweep/record.h"

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/sweep/case_json.h"
#include "core/sweep/place.h"
#include "core/sweep/remember.h"

#define FILE_ENDING ".json"

/* ---- writing */

static json_t *case_json(const struct tfu_sweep *s, size_t i)
{
    const struct tfu_sweep_priv *p = s->priv;
    const struct tfu_sweep_case *c = &s->item[i];
    json_t *needs = json_array();
    for (size_t k = 0; k < c->need_count; k++)
        json_array_append_new(needs, json_integer((json_int_t)c->need[k]));
    return json_pack("{s:s, s:s, s:o, s:o, s:b, s:b, s:b, s:s?, s:s, s:I, s:I, s:I}", "name",
                     c->name, "key", c->key, "values", tfu_sweep_values_json(s, i), "needs", needs,
                     "support", (int)c->support, "tuned", (int)c->tuned, "candidate",
                     (int)p->work[i].candidate, "of",
                     p->work[i].run == TFU_WORK_CASE ? NULL : p->spec.run[p->work[i].run].name,
                     "experiment", c->experiment, "threads", (json_int_t)c->threads, "steps",
                     (json_int_t)c->steps, "epochs", (json_int_t)c->epochs);
}

/* Is the file what would be written? */
static bool is_there(const char *path, const struct tfu_text *text)
{
    FILE *f = fopen(path, "r");
    char *was = f ? malloc(text->length + 1) : NULL;
    const size_t n = was ? fread(was, 1, text->length + 1, f) : 0;
    const bool same = was && n == text->length && memcmp(was, tfu_text_get(text), n) == 0;
    free(was);
    if (f)
        fclose(f);
    return same;
}

/* Several processes that work on one sweep write the same at once, and each but one of them is in
 * the way of another. */
static enum tfu_status write_beside_others(const char *folder, const char *path,
                                           const struct tfu_text *text, struct tfu_error *e)
{
    enum { TRIES = 50 };
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int i = 0;; i++) {
        struct tfu_error why = TFU_ERROR_INIT;
        const enum tfu_status st =
            tfu_atomic_write_file(path, tfu_text_get(text), text->length, &why);
        if (st == TFU_OK || is_there(path, text))
            return TFU_OK;
        if (i == TRIES || access(folder, W_OK) != 0) {
            *e = why;
            return st;
        }
        nanosleep(&pause, NULL);
    }
}

enum tfu_status tfu_sweep_record_write(const struct tfu_sweep *s, struct tfu_error *e)
{
    char path[PATH_MAX], folder[PATH_MAX];
    struct tfu_text text = TFU_TEXT_INIT;
    json_t *cases = json_array();
    if (!tfu_sweep_place(path, s->store, s->name, FILE_ENDING) ||
        !tfu_sweep_place(folder, s->store, "", "")) {
        json_decref(cases);
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", s->store);
    }
    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(cases, case_json(s, i));
    const bool smallest = (s->tune && s->tune->smallest) || (s->halving && s->halving->smallest);
    enum tfu_status st =
        tfu_json_write(json_pack("{s:s, s:s, s:s, s:b, s:o, s:o}", "sweep", s->name, "file",
                                 s->file, "made", s->priv->sources, "smallest", (int)smallest,
                                 "axes", tfu_sweep_axes_json(s), "cases", cases),
                       &text, e);
    if (st == TFU_OK && !is_there(path, &text)) {
        st = tfu_folder_make(folder, e);
        if (st == TFU_OK)
            st = write_beside_others(folder, path, &text, e);
    }
    tfu_text_free(&text);
    return st;
}

/* ---- reading */

static const char *string_of(const json_t *one, const char *key)
{
    const char *s = json_string_value(json_object_get(one, key));
    return s ? s : "";
}

static int64_t integer_of(const json_t *one, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(one, key));
}

/* Its values as the axes have them; false where they do not. */
static bool read_values(const struct tfu_sweep_priv *p, const json_t *one, uint32_t *value)
{
    const json_t *values = json_object_get(one, "values");
    size_t found = 0;
    for (size_t a = 0; a < p->spec.all_axes; a++) {
        const char *name = json_string_value(json_object_get(values, p->spec.axis[a].name));
        const size_t v = name ? tfu_case_axis_find(&p->spec.axis[a], name) : SIZE_MAX;
        value[a] = v == SIZE_MAX ? TFU_AXIS_NONE : (uint32_t)v;
        found += v != SIZE_MAX;
    }
    return found == json_object_size(values);
}

static bool read_run(const struct tfu_sweep_priv *p, const json_t *one, uint32_t *run)
{
    const char *of = json_string_value(json_object_get(one, "of"));
    *run = TFU_WORK_CASE;
    for (size_t i = 0; of && i < p->spec.runs; i++)
        if (strcmp(p->spec.run[i].name, of) == 0)
            *run = (uint32_t)i;
    return !of || *run != TFU_WORK_CASE;
}

static bool read_needs(struct tfu_sweep_priv *p, const json_t *one, struct tfu_sweep_case *c)
{
    const json_t *needs = json_object_get(one, "needs");
    const size_t count = json_array_size(needs);
    size_t *need = tfu_arena_array(&p->arena, count + 1, sizeof *need);
    for (size_t k = 0; need && k < count; k++) {
        const int64_t n = (int64_t)json_integer_value(json_array_get(needs, k));
        if (n < 0 || (size_t)n >= p->sweep.count)
            return false;
        need[k] = (size_t)n;
    }
    c->need = need;
    c->need_count = count;
    return need != NULL;
}

static bool read_case(struct tfu_sweep_priv *p, const json_t *one, uint32_t *value)
{
    const char *key = string_of(one, "key");
    struct tfu_sweep_case c = {.support = json_is_true(json_object_get(one, "support")),
                               .tuned = json_is_true(json_object_get(one, "tuned")),
                               .threads = integer_of(one, "threads"),
                               .steps = integer_of(one, "steps"),
                               .epochs = integer_of(one, "epochs")};
    uint32_t run;
    if (strlen(key) != TFU_CASE_KEY_SIZE - 1 || strspn(key, "0123456789abcdef") != strlen(key) ||
        !read_values(p, one, value) || !read_run(p, one, &run) || !read_needs(p, one, &c) ||
        tfu_work_find(p, run, value) != SIZE_MAX)
        return false;
    memcpy(c.key, key, sizeof c.key);
    c.name = tfu_arena_strdup(&p->arena, string_of(one, "name"));
    c.experiment = tfu_arena_strdup(&p->arena, string_of(one, "experiment"));
    c.value = tfu_work_value_names(p, value);
    const size_t index = c.name && c.experiment && c.value ? tfu_work_add(p, run, value) : SIZE_MAX;
    if (index == SIZE_MAX)
        return false;
    p->item[index] = c;
    p->work[index].candidate = json_is_true(json_object_get(one, "candidate"));
    p->sweep.support += c.support;
    return true;
}

bool tfu_work_remember(struct tfu_sweep_priv *p)
{
    char path[PATH_MAX];
    uint32_t *value = tfu_arena_array(&p->arena, p->spec.all_axes + 1, sizeof *value);
    json_t *root = NULL;
    p->sweep.name = p->spec.name;
    p->sweep.store = p->spec.store;
    if (value && tfu_sweep_place(path, p->sweep.store, p->sweep.name, FILE_ENDING))
        root = json_load_file(path, 0, NULL);
    const json_t *cases = json_object_get(root, "cases");
    bool ok = root && strcmp(string_of(root, "made"), p->sources) == 0 && json_array_size(cases);
    for (size_t i = 0; ok && i < json_array_size(cases); i++)
        ok = read_case(p, json_array_get(cases, i), value);
    /* what is best, the metric's plugin said */
    if (ok)
        p->spec.tune.by.goal = p->spec.halving.by.goal =
            json_is_true(json_object_get(root, "smallest")) ? TFU_GOAL_MIN : TFU_GOAL_MAX;
    json_decref(root);
    if (!ok)
        tfu_work_forget(p);
    return ok;
}
