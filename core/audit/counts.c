/* SPDX-License-Identifier: MIT
 *
 * What there is, counted: splits, labels, attributes, sizes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit/parts.h"

/* ---- splits */

/* Files that were left out when the data were opened, and images that were not read after that. */
static int64_t count_problems(const struct tfu_looks *l)
{
    int64_t n = (int64_t)tfu_dataset_bad_images(l->dataset)->count;
    for (int64_t i = 0; i < l->count; i++)
        n += l->image[i].problem != NULL;
    return n;
}

static int64_t count_constant(const struct tfu_looks *l)
{
    int64_t n = 0;
    for (int64_t i = 0; i < l->count; i++)
        n += l->image[i].constant;
    return n;
}

void tfu_audit_splits(const struct tfu_audit_work *w)
{
    static const struct tfu_column columns[] = {{.name = "split"},
                                                {.name = "examples"},
                                                {.name = "groups"},
                                                {.name = "unreadable"},
                                                {.name = "constant"}};
    struct tfu_result_table *t =
        tfu_result_table(w->out, "splits", TFU_TABLE_SHOWN | TFU_TABLE_DATA, columns, 5);
    for (size_t s = 0; s < w->request->count; s++) {
        const int64_t bad = count_problems(&w->looks[s]);
        const int64_t groups = tfu_dataset_groups(w->request->dataset[s]);
        tfu_cell_text(t, "%s", w->request->name[s]);
        tfu_cell_whole(t, w->looks[s].count);
        if (groups)
            tfu_cell_whole(t, groups);
        else
            tfu_cell_none(t, "not known");
        tfu_cell_whole(t, bad);
        tfu_cell_whole(t, count_constant(&w->looks[s]));
        w->found->unreadable += bad;
    }
}

void tfu_audit_notes(const struct tfu_audit_work *w)
{
    static const struct tfu_column columns[] = {{.name = "split"}, {.name = "note"}};
    struct tfu_result_table *t = NULL;
    for (size_t s = 0; s < w->request->count; s++) {
        const struct tfu_dataset_info *info = tfu_dataset_info(w->request->dataset[s]);
        if (info->note_count && !t)
            t = tfu_result_table(w->out, "notes", TFU_TABLE_DATA, columns, 2);
        for (int64_t i = 0; i < info->note_count; i++) {
            tfu_cell_text(t, "%s", w->request->name[s]);
            tfu_cell_text(t, "%s", info->notes[i]);
        }
    }
}

static void put_problem(const struct tfu_audit_work *w, struct tfu_result_table *t, size_t split,
                        const char *problem, int64_t *shown)
{
    tfu_cell_text(t, "%s", w->request->name[split]);
    tfu_cell_text(t, "%s", problem);
    if ((*shown)++ < w->request->shown)
        tfu_result_say(w->out, "  %s: %s", w->request->name[split], problem);
}

void tfu_audit_unreadable(const struct tfu_audit_work *w)
{
    static const struct tfu_column columns[] = {{.name = "split"}, {.name = "problem"}};
    int64_t shown = 0;
    if (!w->found->unreadable)
        return;
    tfu_result_say(w->out, "%s", "");
    tfu_result_say(w->out, "Images that cannot be read:");
    struct tfu_result_table *t = tfu_result_table(w->out, "unreadable", TFU_TABLE_DATA, columns, 2);
    for (size_t s = 0; s < w->request->count; s++) {
        const struct tfu_bad_images *bad = tfu_dataset_bad_images(w->request->dataset[s]);
        for (size_t i = 0; i < bad->count; i++)
            put_problem(w, t, s, bad->reason[i], &shown);
        for (int64_t i = 0; i < w->looks[s].count; i++)
            if (w->looks[s].image[i].problem)
                put_problem(w, t, s, w->looks[s].image[i].problem, &shown);
    }
    if (shown > w->request->shown)
        tfu_result_say(w->out, "  and %" PRId64 " more", shown - w->request->shown);
}

