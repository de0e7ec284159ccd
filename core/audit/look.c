/* SPDX-License-Identifier: MIT */
#include "core/audit/look.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/data/range.h"

/* Images that one task looks at; and of one pass through the pool, after which progress is shown.
 */
enum { PER_TASK = 4, PER_PASS = 256 };

struct pass {
    struct tfu_looks *looks;
    int64_t first, end;
    pthread_mutex_t lock; /* of the bins, and the error */
    struct tfu_error error;
};

/* ---- one image */

static void take_content(struct tfu_look *l, const struct tfu_dataset_image *x)
{
    uint8_t digest[TFU_HASH_SIZE];
    const size_t n = (size_t)(x->height * x->width * x->channels);
    tfu_hash_bytes(x->pixels, n * sizeof *x->pixels, digest);
    memcpy(l->content, digest, sizeof l->content);
    /* the same numbers in another shape are another image */
    l->content[0] ^= (uint64_t)x->height << 40 ^ (uint64_t)x->width << 8 ^ (uint64_t)x->channels;
}

struct bins {
    uint64_t bin[TFU_LOOK_BINS], below, above;
};

static void take_bins(struct bins *b, const struct tfu_dataset_image *x)
{
    const int64_t n = x->height * x->width * x->channels;
    for (int64_t i = 0; i < n; i++) {
        const float v = x->pixels[i];
        if (v < 0)
            b->below++;
        else if (v > 1)
            b->above++;
        else
            b->bin[v < 1 ? (size_t)(v * TFU_LOOK_BINS) : TFU_LOOK_BINS - 1]++;
    }
}

static enum tfu_status take_image(struct tfu_look *l, struct bins *b,
                                  const struct tfu_dataset_image *x, struct tfu_error *e)
{
    l->height = x->height;
    l->width = x->width;
    l->channels = x->channels;
    l->constant = tfu_range_is_constant(x->pixels, (size_t)(x->height * x->width * x->channels),
                                        (size_t)x->channels);
    take_content(l, x);
    take_bins(b, x);
    return tfu_perceptual_take(&l->hash, x->pixels, x->height, x->width, x->channels, e);
}

/* What is no failure of the image is one of the whole. */
static enum tfu_status look_at(const struct tfu_looks *looks, int64_t i, struct bins *b,
                               struct tfu_error *e)
{
    struct tfu_look *l = &looks->image[i];
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_dataset_image x = {.pixels = NULL}, plain = {.pixels = NULL};
    enum tfu_status st =
        tfu_dataset_get_images(looks->dataset, i, &x, looks->measures ? &plain : NULL, &why);
    if (st == TFU_OK) {
        st = take_image(l, b, &x, e);
        if (looks->measures) {
            l->measured = plain.channels;
            tfu_channel_moments_take(&l->moments, plain.pixels, plain.height * plain.width,
                                     plain.channels);
        }
    } else if (st == TFU_ENOMEM) {
        if (e)
            *e = why;
    } else {
        l->problem = strdup(why.text);
        st = l->problem ? TFU_OK : tfu_error_memory(e, "looking at images", 0);
    }
    free(x.pixels);
    free(plain.pixels);
    return st;
}

/* ---- all */

static void add_bins(struct tfu_looks *l, const struct bins *b)
{
    for (size_t i = 0; i < TFU_LOOK_BINS; i++)
        l->bin[i] += b->bin[i];
    l->below += b->below;
    l->above += b->above;
}

static void task(void *arg, uint32_t index, uint32_t worker)
{
    struct pass *p = arg;
    struct tfu_error e = TFU_ERROR_INIT;
    struct bins bins = {.below = 0};
    const int64_t first = p->first + (int64_t)index * PER_TASK;
    enum tfu_status st = TFU_OK;
    (void)worker;
    for (int64_t i = first; st == TFU_OK && i < first + PER_TASK && i < p->end; i++)
        st = look_at(p->looks, i, &bins, &e);
    pthread_mutex_lock(&p->lock);
    add_bins(p->looks, &bins);
    if (st != TFU_OK && p->error.status == TFU_OK)
        p->error = e;
    pthread_mutex_unlock(&p->lock);
}

static enum tfu_status take_all(struct tfu_looks *l, struct tfu_threads *threads,
                                const struct tfu_look_progress *progress, struct tfu_error *e)
{
    struct pass p = {.looks = l, .error = TFU_ERROR_INIT};
    pthread_mutex_init(&p.lock, NULL);
    for (int64_t first = 0; p.error.status == TFU_OK && first < l->count; first = p.end) {
        p.first = first;
        p.end = first + PER_PASS < l->count ? first + PER_PASS : l->count;
        tfu_threads_run(threads, (uint32_t)((p.end - first + PER_TASK - 1) / PER_TASK), task, &p);
        if (progress && progress->show)
            progress->show(progress->arg, p.end, l->count);
    }
    pthread_mutex_destroy(&p.lock);
    if (p.error.status != TFU_OK && e)
        *e = p.error;
    return p.error.status;
}

enum tfu_status tfu_looks_take(struct tfu_looks *out, const struct tfu_dataset *d, bool measures,
                               struct tfu_threads *threads, const struct tfu_look_progress *p,
                               struct tfu_error *e)
{
    *out =
        (struct tfu_looks){.dataset = d, .measures = measures, .count = tfu_dataset_info(d)->count};
    out->image = calloc((size_t)out->count, sizeof *out->image);
    if (!out->image) {
        out->count = 0;
        return tfu_error_memory(e, "looking at images", 0);
    }
    const enum tfu_status st = take_all(out, threads, p, e);
    if (st != TFU_OK)
        tfu_looks_free(out);
    return st;
}

void tfu_looks_free(struct tfu_looks *l)
{
    for (int64_t i = 0; i < l->count; i++)
        free(l->image[i].problem);
    free(l->image);
    *l = (struct tfu_looks){.count = 0};
}

int64_t tfu_looks_moments(const struct tfu_looks *l, int64_t channels,
                          struct tfu_channel_moments *sum)
{
    int64_t n = 0;
    *sum = (struct tfu_channel_moments){.mean = {0}};
    for (int64_t i = 0; i < l->count; i++) {
        if (l->image[i].problem || l->image[i].measured != channels)
            continue;
        tfu_channel_moments_add(sum, &l->image[i].moments);
        n++;
    }
    return n;
}
