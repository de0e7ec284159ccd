/* SPDX-License-Identifier: MIT
 *
 * What transforms refuse, and what they say then.
 */
#include <stdio.h>
#include <string.h>

#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"

#define LIST(count, ...) count, {__VA_ARGS__}, NULL
#define NUMBER(x)        0, {x}, NULL
#define TEXT(x)          0, {0}, x

static const struct {
    const char *plugin;
    struct setting setting[4];
    int64_t height, width, channels;
    enum tfu_status st;
    const char *text;
} opening[] = {
    {"resize", {{.name = NULL}}, 5, 5, 1, TFU_EINVAL, "size is missing; set it to [height, width]"},
    {"resize",
     {{"size", LIST(2, 4, 4)}, {"short_side", NUMBER(4)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "set size or short_side, not both"},
    {"resize",
     {{"size", LIST(3, 4, 4, 4)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "size: expected two numbers, [height, width], got 3"},
    {"random_crop",
     {{"size", LIST(1, 4)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "size: expected two numbers, [height, width], got 1"},
    {"random_crop",
     {{"size", LIST(2, 6, 4)}},
     5,
     5,
     1,
     TFU_ESHAPE,
     "a piece of 6x4 is larger than the image of 5x5 with 0 pixels of padding; put a `resize` in "
     "front, or set `padding` to 1"},
    {"random_crop",
     {{"size", LIST(2, 9, 20)}, {"padding", NUMBER(2)}},
     5,
     5,
     1,
     TFU_ESHAPE,
     "a piece of 9x20 is larger than the image of 5x5 with 2 pixels of padding; put a `resize` in "
     "front, or set `padding` to 8"},
    {"random_crop",
     {{"size", LIST(2, 4, 4)}, {"padding", NUMBER(2)}, {"scale", LIST(2, 0.1, 1)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "padding is for pieces of a fixed size; remove `padding` or `scale`"},
    {"random_crop",
     {{"size", LIST(2, 4, 4)}, {"ratio", LIST(2, 1, 2)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "ratio is for pieces whose area is drawn; set `scale` as well, or remove `ratio`"},
    {"random_crop",
     {{"size", LIST(2, 4, 4)}, {"scale", LIST(1, 0.5)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "scale: expected two numbers, [least, largest], got 1"},
    {"random_crop",
     {{"size", LIST(2, 4, 4)}, {"scale", LIST(2, 0.1, 1)}, {"ratio", LIST(2, 2, 0.5)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "ratio: 2 is larger than 0.5; give the least first"},
    {"resize",
     {{"size", LIST(2, 4, 4)}, {"long_side", NUMBER(4)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "set size or long_side, not both"},
    {"resize",
     {{"short_side", NUMBER(4)}, {"long_side", NUMBER(4)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "set short_side or long_side, not both"},
    {"resize",
     {{"long_side", NUMBER(4)}, {"pad", NUMBER(1)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "pad is for a frame; set `size` as well, or remove `pad`"},
    {"resize",
     {{"size", LIST(2, 4, 4)}, {"fill", LIST(1, 0.5)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "fill is the colour around images that are padded; set `pad: true` as well, or remove `fill`"},
    {"centre_crop",
     {{"size", LIST(2, 6, 4)}},
     5,
     5,
     1,
     TFU_ESHAPE,
     "a piece of 6x4 is larger than the image of 5x5; put a `resize` in front, or set `pad: true`"},
    {"rotate",
     {{"degrees", LIST(2, 5, -5)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "degrees: 5 is larger than -5; give the least first"},
    {"rotate",
     {{"degrees", LIST(1, 5)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "degrees: expected two numbers, [least, largest], got 1"},
    {"affine",
     {{"fill", LIST(3, 0, 0, 0)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "fill has 3 numbers, but the images have 1 channels; give one number, or one for each"},
    {"elastic",
     {{"cells", NUMBER(10)}},
     5,
     5,
     1,
     TFU_EINVAL,
     "displacement 0.04 would fold the image over with 10 cells; set it below 0.025, or use fewer "
     "cells"},
    {"hue",
     {{.name = NULL}},
     5,
     5,
     4,
     TFU_ESHAPE,
     "it is for images of 3 channels, or gray ones, and these have 4; have the dataset give "
     "`channels: 3`"},
    {"jpeg_noise",
     {{"quality", LIST(2, 90, 30)}},
     5,
     5,
     3,
     TFU_EINVAL,
     "quality: 90 is larger than 30; give the least first"},
    {"gray",
     {{"channels", NUMBER(2)}},
     5,
     5,
     3,
     TFU_EINVAL,
     "channels: 2 is neither gray nor colour; set 1 or 3"},
    {"repeat",
     {{.name = NULL}},
     5,
     5,
     4,
     TFU_ESHAPE,
     "channels: 3, but the images have 4; only a gray image can be repeated: put `gray` in front"},
    {"normalise",
     {{"mean", LIST(2, 1, 2)}},
     0,
     0,
     3,
     TFU_EINVAL,
     "mean has 2 numbers, but the images have 3 channels; give one number, or one for each"},
    {"normalise",
     {{"deviation", LIST(3, 1, 2, 3)}},
     0,
     0,
     1,
     TFU_EINVAL,
     "deviation has 3 numbers, but the images have 1 channels; give one number, or one for each"},
    {"normalise",
     {{"mean", LIST(1, 1)}},
     0,
     0,
     5,
     TFU_EINVAL,
     "mean and deviation are for images of up to 4 channels; these have 5"},
    {"normalise",
     {{"channels", NUMBER(3)}},
     0,
     0,
     4,
     TFU_EINVAL,
     "channels: 3, but the images have 4; only a gray image can be repeated"},
    {"normalise",
     {{.name = NULL}},
     0,
     0,
     0,
     TFU_EINVAL,
     "the images have different numbers of channels; set `channels` to repeat those that are gray, "
     "or have the dataset give all of one kind"},
    {"normalise",
     {{"preprocessing", TEXT("torchvision")}},
     0,
     0,
     1,
     TFU_EINVAL,
     "preprocessing torchvision is for 3 channels, but the images have 1; set `normalise: "
     "{channels: 3}` to repeat the gray one"},
    {"normalise",
     {{"preprocessing", TEXT("torchvison")}},
     0,
     0,
     3,
     TFU_EINVAL,
     "there is no preprocessing 'torchvison'; did you mean 'torchvision'?"},
    {"normalise",
     {{"preprocessing", TEXT("torchvision")}, {"mean", LIST(1, 0.5)}},
     0,
     0,
     3,
     TFU_EINVAL,
     "torchvision says the mean and the deviation; remove `mean` and `deviation`"},
};

START_TEST(at_opening)
{
    struct transform t;
    struct tfu_error e = TFU_ERROR_INIT;
    char want[512];
    snprintf(want, sizeof want, "transform '%s': %s", opening[_i].plugin, opening[_i].text);
    ck_assert_int_eq(transform_try(&t, opening[_i].plugin, opening[_i].setting, opening[_i].height,
                                   opening[_i].width, opening[_i].channels, &e),
                     opening[_i].st);
    ck_assert_str_eq(e.text, want);
}
END_TEST

/* Where images have sizes of their own, each is looked at. */
START_TEST(an_image_that_is_too_small)
{
    const struct setting s[] = {{"size", LIST(2, 6, 4)}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "random_crop", s, 0, 0, 1);
    example_begin(&w, &e);
    memset(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 3, 9, 1)->data, 0, 27);
    ck_assert_int_eq(tfu_pipeline_run(&t.pipeline, &w, true, 1, &e), TFU_ESHAPE);
    ck_assert_str_eq(e.text, "transform 'random_crop': a piece of 6x4 is larger than the image of "
                             "3x9 with 0 pixels of padding; put a `resize` in front, or set "
                             "`padding` to 2");
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

START_TEST(a_mask_of_another_size)
{
    static const char *const plugin[] = {"flip", "resize", "random_crop"};
    const struct setting s[] = {{"horizontal", NUMBER(1)}, {"size", LIST(2, 2, 2)}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, plugin[_i], s, 0, 0, 1);
    example_begin(&w, &e);
    memset(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 3, 9, 1)->data, 0, 27);
    memset(example_add(&w, TFU_FIELD_MASK, TFU_U8, 3, 8, 1)->data, 0, 24);
    ck_assert_int_eq(tfu_pipeline_run(&t.pipeline, &w, true, 1, &e), TFU_ESHAPE);
    ck_assert_ptr_nonnull(strstr(e.text, "the mask has 3x8 pixels, but the image 3x9; they are to "
                                         "be of the same size to move together"));
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

/* A box would come to lie in several blocks. */
START_TEST(boxes_in_blocks)
{
    const struct setting s[] = {{"blocks", LIST(1, 2)}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "block_shuffle", s, 0, 0, 1);
    example_begin(&w, &e);
    memset(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 4, 4, 1)->data, 0, 16);
    memset(example_add(&w, TFU_FIELD_BOXES, TFU_F32, 1, 5, 1)->data, 0, 20);
    ck_assert_int_eq(tfu_pipeline_run(&t.pipeline, &w, true, 1, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "transform 'block_shuffle': a box cannot be cut into blocks; use "
                             "images without boxes, or remove the transform");
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/refusals");
    TCase *t = tcase_create("refusals");
    tcase_add_loop_test(t, at_opening, 0, (int)TFU_COUNT(opening));
    tcase_add_test(t, an_image_that_is_too_small);
    tcase_add_loop_test(t, a_mask_of_another_size, 0, 3);
    tcase_add_test(t, boxes_in_blocks);
    suite_add_tcase(s, t);
    return run_suite(s);
}
