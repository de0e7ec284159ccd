/* SPDX-License-Identifier: MIT
 *
 * Does a dataset give the same example for the same index, whenever and from wherever it is asked?
 */
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/guarded.h"
#include "core/conformance/example.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/data/contents.h"
#include "core/data/image_file.h"

#include <transfuse/dataset.h>

enum { SAMPLE = 64, THREADS = 4 };

struct data {
    const struct tfu_check *check;
    const struct tfu_dataset_ops *ops;
    struct tfu_image_files *files;
    struct tfu_contents contents;
    void *self;
    struct tfu_dataset_info info;
    char fingerprint[TFU_HASH_HEX];
};

/* ---- opening */

static enum tfu_status check_sizes(const struct tfu_dataset_info *i, struct tfu_error *e)
{
    const int64_t side = 1 << 20;
    if (i->height < 0 || i->width < 0 || i->channels < 0 || i->height > side || i->width > side ||
        i->channels > side ||
        (i->channels && i->height * i->width > ((int64_t)1 << 40) / i->channels))
        return tfu_error_set(e, TFU_EINVAL,
                             "its images have %" PRId64 "x%" PRId64 "x%" PRId64
                             " numbers (height, width, channels)",
                             i->height, i->width, i->channels);
    return TFU_OK;
}

static enum tfu_status check_info(const struct data *d, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &d->info;
    if (i->count < 1)
        return tfu_error_set(e, TFU_EINVAL, "it has %" PRId64 " examples; open() is to refuse that",
                             i->count);
    if (i->label_columns < 0 || i->classes < 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "it has %" PRId64 " label columns and %" PRId64 " classes",
                             i->label_columns, i->classes);
    if (i->target && i->target != TFU_FIELD_CLASS && i->target != TFU_FIELD_LABELS &&
        i->target != TFU_FIELD_NUMBERS)
        return tfu_error_set(e, TFU_EINVAL,
                             "its labels are of kind %u; there are TFU_FIELD_CLASS, "
                             "TFU_FIELD_LABELS, TFU_FIELD_NUMBERS and none (0)",
                             i->target);
    const bool classes = i->target == TFU_FIELD_CLASS;
    if (classes && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "it has %" PRId64 " classes and %" PRId64
                             " label columns; a class index is one column",
                             i->classes, i->label_columns);
    if (classes != (i->classes > 0) || (i->target != 0) != (i->label_columns > 0))
        return tfu_error_set(e, TFU_EINVAL,
                             "its target is %u, with %" PRId64 " label columns and %" PRId64
                             " classes; these do not fit together",
                             i->target, i->label_columns, i->classes);
    if (i->target && !d->ops->labels)
        return tfu_error_set(e, TFU_EINVAL, "it has labels, but no labels()");
    const int64_t names = i->classes > 0 ? i->classes : i->label_columns;
    for (int64_t k = 0; i->class_names && k < names; k++)
        if (!i->class_names[k] || !i->class_names[k][0])
            return tfu_error_set(e, TFU_EINVAL, "class %" PRId64 " has an empty name", k);
    if (!i->fingerprint || !i->fingerprint[0])
        return tfu_error_set(e, TFU_EINVAL,
                             "it has no fingerprint, which goes in the run record: neither in its "
                             "info, nor by add_file() and its like");
    return check_sizes(i, e);
}

static enum tfu_status take_info(struct data *d, struct tfu_error *e)
{
    const struct tfu_dataset_info *own = d->ops->info(d->self);
    if (!own)
        return tfu_error_set(e, TFU_EINVAL, "info() gives NULL");
    if (own != d->ops->info(d->self))
        return tfu_error_set(e, TFU_EINVAL, "info() gives another struct the second time");
    d->info = *own;
    const enum tfu_status st = tfu_contents_fingerprint(&d->contents, d->fingerprint, e);
    if (!d->info.fingerprint && d->fingerprint[0])
        d->info.fingerprint = d->fingerprint;
    return st;
}

static void close_data(struct data *d)
{
    d->ops->close(d->self);
    tfu_contents_free(&d->contents);
    tfu_image_files_free(d->files);
}

