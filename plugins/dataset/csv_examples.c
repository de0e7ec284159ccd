/* SPDX-License-Identifier: MIT */
#include "csv_examples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_notes.h"

enum { EXAMPLES_MAX = 100000000 };

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the rows of a table");
}

/* ---- rows */

static enum tfu_status make_room(struct csv_examples *x, struct tfu_dataset_host *h)
{
    if (x->images.count < x->room)
        return TFU_OK;
    const size_t room = x->room + x->room / 2 + 1024;
    int64_t *line = realloc(x->line, room * sizeof *line);
    if (line)
        x->line = line;
    uint32_t *folder = line ? realloc(x->folder, room * sizeof *folder) : NULL;
    if (!folder)
        return no_memory(h);
    x->folder = folder;
    x->room = room;
    return TFU_OK;
}

static enum tfu_status repeat(struct csv_examples *x, const struct csv_reader *r, uint32_t example,
                              const char *image, struct tfu_dataset_host *h)
{
    const int64_t line = x->line[example];
    uint32_t folder;
    const enum tfu_status placed = csv_places_row(&x->places, r, &folder, h);
    if (placed != TFU_OK)
        return placed;
    if (folder != x->folder[example])
        return h->fail(h, TFU_EINVAL,
                       "%s:%lld: the image '%.300s' is in line %lld already, by the pattern in "
                       "another folder; an image has a name of its own: put the folder into the "
                       "column of images",
                       r->path, (long long)r->row, image, (long long)line);
    if (x->settings.rows != CSV_ROWS_GROUPED)
        return h->fail(
            h, TFU_EINVAL,
            "%s:%lld: the image '%.300s' is in line %lld already; if several rows may be "
            "of one image, say `rows: grouped`",
            r->path, (long long)r->row, image, (long long)line);
    const enum tfu_status st = csv_labels_repeat(&x->labels, example, line, r, h);
    return st == TFU_OK ? csv_boxes_add(&x->boxes, r, example, h) : st;
}

static enum tfu_status add(struct csv_examples *x, const struct csv_reader *r, size_t image_field,
                           enum csv_view view, struct tfu_dataset_host *h)
{
    const char *image = csv_reader_trimmed(r, image_field), *why = csv_places_leaves(image);
    const uint32_t before = x->images.count;
    uint32_t example;
    if (why)
        return h->fail(h, TFU_EINVAL, "%s:%lld: the image is '%.300s'; %s", r->path,
                       (long long)r->row, image, why);
    if (before == EXAMPLES_MAX)
        return h->fail(h, TFU_EUNSUPPORTED, "%s:%lld: there are more than %d images", r->path,
                       (long long)r->row, EXAMPLES_MAX);
    enum tfu_status st = make_room(x, h);
    if (st != TFU_OK)
        return st;
    if (!csv_words_add(&x->images, image, &example))
        return no_memory(h);
    if (example != before)
        return repeat(x, r, example, image, h);
    x->line[example] = r->row;
    st = csv_places_row(&x->places, r, &x->folder[example], h);
    if (st == TFU_OK)
        st = csv_labels_add(&x->labels, r, h);
    if (st == TFU_OK)
        st = csv_about_add(&x->about, r, view, h);
    return st == TFU_OK ? csv_boxes_add(&x->boxes, r, example, h) : st;
}

/* ---- views */

static enum tfu_status read_views(struct csv_examples *x, struct tfu_dataset_host *h)
{
    const struct tfu_string_list *views = &x->settings.config->views;
    for (int k = 0; k < CSV_VIEWS; k++)
        x->wanted[k] = views->count == 0;
    if (views->count && !x->about.view_fields)
        return h->fail(h, TFU_EINVAL,
                       "views is given, but not where the table has them: name the column by "
                       "`view`");
    for (uint64_t i = 0; i < views->count; i++) {
        enum csv_view v;
        if (!csv_view_read(views->item[i], &v))
            return h->fail(h, TFU_EINVAL,
                           "views: '%s' is none of PA, AP, AP_SUPINE, L, LL, RL and UNKNOWN",
                           views->item[i]);
        x->wanted[v] = true;
    }
    return TFU_OK;
}

/* ---- the table */

static enum tfu_status read_rows(struct csv_examples *x, struct csv_reader *r,
                                 const struct csv_filter *f, size_t image,
                                 struct tfu_dataset_host *h)
{
    for (;;) {
        bool found;
        enum tfu_status st = csv_reader_next(r, &found, h);
        if (st != TFU_OK || !found)
            return st;
        x->rows++;
        if (!csv_filter_holds(f, r)) {
            x->filtered++;
            continue;
        }
        const enum csv_view view = csv_about_view(&x->about, r);
        x->before[view]++;
        if (!x->wanted[view])
            continue;
        x->after[view]++;
        st = add(x, r, image, view, h);
        if (st != TFU_OK)
            return st;
    }
}

