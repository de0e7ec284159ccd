/* SPDX-License-Identifier: MIT */
#include "csv_boxes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_values.h"

static enum tfu_status add(struct csv_boxes *b, const struct csv_box *box,
                           struct tfu_dataset_host *h)
{
    if (b->count == b->room) {
        const size_t room = 2 * b->room + 64;
        struct csv_box *larger = realloc(b->box, room * sizeof *larger);
        if (!larger)
            return h->fail(h, TFU_ENOMEM, "out of memory for the boxes of a table");
        b->box = larger;
        b->room = room;
    }
    b->box[b->count] = *box;
    b->box[b->count].order = (uint32_t)b->count;
    b->count++;
    return TFU_OK;
}

enum tfu_status csv_boxes_begin(struct csv_boxes *b, const struct csv_settings *s,
                                const struct csv_reader *r, struct tfu_dataset_host *h)
{
    *b = (struct csv_boxes){0};
    const struct tfu_string_list *boxes = &s->boxes;
    if (boxes->count && boxes->count != 4)
        return h->fail(h, TFU_EINVAL,
                       "boxes has %llu columns; they are four: left, top, width, height",
                       (unsigned long long)boxes->count);
    if (!boxes->count || s->config->boxes_table[0])
        return TFU_OK;
    enum tfu_status st = TFU_OK;
    for (size_t k = 0; st == TFU_OK && k < 4; k++)
        st = csv_reader_column(r, boxes->item[k], "boxes", &b->field[k], h);
    b->has_fields = st == TFU_OK;
    return st;
}

static enum tfu_status read_box(struct csv_box *box, const size_t field[4], bool *found,
                                const struct csv_reader *r, struct tfu_dataset_host *h)
{
    double v[4];
    int blank = 0;
    for (int k = 0; k < 4; k++) {
        const char *text = csv_reader_trimmed(r, field[k]);
        const bool is_blank = csv_is_blank(text);
        blank += is_blank;
        if (!is_blank && !csv_number(text, &v[k]))
            return h->fail(h, TFU_EINVAL, "%s:%lld: '%s' of a box is '%.200s', which is no number",
                           r->path, (long long)r->row, r->column[field[k]], text);
    }
    *found = blank == 0;
    if (blank == 4)
        return TFU_OK;
    if (blank)
        return h->fail(h, TFU_EINVAL, "%s:%lld: the box has %d numbers; it is to have four",
                       r->path, (long long)r->row, 4 - blank);
    if (!(v[0] >= 0 && v[1] >= 0 && v[2] > 0 && v[3] > 0 && v[0] + v[2] < 1e6 && v[1] + v[3] < 1e6))
        return h->fail(h, TFU_EINVAL,
                       "%s:%lld: a box cannot lie at (%g, %g) and be %g wide and %g high", r->path,
                       (long long)r->row, v[0], v[1], v[2], v[3]);
    box->left = (float)v[0];
    box->top = (float)v[1];
    box->right = (float)(v[0] + v[2]);
    box->bottom = (float)(v[1] + v[3]);
    return TFU_OK;
}

enum tfu_status csv_boxes_add(struct csv_boxes *b, const struct csv_reader *r, uint32_t example,
                              struct tfu_dataset_host *h)
{
    struct csv_box box = {.example = example, .class = -1};
    bool found = false;
    if (!b->has_fields)
        return TFU_OK;
    const enum tfu_status st = read_box(&box, b->field, &found, r, h);
    return st == TFU_OK && found ? add(b, &box, h) : st;
}

/* ---- a table of boxes */

/* What the label of a box is called among those of the images. */
static const char *known_name(const struct csv_settings *s, const char *label)
{
    const struct tfu_string_list *list = &s->preset->box_labels;
    const size_t n = strlen(label);
    for (uint64_t i = 0; i < list->count; i++)
        if (strncmp(list->item[i], label, n) == 0 && list->item[i][n] == '=')
            return list->item[i] + n + 1;
    return label;
}

struct columns {
    size_t image, label, box[4];
    bool has_label;
};

