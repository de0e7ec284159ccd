/* SPDX-License-Identifier: MIT
 *
 * Matrices out of every kind of file when memory runs out, at every allocation of ours once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/npy_matrix.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"

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
    snprintf(path, sizeof path, "%s/tests/metric/similarity", getenv("TOP_SRCDIR"));
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

int main(void)
{
    Suite *suite = suite_create("matrix_failing");
    TCase *t = tcase_create("failing");
    tcase_add_loop_test(t, reading, 0, (int)TFU_COUNT(specs));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