static enum tfu_status open_data(const struct tfu_check *c, struct data *d, struct tfu_error *e)
{
    *d = (struct data){.check = c, .ops = c->plugin->ops};
    enum tfu_status st = tfu_image_files_new(&d->files, c->registry, NULL, NULL, e);
    if (st != TFU_OK)
        return st;
    tfu_contents_init(&d->contents, d->files, NULL);
    struct tfu_dataset_host *h = tfu_contents_host(&d->contents, true, e);
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = c->plugin->name, .function = "open"});
    tfu_hooks_paint();
    st = d->ops->open(&d->self, c->config, h);
    tfu_hooks_paint();
    if (st == TFU_OK)
        st = take_info(d, e);
    else
        tfu_host_check(st, c->plugin->name, "open", e);
    tfu_calling_end(outer);
    return st == TFU_OK ? check_info(d, e) : st;
}

/* ---- one example, its memory guarded */

static enum tfu_status get(const struct data *d, int64_t index, enum tfu_guard guard,
                           unsigned char paint, struct tfu_check_example *x, struct tfu_error *e)
{
    tfu_check_example_begin_empty(x, d->files, guard, paint, e);
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = "", .function = "get"});
    tfu_hooks_paint();
    const enum tfu_status st = d->ops->get(d->self, index, &x->work.host);
    tfu_calling_end(outer);
    x->work.adds = false;
    return st == TFU_OK ? e->status : st;
}

/* Index `i` of those that are looked at: the first, the last, and an even sample between. */
static int64_t sample(const struct data *d, int64_t i)
{
    const int64_t count = d->info.count;
    return count <= SAMPLE ? i % count : (int64_t)((double)i * (double)(count - 1) / (SAMPLE - 1));
}

static enum tfu_status opens(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    const enum tfu_status st = open_data(c, &d, e);
    if (st != TFU_OK)
        return st;
    if (d.info.height && d.info.width && d.info.channels)
        tfu_check_note(
            c, "%" PRId64 " examples of %" PRId64 "x%" PRId64 "x%" PRId64 ", %" PRId64 " classes",
            d.info.count, d.info.height, d.info.width, d.info.channels, d.info.classes);
    else
        tfu_check_note(c, "%" PRId64 " examples of different sizes, %" PRId64 " classes",
                       d.info.count, d.info.classes);
    close_data(&d);
    return TFU_OK;
}

/* ---- what examples are */

static enum tfu_status check_image(const struct data *d, int64_t index, const struct tfu_tensor *t,
                                   struct tfu_error *e)
{
    const int64_t said[] = {d->info.height, d->info.width, d->info.channels};
    const int64_t *dim = t->shape.dim;
    for (int k = 0; k < 3; k++)
        if (said[k] && said[k] != dim[k])
            return tfu_error_set(e, TFU_ESHAPE,
                                 "the image of example %" PRId64 " is %" PRId64 "x%" PRId64
                                 "x%" PRId64 ", and info() says %" PRId64 "x%" PRId64 "x%" PRId64,
                                 index, dim[0], dim[1], dim[2], said[0], said[1], said[2]);
    const float *pixel = t->data;
    for (int64_t i = 0; t->dtype == TFU_F32 && i < tfu_shape_count(&t->shape); i++)
        if (!isfinite(pixel[i]))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "pixel %" PRId64 " of example %" PRId64 " is not finite", i,
                                 index);
    return TFU_OK;
}

static enum tfu_status check_example(const struct data *d, int64_t index,
                                     const struct tfu_check_example *x, struct tfu_error *e)
{
    const struct tfu_example *example = &x->work.example;
    uint32_t images = 0;
    for (uint32_t i = 0; i < example->field_count; i++) {
        const uint32_t kind = example->field[i]->kind;
        images += kind == TFU_FIELD_IMAGE;
        if (!tfu_field_has_place(kind))
            return tfu_error_set(e, TFU_EINVAL,
                                 "get() adds %s to example %" PRId64
                                 "; labels are labels()'s to give",
                                 tfu_check_field_name(kind), index);
    }
    if (images != 1)
        return tfu_error_set(e, TFU_EINVAL, "example %" PRId64 " has %u images; an example has one",
                             index, images);
    const enum tfu_status st = tfu_example_check(&x->work, e);
    if (st != TFU_OK)
        return tfu_error_prefix(e, "example %" PRId64, index);
    const char *overrun = tfu_check_example_overrun(x);
    if (overrun)
        return tfu_error_set(e, TFU_EINVAL,
                             "get() of example %" PRId64 " writes before or behind %s", index,
                             overrun);
    return check_image(d, index, tfu_example_find(example, TFU_FIELD_IMAGE), e);
}

