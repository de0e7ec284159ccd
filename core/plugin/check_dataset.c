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
#include "core/plugin/check_hooks.h"
#include "core/plugin/check_life.h"

#include <transfuse/dataset.h>

enum { GUARD = 16, SAMPLE = 64, THREADS = 4 };
static const float guard = 12345.5f;

struct data {
    const struct tfu_dataset_ops *ops;
    void *self;
    struct tfu_dataset_info info;
    size_t pixels, labels; /* numbers of one example */
};

/* One example between guards. */
struct example {
    float *pixel, *label;
};

static enum tfu_status check_info(const struct tfu_dataset_info *i, struct tfu_error *e)
{
    if (i->count < 1)
        return tfu_error_set(e, TFU_EINVAL, "it has %" PRId64 " examples; open() is to refuse that",
                             i->count);
    if (i->height < 1 || i->width < 1 || i->channels < 1 || i->height > 1 << 20 ||
        i->width > 1 << 20 || i->channels > 1 << 20 ||
        i->height * i->width > ((int64_t)1 << 40) / i->channels)
        return tfu_error_set(e, TFU_EINVAL,
                             "its images have %" PRId64 "x%" PRId64 "x%" PRId64
                             " numbers (height, width, channels)",
                             i->height, i->width, i->channels);
    if (i->label_columns < 1 || i->classes < 0)
        return tfu_error_set(e, TFU_EINVAL, "it has %u label columns and %" PRId64 " classes",
                             i->label_columns, i->classes);
    if (i->classes > 0 && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "it has %" PRId64
                             " classes and %u label columns; a class index is one "
                             "column",
                             i->classes, i->label_columns);
    if (!i->fingerprint || !i->fingerprint[0])
        return tfu_error_set(e, TFU_EINVAL, "it has no fingerprint, which goes in the run record");
    const int64_t names = i->classes > 0 ? i->classes : i->label_columns;
    for (int64_t k = 0; i->class_names && k < names; k++)
        if (!i->class_names[k] || !i->class_names[k][0])
            return tfu_error_set(e, TFU_EINVAL, "class %" PRId64 " has an empty name", k);
    return TFU_OK;
}

static enum tfu_status open_data(const struct tfu_check *c, struct data *d, struct tfu_error *e)
{
    *d = (struct data){.ops = c->plugin->ops, .info = {.struct_size = sizeof d->info}};
    struct tfu_host_call host;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = c->plugin->name, .function = "open"});
    tfu_hooks_paint();
    enum tfu_status st = d->ops->open(&d->self, c->config, tfu_host_call_init(&host, NULL, e));
    tfu_hooks_paint();
    if (st == TFU_OK)
        st = d->ops->info(d->self, &d->info);
    else
        tfu_host_check(st, c->plugin->name, "open", e);
    tfu_calling_end(outer);
    if (st == TFU_OK)
        st = check_info(&d->info, e);
    if (st != TFU_OK)
        return st;
    d->pixels = (size_t)(d->info.height * d->info.width * d->info.channels);
    d->labels = d->info.label_columns;
    return TFU_OK;
}

static float *guarded(size_t n)
{
    float *block = malloc((n + 2 * GUARD) * sizeof *block);
    for (size_t i = 0; block && i < GUARD; i++)
        block[i] = block[GUARD + n + i] = guard;
    return block ? block + GUARD : NULL;
}

static bool intact(const float *x, size_t n)
{
    for (size_t i = 0; i < GUARD; i++)
        if (x[-1 - (ptrdiff_t)i] != guard || x[n + i] != guard)
            return false;
    return true;
}

static enum tfu_status example_new(const struct data *d, struct example *x, struct tfu_error *e)
{
    *x = (struct example){.pixel = guarded(d->pixels), .label = guarded(d->labels)};
    return x->pixel && x->label ? TFU_OK : tfu_error_memory(e, "checking a plugin", 0);
}

/* What no example holds, so that what is not written shows. */
static void poison(float *x, size_t n)
{
    memset(x, 0xfe, n * sizeof *x);
}

static bool poisoned(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits == 0xfefefefeu;
}

