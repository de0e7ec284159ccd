/* SPDX-License-Identifier: MIT
 *
 * Stored numbers on their way to float and back, and what is said of many.
 */
#include "core/io/numbers.h"

#include <math.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/io/stored.h"
#include "tests/io/weights_files.h"
#include "tests/support/check_main.h"

static void enter_good(void)
{
    enter("good");
}

/* SHA-256 of all 2^bits patterns as float, with one pattern for all NaN. */
static void digest_floats(enum tfu_stored_type type, char hex[TFU_HASH_HEX])
{
    const size_t size = tfu_stored_type_size(type), n = size == 2 ? 65536 : 256;
    uint16_t *patterns = malloc(n * sizeof *patterns);
    float *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (size == 2)
            patterns[i] = (uint16_t)i;
        else
            ((uint8_t *)patterns)[i] = (uint8_t)i;
    tfu_stored_to_float(type, patterns, n, x);
    for (size_t i = 0; i < n; i++) {
        const uint32_t nan_bits = 0x7fc00000;
        double d;
        tfu_stored_to_double(type, (uint8_t *)patterns + size * i, 1, &d);
        ck_assert(isnan(d) ? isnan(x[i]) : d == (double)x[i] && !signbit(d) == !signbit(x[i]));
        if (isnan(x[i]))
            memcpy(&x[i], &nan_bits, sizeof nan_bits);
    }
    uint8_t digest[TFU_HASH_SIZE];
    tfu_hash_bytes(x, n * sizeof *x, digest);
    tfu_hash_to_hex(digest, hex);
    free(patterns);
    free(x);
}

/* SHA-256 of what is made of the numbers around the middle of any two neighbours. */
static void digest_roundings(enum tfu_stored_type type, char hex[TFU_HASH_HEX])
{
    const size_t n = (type == TFU_STORED_F16 ? 0x7c00 : 0x7f80) - 1;
    double *x = malloc(4 * n * sizeof *x);
    uint16_t *rounded = malloc(4 * n * sizeof *rounded);
    for (size_t i = 0; i < n; i++) {
        const uint16_t pattern[2] = {(uint16_t)i, (uint16_t)(i + 1)};
        float f[2];
        tfu_stored_to_float(type, pattern, 2, f);
        const float middle = f[0] / 2 + f[1] / 2;
        x[i] = (double)nextafterf(middle, 0);
        x[n + i] = (double)middle;
        x[2 * n + i] = (double)nextafterf(middle, INFINITY);
        x[3 * n + i] = (double)-middle;
    }
    tfu_stored_from_double(type, x, 4 * n, rounded);
    uint8_t digest[TFU_HASH_SIZE];
    tfu_hash_bytes(rounded, 4 * n * sizeof *rounded, digest);
    tfu_hash_to_hex(digest, hex);
    free(x);
    free(rounded);
}

START_TEST(every_small_float_is_that_of_numpy_and_torch)
{
    FILE *f = fopen("conversions.txt", "r");
    ck_assert_ptr_nonnull(f);
    char name[32], wanted[80], hex[TFU_HASH_HEX];
    int lines = 0;
    while (fscanf(f, "%31s %79s", name, wanted) == 2) {
        const bool back = strncmp(name, "to_", 3) == 0;
        enum tfu_stored_type type;
        ck_assert(tfu_stored_type_find(name + (back ? 3 : 0), &type));
        if (back)
            digest_roundings(type, hex);
        else
            digest_floats(type, hex);
        ck_assert_msg(strcmp(hex, wanted) == 0, "%s", name);
        lines++;
    }
    fclose(f);
    ck_assert_int_eq(lines, 6);
}
END_TEST

START_TEST(small_floats_keep_their_bits_there_and_back)
{
    static const enum tfu_stored_type types[] = {TFU_STORED_F16, TFU_STORED_BF16};
    for (size_t k = 0; k < TFU_COUNT(types); k++)
        for (uint32_t i = 0; i < 65536; i++) {
            const uint16_t bits = (uint16_t)i;
            uint16_t back = 0;
            double x;
            tfu_stored_to_double(types[k], &bits, 1, &x);
            tfu_stored_from_double(types[k], &x, 1, &back);
            ck_assert(back == bits || isnan(x));
        }
}
END_TEST

START_TEST(long_integers_are_rounded_once)
{
    /* by way of double this one, above the middle of two floats, comes to lie on it */
    const int64_t x = (INT64_C(1) << 60) + (INT64_C(1) << 36) + 1;
    float f;
    tfu_stored_to_float(TFU_STORED_I64, &x, 1, &f);
    ck_assert_float_eq(f, 1152921642045800448.0f);
    tfu_stored_to_float(TFU_STORED_U64, &x, 1, &f);
    ck_assert_float_eq(f, 1152921642045800448.0f);
}
END_TEST

START_TEST(differences_are_by_their_definitions)
{
    const double a[] = {1, 2, -4, 0, NAN, INFINITY}, b[] = {1, 2.5, -3, 0, NAN, INFINITY};
    struct tfu_numbers_difference d = tfu_numbers_compare(a, b, 4);
    ck_assert_int_eq(d.unequal, 2);
    ck_assert_double_eq(d.absolute, 1);
    ck_assert_double_eq(d.relative, 0.25);
    ck_assert_double_eq_tol(d.distance, sqrt(1.25), 1e-15);
    ck_assert_double_eq_tol(d.cosine, 18 / (sqrt(21) * sqrt(1 + 6.25 + 9)), 1e-15);
    d = tfu_numbers_compare(a + 4, b + 4, 2);
    ck_assert_int_eq(d.unequal, 0);
    d = tfu_numbers_compare(a + 4, b, 1);
    ck_assert_double_infinite(d.absolute);
    d = tfu_numbers_compare(a + 3, b + 3, 1);
    ck_assert_double_nan(d.cosine);
}
END_TEST

START_TEST(histograms_count_everything_finite_once)
{
    const double x[] = {0, 0.24, 0.25, 0.5, 0.99, 1, NAN, INFINITY}, big[] = {-1e308, 1e308};
    int64_t bin[4];
    tfu_numbers_histogram(x, TFU_COUNT(x), 0, 1, 4, bin);
    ck_assert(bin[0] == 2 && bin[1] == 1 && bin[2] == 1 && bin[3] == 2);
    tfu_numbers_histogram(big, 2, -1e308, 1e308, 4, bin);
    ck_assert(bin[0] == 1 && bin[3] == 1);
    tfu_numbers_histogram(x + 3, 1, 0.5, 0.5, 4, bin);
    ck_assert(bin[0] == 1 && bin[3] == 0);
    tfu_numbers_histogram(x + 6, 2, NAN, NAN, 4, bin);
    ck_assert(bin[0] == 0 && bin[3] == 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("numbers");
    TCase *t = tcase_create("numbers");
    tcase_add_checked_fixture(t, enter_good, NULL);
    tcase_add_test(t, every_small_float_is_that_of_numpy_and_torch);
    tcase_add_test(t, small_floats_keep_their_bits_there_and_back);
    tcase_add_test(t, long_integers_are_rounded_once);
    tcase_add_test(t, differences_are_by_their_definitions);
    tcase_add_test(t, histograms_count_everything_finite_once);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
