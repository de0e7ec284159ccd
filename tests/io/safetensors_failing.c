/* SPDX-License-Identifier: MIT
 *
 * Safetensors files when memory runs out, at every allocation once; jansson's count, too.
 */
#include <jansson.h>
#include <unistd.h>

#include "core/io/safetensors.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/scratch.h"

static void *count_malloc(size_t n)
{
    return malloc(n);
}

static void count_free(void *p)
{
    free(p);
}

static void begin(void)
{
    json_set_alloc_funcs(count_malloc, count_free);
    scratch_begin();
}

START_TEST(reading)
{
    static const char header[] = "{\"__metadata__\":{\"a\":\"b\"},"
                                 "\"x\":{\"dtype\":\"U8\",\"shape\":[2,1],\"data_offsets\":[0,2]},"
                                 "\"y\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[2,3]}}";
    char file[256] = {(char)(sizeof header - 1)};
    memcpy(file + 8, header, sizeof header - 1);
    const size_t size = 8 + sizeof header - 1 + 3;
    for (size_t n = 1;; n++) {
        struct tfu_safetensors *f;
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_safetensors_parse(&f, "memory", file, size, &e);
        if (!failing_malloc_disarm()) {
            ck_assert_msg(st == TFU_OK, "%s", e.text);
            tfu_safetensors_close(f);
            ck_assert_uint_gt(n, 10);
            return;
        }
        /* jansson takes a lack of memory for bad syntax now and then */
        ck_assert_msg(st == TFU_ENOMEM || strstr(e.text, "not valid JSON"), "%zu: %s", n, e.text);
        ck_assert_ptr_null(f);
    }
}
END_TEST

START_TEST(writing)
{
    const int64_t two = 2;
    const float x[2] = {1, 2};
    const struct tfu_safetensors_tensor tensor[] = {
        {.name = "x", .dtype = TFU_STORED_F32, .rank = 1, .dim = &two, .data = x},
        {.name = "y", .dtype = TFU_STORED_F32, .rank = 0, .data = x},
    };
    const struct tfu_safetensors_note note = {"format", "pt"};
    for (size_t n = 1;; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        const char *path = scratch_path("x.safetensors");
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_safetensors_write(path, tensor, 2, &note, 1, &e);
        if (!failing_malloc_disarm()) {
            ck_assert_msg(st == TFU_OK, "%s", e.text);
            ck_assert_uint_gt(n, 10);
            return;
        }
        ck_assert_int_ne(access(scratch_path("x.safetensors.tmp"), F_OK), 0);
        ck_assert_msg(st == TFU_ENOMEM || strstr(e.text, "memory ran out"), "allocation %zu: '%s'",
                      n, e.text);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_add_checked_fixture(t, begin, scratch_end);
    tcase_add_test(t, reading);
    tcase_add_test(t, writing);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
