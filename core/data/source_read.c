/* SPDX-License-Identifier: MIT
 *
 * Labels and examples are read from a dataset's plugin, and looked at: can a network compute with
 * them, are they what the dataset said?
 */
#include <math.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/data/contents.h"
#include "core/data/image_seen.h"
#include "core/data/source.h"
#include "core/data/stray_boxes.h"

/* NaN, infinite, or 2^64 and more, whose square is: some files have the largest float there is
 * where they know nothing. */
static uint32_t is_odd(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7f800000) >= (uint32_t)(127 + 64) << 23;
}

static size_t first_odd(const float *x, size_t n)
{
    size_t i = 0;
    while (i < n && !is_odd(x[i]))
        i++;
    return i;
}

static bool has_odd(const float *x, size_t n)
{
    uint32_t odd = 0;
    for (size_t i = 0; i < n; i++) /* without a branch: this is done to every pixel */
        odd |= is_odd(x[i]);
    return odd;
}

enum tfu_status tfu_source_check(const struct tfu_source *s, int64_t index, const float *pixels,
                                 const int64_t dim[3], const char *where, const char *advice,
                                 struct tfu_error *e)
{
    const size_t n = (size_t)(dim[0] * dim[1] * dim[2]);
    if (!has_odd(pixels, n))
        return TFU_OK;
    const int64_t i = (int64_t)first_odd(pixels, n), pixel = i / dim[2];
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(s, index, "images", &place);
    tfu_error_set(e, TFU_EINVAL,
                  "%s has the pixel %g at row %lld, column %lld, channel %lld%s; no network can "
                  "compute with that: %s",
                  tfu_text_get(&place), isnan(pixels[i]) ? (double)NAN : (double)pixels[i],
                  (long long)(pixel / dim[1]), (long long)(pixel % dim[1]), (long long)(i % dim[2]),
                  where, advice);
    tfu_text_free(&place);
    if (s->split->name)
        tfu_error_prefix(e, "%s data", s->split->name);
    return TFU_EINVAL;
}

enum tfu_status tfu_source_labels(const struct tfu_source *s, int64_t first, int64_t count,
                                  float *labels, struct tfu_error *e)
{
    if (!s->info.target)
        return TFU_OK;
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_contents c;
    struct tfu_calling calling;
    tfu_contents_init(&c, s->files, s->log);
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "labels");
    const enum tfu_status st =
        s->ops->labels(s->self, first, count, labels, tfu_contents_host(&c, false, &error));
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return st;
    tfu_host_check(st, tfu_source_plugin(s), "labels", &error);
    return tfu_error_set(e, st, "labels of dataset '%s': %s", tfu_source_plugin(s), error.text);
}

/* Exactly one image, as large as the dataset said. */
static enum tfu_status check_image(const struct tfu_source *s, const struct tfu_example_work *w,
                                   struct tfu_error *e)
{
    const int64_t said[] = {s->info.height, s->info.width, s->info.channels};
    const struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    uint32_t images = 0;
    for (uint32_t i = 0; i < w->example.field_count; i++)
        images += w->example.field[i]->kind == TFU_FIELD_IMAGE;
    if (images != 1)
        return tfu_error_set(e, TFU_EINVAL, "it has %u images; an example has one", images);
    for (int k = 0; k < 3 && !s->split->select.decode; k++)
        if (said[k] && said[k] != image->shape.dim[k])
            return tfu_error_set(e, TFU_ESHAPE,
                                 "its image is %lld x %lld x %lld, but those of the dataset are "
                                 "%lld x %lld x %lld",
                                 (long long)image->shape.dim[0], (long long)image->shape.dim[1],
                                 (long long)image->shape.dim[2], (long long)said[0],
                                 (long long)said[1], (long long)said[2]);
    return TFU_OK;
}

/* Only floats can be what no network can compute with. */
static enum tfu_status check_numbers(const struct tfu_source *s, int64_t index,
                                     const struct tfu_example_work *w, struct tfu_error *e)
{
    const struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    if (image->dtype != TFU_F32)
        return TFU_OK;
    return tfu_source_check(s, index, image->data, image->shape.dim, "",
                            "mend the image, or leave it out of the data", e);
}

static enum tfu_status call_get(const struct tfu_source *s, int64_t index,
                                struct tfu_example_work *w, struct tfu_error *error)
{
    struct tfu_calling calling;
    w->error = error;
    w->adds = true;
    w->host.key = 0;
    w->host.random = 0;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "get");
    const enum tfu_status st = s->ops->get(s->self, index, &w->host);
    tfu_calling_end(outer);
    w->adds = false;
    tfu_host_check(st, tfu_source_plugin(s), "get", error);
    return st;
}

bool tfu_source_find_file(const struct tfu_source *s, int64_t index,
                          struct tfu_image_seen_file *out)
{
    struct tfu_error refused = TFU_ERROR_INIT;
    struct tfu_example_probe probe = {.asked = 0};
    struct tfu_example_work w;
    tfu_example_begin(&w, s->files, &refused);
    w.probe = &probe;
    call_get(s, index, &w, &refused);
    tfu_example_end(&w);
    if (probe.asked == 1 && probe.seen)
        *out = *probe.seen;
    return probe.asked == 1 && probe.seen;
}

/* A mask, boxes or points. */
static bool has_places(const struct tfu_example_work *w)
{
    for (uint32_t i = 0; i < w->example.field_count; i++)
        if (w->field[i]->kind != TFU_FIELD_IMAGE && tfu_field_has_place(w->field[i]->kind))
            return true;
    return false;
}

static void look_for_stray_boxes(const struct tfu_source *s, int64_t index,
                                 const struct tfu_example_work *w)
{
    const struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    float box[4];
    if (!tfu_stray_boxes_look(s->stray, index, &w->example, box))
        return;
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(s, index, "images", &place);
    tfu_log_write(
        s->log, TFU_LOG_WARNING,
        "%s%s%s: a box from (%g, %g) to (%g, %g) lies outside of its image of %lld x %lld "
        "(width x height) and is left out; are boxes and images of one size? Others are "
        "counted",
        s->split->name ? s->split->name : "", s->split->name ? " data: " : "", tfu_text_get(&place),
        (double)box[1], (double)box[0], (double)box[3], (double)box[2],
        (long long)image->shape.dim[1], (long long)image->shape.dim[0]);
    tfu_text_free(&place);
}

enum tfu_status tfu_source_get(const struct tfu_source *s, int64_t index,
                               struct tfu_example_work *w, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    enum tfu_status st = call_get(s, index, w, &error);
    if (st == TFU_OK && (w->host.wanted_height || w->host.wanted_width) && has_places(w)) {
        /* places are those of all pixels, and a smaller image would not have them */
        tfu_example_end(w);
        tfu_example_begin(w, s->files, e);
        st = call_get(s, index, w, &error);
    }
    w->error = e;
    if (st == TFU_OK)
        st = tfu_example_check(w, &error);
    if (st == TFU_OK)
        st = check_image(s, w, &error);
    if (st == TFU_OK)
        look_for_stray_boxes(s, index, w);
    if (st == TFU_OK)
        return check_numbers(s, index, w, e);
    tfu_error_set(e, st, "%s", error.text);
    tfu_source_name_example(s, index, e);
    return st;
}
