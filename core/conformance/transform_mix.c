/* SPDX-License-Identifier: MIT
 *
 * Does a transform that mixes two images say how much of each is in what comes out, and does that
 * follow from the key alone?
 */
#include <math.h>
#include <string.h>

#include "core/conformance/hooks.h"
#include "core/conformance/transform_tests.h"

enum { HEIGHT = 24, WIDTH = 31, CHANNELS = 3, COUNT = HEIGHT * WIDTH * CHANNELS, KEYS = 24 };

/* One mix of an image of ones and an image of zeros, so that the mean of what comes out is the
 * share of the first. */
static enum tfu_status mix_one(const struct tfu_check_transform *t, uint64_t key, double *share,
                               float out[COUNT], struct tfu_error *e)
{
    static const float zeros[COUNT];
    float other[COUNT] = {0};
    struct tfu_error said = TFU_ERROR_INIT;
    for (int i = 0; i < COUNT; i++)
        out[i] = 1;
    tfu_hooks_paint();
    const enum tfu_status st = tfu_pipeline_mix(&t->pipeline, out, other, key, share, &said);
    const enum tfu_status manners = tfu_check_manners(st, &said, "mix", e);
    if (manners != TFU_OK)
        return manners;
    if (st != TFU_OK)
        return tfu_error_set(e, st, "mix() refuses two images of %dx%d: %s", HEIGHT, WIDTH,
                             said.text);
    if (memcmp(other, zeros, sizeof other) != 0)
        return tfu_error_set(e, TFU_EINVAL, "mix() changes the other image");
    double sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum += (double)out[i];
    if (!(fabs(sum / COUNT - *share) <= 1e-5))
        return tfu_error_set(e, TFU_ENUMERIC,
                             "mix() says that %g of what comes out is of the image, and it is %g",
                             *share, sum / COUNT);
    return TFU_OK;
}

enum tfu_status tfu_check_transform_mixes(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_transform_ops *ops = c->plugin->ops;
    struct tfu_check_transform t;
    struct tfu_error said;
    bool refused, differs = false;
    float first[COUNT], again[COUNT];
    if (!(ops->flags & TFU_TRANSFORM_MIXES))
        return tfu_check_skip(c, "it does not mix");
    enum tfu_status st =
        tfu_check_transform_open(c, c->config, HEIGHT, WIDTH, CHANNELS, &t, &refused, &said, e);
    if (st == TFU_OK && refused)
        return tfu_error_set(e, TFU_EINVAL, "it refuses images of %dx%d: %s", HEIGHT, WIDTH,
                             said.text);
    for (uint64_t i = 0; st == TFU_OK && i < KEYS; i++) {
        double share = -1, share_again = -1, between;
        st = mix_one(&t, tfu_check_key(i), &share, first, e);
        if (st == TFU_OK)
            st = mix_one(&t, tfu_check_key(i + 1), &between, again, e);
        differs = differs || share != between;
        if (st == TFU_OK)
            st = mix_one(&t, tfu_check_key(i), &share_again, again, e);
        if (st == TFU_OK && (share != share_again || memcmp(first, again, sizeof first) != 0))
            st = tfu_error_set(e, TFU_EINVAL, "the same key gives other bits after other images");
    }
    if (st == TFU_OK)
        tfu_check_transform_close(&t);
    if (st == TFU_OK && !differs && ops->flags & TFU_TRANSFORM_RANDOM)
        return tfu_error_set(e, TFU_EINVAL,
                             "%d keys give the same share; does it draw from the "
                             "host's key?",
                             KEYS);
    return st;
}