static enum tfu_status same(int64_t index, const struct tfu_check_example *a,
                            const struct tfu_check_example *b, const char *when,
                            struct tfu_error *e)
{
    return tfu_check_example_same(a, b, TFU_CHECK_ALL_FIELDS)
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "example %" PRId64 " %s", index, when);
}

/* What is not written shows over different paint. */
static enum tfu_status whole(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    enum tfu_status st = open_data(c, &d, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        const int64_t index = sample(&d, i);
        struct tfu_check_example a, b;
        st = get(&d, index, TFU_GUARD_NUMBERS, 0x3b, &a, e);
        if (st == TFU_OK)
            st = check_example(&d, index, &a, e);
        if (st == TFU_OK)
            st = get(&d, index, TFU_GUARD_NUMBERS, 0x3e, &b, e);
        if (st == TFU_OK)
            st = same(index, &a, &b,
                      "is not written as a whole: it differs with what was there "
                      "before",
                      e);
        if (st == TFU_OK) {
            tfu_check_example_end(&a);
            tfu_check_example_end(&b);
        }
    }
    return st;
}

static enum tfu_status repeats(struct tfu_check *c, struct tfu_error *e)
{
    struct data d, again;
    enum tfu_status st = open_data(c, &d, e);
    if (st == TFU_OK)
        st = open_data(c, &again, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        const int64_t index = sample(&d, i), other = sample(&d, SAMPLE - 1 - i);
        struct tfu_check_example x[4];
        st = get(&d, index, TFU_GUARD_NUMBERS, 0, &x[0], e);
        if (st == TFU_OK)
            st = get(&d, other, TFU_GUARD_NUMBERS, 0, &x[1], e); /* another one in between */
        if (st == TFU_OK)
            st = get(&d, index, TFU_GUARD_NUMBERS, 0, &x[2], e);
        if (st == TFU_OK)
            st = same(index, &x[0], &x[2], "differs when it is asked for again", e);
        if (st == TFU_OK)
            st = get(&again, index, TFU_GUARD_NUMBERS, 0, &x[3], e);
        if (st == TFU_OK)
            st = same(index, &x[0], &x[3], "differs when the dataset is opened again", e);
        for (int k = 0; st == TFU_OK && k < 4; k++)
            tfu_check_example_end(&x[k]);
    }
    return st == TFU_OK && strcmp(d.info.fingerprint, again.info.fingerprint) != 0
               ? tfu_error_set(e, TFU_EINVAL, "the fingerprint differs when it is opened again")
               : st;
}

/* ---- labels */

static enum tfu_status read_labels(struct data *d, int64_t first, int64_t count, float *out,
                                   struct tfu_error *e)
{
    struct tfu_dataset_host *h = tfu_contents_host(&d->contents, false, e);
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = "", .function = "labels"});
    tfu_hooks_paint();
    const enum tfu_status st = d->ops->labels(d->self, first, count, out, h);
    tfu_calling_end(outer);
    return st == TFU_OK ? e->status : st;
}

/* `count` examples' labels in guarded memory that held `paint`. */
static enum tfu_status guarded_labels(struct data *d, int64_t first, int64_t count,
                                      enum tfu_guard kind, unsigned char paint,
                                      struct tfu_guarded *g, struct tfu_error *e)
{
    const size_t bytes = (size_t)(count * d->info.label_columns) * sizeof(float);
    enum tfu_status st = tfu_guarded_new(g, bytes, sizeof(float), kind, "the labels", e);
    if (st != TFU_OK)
        return st;
    memset(g->data, paint, bytes);
    st = read_labels(d, first, count, (float *)(void *)g->data, e);
    if (st == TFU_OK && !tfu_guarded_intact(g))
        st = tfu_error_set(e, TFU_EINVAL, "labels() writes before or behind its buffer");
    return st;
}

static enum tfu_status check_values(const struct data *d, const float *label, const float *twin,
                                    struct tfu_error *e)
{
    const int64_t n = d->info.count * d->info.label_columns;
    for (int64_t i = 0; i < n; i++) {
        const float v = label[i];
        if (memcmp(&label[i], &twin[i], sizeof v) != 0)
            return tfu_error_set(e, TFU_EINVAL, "label %" PRId64 " is not written", i);
        if (d->info.classes > 0 && !isnan(v) &&
            !(v >= 0 && v < (float)d->info.classes && v == floorf(v)))
            return tfu_error_set(e, TFU_EINVAL,
                                 "example %" PRId64 " has the class %g of %" PRId64 " classes", i,
                                 (double)v, d->info.classes);
    }
    return TFU_OK;
}

