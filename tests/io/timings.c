/* SPDX-License-Identifier: MIT
 *
 * Files of timings: kept, shared, and in disorder.
 */
#include "core/io/timings.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static char folder[64], path[128];
static struct tfu_log log_;
static char said[512];

static void hear(void *arg, enum tfu_log_level level, const char *line)
{
    (void)arg;
    (void)level;
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", line);
}

static void setup(void)
{
    strcpy(folder, "/tmp/timings.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/new/timings", folder);
    said[0] = '\0';
    tfu_log_init(&log_, hear, NULL);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
    tfu_log_destroy(&log_);
}

static struct tfu_timings *opened(bool added_to)
{
    struct tfu_timings *t;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_timings_open(&t, path, added_to, &log_, &e) == TFU_OK, "%s", e.text);
    return t;
}

static void add(struct tfu_timings *t, const char *key, double seconds)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_timings_add(t, key, seconds, &e) == TFU_OK, "%s", e.text);
}

static void save(struct tfu_timings *t)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_timings_save(t, &e) == TFU_OK, "%s", e.text);
}

static void write_text(const char *text)
{
    struct tfu_timings *t = opened(true); /* makes the folder */
    add(t, "a", 1);
    save(t);
    tfu_timings_free(t);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(come_back)
{
    struct tfu_timings *t = opened(true);
    ck_assert(tfu_timings_added_to(t));
    ck_assert_double_lt(tfu_timings_find(t, "b"), 0);
    save(t); /* nothing to write */
    ck_assert_int_ne(access(path, F_OK), 0);
    for (int i = 0; i < 200; i++) {
        char key[32];
        snprintf(key, sizeof key, "layer %d", i);
        add(t, key, i / 8.0);
    }
    add(t, "layer 7", 70); /* the last word counts */
    save(t);
    tfu_timings_free(t);
    t = opened(false);
    ck_assert_double_eq(tfu_timings_find(t, "layer 7"), 70);
    ck_assert_double_eq(tfu_timings_find(t, "layer 199"), 199 / 8.0);
    ck_assert_double_lt(tfu_timings_find(t, "layer 200"), 0);
    tfu_timings_free(t);
    ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(two_writers)
{
    struct tfu_timings *a = opened(true), *b = opened(true);
    add(a, "by a", 1);
    add(a, "by both", 2);
    add(b, "by b", 3);
    add(b, "by both", 4);
    save(a);
    save(b);
    tfu_timings_free(a);
    tfu_timings_free(b);
    a = opened(false);
    ck_assert_double_eq(tfu_timings_find(a, "by a"), 1);
    ck_assert_double_eq(tfu_timings_find(a, "by b"), 3);
    ck_assert_double_eq(tfu_timings_find(a, "by both"), 4);
    tfu_timings_free(a);
}
END_TEST

static const struct {
    const char *text, *what;
} bad[] = {
    {"", ":1: the file is empty"},
    {"transfuse timings 2\nx\t1\n", ":1: not a file of timings of this version"},
    {"transfuse timings 1\nx 1\n", ":2: expected a key, a tab and seconds"},
    {"transfuse timings 1\ny\t1\nx\t\n", ":3: the seconds are not a number"},
    {"transfuse timings 1\nx\tfast\n", ":2: the seconds are not a number"},
    {"transfuse timings 1\nx\t-1\n", ":2: the seconds are not a number"},
    {"transfuse timings 1\nx\tnan\n", ":2: the seconds are not a number"},
    {"transfuse timings 1\nx\t1e999\n", ":2: the seconds are not a number"},
    {"transfuse timings 1\nx\t1\t2\n", ":2: the seconds are not a number"},
    {"transfuse timings 1\ny\t1\nx\t1", ":3: the line is cut off"},
};

START_TEST(disorder)
{
    write_text(bad[_i].text);
    /* a file that is named to be read */
    struct tfu_timings *t = (struct tfu_timings *)&bad;
    struct tfu_error e = TFU_ERROR_INIT;
    char expected[512];
    snprintf(expected, sizeof expected, "%s%s; make the file anew", path, bad[_i].what);
    ck_assert_int_eq(tfu_timings_open(&t, path, false, &log_, &e), TFU_EINVAL);
    ck_assert_ptr_null(t);
    ck_assert_str_eq(e.text, expected);
    ck_assert_str_eq(said, "");
    /* one's own: said once, and repaired */
    t = opened(true);
    snprintf(expected, sizeof expected, "%s%s; what cannot be read is measured again\n", path,
             bad[_i].what);
    ck_assert_str_eq(said, expected);
    ck_assert_double_lt(tfu_timings_find(t, "x"), 0);
    save(t);
    tfu_timings_free(t);
    t = opened(false);
    tfu_timings_free(t);
    ck_assert_str_eq(said, expected);
}
END_TEST

START_TEST(places)
{
    struct tfu_timings *t;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_timings_open(&t, path, false, NULL, &e), TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.text, path));
    /* the user's cache */
    setenv("XDG_CACHE_HOME", folder, 1);
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_timings_open_or_cache(&t, "", true, NULL, &e), TFU_OK);
    add(t, "x", 5);
    save(t);
    tfu_timings_free(t);
    snprintf(path, sizeof path, "%s/transfuse/timings", folder);
    ck_assert_int_eq(access(path, R_OK), 0);
    setenv("XDG_CACHE_HOME", "not/absolute", 1);
    setenv("HOME", folder, 1);
    ck_assert_int_eq(tfu_timings_open_or_cache(&t, "", true, NULL, &e), TFU_OK);
    add(t, "x", 5);
    save(t);
    tfu_timings_free(t);
    snprintf(path, sizeof path, "%s/.cache/transfuse/timings", folder);
    ck_assert_int_eq(access(path, R_OK), 0);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    ck_assert_int_eq(tfu_timings_open_or_cache(&t, "", true, NULL, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "`timings:`"));
    /* a file in the way of the folder */
    snprintf(path, sizeof path, "%s/transfuse/timings/file", folder);
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_timings_open(&t, path, true, NULL, &e), TFU_OK);
    add(t, "x", 5);
    ck_assert_int_ne(tfu_timings_save(t, &e), TFU_OK);
    ck_assert_ptr_nonnull(strstr(e.text, "/transfuse/timings"));
    tfu_timings_free(t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("timings");
    TCase *t = tcase_create("files");
    suite_add_tcase(s, t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, come_back);
    tcase_add_test(t, two_writers);
    tcase_add_loop_test(t, disorder, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(t, places);
    return run_suite(s);
}