static enum tfu_status find_columns(struct columns *c, const struct csv_settings *s,
                                    const struct csv_reader *r, struct tfu_dataset_host *h)
{
    const struct tfu_string_list *own = &s->preset->boxes_table;
    const bool known = own->count == 6 && s->config->boxes.count == 0;
    *c = (struct columns){.has_label = known};
    if (!known && s->boxes.count != 4)
        return h->fail(h, TFU_EINVAL,
                       "boxes_table is given, but not its columns: name those of "
                       "left, top, width and height by `boxes`");
    const char *const *box = known ? own->item + 2 : s->boxes.item;
    enum tfu_status st =
        csv_reader_column(r, known ? own->item[0] : s->image, "image", &c->image, h);
    if (st == TFU_OK && known)
        st = csv_reader_column(r, own->item[1], "label of a box", &c->label, h);
    for (size_t k = 0; st == TFU_OK && k < 4; k++)
        st = csv_reader_column(r, box[k], "boxes", &c->box[k], h);
    return st;
}

static enum tfu_status read_row(struct csv_boxes *b, const struct columns *c,
                                const struct csv_settings *s, const struct csv_labels *l,
                                const struct csv_words *images, const struct csv_reader *r,
                                struct tfu_dataset_host *h)
{
    struct csv_box box = {.class = -1};
    bool found;
    const enum tfu_status st = read_box(&box, c->box, &found, r, h);
    if (st != TFU_OK || !found)
        return st;
    const int64_t example = csv_words_find(images, csv_reader_trimmed(r, c->image));
    if (example < 0) {
        b->other_images++;
        return TFU_OK;
    }
    if (c->has_label) {
        const int64_t label = csv_labels_find(l, known_name(s, csv_reader_trimmed(r, c->label)));
        box.class = (float)label;
        if (label < 0) {
            b->other_labels++;
            return TFU_OK;
        }
    }
    box.example = (uint32_t)example;
    return add(b, &box, h);
}

static enum tfu_status read_rows(struct csv_boxes *b, const struct csv_settings *s,
                                 const struct csv_labels *l, const struct csv_words *images,
                                 struct csv_reader *r, struct tfu_dataset_host *h)
{
    struct columns c;
    bool found;
    enum tfu_status st = find_columns(&c, s, r, h);
    while (st == TFU_OK) {
        st = csv_reader_next(r, &found, h);
        if (st != TFU_OK || !found)
            return st;
        st = read_row(b, &c, s, l, images, r, h);
    }
    return st;
}

enum tfu_status csv_boxes_read(struct csv_boxes *b, const struct csv_settings *s,
                               const struct csv_labels *l, const struct csv_words *images,
                               struct tfu_dataset_host *h)
{
    const char *path = s->config->boxes_table;
    struct csv_text text;
    struct csv_reader r;
    if (!path[0])
        return TFU_OK;
    enum tfu_status st = csv_text_read(&text, path, h);
    if (st != TFU_OK)
        return st;
    st = csv_reader_open(&r, &text, path, s->delimiter, h);
    if (st == TFU_OK) {
        st = read_rows(b, s, l, images, &r, h);
        csv_reader_close(&r);
    }
    csv_text_free(&text);
    return st == TFU_OK ? h->add_file(h, path) : st;
}

/* ---- */

static int by_example(const void *a, const void *b)
{
    const struct csv_box *x = a, *y = b;
    if (x->example != y->example)
        return x->example < y->example ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void csv_boxes_end(struct csv_boxes *b)
{
    if (b->count)
        qsort(b->box, b->count, sizeof *b->box, by_example);
}

void csv_boxes_free(struct csv_boxes *b)
{
    free(b->box);
    *b = (struct csv_boxes){0};
}

size_t csv_boxes_of(const struct csv_boxes *b, uint32_t example, const struct csv_box **first)
{
    size_t low = 0, high = b->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (b->box[middle].example < example)
            low = middle + 1;
        else
            high = middle;
    }
    *first = b->count ? b->box + low : NULL;
    while (high < b->count && b->box[high].example == example)
        high++;
    return high - low;
}