static enum tfu_status get(const struct data *d, int64_t index, struct example *x,
                           struct tfu_error *e)
{
    struct tfu_host_call host;
    if (x->pixel)
        poison(x->pixel, d->pixels);
    if (x->label)
        poison(x->label, d->labels);
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = "", .function = "get"});
    tfu_hooks_paint();
    const enum tfu_status st =
        d->ops->get(d->self, index, x->pixel, x->label, tfu_host_call_init(&host, NULL, e));
    tfu_calling_end(outer);
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
    tfu_check_note(
        c, "%" PRId64 " examples of %" PRId64 "x%" PRId64 "x%" PRId64 ", %" PRId64 " classes",
        d.info.count, d.info.height, d.info.width, d.info.channels, d.info.classes);
    d.ops->close(d.self);
    return TFU_OK;
}

static enum tfu_status check_example(const struct data *d, int64_t index, const struct example *x,
                                     struct tfu_error *e)
{
    for (size_t i = 0; i < d->pixels; i++)
        if (poisoned(x->pixel[i]) || !isfinite(x->pixel[i]))
            return tfu_error_set(e, TFU_ENUMERIC, "pixel %zu of example %" PRId64 " is %s", i,
                                 index, poisoned(x->pixel[i]) ? "not written" : "not finite");
    for (size_t i = 0; i < d->labels; i++) {
        const float v = x->label[i];
        if (poisoned(v))
            return tfu_error_set(e, TFU_EINVAL, "label %zu of example %" PRId64 " is not written",
                                 i, index);
        if (d->info.classes > 0 && !isnan(v) &&
            !(v >= 0 && v < (float)d->info.classes && v == floorf(v)))
            return tfu_error_set(e, TFU_EINVAL,
                                 "example %" PRId64 " has the class %g of %" PRId64 " classes",
                                 index, (double)v, d->info.classes);
    }
    if (!intact(x->pixel, d->pixels) || !intact(x->label, d->labels))
        return tfu_error_set(e, TFU_EINVAL,
                             "get() of example %" PRId64 " writes before or behind its buffers",
                             index);
    return TFU_OK;
}

static enum tfu_status whole(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct example x;
    enum tfu_status st = open_data(c, &d, e);
    if (st == TFU_OK)
        st = example_new(&d, &x, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        st = get(&d, sample(&d, i), &x, e);
        if (st == TFU_OK)
            st = check_example(&d, sample(&d, i), &x, e);
    }
    return st;
}

static enum tfu_status same(const struct data *d, int64_t index, const struct example *a,
                            const struct example *b, const char *when, struct tfu_error *e)
{
    if ((b->pixel && memcmp(a->pixel, b->pixel, d->pixels * sizeof(float)) != 0) ||
        (b->label && memcmp(a->label, b->label, d->labels * sizeof(float)) != 0))
        return tfu_error_set(e, TFU_EINVAL, "example %" PRId64 " differs %s", index, when);
    return TFU_OK;
}

static enum tfu_status repeats(struct tfu_check *c, struct tfu_error *e)
{
    struct data d, again;
    struct example a, b;
    enum tfu_status st = open_data(c, &d, e);
    if (st == TFU_OK)
        st = open_data(c, &again, e);
    if (st == TFU_OK)
        st = example_new(&d, &a, e);
    if (st == TFU_OK)
        st = example_new(&d, &b, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        const int64_t index = sample(&d, i), other = sample(&d, SAMPLE - 1 - i);
        st = get(&d, index, &a, e);
        if (st == TFU_OK)
            st = get(&d, other, &b, e); /* another one in between */
        if (st == TFU_OK)
            st = get(&d, index, &b, e);
        if (st == TFU_OK)
            st = same(&d, index, &a, &b, "when it is asked for again", e);
        if (st == TFU_OK)
            st = get(&again, index, &b, e);
        if (st == TFU_OK)
            st = same(&d, index, &a, &b, "when the dataset is opened again", e);
    }
    return st == TFU_OK && strcmp(d.info.fingerprint, again.info.fingerprint) != 0
               ? tfu_error_set(e, TFU_EINVAL, "the fingerprint differs when it is opened again")
               : st;
}

static enum tfu_status halves(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct example both, one;
    enum tfu_status st = open_data(c, &d, e);
    if (st == TFU_OK)
        st = example_new(&d, &both, e);
    if (st == TFU_OK)
        st = example_new(&d, &one, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        struct example pixels = {.pixel = one.pixel}, labels = {.label = one.label};
        const int64_t index = sample(&d, i);
        st = get(&d, index, &both, e);
        if (st == TFU_OK)
            st = get(&d, index, &pixels, e);
        if (st == TFU_OK)
            st = get(&d, index, &labels, e);
        if (st == TFU_OK)
            st = same(&d, index, &both, &one, "when pixels and labels are asked for apart", e);
    }
    return st;
}

