/* SPDX-License-Identifier: MIT */
#include "core/sweep/recall.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/sweep/case_json.h"
#include "core/sweep/inputs.h"
#include "core/sweep/place.h"
#include "core/sweep/prints.h"

#define FILE_ENDING ".known"

/* ---- data */

/* The number of each distinct one among `known`, new ones added. */
static size_t number_of(const struct tfu_data_print **known, size_t *count,
                        const struct tfu_data_print *data)
{
    for (size_t i = *count; i-- > 0;)
        if (known[i] == data)
            return i;
    known[*count] = data;
    return (*count)++;
}

static json_t *prints_json(const struct tfu_data_print *data)
{
    json_t *prints = json_array();
    for (size_t i = 0; i < TFU_SPLIT_COUNT; i++)
        json_array_append_new(prints, tfu_json_text(data->print[i]));
    return prints;
}

static struct tfu_recalled_data *read_data(struct tfu_sweep_priv *p, const json_t *list)
{
    const size_t count = json_array_size(list);
    struct tfu_recalled_data *data = tfu_arena_array(&p->arena, count + 1, sizeof *data);
    for (size_t k = 0; data && k < count; k++)
        for (size_t i = 0; i < TFU_SPLIT_COUNT; i++) {
            const char *print = json_string_value(json_array_get(json_array_get(list, k), i));
            data[k].print[i] = print ? tfu_arena_strdup(&p->arena, print) : NULL;
            if (print && !data[k].print[i])
                return NULL;
        }
    return data;
}

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

/* Its run, where that follows from its configuration and its data alone. */
static void add_run(json_t *one, const struct tfu_sweep *s, size_t i,
                    const struct tfu_data_print **known, size_t *count)
{
    const struct tfu_work_item *w = &s->priv->work[i];
    const size_t n = strlen(s->store);
    if (s->item[i].need_count || !w->folder || !w->data || strncmp(w->folder, s->store, n) != 0 ||
        w->folder[n] != '/')
        return;
    json_object_set_new(one, "run", json_string(w->folder + n + 1));
    json_object_set_new(one, "data", json_integer((json_int_t)number_of(known, count, w->data)));
}

static json_t *known_json(const struct tfu_sweep *s, json_t *files)
{
    const struct tfu_data_print **known = calloc(s->count + 1, sizeof *known);
    size_t count = 0;
    json_t *cases = json_array(), *data = json_array();
    for (size_t i = 0; known && i < s->count; i++) {
        json_t *one = case_json(s, i);
        add_run(one, s, i, known, &count);
        json_array_append_new(cases, one);
    }
    for (size_t i = 0; i < count; i++)
        json_array_append_new(data, prints_json(known[i]));
    free(known);
    const bool smallest = (s->tune && s->tune->smallest) || (s->halving && s->halving->smallest);
    return json_pack("{s:s, s:o, s:b, s:o, s:o}", "made", s->priv->sources, "files", files,
                     "smallest", (int)smallest, "data", data, "cases", cases);
}

void tfu_work_keep(const struct tfu_sweep *s)
{
    char path[PATH_MAX];
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    json_t *files = s->priv->recalled ? NULL : tfu_inputs_files(s->priv);
    if (!files || !tfu_sweep_place(path, s->store, s->name, FILE_ENDING)) {
        json_decref(files);
        return;
    }
    if (tfu_json_write(known_json(s, files), &text, &e) == TFU_OK)
        tfu_sweep_place_write(s->store, path, &text, &e);
    tfu_text_free(&text);
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

static bool is_plain(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return true;
}

/* "name/id", below the store and nowhere else. */
static bool is_below(const char *run)
{
    const char *slash = strchr(run, '/');
    return slash && slash != run && slash[1] && !strchr(slash + 1, '/') && run[0] != '.' &&
           slash[1] != '.';
}

/* Could a sweep that was read have such a case? */
static bool is_possible(const struct tfu_sweep_priv *p, const json_t *one)
{
    const char *name = string_of(one, "name"), *experiment = string_of(one, "experiment");
    const char *run = string_of(one, "run");
    const bool tuned = json_is_true(json_object_get(one, "tuned")),
               candidate = json_is_true(json_object_get(one, "candidate"));
    return is_plain(name) && experiment[0] && experiment[0] != '.' && is_plain(experiment) &&
           !strchr(experiment, '/') && is_plain(run) && (!run[0] || is_below(run)) &&
           (p->spec.tune.present || (!tuned && !candidate)) && !(tuned && candidate);
}

static bool read_case(struct tfu_sweep_priv *p, const json_t *one, uint32_t *value,
                      struct tfu_recalled_data *data, size_t data_count)
{
    const char *key = string_of(one, "key");
    struct tfu_sweep_case c = {.support = json_is_true(json_object_get(one, "support")),
                               .tuned = json_is_true(json_object_get(one, "tuned")),
                               .threads = integer_of(one, "threads"),
                               .steps = integer_of(one, "steps"),
                               .epochs = integer_of(one, "epochs")};
    uint32_t run;
    if (!is_possible(p, one) || strlen(key) != TFU_CASE_KEY_SIZE - 1 ||
        strspn(key, "0123456789abcdef") != strlen(key) || !read_values(p, one, value) ||
        !read_run(p, one, &run) || !read_needs(p, one, &c) ||
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
    const char *below = string_of(one, "run");
    const int64_t of = integer_of(one, "data");
    if (below[0] && of >= 0 && (size_t)of < data_count) {
        p->work[index].recalled = tfu_arena_strdup(&p->arena, below);
        p->work[index].recalled_data = &data[of];
    }
    return true;
}

bool tfu_work_recall(struct tfu_sweep_priv *p)
{
    char path[PATH_MAX];
    uint32_t *value = tfu_arena_array(&p->arena, p->spec.all_axes + 1, sizeof *value);
    json_t *root = NULL;
    p->sweep.name = p->spec.name;
    p->sweep.store = p->spec.store;
    if (value && tfu_sweep_place(path, p->sweep.store, p->sweep.name, FILE_ENDING))
        root = tfu_sweep_place_read(path);
    bool gone;
    const json_t *cases = json_object_get(root, "cases"), *list = json_object_get(root, "data");
    bool ok = root && strcmp(string_of(root, "made"), p->sources) == 0 && json_array_size(cases) &&
              tfu_inputs_are_files(json_object_get(root, "files"), &gone);
    struct tfu_recalled_data *data = ok ? read_data(p, list) : NULL;
    ok = data != NULL;
    for (size_t i = 0; ok && i < json_array_size(cases); i++)
        ok = read_case(p, json_array_get(cases, i), value, data, json_array_size(list));
    /* what is best, the metric's plugin said */
    if (ok)
        p->spec.tune.by.goal = p->spec.halving.by.goal =
            json_is_true(json_object_get(root, "smallest")) ? TFU_GOAL_MIN : TFU_GOAL_MAX;
    json_decref(root);
    if (!ok)
        tfu_work_forget(p);
    p->recalled = ok;
    return ok;
}