/* One example's labels alone, and a few at once, are those of all. */
static enum tfu_status check_pieces(struct data *d, const float *all, struct tfu_error *e)
{
    const int64_t columns = d->info.label_columns;
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        const int64_t first = sample(d, i), left = d->info.count - first;
        const int64_t count = i % 3 + 1 < left ? i % 3 + 1 : left;
        struct tfu_guarded g;
        st = guarded_labels(d, first, count, i % 2 ? TFU_GUARD_PAGE_BEHIND : TFU_GUARD_PAGE_BEFORE,
                            0x3b, &g, e);
        if (st == TFU_OK &&
            memcmp(g.data, all + first * columns, (size_t)(count * columns) * sizeof *all) != 0)
            st = tfu_error_set(
                e, TFU_EINVAL,
                "the labels of example %" PRId64 " differ when they are asked for apart", first);
        if (st == TFU_OK)
            tfu_guarded_free(&g);
    }
    return st;
}

static enum tfu_status labels(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct tfu_guarded a, b;
    enum tfu_status st = open_data(c, &d, e);
    if (st != TFU_OK)
        return st;
    if (!d.info.target)
        return tfu_check_skip(c, "it has no labels");
    st = guarded_labels(&d, 0, d.info.count, TFU_GUARD_NUMBERS, 0x3b, &a, e);
    if (st == TFU_OK)
        st = guarded_labels(&d, 0, d.info.count, TFU_GUARD_NUMBERS, 0x3e, &b, e);
    if (st == TFU_OK)
        st = check_values(&d, (float *)(void *)a.data, (float *)(void *)b.data, e);
    return st == TFU_OK ? check_pieces(&d, (float *)(void *)a.data, e) : st;
}

/* ---- refusals */

static enum tfu_status refuses_labels(struct data *d, struct tfu_error *e)
{
    const int64_t count = d->info.count;
    const int64_t piece[][2] = {{-1, 1}, {count, 1}, {count - 1, 2}, {INT64_MAX, 2}};
    float *room =
        d->info.target ? malloc((size_t)(2 * d->info.label_columns) * sizeof *room) : NULL;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; room && st == TFU_OK && i < TFU_COUNT(piece); i++) {
        struct tfu_error said = TFU_ERROR_INIT;
        const enum tfu_status got = read_labels(d, piece[i][0], piece[i][1], room, &said);
        if (got == TFU_OK)
            return tfu_error_set(e, TFU_EINVAL,
                                 "labels() gives those of example %" PRId64 " and %" PRId64
                                 " in all, and there are %" PRId64,
                                 piece[i][0], piece[i][1], count);
        st = tfu_check_manners(got, &said, "labels", e);
    }
    free(room);
    return st;
}

static enum tfu_status outside(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    enum tfu_status st = open_data(c, &d, e);
    if (st != TFU_OK)
        return st;
    const int64_t index[] = {-1, d.info.count, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < TFU_COUNT(index); i++) {
        struct tfu_error said = TFU_ERROR_INIT;
        struct tfu_check_example x;
        const enum tfu_status got = get(&d, index[i], TFU_GUARD_NUMBERS, 0, &x, &said);
        if (got == TFU_OK)
            return tfu_error_set(e, TFU_EINVAL,
                                 "get() gives an example %" PRId64 ", and there are %" PRId64,
                                 index[i], d.info.count);
        st = tfu_check_manners(got, &said, "get", e);
        if (st != TFU_OK)
            return st;
    }
    return refuses_labels(&d, e);
}

/* ---- several threads on one instance */

struct reader {
    const struct data *d;
    const struct tfu_check_example *truth; /* SAMPLE of them */
    int64_t offset;
    struct tfu_error error;
};

static void *read_all(void *arg)
{
    struct reader *r = arg;
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; st == TFU_OK && k < 4 * SAMPLE; k++) {
        const int64_t i = (k * 7 + r->offset) % SAMPLE;
        struct tfu_check_example x;
        st = get(r->d, sample(r->d, i), TFU_GUARD_NUMBERS, 0, &x, &r->error);
        if (st == TFU_OK)
            st = same(sample(r->d, i), &r->truth[i], &x,
                      "differs when several threads read at once", &r->error);
        if (st == TFU_OK)
            tfu_check_example_end(&x);
    }
    return NULL;
}

