/* SPDX-License-Identifier: MIT
 *
 * What is in two places: groups (patients) in two splits, images twice.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit/parts.h"

/* ---- groups */

static int by_word(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a split's groups, sorted; those of examples that are a group of their own are
 * missing. */
static enum tfu_status list_groups(const struct tfu_dataset *d, const char ***out, size_t *count,
                                   struct tfu_error *e)
{
    const int64_t groups = tfu_dataset_groups(d);
    *count = 0;
    *out = malloc(((size_t)groups + 1) * sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "comparing groups", 0);
    for (int64_t g = 0; g < groups; g++) {
        const char *name = tfu_dataset_group_name(d, g);
        if (name)
            (*out)[(*count)++] = name;
    }
    qsort(*out, *count, sizeof **out, by_word);
    return TFU_OK;
}

static void put_shared(const struct tfu_audit_work *w, size_t a, size_t b, const char *const *x,
                       size_t x_count, const char *const *y, size_t y_count,
                       struct tfu_result_table *t)
{
    struct tfu_text some = TFU_TEXT_INIT;
    int64_t shared = 0;
    for (size_t i = 0, j = 0; i < x_count && j < y_count;) {
        const int order = strcmp(x[i], y[j]);
        if (order == 0) {
            tfu_cell_text(t, "%s", x[i]);
            tfu_cell_text(t, "%s", w->request->name[a]);
            tfu_cell_text(t, "%s", w->request->name[b]);
            if (shared++ < 5)
                tfu_text_printf(&some, "%s%s", shared > 1 ? ", " : ": ", x[i]);
        }
        i += order <= 0;
        j += order >= 0;
    }
    tfu_result_say(w->out, "%" PRId64 " groups are in %s (%zu) and %s (%zu)%s%s", shared,
                   w->request->name[a], x_count, w->request->name[b], y_count, tfu_text_get(&some),
                   shared > 5 ? ", ..." : "");
    w->found->shared_groups += shared;
    tfu_text_free(&some);
}

enum tfu_status tfu_audit_groups(const struct tfu_audit_work *w, struct tfu_error *e)
{
    static const struct tfu_column columns[] = {
        {.name = "group"}, {.name = "split"}, {.name = "other"}};
    const struct tfu_audit_request *r = w->request;
    const char **name[TFU_AUDIT_SPLITS] = {NULL};
    size_t count[TFU_AUDIT_SPLITS];
    enum tfu_status st = TFU_OK;
    for (size_t s = 0; s < r->count; s++)
        if (!tfu_dataset_groups(r->dataset[s]))
            return TFU_OK;
    if (r->count < 2)
        return TFU_OK;
    for (size_t s = 0; st == TFU_OK && s < r->count; s++)
        st = list_groups(r->dataset[s], &name[s], &count[s], e);
    if (st == TFU_OK) {
        tfu_result_say(w->out, "%s", "");
        struct tfu_result_table *t =
            tfu_result_table(w->out, "shared_groups", TFU_TABLE_DATA, columns, 3);
        for (size_t a = 0; a < r->count; a++)
            for (size_t b = a + 1; b < r->count; b++)
                put_shared(w, a, b, name[a], count[a], name[b], count[b], t);
    }
    for (size_t s = 0; s < r->count; s++)
        free(name[s]);
    return st;
}

/* ---- images */

enum { PAIRS_MAX = 100000 };

/* Are the labels of the two the same? What is not known is like what is not known. */
static enum tfu_status compare_labels(const struct tfu_audit_work *w,
                                      const struct tfu_alike_pair *p, bool *same,
                                      struct tfu_error *e)
{
    const struct tfu_dataset *const *d = w->request->dataset;
    const int64_t columns = tfu_dataset_info(d[p->split[0]])->label_columns;
    const int64_t others = tfu_dataset_info(d[p->split[1]])->label_columns;
    float *label[2] = {malloc((size_t)columns * sizeof(float) + 1),
                       malloc((size_t)others * sizeof(float) + 1)};
    enum tfu_status st = label[0] && label[1] ? TFU_OK : tfu_error_memory(e, "comparing labels", 0);
    for (size_t k = 0; st == TFU_OK && k < 2; k++)
        st = tfu_dataset_get(d[p->split[k]], p->image[k], NULL, label[k], e);
    *same = columns == others;
    for (int64_t c = 0; st == TFU_OK && *same && c < columns; c++)
        *same = label[0][c] == label[1][c] || (isnan(label[0][c]) && isnan(label[1][c]));
    free(label[0]);
    free(label[1]);
    return st;
}

static enum tfu_status put_pair(const struct tfu_audit_work *w, const struct tfu_alike_pair *p,
                                struct tfu_result_table *t, bool shown, struct tfu_error *e)
{
    struct tfu_text name[2] = {TFU_TEXT_INIT, TFU_TEXT_INIT};
    bool same;
    const enum tfu_status st = compare_labels(w, p, &same, e);
    if (st != TFU_OK)
        return st;
    if (p->distance < 0 && !same)
        w->found->same_labelled++;
    for (size_t k = 0; k < 2; k++) {
        tfu_looks_put_name(&w->looks[p->split[k]], p->image[k], &name[k]);
        tfu_cell_text(t, "%s", w->request->name[p->split[k]]);
        tfu_cell_text(t, "%s", tfu_text_get(&name[k]));
    }
    if (p->distance < 0)
        tfu_cell_none(t, "equal");
    else
        tfu_cell_whole(t, p->distance);
    tfu_cell_whole(t, same);
    if (shown && p->distance < 0)
        tfu_result_say(w->out, "  %s %s = %s %s%s", w->request->name[p->split[0]],
                       tfu_text_get(&name[0]), w->request->name[p->split[1]],
                       tfu_text_get(&name[1]), same ? "" : ", with other labels");
    else if (shown)
        tfu_result_say(w->out, "  %s %s ~ %s %s, %d bits apart%s", w->request->name[p->split[0]],
                       tfu_text_get(&name[0]), w->request->name[p->split[1]],
                       tfu_text_get(&name[1]), p->distance, same ? "" : ", with other labels");
    tfu_text_free(&name[0]);
    tfu_text_free(&name[1]);
    return TFU_OK;
}

static enum tfu_status put_pairs(const struct tfu_audit_work *w, const struct tfu_alike *a,
                                 struct tfu_error *e)
{
    static const struct tfu_column columns[] = {{.name = "split"},       {.name = "example"},
                                                {.name = "other_split"}, {.name = "other_example"},
                                                {.name = "bits"},        {.name = "same_labels"}};
    struct tfu_result_table *t = tfu_result_table(w->out, "twice", TFU_TABLE_DATA, columns, 6);
    enum tfu_status st = TFU_OK;
    tfu_result_say(w->out, "%s", "");
    tfu_result_say(w->out,
                   "%" PRId64 " images have the pixels of another one, %" PRId64
                   " of them in another split; constant images are left out",
                   a->same, a->same_across);
    if (w->request->distance > 0)
        tfu_result_say(w->out,
                       "%" PRId64 " pairs of images look alike (%" PRId64
                       " of 256 bits or fewer apart), %" PRId64 " of them in two splits%s",
                       a->near, w->request->distance, a->near_across,
                       a->complete ? "" : "; there are so many that not all were looked for");
    for (size_t i = 0; st == TFU_OK && i < a->pairs; i++)
        st = put_pair(w, &a->pair[i], t, (int64_t)i < w->request->shown, e);
    if (a->same + a->near > w->request->shown)
        tfu_result_say(w->out, "  and %" PRId64 " more", a->same + a->near - w->request->shown);
    if (a->same + a->near > (int64_t)a->pairs)
        tfu_result_say(w->out, "  the %zu nearest are in the tables", a->pairs);
    return st;
}

enum tfu_status tfu_audit_twice(const struct tfu_audit_work *w, struct tfu_error *e)
{
    struct tfu_alike a;
    enum tfu_status st =
        tfu_alike_find(&a, w->looks, w->request->count, (int)w->request->distance, PAIRS_MAX, e);
    if (st != TFU_OK)
        return st;
    w->found->same_across = a.same_across;
    st = put_pairs(w, &a, e);
    tfu_alike_free(&a);
    return st;
}
