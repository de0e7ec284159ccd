/* SPDX-License-Identifier: MIT */
#include "core/result/figure_json.h"

#include <math.h>
#include <string.h>

#include "core/base/json.h"

static const char *const kinds[] = {
    [TFU_FIGURE_LINES] = "lines",     [TFU_FIGURE_HEAT_MAP] = "heat_map",
    [TFU_FIGURE_SCATTER] = "scatter", [TFU_FIGURE_HISTOGRAM] = "histogram",
    [TFU_FIGURE_IMAGES] = "images",   [TFU_FIGURE_BARS] = "bars",
    [TFU_FIGURE_BOX] = "box",
};

/* ---- writing */

struct writing {
    bool failed; /* memory ran out */
};

static void put(struct writing *w, json_t *to, const char *key, json_t *value)
{
    w->failed |= json_object_set_new(to, key, value) != 0;
}

static void add(struct writing *w, json_t *list, json_t *value)
{
    w->failed |= json_array_append_new(list, value) != 0;
}

/* What is NULL, false or 0 is left out. */
static void put_text(struct writing *w, json_t *to, const char *key, const char *text)
{
    if (text)
        put(w, to, key, tfu_json_text(text));
}

static void put_flag(struct writing *w, json_t *to, const char *key, bool is)
{
    if (is)
        put(w, to, key, json_true());
}

static void put_count(struct writing *w, json_t *to, const char *key, size_t count)
{
    if (count)
        put(w, to, key, json_integer((json_int_t)count));
}

static void put_texts(struct writing *w, json_t *to, const char *key, const char *const *text,
                      size_t count)
{
    json_t *list = text ? json_array() : NULL;
    for (size_t i = 0; text && i < count; i++)
        add(w, list, tfu_json_text(text[i]));
    if (text)
        put(w, to, key, list);
}

static void put_points(struct writing *w, json_t *to, const char *key,
                       const struct tfu_figure_point *p, size_t count)
{
    json_t *list = count ? json_array() : NULL;
    for (size_t i = 0; i < count; i++)
        add(w, list,
            json_pack("[o, o, o, o]", tfu_json_number(p[i].x), tfu_json_number(p[i].y),
                      tfu_json_number(p[i].low), tfu_json_number(p[i].high)));
    if (count)
        put(w, to, key, list);
}

static json_t *series_json(struct writing *w, const struct tfu_figure_series *s)
{
    json_t *to = json_object();
    put_text(w, to, "label", s->label);
    put_text(w, to, "key", s->key);
    put_points(w, to, "points", s->point, s->count);
    put_flag(w, to, "band", s->band);
    put_flag(w, to, "reference", s->reference);
    put_points(w, to, "fit", s->fit, s->fit_count);
    put_text(w, to, "fit_label", s->fit_label);
    put_count(w, to, "look", s->look);
    put_count(w, to, "mark", s->mark);
    put_flag(w, to, "front", s->front);
    put_texts(w, to, "point_labels", s->point_label, s->count);
    put_texts(w, to, "point_keys", s->point_key, s->count);
    return to;
}

static json_t *matrix_json(struct writing *w, const struct tfu_figure_matrix *m)
{
    json_t *to = json_object(), *values = json_array();
    put_texts(w, to, "rows", m->row, m->rows);
    put_texts(w, to, "columns", m->column, m->columns);
    put_texts(w, to, "row_keys", m->row_key, m->rows);
    put_texts(w, to, "column_keys", m->column_key, m->columns);
    for (size_t i = 0; i < m->rows * m->columns; i++)
        add(w, values, tfu_json_number(m->value[i]));
    put(w, to, "values", values);
    put_text(w, to, "label", m->label);
    put(w, to, "low", tfu_json_number(m->low));
    put(w, to, "high", tfu_json_number(m->high));
    return to;
}

static json_t *panel_json(struct writing *w, const struct tfu_figure_panel *p)
{
    json_t *to = json_object(), *series = json_array();
    put_text(w, to, "title", p->title);
    put_text(w, to, "key", p->key);
    put_text(w, to, "note", p->note);
    put_text(w, to, "x_label", p->x_label);
    put_text(w, to, "y_label", p->y_label);
    put_texts(w, to, "categories", p->category, p->category_count);
    put_texts(w, to, "category_keys", p->category_key, p->category_count);
    put_flag(w, to, "apart", p->apart);
    put_flag(w, to, "log_x", p->log_x);
    put_flag(w, to, "log_y", p->log_y);
    put_flag(w, to, "diagonal", p->diagonal);
    if (p->y.has_low)
        put(w, to, "y_low", tfu_json_number(p->y.low));
    if (p->y.has_high)
        put(w, to, "y_high", tfu_json_number(p->y.high));
    for (size_t i = 0; i < p->series_count; i++)
        add(w, series, series_json(w, &p->series[i]));
    put(w, to, "series", series);
    if (p->matrix.rows && p->matrix.columns)
        put(w, to, "matrix", matrix_json(w, &p->matrix));
    if (p->image.file)
        put(w, to, "image",
            json_pack("{s:o, s:I, s:I}", "file", tfu_json_text(p->image.file), "height",
                      (json_int_t)p->image.height, "width", (json_int_t)p->image.width));
    return to;
}

