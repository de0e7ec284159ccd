/* SPDX-License-Identifier: MIT
 *
 * The safetensors reader on files of make_safetensors.py, and the writer on golden bytes.
 */
#include "core/io/safetensors.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static const char *source_path(const char *name)
{
    static char path[2048];
    snprintf(path, sizeof path, "%s/tests/io/%s", getenv("TOP_SRCDIR"), name);
    return path;
}

static struct tfu_safetensors *open_good(const char *path)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_safetensors *f = NULL;
    ck_assert_msg(tfu_safetensors_open(&f, path, &e) == TFU_OK, "%s", e.text);
    return f;
}

START_TEST(an_empty_file_is_ten_fixed_bytes_and_padding)
{
    const char golden[] = "\x08\0\0\0\0\0\0\0{}      ";
    struct tfu_error e = TFU_ERROR_INIT;
    size_t n;
    const char *path = scratch_path("empty.safetensors");
    ck_assert_int_eq(tfu_safetensors_write(path, NULL, 0, NULL, 0, &e), TFU_OK);
    char *data = scratch_read(path, &n);
    ck_assert_uint_eq(n, 16);
    ck_assert_mem_eq(data, golden, 16);
    free(data);
    struct tfu_safetensors *f = open_good(source_path("good_safetensors/empty.safetensors"));
    ck_assert_uint_eq(tfu_safetensors_count(f), 0);
    ck_assert_ptr_null(tfu_safetensors_find(f, "x"));
    tfu_safetensors_close(f);
}
END_TEST

START_TEST(what_numpy_wrote_is_read)
{
    struct tfu_safetensors *f = open_good(source_path("good_safetensors/mixed.safetensors"));
    static const char *const names[] = {"bytes", "count", "flag", "half", "nothing", "weight"};
    ck_assert_uint_eq(tfu_safetensors_count(f), TFU_COUNT(names));
    for (size_t i = 0; i < TFU_COUNT(names); i++)
        ck_assert_str_eq(tfu_safetensors_get(f, i)->name, names[i]);
    ck_assert_str_eq(tfu_safetensors_note(f, "who"), "numpy, \xc3\xa4");
    ck_assert_ptr_null(tfu_safetensors_note(f, "nobody"));

    const struct tfu_safetensors_tensor *t = tfu_safetensors_find(f, "count");
    int64_t count;
    ck_assert_uint_eq(t->rank, 0);
    ck_assert_uint_eq(t->bytes, sizeof count);
    ck_assert_int_eq(t->dtype, TFU_STORED_I64);
    memcpy(&count, t->data, sizeof count);
    ck_assert_int_eq(count, 7);

    t = tfu_safetensors_find(f, "nothing");
    ck_assert_uint_eq(t->rank, 2);
    ck_assert_int_eq(t->dim[0], 0);
    ck_assert_int_eq(t->dim[1], 4);
    ck_assert_uint_eq(t->bytes, 0);

    t = tfu_safetensors_find(f, "weight");
    float first; /* numpy.random.default_rng(1).standard_normal() */
    ck_assert_uint_eq(t->rank, 3);
    memcpy(&first, t->data, sizeof first);
    ck_assert_float_eq_tol(first, 0.34558418f, 1e-7f);
    tfu_safetensors_close(f);
}
END_TEST

START_TEST(numbers_need_not_be_aligned)
{
    struct tfu_safetensors *f = open_good(source_path("good_safetensors/unaligned.safetensors"));
    const struct tfu_safetensors_tensor *t = tfu_safetensors_find(f, "x");
    float x[2];
    memcpy(x, t->data, sizeof x);
    ck_assert_float_eq(x[0], 1.5f);
    ck_assert_float_eq(x[1], -2.0f);
    tfu_safetensors_close(f);
}
END_TEST