static enum tfu_status check_rows(const struct csv_examples *x, struct tfu_dataset_host *h)
{
    char text[300], views[200];
    if (x->images.count)
        return TFU_OK;
    if (x->rows == 0)
        return h->fail(h, TFU_EINVAL, "the table '%s' has no line but that of its columns",
                       x->settings.table);
    if (x->filtered == x->rows) {
        csv_list_text(&x->settings.where, text, sizeof text);
        return h->fail(h, TFU_EINVAL, "none of the %lld rows of '%s' is left by `where`: %s",
                       (long long)x->rows, x->settings.table, text);
    }
    csv_list_text(&x->settings.config->views, text, sizeof text);
    csv_notes_views(x->before, views, sizeof views);
    return h->fail(h, TFU_EINVAL, "none of the rows of '%s' has a view of [%s]; there are %s",
                   x->settings.table, text, views);
}

static enum tfu_status read_table(struct csv_examples *x, struct csv_reader *r,
                                  struct csv_filter *f, struct tfu_dataset_host *h)
{
    const struct csv_settings *s = &x->settings;
    size_t image = 0;
    enum tfu_status st = csv_reader_column(r, s->image, "image", &image, h);
    if (st == TFU_OK)
        st = csv_filter_begin(f, s, r, h);
    if (st == TFU_OK)
        st = csv_labels_begin(&x->labels, s, r, h);
    if (st == TFU_OK)
        st = csv_about_begin(&x->about, s, r, image, h);
    if (st == TFU_OK)
        st = csv_boxes_begin(&x->boxes, s, r, h);
    if (st == TFU_OK)
        st = csv_places_begin(&x->places, s, r, h);
    if (st == TFU_OK)
        st = read_views(x, h);
    if (st == TFU_OK)
        st = read_rows(x, r, f, image, h);
    return st == TFU_OK ? check_rows(x, h) : st;
}

/* All of it is in memory, and given back before the images are looked at. */
static enum tfu_status read_file(struct csv_examples *x, struct tfu_dataset_host *h)
{
    struct csv_text text;
    struct csv_reader r;
    struct csv_filter f = {0};
    const char *path = x->settings.table;
    enum tfu_status st = csv_text_read(&text, path, h);
    if (st != TFU_OK)
        return st;
    st = csv_reader_open(&r, &text, path, x->settings.delimiter, h);
    if (st == TFU_OK) {
        st = read_table(x, &r, &f, h);
        csv_reader_close(&r);
    }
    csv_filter_free(&f);
    csv_text_free(&text);
    return st;
}

enum tfu_status csv_examples_read(struct csv_examples *x, const struct csv_config *c,
                                  struct tfu_dataset_host *h)
{
    *x = (struct csv_examples){.places = {.root = -1}};
    enum tfu_status st = csv_settings_make(&x->settings, c, h);
    if (st == TFU_OK)
        st = read_file(x, h);
    if (st == TFU_OK)
        st = csv_labels_end(&x->labels, h);
    if (st == TFU_OK)
        st = csv_boxes_read(&x->boxes, &x->settings, &x->labels, &x->images, h);
    if (st != TFU_OK)
        return st;
    csv_boxes_end(&x->boxes);
    csv_about_end(&x->about, h);
    return csv_notes_write(x, h);
}

void csv_examples_finish(struct csv_examples *x)
{
    csv_words_finish(&x->images);
    csv_places_end(&x->places);
    free(x->line);
    free(x->folder);
    x->line = NULL;
    x->folder = NULL;
}

size_t csv_examples_bytes(const struct csv_examples *x)
{
    return csv_words_bytes(&x->images) + csv_labels_bytes(&x->labels) + csv_about_bytes(&x->about) +
           x->boxes.room * sizeof *x->boxes.box;
}

void csv_examples_free(struct csv_examples *x)
{
    for (size_t i = 0; i < x->notes; i++)
        free(x->note[i]);
    free(x->note);
    free(x->line);
    free(x->folder);
    csv_words_free(&x->images);
    csv_labels_free(&x->labels);
    csv_about_free(&x->about);
    csv_boxes_free(&x->boxes);
    csv_places_free(&x->places);
    csv_settings_free(&x->settings);
}