static enum tfu_status outside(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct example x;
    enum tfu_status st = open_data(c, &d, e);
    if (st == TFU_OK)
        st = example_new(&d, &x, e);
    if (st != TFU_OK)
        return st;
    const int64_t index[] = {-1, d.info.count, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < TFU_COUNT(index); i++) {
        struct tfu_error said = TFU_ERROR_INIT;
        const enum tfu_status got = get(&d, index[i], &x, &said);
        if (got == TFU_OK)
            return tfu_error_set(e, TFU_EINVAL,
                                 "get() gives an example %" PRId64 ", and there are %" PRId64,
                                 index[i], d.info.count);
        st = tfu_check_manners(got, &said, "get", e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

/* ---- several threads on one instance */

struct reader {
    const struct data *d;
    const struct example *truth; /* SAMPLE of them */
    struct example x;
    int64_t offset;
    struct tfu_error error;
};

static void *read_all(void *arg)
{
    struct reader *r = arg;
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; st == TFU_OK && k < 4 * SAMPLE; k++) {
        const int64_t i = (k * 7 + r->offset) % SAMPLE;
        st = get(r->d, sample(r->d, i), &r->x, &r->error);
        if (st == TFU_OK)
            st = same(r->d, sample(r->d, i), &r->truth[i], &r->x,
                      "when several threads read at once", &r->error);
    }
    return NULL;
}

static enum tfu_status threads(struct tfu_check *c, struct tfu_error *e)
{
    struct data d;
    struct example truth[SAMPLE];
    struct reader reader[THREADS];
    pthread_t id[THREADS];
    enum tfu_status st = open_data(c, &d, e);
    for (int64_t i = 0; st == TFU_OK && i < SAMPLE; i++) {
        st = example_new(&d, &truth[i], e);
        if (st == TFU_OK)
            st = get(&d, sample(&d, i), &truth[i], e);
    }
    for (int k = 0; st == TFU_OK && k < THREADS; k++) {
        reader[k] = (struct reader){.d = &d, .truth = truth, .offset = 16 * k};
        st = example_new(&d, &reader[k].x, e);
    }
    if (st != TFU_OK)
        return st;
    int started = 0;
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
    struct tfu_guarded pixel, label = {.block = NULL};
    enum tfu_status st =
        tfu_guarded_new(&pixel, d->pixels * sizeof(float), sizeof(float), kind, "the pixels", e);
    if (st == TFU_OK)
        st = tfu_guarded_new(&label, d->labels * sizeof(float), sizeof(float), kind, "the labels",
                             e);
    struct example x = {.pixel = (void *)pixel.data, .label = (void *)label.data};
    for (int64_t i = 0; st == TFU_OK && i < FEW; i++) {
        st = get(d, sample(d, i * (SAMPLE / FEW)), &x, e);
        if (st != TFU_OK)
            break;
        if (!tfu_guarded_intact(&pixel) || !tfu_guarded_intact(&label))
            st = tfu_error_set(e, TFU_EINVAL, "memory before or behind %s was written",
                               tfu_guarded_intact(&pixel) ? "the labels" : "the pixels");
        tfu_life_add(l, pixel.data, pixel.bytes);
        tfu_life_add(l, label.data, label.bytes);
    }
    tfu_guarded_free(&label);
    tfu_guarded_free(&pixel);
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

enum tfu_status tfu_check_live_dataset(const struct tfu_check *c, struct tfu_life *l,
                                       struct tfu_error *e)
{
    struct data d;
    enum tfu_status st = open_data(c, &d, e);
    if (st != TFU_OK)
        return st;
    tfu_life_add_text(l, d.info.fingerprint);
    tfu_life_add(l, &d.info.count, sizeof d.info.count);
    st = read_tight(&d, TFU_GUARD_NUMBERS, l, e);
    d.ops->close(d.self);
    return st;
}

const struct tfu_check_test tfu_check_dataset[] = {
    {"no option has the name of a key of the host", tfu_check_names},
    {"opens and describes itself", opens},
    {"examples are whole, finite and within their buffers", whole},
    {"not an element outside of its buffers is read or written", tight},
    {"the same index gives the same bits", repeats},
    {"pixels alone and labels alone are the same", halves},
    {"an index outside is refused in words", outside},
    {"several threads read the same bits", threads},
    {NULL, NULL},
};