static enum tfu_status threads(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct reader reader[THREADS];
    pthread_t id[THREADS];
    struct tfu_check_example *truth = calloc(SAMPLE, sizeof *truth);
    enum tfu_status st = open_data(c, &d, e);
    for (int64_t i = 0; st == TFU_OK && truth && i < SAMPLE; i++)
        st = get(&d, sample(&d, i), TFU_GUARD_NUMBERS, 0, &truth[i], e);
    if (st != TFU_OK || !truth)
        return truth ? st : tfu_error_memory(e, "checking a plugin", 0);
    int started = 0;
    for (int k = 0; k < THREADS; k++)
        reader[k] = (struct reader){.d = &d, .truth = truth, .offset = 16 * k};
    while (started < THREADS && pthread_create(&id[started], NULL, read_all, &reader[started]) == 0)
        started++;
    for (int k = 0; k < started; k++) {
        pthread_join(id[k], NULL);
        if (reader[k].error.status != TFU_OK)
            st = tfu_error_set(e, reader[k].error.status, "%s", reader[k].error.text);
    }
    return started == THREADS ? st : tfu_error_set(e, TFU_EIO, "cannot start threads");
}

/* ---- memory with nothing beside it */

/* Some examples, read into memory of this kind; digested. */
static enum tfu_status read_tight(const struct data *d, enum tfu_guard kind, struct tfu_life *l,
                                  struct tfu_error *e)
{
    enum { FEW = 7 };
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; st == TFU_OK && i < FEW; i++) {
        const int64_t index = sample(d, i * (SAMPLE / FEW));
        struct tfu_check_example x;
        st = get(d, index, kind, 0x3b, &x, e);
        if (st == TFU_OK)
            st = check_example(d, index, &x, e);
        for (uint32_t k = 0; st == TFU_OK && k < x.work.example.field_count; k++) {
            const struct tfu_tensor *t = x.work.example.field[k]->t;
            tfu_life_add(l, t->data, (size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(t->dtype));
        }
        if (st == TFU_OK)
            tfu_check_example_end(&x);
    }
    return st;
}

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_life l = {0};
    struct data d;
    enum tfu_status st = open_data(c, &d, e);
    for (int kind = TFU_GUARD_NUMBERS; st == TFU_OK && kind <= TFU_GUARD_PAGE_BEFORE; kind++)
        st = read_tight(&d, (enum tfu_guard)kind, &l, e);
    return st;
}

static enum tfu_status live_labels(struct data *d, struct tfu_life *l, struct tfu_error *e)
{
    const int64_t few = d->info.count < SAMPLE ? d->info.count : SAMPLE;
    struct tfu_guarded g;
    if (!d->info.target)
        return TFU_OK;
    const enum tfu_status st = guarded_labels(d, 0, few, TFU_GUARD_NUMBERS, 0x3b, &g, e);
    if (st != TFU_OK)
        return st;
    tfu_life_add(l, g.data, g.bytes);
    tfu_guarded_free(&g);
    return TFU_OK;
}

enum tfu_status tfu_check_live_dataset(const struct tfu_check *c, struct tfu_life *l,
                                       struct tfu_error *e)
{
    struct data d;
    enum tfu_status st = open_data(c, &d, e);
    if (st != TFU_OK)
        return st;
    tfu_life_add_text(l, d.info.fingerprint);
    tfu_life_add(l, &d.info.count, sizeof d.info.count);
    st = live_labels(&d, l, e);
    if (st == TFU_OK)
        st = read_tight(&d, TFU_GUARD_NUMBERS, l, e);
    close_data(&d);
    return st;
}

const struct tfu_check_test tfu_check_dataset[] = {
    {"no option has the name of a key of the host", tfu_check_names},
    {"opens and describes itself", opens},
    {"examples are whole, finite and within their memory", whole},
    {"labels are whole, and the same in any piece", labels},
    {"not an element outside of its memory is read or written", tight},
    {"the same index gives the same bits", repeats},
    {"an index outside is refused in words", outside},
    {"several threads read the same bits", threads},
    {NULL, NULL},
};
