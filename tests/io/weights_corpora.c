/* SPDX-License-Identifier: MIT
 *
 * The fuzzers' corpora, and all files that are here, without the fuzzer.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LLVMFuzzerTestOneInput fuzz_npy
#include "tests/io/fuzz_npy.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_weights
#include "tests/io/fuzz_weights.c"
#undef LLVMFuzzerTestOneInput

#include "tests/support/check_main.h"

static int replay(const char *name)
{
    char path[2048];
    static uint8_t data[1 << 18];
    snprintf(path, sizeof path, "%s/tests/io/%s", getenv("TOP_SRCDIR"), name);
    ck_assert_int_eq(chdir(path), 0);
    DIR *folder = opendir(".");
    ck_assert_ptr_nonnull(folder);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        FILE *f = entry->d_name[0] == '.' ? NULL : fopen(entry->d_name, "r");
        if (!f)
            continue;
        const size_t n = fread(data, 1, sizeof data, f);
        fclose(f);
        fuzz_npy(data, n);
        fuzz_weights(data, n);
        count++;
    }
    closedir(folder);
    return count;
}

START_TEST(nothing_breaks_the_readers)
{
    ck_assert_int_gt(replay("good_weights"), 10);
    ck_assert_int_gt(replay("bad_weights"), 80);
    ck_assert_int_gt(replay("fuzz_npy_corpus"), 5);
    ck_assert_int_gt(replay("fuzz_weights_corpus"), 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("corpus");
    TCase *t = tcase_create("corpus");
    tcase_add_test(t, nothing_breaks_the_readers);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