json_t *tfu_figure_json(const struct tfu_figure *f, const char *name)
{
    struct writing w = {.failed = false};
    json_t *to = json_object(), *panels = json_array();
    for (size_t i = 0; i < f->panel_count; i++)
        add(&w, panels, panel_json(&w, &f->panel[i]));
    put_text(&w, to, "name", name);
    put_text(&w, to, "caption", f->caption);
    put_text(&w, to, "kind", kinds[f->kind]);
    put_text(&w, to, "title", f->title);
    put_count(&w, to, "columns", f->columns);
    put_flag(&w, to, "same_y", f->same_y);
    put(&w, to, "panels", panels);
    if (!w.failed)
        return to;
    json_decref(to);
    return NULL;
}

/* ---- reading */

struct reading {
    struct tfu_arena *arena;
    bool wrong;  /* it is not of that form */
    bool failed; /* memory ran out */
};

static void *room_for(struct reading *r, size_t count, size_t size)
{
    void *room = tfu_arena_array(r->arena, count + 1, size);
    r->failed |= !room;
    return room;
}

/* What is not there is NULL. */
static const char *take_text(struct reading *r, const json_t *text)
{
    r->wrong |= text && !json_is_string(text) && !json_is_null(text);
    if (!json_is_string(text))
        return NULL;
    const char *copy = tfu_arena_strdup(r->arena, json_string_value(text));
    r->failed |= !copy;
    return copy;
}

