/* SPDX-License-Identifier: MIT */
#include "core/report/answer_figure.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/report/words.h"
#include "core/result/figure_json.h"

struct work {
    const struct tfu_report_cases *cases;
    bool changed, failed;
};

/* A label in words, or itself. */
static const char *in_words(struct work *w, const char *label)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (!label)
        return NULL;
    tfu_report_words_put(&text, w->cases, label);
    const bool same = strcmp(tfu_text_get(&text), label) == 0;
    const char *out = same          ? label
                      : text.failed ? NULL
                                    : tfu_arena_strdup(w->cases->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    w->changed |= !same;
    w->failed |= !out;
    return out;
}

static void name_series(struct work *w, struct tfu_figure_series *s)
{
    s->key = s->key ? s->key : s->label;
    s->label = in_words(w, s->label);
    const char **label =
        s->point_label ? tfu_arena_array(w->cases->arena, s->count + 1, sizeof *label) : NULL;
    w->failed |= s->point_label && !label;
    for (size_t i = 0; label && i < s->count; i++)
        label[i] = in_words(w, s->point_label[i]);
    s->point_key = s->point_key ? s->point_key : s->point_label;
    s->point_label = label;
}

/* Categories are layers, classes, parts, whatever values are called; only what has AXIS=VALUE is
 * of networks: the lines of `agreement`. */
static void name_categories(struct work *w, struct tfu_figure_panel *p)
{
    const char **name =
        p->category ? tfu_arena_array(w->cases->arena, p->category_count + 1, sizeof *name) : NULL;
    w->failed |= p->category && !name;
    for (size_t i = 0; name && i < p->category_count; i++)
        name[i] = strchr(p->category[i], '=') ? in_words(w, p->category[i]) : p->category[i];
    p->category_key = p->category_key ? p->category_key : p->category;
    p->category = name;
}

static void name_panel(struct work *w, struct tfu_figure_panel *p)
{
    p->key = p->key ? p->key : p->title;
    p->title = in_words(w, p->title);
    p->note = in_words(w, p->note);
    p->x_label = in_words(w, p->x_label);
    p->y_label = in_words(w, p->y_label);
    name_categories(w, p);
    for (size_t i = 0; i < p->series_count; i++)
        name_series(w, (struct tfu_figure_series *)&p->series[i]);
}

static enum tfu_status read_figure(struct tfu_report_builder *b, const char *stem,
                                   struct tfu_figure *out, struct tfu_error *e)
{
    const char *path = tfu_arena_printf(&b->out->arena, "%s.json", stem);
    json_t *root = path ? json_load_file(path, 0, NULL) : NULL;
    const enum tfu_status st = tfu_figure_read_json(
        out, json_array_get(json_object_get(root, "figures"), 0), &b->out->arena, e);
    json_decref(root);
    return path ? st : tfu_error_memory(e, "reading an analysis", 0);
}

/* Are the pictures beside it there that it is made of? */
static bool has_images(const struct tfu_figure *f, const char *stem)
{
    char path[PATH_MAX];
    const int beside = (int)(tfu_path_last(stem) - stem);
    bool has = true;
    for (size_t i = 0; i < f->panel_count; i++) {
        const char *file = f->panel[i].image.file;
        const int n = file ? snprintf(path, sizeof path, "%.*s%s", beside, stem, file) : 0;
        has &= !file || (n > 0 && n < (int)sizeof path && access(path, R_OK) == 0);
    }
    return has;
}

enum tfu_status tfu_report_answer_figure(struct tfu_report_builder *b, const char *stem,
                                         struct tfu_figure **out, struct tfu_error *e)
{
    struct work w = {.cases = b->cases};
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_figure *f = tfu_arena_alloc(&b->out->arena, sizeof *f);
    *out = NULL;
    const enum tfu_status st =
        f ? read_figure(b, stem, f, &why) : tfu_error_memory(&why, "reading an analysis", 0);
    for (size_t i = 0; st == TFU_OK && i < f->panel_count; i++)
        name_panel(&w, (struct tfu_figure_panel *)&f->panel[i]);
    if (st == TFU_ENOMEM || w.failed)
        return tfu_error_memory(e, "reading an analysis", 0);
    if (st == TFU_OK && w.changed && has_images(f, stem)) {
        f->title = in_words(&w, f->title);
        f->has_keys = true;
        *out = f;
    }
    return TFU_OK;
}
