/* SPDX-License-Identifier: MIT
 *
 * The host's side of a transform under test: an instance, a run of it, and what it is tried with.
 */
#include <inttypes.h>
#include <math.h>

#include "core/base/calling.h"
#include "core/conformance/hooks.h"
#include "core/conformance/transform_tests.h"

#include <transfuse/random.h>

uint64_t tfu_check_key(uint64_t i)
{
    const struct tfu_random_block b = tfu_philox(99, i);
    return (uint64_t)b.word[0] << 32 | b.word[1];
}

/* ---- an instance */

enum tfu_status tfu_check_transform_open(const struct tfu_check *c, const void *config,
                                         int64_t height, int64_t width, int64_t channels,
                                         struct tfu_check_transform *t, bool *refused,
                                         struct tfu_error *said, struct tfu_error *e)
{
    *t = (struct tfu_check_transform){
        .check = c, .ops = c->plugin->ops, .choice = *c->choice, .split = {.transform_count = 1}};
    t->choice.config = config;
    t->split.transform = &t->choice;
    *said = (struct tfu_error)TFU_ERROR_INIT;
    const struct tfu_dataset_info info = {.struct_size = sizeof info,
                                          .count = 1,
                                          .height = height,
                                          .width = width,
                                          .channels = channels};
    tfu_hooks_paint();
    const enum tfu_status st =
        tfu_pipeline_open(&t->pipeline, &t->split, &info, c->registry, NULL, said);
    *refused = st != TFU_OK;
    return tfu_check_manners(st, said, "create() or shape", e);
}

void tfu_check_transform_close(struct tfu_check_transform *t)
{
    tfu_hooks_paint();
    tfu_pipeline_close(&t->pipeline);
}

/* What came out is such as the kinds of its fields are, finite, and of the size that was announced.
 */
static enum tfu_status check_result(const struct tfu_check_transform *t,
                                    const struct tfu_check_example *x, struct tfu_error *e)
{
    const char *overrun = tfu_check_example_overrun(x);
    if (overrun)
        return tfu_error_set(e, TFU_EINVAL, "run() writes before or behind %s", overrun);
    const enum tfu_status st = tfu_example_check(&x->work, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_tensor *image = tfu_example_find(&x->work.example, TFU_FIELD_IMAGE);
    const struct tfu_tensor *mask = tfu_example_find(&x->work.example, TFU_FIELD_MASK);
    const int64_t *dim = image->shape.dim;
    const int64_t said[] = {t->pipeline.height, t->pipeline.width, t->pipeline.channels};
    for (int k = 0; k < 3; k++)
        if (said[k] && said[k] != dim[k])
            return tfu_error_set(e, TFU_ESHAPE,
                                 "run() gives %" PRId64 "x%" PRId64 "x%" PRId64
                                 " numbers, and shape() said %" PRId64 "x%" PRId64 "x%" PRId64,
                                 dim[0], dim[1], dim[2], said[0], said[1], said[2]);
    if (mask && (mask->shape.dim[0] != dim[0] || mask->shape.dim[1] != dim[1]))
        return tfu_error_set(e, TFU_ESHAPE,
                             "run() gives an image of %" PRId64 "x%" PRId64
                             " and a mask of %" PRId64 "x%" PRId64,
                             dim[0], dim[1], mask->shape.dim[0], mask->shape.dim[1]);
    for (int64_t i = 0; image->dtype == TFU_F32 && i < tfu_shape_count(&image->shape); i++)
        if (!(fabsf(((const float *)image->data)[i]) < 1e30f))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "run() gives the number %g at place %" PRId64
                                 " of an image from 0 to 1; is it written?",
                                 (double)((const float *)image->data)[i], i);
    return TFU_OK;
}

enum tfu_status tfu_check_transform_run(const struct tfu_check_transform *t,
                                        const struct tfu_check_scene *scene, uint32_t random,
                                        uint64_t key, enum tfu_guard guard,
                                        struct tfu_check_example *x, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = tfu_check_example_begin(x, scene, guard, e);
    if (st != TFU_OK)
        return st;
    x->work.error = &said;
    x->work.host.random = random;
    x->work.host.key = key;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "transform", .plugin = t->check->plugin->name, .function = "run"});
    tfu_hooks_paint();
    st = t->ops->run(t->pipeline.step[0].self, &x->work.example, &x->work.host);
    tfu_calling_end(outer);
    x->work.error = e;
    const enum tfu_status manners = tfu_check_manners(st, &said, "run", e);
    if (manners != TFU_OK)
        return manners;
    if (st == TFU_EUNSUPPORTED && !scene->alone) { /* it cannot move all that has a place */
        struct tfu_check_scene alone = *scene;
        alone.alone = true;
        tfu_check_example_end(x);
        return tfu_check_transform_run(t, &alone, random, key, guard, x, e);
    }
    if (st != TFU_OK)
        return tfu_error_set(e, st,
                             "run() refuses an image of a size that shape() took (%" PRId64
                             "x%" PRId64 "x%" PRId64 "): %s",
                             scene->height, scene->width, scene->channels, said.text);
    return check_result(t, x, e);
}

/* ---- sizes */

const int64_t tfu_check_sizes[TFU_CHECK_SIZES][2] = {
    {1, 1}, {5, 7}, {33, 32}, {40, 56}, {300, 260}};
const int64_t tfu_check_channels[TFU_CHECK_CHANNELS] = {1, 3, 4};
static const uint32_t dtypes[] = {TFU_U8, TFU_U16, TFU_F32};

bool tfu_check_is_large(int64_t height)
{
    return height == tfu_check_sizes[TFU_CHECK_SIZES - 1][0];
}

/* All that is tried of one size; `*taken` counts what is not refused. */
static enum tfu_status try_size(const struct tfu_check *c, int64_t height, int64_t width,
                                int64_t channels, tfu_check_transform_test *test, int *taken,
                                struct tfu_error *said, struct tfu_error *e)
{
    struct tfu_check_transform t;
    bool refused;
    enum tfu_status st =
        tfu_check_transform_open(c, c->config, height, width, channels, &t, &refused, said, e);
    if (st != TFU_OK || refused)
        return st;
    for (size_t k = 0; st == TFU_OK && k < (tfu_check_is_large(height) ? 1 : TFU_COUNT(dtypes));
         k++)
        st = test(&t,
                  &(struct tfu_check_scene){
                      .height = height, .width = width, .channels = channels, .dtype = dtypes[k]},
                  e);
    tfu_check_transform_close(&t);
    ++*taken;
    return st;
}

enum tfu_status tfu_check_transform_each(struct tfu_check *c, tfu_check_transform_test *test,
                                         struct tfu_error *e)
{
    int taken = 0;
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_CHECK_SIZES; i++) {
        const int before = taken;
        for (size_t k = 0; st == TFU_OK && k < TFU_CHECK_CHANNELS; k++)
            if (!tfu_check_is_large(tfu_check_sizes[i][0]) || before == taken)
                st = try_size(c, tfu_check_sizes[i][0], tfu_check_sizes[i][1],
                              tfu_check_channels[k], test, &taken, &said, e);
    }
    if (st == TFU_OK && !taken)
        return tfu_error_set(e, TFU_EINVAL, "it refuses images of every size up to 300x260: %s",
                             said.text);
    tfu_check_note(c, "%d sizes, 3 types of numbers", taken);
    return st;
}
