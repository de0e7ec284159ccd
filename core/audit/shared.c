/* SPDX-License-Identifier: MIT
 *
 * What is in two places: groups (patients) in two splits, images twice.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit/parts.h"
#include "core/data/shared_groups.h"

/* ---- groups */

static int by_word(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct shared {
    const char **name;
    size_t count;
};

static void keep(void *arg, const char *name)
{
    struct shared *s = arg;
    s->name[s->count++] = name;
}

/* Sorted, to be freed. */
static enum tfu_status find_shared(struct shared *out, const struct tfu_example_groups *x,
                                   const struct tfu_example_groups *y, struct tfu_error *e)
{
    *out = (struct shared){.name = malloc(((size_t)y->named + 1) * sizeof *out->name)};
    if (!out->name)
        return tfu_error_memory(e, "comparing groups", 0);
    const enum tfu_status st = tfu_shared_groups_find(x, y, keep, out, e);
    if (st == TFU_OK)
        qsort(out->name, out->count, sizeof *out->name, by_word);
    return st;
}

static enum tfu_status put_shared(const struct tfu_audit_work *w, size_t a, size_t b,
                                  struct tfu_result_table *t, struct tfu_error *e)
{
    const struct tfu_audit_request *r = w->request;
    const struct tfu_example_groups *x = tfu_dataset_example_groups(r->dataset[a]);
    const struct tfu_example_groups *y = tfu_dataset_example_groups(r->dataset[b]);
    struct tfu_text some = TFU_TEXT_INIT;
    struct shared s;
    const enum tfu_status st = find_shared(&s, x, y, e);
    for (size_t i = 0; st == TFU_OK && i < s.count; i++) {
        tfu_cell_text(t, "%s", s.name[i]);
        tfu_cell_text(t, "%s", r->name[a]);
        tfu_cell_text(t, "%s", r->name[b]);
        if (i < 5)
            tfu_text_printf(&some, "%s%s", i ? ", " : ": ", s.name[i]);
    }
    if (st == TFU_OK)
        tfu_result_say(w->out, "%zu groups are in %s (%" PRId64 ") and %s (%" PRId64 ")%s%s",
                       s.count, r->name[a], x->named, r->name[b], y->named, tfu_text_get(&some),
                       s.count > 5 ? ", ..." : "");
    w->found->shared_groups += (int64_t)s.count;
    tfu_text_free(&some);
    free(s.name);
    return st;
}

enum tfu_status tfu_audit_groups(const struct tfu_audit_work *w, struct tfu_error *e)
{
    static const struct tfu_column columns[] = {
        {.name = "group"}, {.name = "split"}, {.name = "other"}};
    const struct tfu_audit_request *r = w->request;
    enum tfu_status st = TFU_OK;
    for (size_t s = 0; s < r->count; s++)
        if (!tfu_dataset_groups(r->dataset[s]))
            return TFU_OK;
    if (r->count < 2)
        return TFU_OK;
    tfu_result_say(w->out, "%s", "");
    struct tfu_result_table *t =
        tfu_result_table(w->out, "shared_groups", TFU_TABLE_DATA, columns, 3);
    for (size_t a = 0; a < r->count; a++)
        for (size_t b = a + 1; st == TFU_OK && b < r->count; b++)
            st = put_shared(w, a, b, t, e);
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
        tfu_dataset_put_name(w->request->dataset[p->split[k]], p->image[k], &name[k]);
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