static double take_number(struct reading *r, const json_t *number)
{
    r->wrong |= !json_is_number(number) && !json_is_null(number);
    return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

static size_t take_count(struct reading *r, const json_t *count)
{
    const json_int_t n = json_integer_value(count);
    r->wrong |= n < 0;
    return n > 0 ? (size_t)n : 0;
}

/* As many as `count` is. */
static const char **take_texts(struct reading *r, const json_t *list, size_t count)
{
    const char **text = list ? room_for(r, count, sizeof *text) : NULL;
    r->wrong |= list && json_array_size(list) != count;
    for (size_t i = 0; text && i < count; i++) {
        const char *one = take_text(r, json_array_get(list, i));
        text[i] = one ? one : "";
    }
    return text;
}

static const struct tfu_figure_point *take_points(struct reading *r, const json_t *list,
                                                  size_t *count)
{
    *count = json_array_size(list);
    struct tfu_figure_point *p = room_for(r, *count, sizeof *p);
    for (size_t i = 0; p && i < *count; i++) {
        const json_t *x = json_array_get(list, i);
        r->wrong |= json_array_size(x) != 4;
        p[i].x = take_number(r, json_array_get(x, 0));
        p[i].y = take_number(r, json_array_get(x, 1));
        p[i].low = take_number(r, json_array_get(x, 2));
        p[i].high = take_number(r, json_array_get(x, 3));
    }
    return p;
}

static void take_series(struct reading *r, const json_t *from, struct tfu_figure_series *s)
{
    s->label = take_text(r, json_object_get(from, "label"));
    s->key = take_text(r, json_object_get(from, "key"));
    s->point = take_points(r, json_object_get(from, "points"), &s->count);
    s->band = json_is_true(json_object_get(from, "band"));
    s->reference = json_is_true(json_object_get(from, "reference"));
    s->fit = take_points(r, json_object_get(from, "fit"), &s->fit_count);
    s->fit_label = take_text(r, json_object_get(from, "fit_label"));
    s->look = take_count(r, json_object_get(from, "look"));
    s->mark = take_count(r, json_object_get(from, "mark"));
    s->front = json_is_true(json_object_get(from, "front"));
    s->point_label = take_texts(r, json_object_get(from, "point_labels"), s->count);
    s->point_key = take_texts(r, json_object_get(from, "point_keys"), s->count);
}

static void take_matrix(struct reading *r, const json_t *from, struct tfu_figure_matrix *m)
{
    const json_t *rows = json_object_get(from, "rows"), *columns = json_object_get(from, "columns");
    const json_t *values = json_object_get(from, "values");
    m->rows = json_array_size(rows);
    m->columns = json_array_size(columns);
    m->row = take_texts(r, rows, m->rows);
    m->column = take_texts(r, columns, m->columns);
    m->row_key = take_texts(r, json_object_get(from, "row_keys"), m->rows);
    m->column_key = take_texts(r, json_object_get(from, "column_keys"), m->columns);
    const size_t cells = json_array_size(values);
    double *value = room_for(r, cells, sizeof *value);
    r->wrong |= cells != m->rows * m->columns;
    for (size_t i = 0; value && i < cells; i++)
        value[i] = take_number(r, json_array_get(values, i));
    m->value = value;
    m->label = take_text(r, json_object_get(from, "label"));
    m->low = take_number(r, json_object_get(from, "low"));
    m->high = take_number(r, json_object_get(from, "high"));
}

static void take_panel(struct reading *r, const json_t *from, struct tfu_figure_panel *p)
{
    const json_t *series = json_object_get(from, "series");
    const json_t *category = json_object_get(from, "categories");
    const json_t *low = json_object_get(from, "y_low"), *high = json_object_get(from, "y_high");
    const json_t *image = json_object_get(from, "image");
    r->wrong |= !json_is_array(series);
    p->title = take_text(r, json_object_get(from, "title"));
    p->key = take_text(r, json_object_get(from, "key"));
    p->note = take_text(r, json_object_get(from, "note"));
    p->x_label = take_text(r, json_object_get(from, "x_label"));
    p->y_label = take_text(r, json_object_get(from, "y_label"));
    p->category_count = json_array_size(category);
    p->category = take_texts(r, category, p->category_count);
    p->category_key = take_texts(r, json_object_get(from, "category_keys"), p->category_count);
    p->apart = json_is_true(json_object_get(from, "apart"));
    p->log_x = json_is_true(json_object_get(from, "log_x"));
    p->log_y = json_is_true(json_object_get(from, "log_y"));
    p->diagonal = json_is_true(json_object_get(from, "diagonal"));
    p->y.has_low = low;
    p->y.has_high = high;
    p->y.low = low ? take_number(r, low) : 0;
    p->y.high = high ? take_number(r, high) : 0;
    p->series_count = json_array_size(series);
    struct tfu_figure_series *s = room_for(r, p->series_count, sizeof *s);
    for (size_t i = 0; s && i < p->series_count; i++)
        take_series(r, json_array_get(series, i), &s[i]);
    p->series = s;
    if (json_object_get(from, "matrix"))
        take_matrix(r, json_object_get(from, "matrix"), &p->matrix);
    p->image.file = take_text(r, json_object_get(image, "file"));
    p->image.height = json_integer_value(json_object_get(image, "height"));
    p->image.width = json_integer_value(json_object_get(image, "width"));
}

static bool take_kind(enum tfu_figure_kind *out, const char *name)
{
    for (size_t i = 0; name && i < TFU_COUNT(kinds); i++)
        if (strcmp(kinds[i], name) == 0) {
            *out = (enum tfu_figure_kind)i;
            return true;
        }
    return false;
}

enum tfu_status tfu_figure_read_json(struct tfu_figure *out, const json_t *root,
                                     struct tfu_arena *arena, struct tfu_error *e)
{
    struct reading r = {.arena = arena};
    const json_t *panels = json_object_get(root, "panels");
    *out = (struct tfu_figure){.panel_count = json_array_size(panels)};
    struct tfu_figure_panel *panel = room_for(&r, out->panel_count, sizeof *panel);
    r.wrong |= !json_is_array(panels) ||
               !take_kind(&out->kind, json_string_value(json_object_get(root, "kind")));
    out->title = take_text(&r, json_object_get(root, "title"));
    out->caption = take_text(&r, json_object_get(root, "caption"));
    out->columns = take_count(&r, json_object_get(root, "columns"));
    out->same_y = json_is_true(json_object_get(root, "same_y"));
    for (size_t i = 0; panel && i < out->panel_count; i++)
        take_panel(&r, json_array_get(panels, i), &panel[i]);
    out->panel = panel;
    if (r.failed)
        return tfu_error_memory(e, "reading a figure", 0);
    return r.wrong ? tfu_error_set(e, TFU_EINVAL, "this is not the JSON of a figure") : TFU_OK;
}
