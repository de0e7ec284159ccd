/* SPDX-License-Identifier: MIT
 *
 * TensorBoard's records against events.golden: the same records as Google's Protocol Buffers encode
 * them, by code that protoc-c had made from the messages' definitions.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/store/tensorboard.h"
#include "tests/support/check_main.h"

static char long_tag[301];

static const struct {
    double wall_time;
    int64_t step;
    const char *tag;
    double value;
} scalar[] = {
    {1700000001.25, 7, "val/auc", 0.5},
    {1700000001.25, 1, "train/loss", 0},
    {1700000001.25, 0, "train/loss", -0.0},
    {0, 127, "a", 1},
    {-0.0, 128, "", 1e300},
    {1.5, 16383, "grössé/ü", -1e300},
    {1.5, 16384, "x", 1e-42},
    {1.5, -1, "x", NAN},
    {1.5, INT64_MAX, "x", 3.4028235677973366e38},
    {1.5, INT64_MIN, "x", 0.1},
    {1.5, 3000000000, long_tag, 2},
};

static void write_all(struct tfu_text *out)
{
    memset(long_tag, 'm', sizeof long_tag - 1);
    tfu_tensorboard_version_record(out, 1700000000.125);
    tfu_tensorboard_version_record(out, 0);
    tfu_tensorboard_start_record(out, 1700000000.5, 300);
    tfu_tensorboard_start_record(out, 0, 0);
    tfu_tensorboard_start_record(out, 1.5, -5);
    for (size_t i = 0; i < sizeof scalar / sizeof *scalar; i++)
        tfu_tensorboard_scalar_record(out, scalar[i].wall_time, scalar[i].step, scalar[i].tag,
                                      scalar[i].value);
}

START_TEST(records_are_those_of_protocol_buffers)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096], want[4096];
    snprintf(path, sizeof path, "%s/tests/store/events.golden", top ? top : ".");
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file, "%s is missing: set TOP_SRCDIR to the source folder", path);
    const size_t n = fread(want, 1, sizeof want, file);
    fclose(file);
    struct tfu_text text = TFU_TEXT_INIT;
    write_all(&text);
    ck_assert(!text.failed);
    ck_assert_uint_eq(text.length, n);
    ck_assert_mem_eq(text.data, want, n);
    tfu_text_free(&text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tensorboard");
    TCase *t = tcase_create("records");
    tcase_add_test(t, records_are_those_of_protocol_buffers);
    suite_add_tcase(s, t);
    return run_suite(s);
}
