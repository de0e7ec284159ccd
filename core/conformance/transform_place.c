/* SPDX-License-Identifier: MIT
 *
 * Does a transform move masks, boxes and points with the image, and leave alone what it is not
 * about?
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/conformance/transform_tests.h"

/* A number of an image as a float from 0 to 1. */
static double unit_of(const struct tfu_tensor *t, int64_t at)
{
    return t->dtype == TFU_U8    ? (double)((const uint8_t *)t->data)[at] / 255
           : t->dtype == TFU_U16 ? (double)((const uint16_t *)t->data)[at] / 65535
                                 : (double)((const float *)t->data)[at];
}

/* ---- where a square goes */

/* Its middle and its edges, in the image that came out. */
struct place {
    bool there;
    double y, x;
};

/* Of the difference between the images with and without the square, where it is at least this share
 * of the largest. */
static struct place in_image(const struct tfu_check_example *with,
                             const struct tfu_check_example *without, double share)
{
    const struct tfu_tensor *a = tfu_example_find(&with->work.example, TFU_FIELD_IMAGE);
    const struct tfu_tensor *b = tfu_example_find(&without->work.example, TFU_FIELD_IMAGE);
    const int64_t width = a->shape.dim[1], channels = a->shape.dim[2];
    double sum = 0, y = 0, x = 0, most = 0;
    for (int64_t i = 0; i < tfu_shape_count(&a->shape); i++)
        most = fmax(most, fabs(unit_of(a, i) - unit_of(b, i)));
    for (int64_t i = 0; i < tfu_shape_count(&a->shape); i++) {
        const double difference = fabs(unit_of(a, i) - unit_of(b, i));
        const double weight = difference >= share * most ? difference : 0;
        const int64_t pixel = i / channels;
        sum += weight;
        y += weight * ((double)(pixel / width) + 0.5);
        x += weight * ((double)(pixel % width) + 0.5);
    }
    return (struct place){sum > 1e-3, y / sum, x / sum};
}

static struct place in_mask(const struct tfu_check_example *with)
{
    const struct tfu_tensor *t = tfu_example_find(&with->work.example, TFU_FIELD_MASK);
    const int64_t width = t->shape.dim[1];
    double sum = 0, y = 0, x = 0;
    for (int64_t i = 0; i < tfu_shape_count(&t->shape); i++)
        if (((const uint8_t *)t->data)[i] == 1) {
            sum++;
            y += (double)(i / width) + 0.5;
            x += (double)(i % width) + 0.5;
        }
    return (struct place){sum > 0, y / sum, x / sum};
}

static struct place in_box(const struct tfu_check_example *with, double *least_side, bool *ordered)
{
    const struct tfu_tensor *t = tfu_example_find(&with->work.example, TFU_FIELD_BOXES);
    const float *b = t->data;
    if (t->shape.dim[0] != 1)
        return (struct place){.there = false};
    *ordered = b[0] <= b[2] && b[1] <= b[3];
    *least_side = fmin((double)b[2] - (double)b[0], (double)b[3] - (double)b[1]);
    return (struct place){true, ((double)b[0] + (double)b[2]) / 2,
                          ((double)b[1] + (double)b[3]) / 2};
}

static struct place in_points(const struct tfu_check_example *with)
{
    const struct tfu_tensor *t = tfu_example_find(&with->work.example, TFU_FIELD_POINTS);
    const float *p = t->data;
    return t->shape.dim[0] == 1 ? (struct place){true, (double)p[0], (double)p[1]}
                                : (struct place){.there = false};
}

/* Is all of the square in the image, with some room? What is cut has its middle elsewhere. */
static bool is_well_inside(const struct tfu_check_example *with, struct place p, double side)
{
    const struct tfu_tensor *t = tfu_example_find(&with->work.example, TFU_FIELD_IMAGE);
    const double room = side / 2 + 1.5;
    return p.there && p.y >= room && p.x >= room && p.y <= (double)t->shape.dim[0] - room &&
           p.x <= (double)t->shape.dim[1] - room;
}

static enum tfu_status agree(const char *what, struct place a, struct place point, double tolerance,
                             struct tfu_error *e)
{
    if (a.there && fabs(a.y - point.y) <= tolerance && fabs(a.x - point.x) <= tolerance)
        return TFU_OK;
    if (!a.there)
        return tfu_error_set(e, TFU_EINVAL,
                             "a point goes to (y %.4g, x %.4g), and %s that was there is gone",
                             point.y, point.x, what);
    return tfu_error_set(e, TFU_EINVAL,
                         "a point goes to (y %.4g, x %.4g), and %s that was there to "
                         "(y %.4g, x %.4g)",
                         point.y, point.x, what, a.y, a.x);
}

