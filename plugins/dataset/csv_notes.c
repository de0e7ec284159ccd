/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* strdup() */
#include "csv_notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum tfu_status add(struct csv_examples *x, const char *text, struct tfu_dataset_host *h)
{
    if (x->notes == x->note_room) {
        const size_t room = 2 * x->note_room + 16;
        char **larger = realloc(x->note, room * sizeof *larger);
        if (!larger)
            return h->fail(h, TFU_ENOMEM, "out of memory for notes on a table");
        x->note = larger;
        x->note_room = room;
    }
    x->note[x->notes] = strdup(text);
    if (!x->note[x->notes])
        return h->fail(h, TFU_ENOMEM, "out of memory for notes on a table");
    x->notes++;
    return TFU_OK;
}

void csv_notes_views(const int64_t count[CSV_VIEWS], char *out, size_t room)
{
    size_t n = 0;
    snprintf(out, room, "none");
    for (int k = 0; k < CSV_VIEWS && n < room; k++)
        if (count[k])
            n += (size_t)snprintf(out + n, room - n, "%s%s %lld", n ? ", " : "",
                                  csv_view_name((enum csv_view)k), (long long)count[k]);
}

static enum tfu_status note_rows(struct csv_examples *x, struct tfu_dataset_host *h)
{
    char text[600];
    const char *file = strrchr(x->settings.table, '/');
    int n = snprintf(text, sizeof text, "%.200s: %lld rows, %u examples",
                     file ? file + 1 : x->settings.table, (long long)x->rows, x->images.count);
    if (x->about.grouping != CSV_ALONE)
        n += snprintf(text + n, sizeof text - (size_t)n, " of %u groups", x->about.groups.count);
    if (x->filtered)
        n += snprintf(text + n, sizeof text - (size_t)n, "; %lld rows left out by `where`",
                      (long long)x->filtered);
    int64_t alone = 0;
    for (size_t i = 0; x->about.grouping == CSV_COLUMN && i < x->about.examples; i++)
        alone += x->about.group[i] == CSV_NO_GROUP;
    if (alone)
        snprintf(text + n, sizeof text - (size_t)n, "; %lld examples have no group",
                 (long long)alone);
    return add(x, text, h);
}

static enum tfu_status note_views(struct csv_examples *x, struct tfu_dataset_host *h)
{
    char text[600], views[200];
    if (!x->about.view_fields)
        return TFU_OK;
    csv_notes_views(x->before, views, sizeof views);
    const int n = snprintf(text, sizeof text, "views of the rows: %s", views);
    if (x->settings.config->views.count) {
        csv_notes_views(x->after, views, sizeof views);
        snprintf(text + n, sizeof text - (size_t)n, "; kept: %s", views);
    }
    return add(x, text, h);
}

static enum tfu_status note_labels(struct csv_examples *x, struct tfu_dataset_host *h)
{
    char text[600];
    enum tfu_status st = TFU_OK;
    if (x->labels.kind == CSV_CLASS) {
        int64_t unknown = 0;
        for (size_t i = 0; i < x->labels.examples; i++)
            unknown += isnan(x->labels.word_class[x->labels.word[i]]) != 0;
        snprintf(text, sizeof text, "'%.200s' of %lld examples is not known",
                 x->settings.labels.item[0], (long long)unknown);
        return unknown ? add(x, text, h) : TFU_OK;
    }
    for (size_t k = 0; st == TFU_OK && x->labels.kind == CSV_LABELS && k < x->labels.columns; k++) {
        csv_labels_text(&x->labels, k, text, sizeof text);
        st = add(x, text, h);
    }
    return st;
}

static enum tfu_status note_boxes(struct csv_examples *x, struct tfu_dataset_host *h)
{
    char text[300];
    const struct csv_boxes *b = &x->boxes;
    if (!b->has_fields && !x->settings.config->boxes_table[0])
        return TFU_OK;
    int n = snprintf(text, sizeof text, "%zu boxes", b->count);
    if (b->other_images || b->other_labels)
        snprintf(text + n, sizeof text - (size_t)n,
                 "; %lld of other images and %lld of other labels are left out",
                 (long long)b->other_images, (long long)b->other_labels);
    return add(x, text, h);
}

enum tfu_status csv_notes_write(struct csv_examples *x, struct tfu_dataset_host *h)
{
    enum tfu_status st = note_rows(x, h);
    if (st == TFU_OK)
        st = note_views(x, h);
    if (st == TFU_OK)
        st = note_labels(x, h);
    return st == TFU_OK ? note_boxes(x, h) : st;
}
