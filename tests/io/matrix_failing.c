/* SPDX-License-Identifier: MIT
 *
 * Matrices out of every kind of file, and into one, when memory runs out, at every allocation of
 * ours once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/npy_matrix.h"
#include "core/io/npy_write.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/scratch.h"

enum { ROWS = 60, COLUMNS = 5 };

static const char *const specs[] = {"a.npy",    "a-fortran.npy",   "both.npz:b", "one.npz",
                                    "both.p:a", "a-2.p",           "a-5.p",      "a-big-endian.p",
                                    "list.p:1", "both.pt:layer.a", "tensor.pt"};

static struct tfu_threads *threads;

static enum tfu_status open_and_read(const char *spec, struct tfu_error *e)
{
    static double numbers[ROWS * COLUMNS];
    struct tfu_npy_matrix *m;
    const struct tfu_npy_matrix_request request = {.path = spec, .threads = threads};
    enum tfu_status st = tfu_npy_matrix_open(&m, &request, e);
    if (st == TFU_OK)
        st = tfu_npy_matrix_read(m, 0, ROWS, numbers, e);
    tfu_npy_matrix_close(m);
    return st;
}

START_TEST(reading)
{
    char path[2048];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(path, sizeof path, "%s/tests/io/matrices", getenv("TOP_SRCDIR"));
    ck_assert_int_eq(chdir(path), 0);
    ck_assert_int_eq(tfu_threads_new(&threads, 1, &e), TFU_OK);
    for (size_t n = 1;; n++) {
        e = (struct tfu_error)TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = open_and_read(specs[_i], &e);
        if (!failing_malloc_disarm()) {
            ck_assert_msg(st == TFU_OK, "%s: %s", specs[_i], e.text);
            ck_assert_uint_gt(n, 5);
            break;
        }
        ck_assert_msg(st == TFU_ENOMEM, "%s, allocation %zu: '%s'", specs[_i], n, e.text);
    }
    tfu_threads_free(threads);
}
END_TEST

/* An array that grows: nothing is left of one that could not be written. */
START_TEST(writing)
{
    static const int64_t dim[] = {ROWS, COLUMNS};
    static double numbers[ROWS * COLUMNS];
    scratch_begin();
    const char *path = scratch_path("x.npy");
    char hex[TFU_HASH_HEX], whole[TFU_HASH_HEX];
    struct tfu_error e = TFU_ERROR_INIT;
    for (int i = 0; i < ROWS * COLUMNS; i++)
        numbers[i] = i;
    for (size_t n = 1;; n++) {
        struct tfu_npy_writer w;
        e = (struct tfu_error)TFU_ERROR_INIT;
        failing_malloc_arm(n);
        enum tfu_status st = tfu_npy_writer_open(&w, path, TFU_STORED_F64, 2, dim, &e);
        for (int i = 0; st == TFU_OK && i < ROWS; i++)
            st = tfu_npy_writer_add(&w, numbers + i * COLUMNS, COLUMNS * sizeof *numbers, &e);
        if (st == TFU_OK)
            st = tfu_npy_writer_commit(&w, hex, &e);
        tfu_npy_writer_abandon(&w);
        if (!failing_malloc_disarm())
            break;
        ck_assert_int_eq(st, TFU_ENOMEM);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_int_eq(tfu_hash_file(path, whole, &e), TFU_OK);
    ck_assert_str_eq(hex, whole);
    ck_assert_int_eq(tfu_threads_new(&threads, 1, &e), TFU_OK);
    struct tfu_npy_matrix *m;
    double back[ROWS * COLUMNS];
    const struct tfu_npy_matrix_request request = {.path = path, .threads = threads};
    ck_assert_int_eq(tfu_npy_matrix_open(&m, &request, &e), TFU_OK);
    ck_assert_int_eq(tfu_npy_matrix_read(m, 0, ROWS, back, &e), TFU_OK);
    ck_assert_mem_eq(back, numbers, sizeof back);
    tfu_npy_matrix_close(m);
    tfu_threads_free(threads);
    scratch_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("matrix_failing");
    TCase *t = tcase_create("failing");
    tcase_add_loop_test(t, reading, 0, (int)TFU_COUNT(specs));
    tcase_add_test(t, writing);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
