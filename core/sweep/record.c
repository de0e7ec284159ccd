/* SPDX-License-Identifier: MIT */
#include "core/sweep/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/config/hint.h"
#include "core/sweep/case_json.h"
#include "core/sweep/place.h"
#include "core/sweep/recall.h"
#include "core/sweep/title.h"
#include "core/sweep/work.h"

#define FILE_ENDING ".json"

/* What is there; NULL: nothing, or nothing that can be read. */
static json_t *read_record(const struct tfu_sweep *s)
{
    char path[PATH_MAX];
    return tfu_sweep_place(path, s->store, s->name, FILE_ENDING) ? tfu_sweep_place_read(path)
                                                                 : NULL;
}

/* ---- whose name it is */

static bool say_the_same(const char *a, const char *b)
{
    FILE *f = fopen(a, "r"), *g = fopen(b, "r");
    bool same = f && g;
    for (int c = 0; same && c != EOF;)
        same = (c = fgetc(f)) == fgetc(g);
    if (f)
        fclose(f);
    if (g)
        fclose(g);
    return same;
}

enum tfu_status tfu_sweep_record_check(const struct tfu_sweep *s, struct tfu_error *e)
{
    struct stat own, other;
    json_t *root = read_record(s);
    const char *file = json_string_value(json_object_get(root, "file"));
    enum tfu_status st = TFU_OK;
    /* one that was moved, or that came by a pipe, has no other to be taken for */
    if (file && file[0] == '/' && stat(s->file, &own) == 0 && stat(file, &other) == 0 &&
        S_ISREG(other.st_mode) && (own.st_dev != other.st_dev || own.st_ino != other.st_ino) &&
        !say_the_same(s->file, file))
        st = tfu_error_at(e, TFU_EINVAL, s->file, 0, 0,
                          "the store %s has a sweep '%s' already, that of the file %s; say what "
                          "this one is called: `study: NAME`, or give it a `store` of its own",
                          s->store, s->name, file);
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

static const char *key_of(const json_t *one)
{
    const char *key = json_string_value(json_object_get(one, "key"));
    return key ? key : "";
}

/* Those of before that the sweep has not stay, before its own. */
static json_t *cases_json(struct tfu_sweep *s, const json_t *before)
{
    json_t *cases = json_array(), *own = json_object(), *one;
    size_t i;
    for (i = 0; i < s->count; i++)
        json_object_set_new(own, s->item[i].key, json_true());
    json_array_foreach(before, i, one) if (!json_object_get(own, key_of(one)))
        json_array_append(cases, one);
    for (i = 0; i < s->count; i++)
        json_array_append_new(cases, case_json(s, i));
    json_decref(own);
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

/* ---- all of it */

static json_t *record_json(struct tfu_sweep *s)
{
    char *file = realpath(s->file, NULL);
    json_t *before = s->priv->whole ? NULL : read_record(s);
    json_t *root =
        json_pack("{s:s, s:s, s:o, s:o}", "sweep", s->name, "file", file ? file : s->file, "axes",
                  axes_json(s, json_object_get(before, "axes")), "cases",
                  cases_json(s, json_object_get(before, "cases")));
    json_decref(before);
    free(file);
    return root;
}

enum tfu_status tfu_sweep_record_write(struct tfu_sweep *s, struct tfu_error *e)
{
    char path[PATH_MAX];
    struct tfu_text text = TFU_TEXT_INIT;
    if (!tfu_sweep_place(path, s->store, s->name, FILE_ENDING))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", s->store);
    enum tfu_status st = tfu_json_write(record_json(s), &text, e);
    if (st == TFU_OK)
        st = tfu_sweep_place_write(s->store, path, &text, e);
    tfu_text_free(&text);
    return st;
}

void tfu_sweep_keep_known(const struct tfu_sweep *s)
{
    tfu_work_keep(s);
}