void tfu_audit_conversions(const struct tfu_audit_work *w)
{
    static const struct tfu_column columns[] = {{.name = "split"}, {.name = "conversions"}};
    struct tfu_result_table *t = NULL;
    for (size_t s = 0; s < w->request->count; s++) {
        const struct tfu_image_kinds *k = tfu_dataset_image_kinds(w->request->dataset[s]);
        struct tfu_text said = TFU_TEXT_INIT;
        if (k)
            tfu_image_kinds_put(k, &said);
        if (said.length && !t) {
            tfu_result_say(w->out, "%s", "");
            t = tfu_result_table(w->out, "conversions", TFU_TABLE_DATA, columns, 2);
        }
        if (said.length) {
            tfu_cell_text(t, "%s", w->request->name[s]);
            tfu_cell_text(t, "%s", tfu_text_get(&said));
            tfu_result_say(w->out, "%s data: %s", w->request->name[s], tfu_text_get(&said));
        }
        tfu_text_free(&said);
    }
}

/* ---- labels */

static const char *label_name(const struct tfu_audit_work *w, int64_t k, char number[24])
{
    if (w->request->class_names)
        return w->request->class_names[k];
    snprintf(number, 24, "%" PRId64, k);
    return number;
}

/* A row a class, a column a split. */
static void put_classes(const struct tfu_audit_work *w, int64_t classes)
{
    const size_t splits = w->request->count;
    struct tfu_column column[1 + TFU_AUDIT_SPLITS] = {{.name = "class"}};
    char number[24];
    for (size_t s = 0; s < splits; s++)
        column[1 + s] = (struct tfu_column){.name = w->request->name[s]};
    struct tfu_result_table *t =
        tfu_result_table(w->out, "classes", TFU_TABLE_SHOWN | TFU_TABLE_DATA, column, 1 + splits);
    for (int64_t k = 0; k < classes; k++) {
        tfu_cell_text(t, "%s", label_name(w, k, number));
        for (size_t s = 0; s < splits; s++) {
            const struct tfu_census *c = tfu_dataset_census(w->request->dataset[s]);
            tfu_cell_whole(t, k < c->classes ? c->count[k] : 0);
        }
    }
}

/* A row a label and a split. */
static void put_labels(const struct tfu_audit_work *w, int64_t columns)
{
    static const struct tfu_column column[] = {{.name = "label"},    {.name = "split"},
                                               {.name = "positive"}, {.name = "negative"},
                                               {.name = "between"},  {.name = "unknown"}};
    char number[24];
    struct tfu_result_table *t =
        tfu_result_table(w->out, "labels", TFU_TABLE_SHOWN | TFU_TABLE_DATA, column, 6);
    for (int64_t k = 0; k < columns; k++)
        for (size_t s = 0; s < w->request->count; s++) {
            const struct tfu_census *c = tfu_dataset_census(w->request->dataset[s]);
            if (k >= c->columns)
                continue;
            tfu_cell_text(t, "%s", label_name(w, k, number));
            tfu_cell_text(t, "%s", w->request->name[s]);
            tfu_cell_whole(t, c->column[k].positive);
            tfu_cell_whole(t, c->column[k].negative);
            tfu_cell_whole(t, c->column[k].between);
            tfu_cell_whole(t, c->column[k].unknown);
        }
}

void tfu_audit_labels(const struct tfu_audit_work *w)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(w->request->dataset[0]);
    tfu_result_say(w->out, "%s", "");
    if (info->target == TFU_FIELD_CLASS)
        put_classes(w, info->classes);
    else if (info->target == TFU_FIELD_LABELS)
        put_labels(w, info->label_columns);
    else
        tfu_result_say(w->out, "%s",
                       info->target ? "The labels are numbers." : "There are no labels.");
}

/* ---- attributes */

static int64_t count_value(const struct tfu_dataset *d, int64_t which, int64_t value)
{
    int64_t n = 0;
    for (int64_t i = 0; i < tfu_dataset_info(d)->count; i++)
        n += tfu_dataset_attribute_value(d, i, which) == value;
    return n;
}

/* The value of that word in another split's table of words; -1: it does not occur there. */
static int64_t value_of(const struct tfu_dataset *d, int64_t which, const char *word)
{
    int64_t count;
    const char *const *words = tfu_dataset_attribute_words(d, which, &count);
    for (int64_t v = 0; v < count; v++)
        if (strcmp(words[v], word) == 0)
            return v;
    return -1;
}

enum { VALUES_MAX = 40 }; /* ages and the like are not listed one by one */