/* Do all of them say the same of where the square is? */
static enum tfu_status check_places(const struct tfu_check_example *with,
                                    const struct tfu_check_example *without, bool *seen,
                                    struct tfu_error *e)
{
    double side = 0;
    bool ordered = true;
    const struct place image = in_image(with, without, 0), mask = in_mask(with);
    const struct place box = in_box(with, &side, &ordered), point = in_points(with);
    if (!ordered)
        return tfu_error_set(e, TFU_EINVAL,
                             "a box comes out with its bottom above its top, or its right edge "
                             "left of its left one");
    const double guess = box.there ? side : TFU_CHECK_SQUARE;
    if (!point.there && !is_well_inside(with, image, guess))
        return TFU_OK; /* it is outside, or cut at the edge */
    if (!point.there)
        return tfu_error_set(e, TFU_EINVAL,
                             "what is in the image at (y %.4g, x %.4g) had a point there, which is "
                             "gone",
                             image.y, image.x);
    if (!is_well_inside(with, point, guess))
        return TFU_OK;
    *seen = true;
    enum tfu_status st = agree("the middle of the box", box, point, 0.75, e);
    /* in a much smaller image there may be nothing left of it */
    if (st == TFU_OK && (image.there || side >= 2))
        st = agree("what is in the image", image, point, 0.75, e);
    if (st == TFU_OK && (mask.there || side >= 2))
        st = agree("what is in the mask", mask, point, 1, e);
    return st;
}

/* Of what is not geometric, nothing moves in the image either. By a histogram or a mean the square
 * changes pixels everywhere, but those less. */
static enum tfu_status check_still(const struct tfu_check_scene *s,
                                   const struct tfu_check_example *with,
                                   const struct tfu_check_example *without, bool *seen,
                                   struct tfu_error *e)
{
    const struct place image = in_image(with, without, 0.5);
    const double off = fmax(fabs(image.y - (double)s->y - 0.5), fabs(image.x - (double)s->x - 0.5));
    *seen = *seen || image.there;
    if (image.there && off > TFU_CHECK_SQUARE / 2.0)
        return tfu_error_set(e, TFU_EINVAL,
                             "what is in the image at (y %.4g, x %.4g) moves to (y %.4g, x %.4g), "
                             "and its flags are without TFU_TRANSFORM_GEOMETRIC",
                             (double)s->y + 0.5, (double)s->x + 0.5, image.y, image.x);
    return TFU_OK;
}

static enum tfu_status move_one(const struct tfu_check_transform *t,
                                const struct tfu_check_scene *s, uint64_t key, bool *seen,
                                struct tfu_error *e)
{
    struct tfu_check_scene empty = *s;
    struct tfu_check_example with, without;
    empty.dark = true;
    enum tfu_status st = tfu_check_transform_run(t, s, 1, key, TFU_GUARD_NUMBERS, &with, e);
    if (st == TFU_OK)
        st = tfu_check_transform_run(t, &empty, 1, key, TFU_GUARD_NUMBERS, &without, e);
    /* what has a place may be refused, in words; what is cut by the contents has no common frame */
    const bool placed =
        st == TFU_OK && with.work.example.field_count > 1 &&
        tfu_shape_equal(&tfu_example_find(&with.work.example, TFU_FIELD_IMAGE)->shape,
                        &tfu_example_find(&without.work.example, TFU_FIELD_IMAGE)->shape);
    if (placed)
        st = t->ops->flags & TFU_TRANSFORM_GEOMETRIC ? check_places(&with, &without, seen, e)
                                                     : check_still(s, &with, &without, seen, e);
    tfu_check_example_end(&with);
    tfu_check_example_end(&without);
    return st;
}

enum tfu_status tfu_check_transform_moves(struct tfu_check *c, struct tfu_error *e)
{
    static const int64_t size[][2] = {{40, 56}, {64, 48}, {300, 260}};
    static const double at[][2] = {{0.5, 0.5}, {0.35, 0.4}, {0.6, 0.7}};
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = TFU_OK;
    int taken = 0;
    bool seen = false, refused;
    for (size_t i = 0; st == TFU_OK && i < 2 * TFU_COUNT(size); i++) {
        struct tfu_check_transform t;
        struct tfu_check_scene s = {.height = size[i / 2][0],
                                    .width = size[i / 2][1],
                                    .channels = i % 2 ? 3 : 1,
                                    .dtype = TFU_F32,
                                    .marked = true};
        st = tfu_check_transform_open(c, c->config, s.height, s.width, s.channels, &t, &refused,
                                      &said, e);
        if (st != TFU_OK || refused)
            continue;
        taken++;
        const uint64_t rounds = tfu_check_is_large(s.height) ? 2 : 8;
        for (uint64_t k = 0; st == TFU_OK && k < rounds * TFU_COUNT(at); k++) {
            s.y = (int64_t)((double)s.height * at[k % TFU_COUNT(at)][0]);
            s.x = (int64_t)((double)s.width * at[k % TFU_COUNT(at)][1]);
            st = move_one(&t, &s, tfu_check_key(k), &seen, e);
        }
        tfu_check_transform_close(&t);
    }
    if (st == TFU_OK && !seen)
        return taken ? tfu_check_skip(c, "what is in an image cannot be found in what comes out")
                     : tfu_check_skip(c, "it refuses these images: %s", said.text);
    return st;
}

/* ---- fields that it is not about */

