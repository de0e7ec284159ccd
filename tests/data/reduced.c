/* SPDX-License-Identifier: MIT
 *
 * Images that are decoded smaller: not those whose masks, boxes or points are told in their pixels.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

#include <transfuse/transform.h>

#undef fail /* a macro of Check; here it is a function of the host */

/* of the file */
enum { HEIGHT = 64, WIDTH = 96, CHANNELS = 3, SIDE = 8 };

static struct tfu_registry *registry;

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR");
    ck_assert_msg(chdir(top ? top : ".") == 0, "set TOP_SRCDIR");
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

/* ---- a dataset of one photograph, with what the configuration says (0: nothing) in its pixels */

static const char photograph[] = "tests/plugins/reader/good/scaled.jpg";

static enum tfu_status data_open(void **self, const void *config, struct tfu_dataset_host *h)
{
    *self = (void *)(uintptr_t)config;
    return h->add_image(h, photograph, CHANNELS);
}

static void nothing(void *self)
{
    (void)self;
}

static const struct tfu_dataset_info *data_info(const void *self)
{
    static const struct tfu_dataset_info info = {.struct_size = sizeof info, .count = 1};
    (void)self;
    return &info;
}

static enum tfu_status data_get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const uint32_t kind = *(const uint32_t *)self;
    const int mask = kind == TFU_FIELD_MASK;
    const struct tfu_shape shape = tfu_shape_make(
        2, mask ? HEIGHT : 1, mask ? WIDTH : (kind == TFU_FIELD_BOXES ? 5 : 3), 1, 1, 1);
    (void)index;
    const enum tfu_status st = h->read_image(h, photograph, CHANNELS);
    if (st != TFU_OK || !kind)
        return st;
    const struct tfu_tensor *t = h->add(h, kind, mask ? TFU_U8 : TFU_F32, &shape);
    if (!t)
        return TFU_ENOMEM;
    memset(t->data, 0, (size_t)tfu_shape_count(&shape) * tfu_dtype_size(t->dtype));
    return TFU_OK;
}

static const struct tfu_dataset_ops data_ops = {.struct_size = sizeof data_ops,
                                                .open = data_open,
                                                .close = nothing,
                                                .info = data_info,
                                                .get = data_get};

static const struct tfu_plugin data_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "photograph",        .version = "1",
    .summary = "one photograph",         .ops_size = sizeof data_ops, .ops = &data_ops,
};

/* ---- a transform to 8 x 8 that notes what it was given */

static int64_t given[2];

static enum tfu_status small_create(void **self, const void *config, struct tfu_transform_host *h)
{
    (void)config, (void)h;
    *self = NULL;
    return TFU_OK;
}

static enum tfu_status small_shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                                   struct tfu_transform_host *h)
{
    (void)self, (void)h;
    *out = *in;
    out->dim[0] = out->dim[1] = SIDE;
    return TFU_OK;
}

static void small_wanted(const void *self, int64_t size[2])
{
    (void)self;
    size[0] = size[1] = SIDE;
}

static enum tfu_status small_run(const void *self, struct tfu_example *x,
                                 struct tfu_example_host *h)
{
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    (void)self;
    memcpy(given, image->shape.dim, sizeof given);
    return h->resize(h, image, SIDE, SIDE, TFU_FILTER_BILINEAR);
}

static const struct tfu_transform_ops small_ops = {.struct_size = sizeof small_ops,
                                                   .flags = TFU_TRANSFORM_GEOMETRIC,
                                                   .create = small_create,
                                                   .destroy = nothing,
                                                   .shape = small_shape,
                                                   .wanted = small_wanted,
                                                   .run = small_run};

static const struct tfu_plugin small_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM), .name = "small",   .version = "1", .summary = "to 8 x 8",
    .ops_size = sizeof small_ops,          .ops = &small_ops,
};

/* ---- */

static const struct {
    uint32_t kind;
    int32_t decode;
    int64_t height, width;
} cases[] = {
    {0, TFU_DATA_DECODE_FULL, HEIGHT, WIDTH},
    {0, TFU_DATA_DECODE_REDUCED, 8, 12},
    {TFU_FIELD_MASK, TFU_DATA_DECODE_REDUCED, HEIGHT, WIDTH},
    {TFU_FIELD_BOXES, TFU_DATA_DECODE_REDUCED, HEIGHT, WIDTH},
    {TFU_FIELD_POINTS, TFU_DATA_DECODE_REDUCED, HEIGHT, WIDTH},
};

START_TEST(places_are_those_of_all_pixels)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_plugin_choice step = {.name = "small", .plugin = &small_plugin};
    struct tfu_data_split split = {
        .present = 1,
        .choice = {.name = "photograph", .plugin = &data_plugin, .config = &cases[_i].kind},
        .select = {.decode = cases[_i].decode},
        .transform = &step,
        .transform_count = 1};
    float pixels[SIDE * SIDE * CHANNELS];
    struct tfu_dataset *d = NULL;
    ck_assert_msg(tfu_dataset_open(&d, &split, registry, NULL, &e) == TFU_OK, "%s", e.text);
    ck_assert_msg(tfu_dataset_get(d, 0, pixels, NULL, &e) == TFU_OK, "%s", e.text);
    ck_assert_int_eq(given[0], cases[_i].height);
    ck_assert_int_eq(given[1], cases[_i].width);
    tfu_dataset_close(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/reduced");
    TCase *t = tcase_create("reduced");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, places_are_those_of_all_pixels, 0, (int)TFU_COUNT(cases));
    suite_add_tcase(s, t);
    return run_suite(s);
}