static void put_attribute(const struct tfu_audit_work *w, const char *name, int64_t which,
                          struct tfu_result_table *t)
{
    const struct tfu_audit_request *r = w->request;
    int64_t count;
    const char *const *words = tfu_dataset_attribute_words(r->dataset[0], which, &count);
    if (count > VALUES_MAX) {
        tfu_cell_text(t, "%s", name);
        tfu_cell_text(t, "%" PRId64 " values", count);
        for (size_t s = 0; s < r->count; s++)
            tfu_cell_empty(t);
        return;
    }
    for (int64_t v = 0; v < count; v++) {
        tfu_cell_text(t, "%s", name);
        tfu_cell_text(t, "%s", words[v][0] ? words[v] : "not known");
        for (size_t s = 0; s < r->count; s++) {
            const int64_t here = tfu_dataset_attribute_find(r->dataset[s], name);
            const int64_t value = here < 0 ? -1 : value_of(r->dataset[s], here, words[v]);
            tfu_cell_whole(t, value < 0 ? 0 : count_value(r->dataset[s], here, value));
        }
    }
}

void tfu_audit_attributes(const struct tfu_audit_work *w)
{
    const struct tfu_audit_request *r = w->request;
    struct tfu_column column[2 + TFU_AUDIT_SPLITS] = {{.name = "attribute"}, {.name = "value"}};
    int64_t count;
    const char *const *names = tfu_dataset_attributes(r->dataset[0], &count);
    if (count == 0)
        return;
    for (size_t s = 0; s < r->count; s++)
        column[2 + s] = (struct tfu_column){.name = r->name[s]};
    tfu_result_say(w->out, "%s", "");
    struct tfu_result_table *t = tfu_result_table(
        w->out, "attributes", TFU_TABLE_SHOWN | TFU_TABLE_DATA, column, 2 + r->count);
    for (int64_t k = 0; k < count; k++)
        put_attribute(w, names[k], k, t);
}

/* ---- sizes */

struct size {
    int64_t height, width, channels, count;
};

static int by_size(const void *left, const void *right)
{
    const struct size *a = left, *b = right;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    if (a->width != b->width)
        return a->width < b->width ? -1 : 1;
    return a->channels < b->channels ? -1 : a->channels > b->channels;
}

static int by_count(const void *left, const void *right)
{
    const struct size *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return by_size(left, right);
}

/* Those of all images that were read, the commonest first. */
static size_t gather_sizes(const struct tfu_audit_work *w, struct size *size)
{
    size_t n = 0, kept = 0;
    for (size_t s = 0; s < w->request->count; s++)
        for (int64_t i = 0; i < w->looks[s].count; i++) {
            const struct tfu_look *l = &w->looks[s].image[i];
            if (!l->problem)
                size[n++] = (struct size){l->height, l->width, l->channels, 1};
        }
    qsort(size, n, sizeof *size, by_size);
    for (size_t i = 0; i < n; i++)
        if (kept > 0 && by_size(&size[kept - 1], &size[i]) == 0)
            size[kept - 1].count++;
        else
            size[kept++] = size[i];
    qsort(size, kept, sizeof *size, by_count);
    return kept;
}

enum tfu_status tfu_audit_sizes(const struct tfu_audit_work *w, struct tfu_error *e)
{
    static const struct tfu_column columns[] = {
        {.name = "height"}, {.name = "width"}, {.name = "channels"}, {.name = "images"}};
    size_t total = 1;
    for (size_t s = 0; s < w->request->count; s++)
        total += (size_t)w->looks[s].count;
    struct size *size = malloc(total * sizeof *size);
    if (!size)
        return tfu_error_memory(e, "counting sizes of images", total * sizeof *size);
    const size_t n = gather_sizes(w, size);
    tfu_result_say(w->out, "%s", "");
    struct tfu_result_table *shown =
        tfu_result_table(w->out, "sizes_shown", TFU_TABLE_SHOWN, columns, 4);
    struct tfu_result_table *all = tfu_result_table(w->out, "sizes", TFU_TABLE_DATA, columns, 4);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            struct tfu_result_table *t = k ? all : shown;
            if (!k && (int64_t)i >= w->request->shown)
                continue;
            tfu_cell_whole(t, size[i].height);
            tfu_cell_whole(t, size[i].width);
            tfu_cell_whole(t, size[i].channels);
            tfu_cell_whole(t, size[i].count);
        }
    if ((int64_t)n > w->request->shown)
        tfu_result_say(w->out, "and %zu more sizes", n - (size_t)w->request->shown);
    free(size);
    return TFU_OK;
}