static enum tfu_status leaves(const struct tfu_check_transform *t, const struct tfu_check_scene *s,
                              struct tfu_error *e)
{
    struct tfu_check_example before, after, alone;
    struct tfu_check_scene image_alone = *s;
    image_alone.alone = true;
    enum tfu_status st =
        tfu_check_transform_run(t, s, 1, tfu_check_key(7), TFU_GUARD_NUMBERS, &after, e);
    if (st == TFU_OK) /* what has a place may be refused, and then it is not there */
        st = tfu_check_example_begin(&before, after.work.example.field_count > 1 ? s : &image_alone,
                                     TFU_GUARD_NUMBERS, e);
    if (st == TFU_OK)
        st = tfu_check_transform_run(t, &image_alone, 1, tfu_check_key(7), TFU_GUARD_NUMBERS,
                                     &alone, e);
    if (st != TFU_OK)
        return st;
    if (after.work.example.field_count != before.work.example.field_count)
        return tfu_error_set(e, TFU_EINVAL, "it changes the number of fields");
    if (!(t->ops->flags & TFU_TRANSFORM_LABELS) &&
        !tfu_check_example_same(&before, &after, TFU_CHECK_LABELS))
        return tfu_error_set(e, TFU_EINVAL,
                             "it changes the class or the numbers, and its flags are without "
                             "TFU_TRANSFORM_LABELS");
    if (!(t->ops->flags & TFU_TRANSFORM_GEOMETRIC) &&
        !tfu_check_example_same(&before, &after, TFU_CHECK_PLACED))
        return tfu_error_set(e, TFU_EINVAL,
                             "it changes the mask, boxes or points, and its flags are without "
                             "TFU_TRANSFORM_GEOMETRIC");
    if (!tfu_check_example_same(&after, &alone, TFU_CHECK_IMAGE))
        return tfu_error_set(e, TFU_EINVAL,
                             "the image becomes another one when there is no mask, box and point");
    tfu_check_example_end(&before);
    tfu_check_example_end(&after);
    tfu_check_example_end(&alone);
    return TFU_OK;
}

enum tfu_status tfu_check_transform_others(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_transform_each(c, leaves, e);
}

/* ---- normalisation() */

static enum tfu_status check_numbers(const struct tfu_normalisation *n,
                                     const struct tfu_check_example *before,
                                     const struct tfu_check_example *after, struct tfu_error *e)
{
    const struct tfu_tensor *in = tfu_example_find(&before->work.example, TFU_FIELD_IMAGE);
    const struct tfu_tensor *out = tfu_example_find(&after->work.example, TFU_FIELD_IMAGE);
    const int64_t from = in->shape.dim[2], to = out->shape.dim[2];
    const bool turned = strcmp(n->order, "bgr") == 0;
    if ((int64_t)n->channels != to || out->dtype != TFU_F32)
        return tfu_error_set(e, TFU_EINVAL,
                             "normalisation() speaks of %u channels, and run() gives %" PRId64
                             " of the type %u (enum tfu_dtype)",
                             n->channels, to, out->dtype);
    for (int64_t i = 0; i < tfu_shape_count(&out->shape); i++) {
        const int64_t c = i % to, source = from == 1 ? 0 : turned ? to - 1 - c : c;
        const double x = unit_of(in, i / to * from + source);
        const double want = (x - n->mean[c]) / n->deviation[c];
        const double got = (double)((const float *)out->data)[i];
        if (!(fabs(got - want) <= 1e-5 * (1 + fabs(want))))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "channel %" PRId64 " of %g becomes %g, and by normalisation() it "
                                 "is %g",
                                 c, x, got, want);
    }
    return TFU_OK;
}

static enum tfu_status tells_numbers(const struct tfu_check_transform *t,
                                     const struct tfu_check_scene *s, struct tfu_error *e)
{
    const struct tfu_normalisation *n = t->ops->normalisation(t->pipeline.step[0].self);
    struct tfu_check_example before, after;
    if (!n)
        return TFU_OK;
    if (!n->mean || !n->deviation || !n->order)
        return tfu_error_set(e, TFU_EINVAL,
                             "normalisation() is without a mean, a deviation or an order");
    for (uint32_t c = 0; c < n->channels; c++)
        if (!isfinite(n->mean[c]) || !(n->deviation[c] > 0))
            return tfu_error_set(e, TFU_EINVAL,
                                 "normalisation() has the mean %g and the deviation %g", n->mean[c],
                                 n->deviation[c]);
    enum tfu_status st = tfu_check_example_begin(&before, s, TFU_GUARD_NUMBERS, e);
    if (st == TFU_OK)
        st = tfu_check_transform_run(t, s, 1, tfu_check_key(3), TFU_GUARD_NUMBERS, &after, e);
    if (st == TFU_OK)
        st = check_numbers(n, &before, &after, e);
    tfu_check_example_end(&before);
    tfu_check_example_end(&after);
    return st;
}

enum tfu_status tfu_check_transform_numbers(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_transform_ops *ops = c->plugin->ops;
    if (!ops->normalisation)
        return tfu_check_skip(c, "it is no normalisation");
    return tfu_check_transform_each(c, tells_numbers, e);
}