START_TEST(larger_elements_come_first_then_names)
{
    const int64_t two = 2, three = 3;
    const double d[] = {1};
    const float a[] = {1, 2}, b[] = {3, 4};
    const uint8_t u[] = {7, 8, 9};
    const struct tfu_safetensors_tensor tensor[] = {
        {.name = "u", .dtype = TFU_STORED_U8, .rank = 1, .dim = &three, .data = u},
        {.name = "b", .dtype = TFU_STORED_F32, .rank = 1, .dim = &two, .data = b},
        {.name = "a", .dtype = TFU_STORED_F32, .rank = 1, .dim = &two, .data = a},
        {.name = "z", .dtype = TFU_STORED_F64, .rank = 0, .data = d},
    };
    const struct tfu_safetensors_note note[] = {{"format", "pt"}, {"say", "\"hi\"\n"}};
    const char header[] = "{\"__metadata__\":{\"format\":\"pt\",\"say\":\"\\\"hi\\\"\\n\"},"
                          "\"z\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},"
                          "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                          "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]},"
                          "\"u\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}}";
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("order.safetensors");
    ck_assert_int_eq(tfu_safetensors_write(path, tensor, 4, note, 2, &e), TFU_OK);
    size_t n;
    char *data = scratch_read(path, &n);
    const size_t padded = (sizeof header - 1 + 7) / 8 * 8;
    ck_assert_uint_eq((unsigned char)data[0] + 256u * (unsigned char)data[1], padded);
    ck_assert_mem_eq(data + 8, header, sizeof header - 1);
    for (size_t i = sizeof header - 1; i < padded; i++)
        ck_assert_int_eq(data[8 + i], ' ');
    ck_assert_uint_eq(n, 8 + padded + 27);
    ck_assert_mem_eq(data + 8 + padded + 8, a, sizeof a);
    free(data);

    struct tfu_safetensors *f = open_good(path);
    ck_assert_str_eq(tfu_safetensors_note(f, "say"), "\"hi\"\n");
    ck_assert_mem_eq(tfu_safetensors_find(f, "u")->data, u, sizeof u);
    tfu_safetensors_close(f);
}
END_TEST

START_TEST(bad_files_are_refused_by_name)
{
    FILE *expected = fopen(source_path("bad_safetensors/expected.txt"), "r");
    ck_assert_ptr_nonnull(expected);
    char line[512], path[1024];
    int seen = 0;
    while (fgets(line, sizeof line, expected)) {
        char *message = strchr(line, '\t');
        ck_assert_ptr_nonnull(message);
        *message++ = '\0';
        message[strcspn(message, "\n")] = '\0';
        snprintf(path, sizeof path, "bad_safetensors/%s", line);
        struct tfu_safetensors *f;
        struct tfu_error e = TFU_ERROR_INIT;
        const enum tfu_status st = tfu_safetensors_open(&f, source_path(path), &e);
        ck_assert_msg(st == TFU_ECORRUPT || st == TFU_EUNSUPPORTED, "%s: status %d", line, st);
        ck_assert_ptr_null(f);
        ck_assert_msg(strstr(e.text, message) != NULL, "%s: '%s' is not '%s'", line, e.text,
                      message);
        ck_assert_msg(strstr(e.source, line) != NULL, "%s is not named", line);
        seen++;
    }
    fclose(expected);
    ck_assert_int_ge(seen, 25);
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
    struct tfu_safetensors *f;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_safetensors_open(&f, scratch_path("none"), &e), TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.text, "No such file"));
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_safetensors_open(&f, scratch, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "not a file");
}
END_TEST

START_TEST(a_failed_write_leaves_the_old_file)
{
    const int64_t many = 100000;
    float *data = calloc((size_t)many, sizeof *data);
    const struct tfu_safetensors_tensor big = {
        .name = "x", .dtype = TFU_STORED_F32, .rank = 1, .dim = &many, .data = data};
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("old.safetensors");
    ck_assert_int_eq(tfu_safetensors_write(path, NULL, 0, NULL, 0, &e), TFU_OK);
    /* the limit on file sizes stands in for a full disk */
    struct rlimit old, small;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){4096, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum tfu_status st = tfu_safetensors_write(path, &big, 1, NULL, 0, &e);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    free(data);
    ck_assert_int_eq(st, TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.text, "old.safetensors"));
    ck_assert_int_ne(access(scratch_path("old.safetensors.tmp"), F_OK), 0);
    tfu_safetensors_close(open_good(path));
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("safetensors");
    TCase *t = tcase_create("safetensors");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, an_empty_file_is_ten_fixed_bytes_and_padding);
    tcase_add_test(t, what_numpy_wrote_is_read);
    tcase_add_test(t, numbers_need_not_be_aligned);
    tcase_add_test(t, larger_elements_come_first_then_names);
    tcase_add_test(t, bad_files_are_refused_by_name);
    tcase_add_test(t, what_is_no_file_is_refused);
    tcase_add_test(t, a_failed_write_leaves_the_old_file);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
