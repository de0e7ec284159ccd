/* SPDX-License-Identifier: MIT
 *
 * Does a transform give what it announces?
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/conformance/transform_tests.h"

static enum tfu_status fits(const struct tfu_check_transform *t, const struct tfu_check_scene *s,
                            struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint64_t i = 0; st == TFU_OK && i < 6; i++) {
        struct tfu_check_scene scene = *s;
        struct tfu_check_example x;
        scene.alone = i == 4;
        scene.empty = i == 5;
        st = tfu_check_transform_run(t, &scene, i % 2, tfu_check_key(i), (enum tfu_guard)(i % 4),
                                     &x, e);
        if (st == TFU_OK)
            tfu_check_example_end(&x);
    }
    return st;
}

static enum tfu_status sizes_agree(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_transform_each(c, fits, e);
}

/* Images whose sizes are known only once they are read. */
static enum tfu_status any_size(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_transform t;
    struct tfu_error said;
    bool refused;
    int taken = 0;
    enum tfu_status st = tfu_check_transform_open(c, c->config, 0, 0, 3, &t, &refused, &said, e);
    if (st == TFU_OK && refused)
        st = tfu_check_transform_open(c, c->config, 0, 0, 1, &t, &refused, &said, e);
    if (st != TFU_OK)
        return st;
    if (refused)
        return tfu_check_skip(c, "it takes no images of different sizes: %s", said.text);
    for (size_t i = 0; st == TFU_OK && i < TFU_CHECK_SIZES; i++) {
        const struct tfu_check_scene s = {.height = tfu_check_sizes[i][0],
                                          .width = tfu_check_sizes[i][1],
                                          .channels = t.pipeline.channels == 1 ? 1 : 3,
                                          .dtype = TFU_U8};
        struct tfu_check_example x;
        struct tfu_error why = TFU_ERROR_INIT;
        const enum tfu_status got =
            tfu_check_transform_run(&t, &s, 1, tfu_check_key(i), TFU_GUARD_NUMBERS, &x, &why);
        if (got != TFU_OK && !strstr(why.text, "run() refuses")) /* an image too small may be */
            return tfu_error_set(e, got, "%s", why.text);
        taken += got == TFU_OK;
        tfu_check_example_end(&x);
    }
    tfu_check_transform_close(&t);
    return taken ? TFU_OK : tfu_error_set(e, TFU_EINVAL, "run() refuses images of every size");
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct tfu_check_transform t;
    struct tfu_error wrong = TFU_ERROR_INIT;
    bool refused;
    const enum tfu_status st =
        tfu_check_transform_open(c, config, 40, 56, 1, &t, &refused, said, &wrong);
    if (st != TFU_OK)
        return tfu_error_set(said, st, "%s", wrong.text);
    if (refused)
        return said->status;
    const struct tfu_check_scene s = {.height = 40, .width = 56, .channels = 1, .dtype = TFU_U8};
    struct tfu_check_example x;
    const bool small = t.pipeline.height * t.pipeline.width < 1 << 22;
    enum tfu_status ran = TFU_OK;
    if (small) {
        ran = tfu_check_transform_run(&t, &s, 1, tfu_check_key(1), TFU_GUARD_NUMBERS, &x, said);
        tfu_check_example_end(&x);
    }
    tfu_check_transform_close(&t);
    return ran;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "create", e);
}

/* ---- wanted() */

