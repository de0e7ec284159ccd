/* SPDX-License-Identifier: MIT
 *
 * A fuzzer's corpus, and all files that are here, without the fuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *name)
{
    static uint8_t data[1 << 16];
    const char *top = getenv("TOP_SRCDIR");
    char path[2048];
    snprintf(path, sizeof path, "%s/tests/plugins/reader/%s", top ? top : ".", name);
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR");
    DIR *folder = opendir(".");
    ck_assert_ptr_nonnull(folder);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        FILE *f = entry->d_name[0] == '.' ? NULL : fopen(entry->d_name, "rb");
        if (!f)
            continue;
        const size_t n = fread(data, 1, sizeof data, f);
        fclose(f);
        ck_assert_int_eq(LLVMFuzzerTestOneInput(data, n), 0);
        count++;
    }
    closedir(folder);
    return count;
}

START_TEST(nothing_breaks_the_reader)
{
    ck_assert_int_gt(replay("good"), 60);
    ck_assert_int_gt(replay("bad"), 130);
    ck_assert_int_gt(replay("fuzz_" REPLAY "_corpus"), 50);
}
END_TEST

/* libjpeg's vector code reads beyond the end of a row and uses nothing of it, which valgrind cannot
 * know; its plain code does not. */
static void suit_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload && strstr(preload, "vgpreload"))
        setenv("JSIMD_FORCENONE", "1", 1);
}

int main(void)
{
    suit_valgrind();
    Suite *s = suite_create("reader/replay_" REPLAY);
    TCase *t = tcase_create("replay");
    tcase_add_test(t, nothing_breaks_the_reader);
    suite_add_tcase(s, t);
    return run_suite(s);
}