static enum tfu_status wish(const struct tfu_check_transform *t, const struct tfu_check_scene *s,
                            struct tfu_error *e)
{
    static const int64_t behind[][2] = {{0, 0}, {1, 1}, {224, 224}, {24, 31}};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && t->ops->wanted && i < TFU_COUNT(behind); i++) {
        int64_t size[2] = {behind[i][0], behind[i][1]}, again[2] = {size[0], size[1]};
        t->ops->wanted(t->pipeline.step[0].self, size);
        t->ops->wanted(t->pipeline.step[0].self, again);
        if (size[0] < 0 || size[1] < 0 || (size[0] == 0) != (size[1] == 0))
            return tfu_error_set(
                e, TFU_EINVAL,
                "wanted() asks for %" PRId64 "x%" PRId64 " where %" PRId64 "x%" PRId64
                " is wanted behind it; 0 stands for all pixels, in both or in none",
                size[0], size[1], behind[i][0], behind[i][1]);
        if (size[0] != again[0] || size[1] != again[1])
            return tfu_error_set(e, TFU_EINVAL, "wanted() gives another size the second time");
        /* what a decoder may then give, has to do */
        struct tfu_check_scene smaller = *s;
        struct tfu_check_example x;
        if (!size[0] || size[0] > s->height || size[1] > s->width)
            continue;
        smaller.height = size[0];
        smaller.width = size[1];
        struct tfu_check_transform as_any = *t;
        /* no shape(), or one that leaves the size as it is: then it is the image's */
        if (t->pipeline.height == s->height && t->pipeline.width == s->width)
            as_any.pipeline.height = as_any.pipeline.width = 0;
        st = tfu_check_transform_run(&as_any, &smaller, 1, tfu_check_key(i), TFU_GUARD_NUMBERS, &x,
                                     e);
        tfu_check_example_end(&x);
        if (st != TFU_OK)
            tfu_error_prefix(e, "an image as small as wanted() lets it be, %" PRId64 "x%" PRId64,
                             size[0], size[1]);
    }
    return st;
}

static enum tfu_status wishes(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_transform_ops *ops = c->plugin->ops;
    if (!ops->wanted)
        return tfu_check_skip(c, "it has no wanted()");
    return tfu_check_transform_each(c, wish, e);
}

/* ---- a life */

enum tfu_status tfu_check_live_transform(const struct tfu_check *c, struct tfu_life *l,
                                         struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = TFU_OK;
    int taken = 0;
    for (size_t i = 0; st == TFU_OK && i < 2 * TFU_CHECK_SIZES; i++) {
        struct tfu_check_transform t;
        const struct tfu_check_scene s = {.height = tfu_check_sizes[i / 2][0],
                                          .width = tfu_check_sizes[i / 2][1],
                                          .channels = i % 2 ? 3 : 1,
                                          .dtype = TFU_U8};
        bool refused;
        st = tfu_check_transform_open(c, c->config, s.height, s.width, s.channels, &t, &refused,
                                      &said, e);
        if (st != TFU_OK || refused)
            continue;
        const uint64_t keys = tfu_check_is_large(s.height) ? 1 : 3;
        for (uint64_t k = 0; st == TFU_OK && k < keys; k++) {
            struct tfu_check_example x;
            st = tfu_check_transform_run(&t, &s, 1, tfu_check_key(k), TFU_GUARD_NUMBERS, &x, e);
            for (uint32_t f = 0; st == TFU_OK && f < x.work.example.field_count; f++)
                tfu_life_add_tensor(l, x.work.example.field[f]->t);
            tfu_check_example_end(&x);
        }
        tfu_check_transform_close(&t);
        taken++;
    }
    return st != TFU_OK || taken
               ? st
               : tfu_error_set(e, TFU_EINVAL, "it refuses every image: %s", said.text);
}

const struct tfu_check_test tfu_check_transform[] = {
    {"what comes out is whole, finite and of the size that it announces", sizes_agree},
    {"images of different sizes are taken, or refused in words", any_size},
    {"each option at its bounds is taken, or refused in words", bounds},
    {"an image as small as it lets decoders make it will do", wishes},
    {"the same key gives the same bits", tfu_check_transform_repeats},
    {"it is random only if it says so, and only where that is wanted", tfu_check_transform_chance},
    {"another key gives another result", tfu_check_transform_key},
    {"several threads get the same bits", tfu_check_transform_threads},
    {"masks, boxes and points move with the image", tfu_check_transform_moves},
    {"what it is not about stays as it is", tfu_check_transform_others},
    {"the normalisation that it tells is what it does", tfu_check_transform_numbers},
    {"what it mixes is shared as it says, by the key alone", tfu_check_transform_mixes},
    {NULL, NULL},
};
