/* SPDX-License-Identifier: MIT
 *
 * What looks at files found is found again for the same file in the same state, and for no other.
 */
#include "core/data/look_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/data/file_digest.h"
#include "core/io/user_cache.h"
#include "tests/support/check_main.h"

static char folder[] = "/tmp/transfuse-look-XXXXXX";

static void setup(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("TRANSFUSE_CACHE", folder, 1);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* Of a file of long ago. */
static struct tfu_image_look look_of(uint64_t i)
{
    struct tfu_image_look x = {
        .state = {.device = 3,
                  .inode = i,
                  .size = 100 + i,
                  .modified = 1000,
                  .modified_ns = 5,
                  .changed = 2000,
                  .changed_ns = 7},
        .info = {.dtype = TFU_U16, .height = (int64_t)i + 1, .width = 9, .channels = 3},
        .whole = i % 2 == 0,
        .settled = true,
    };
    memset(x.digest, (int)i, sizeof x.digest);
    return x;
}

static void path_of(uint64_t i, char path[32])
{
    snprintf(path, 32, "/data/%llu.png", (unsigned long long)i);
}

static void add(struct tfu_look_cache *c, uint64_t first, uint64_t end)
{
    char path[32];
    for (uint64_t i = first; i < end; i++) {
        const struct tfu_image_look x = look_of(i);
        path_of(i, path);
        tfu_look_cache_add(c, path, 77, &x);
    }
}

static void expect(struct tfu_look_cache *c, uint64_t first, uint64_t end, bool there)
{
    char path[32];
    for (uint64_t i = first; i < end; i++) {
        const struct tfu_image_look want = look_of(i);
        struct tfu_image_look is;
        path_of(i, path);
        ck_assert_int_eq(tfu_look_cache_find(c, path, &want.state, 77, &is), there);
        if (!there)
            continue;
        ck_assert_mem_eq(is.digest, want.digest, sizeof is.digest);
        ck_assert_int_eq(is.info.height, want.info.height);
        ck_assert_int_eq(is.info.dtype, want.info.dtype);
        ck_assert_int_eq(is.whole, want.whole);
        ck_assert_int_eq(is.settled, true);
    }
}

static struct tfu_look_cache *open_cache(const char *name)
{
    struct tfu_look_cache *c;
    ck_assert_int_eq(tfu_look_cache_open(&c, name, NULL, NULL), TFU_OK);
    ck_assert_ptr_nonnull(c);
    return c;
}

START_TEST(from_one_opening_to_the_next)
{
    struct tfu_look_cache *c = open_cache("one");
    expect(c, 0, 10, false);
    add(c, 0, 3000);
    expect(c, 0, 3000, true);
    tfu_look_cache_close(c);
    c = open_cache("one");
    expect(c, 0, 3000, true);
    add(c, 3000, 3010);
    tfu_look_cache_close(c);
    c = open_cache("other");
    expect(c, 0, 10, false);
    tfu_look_cache_close(c);
    c = open_cache("one");
    expect(c, 0, 3010, true);
    tfu_look_cache_close(c);
}
END_TEST

START_TEST(another_state_is_another_file)
{
    struct tfu_look_cache *c = open_cache("states");
    struct tfu_image_look x = look_of(4), is;
    tfu_look_cache_add(c, "a", 1, &x);
    ck_assert(tfu_look_cache_find(c, "a", &x.state, 1, &is));
    ck_assert(!tfu_look_cache_find(c, "b", &x.state, 1, &is));
    ck_assert(!tfu_look_cache_find(c, "a", &x.state, 2, &is));
    for (int k = 0; k < 7; k++) {
        struct tfu_file_state s = x.state;
        uint64_t *const number[] = {&s.device, &s.inode, &s.size};
        int64_t *const time[] = {&s.modified, &s.modified_ns, &s.changed, &s.changed_ns};
        *(k < 3 ? number[k] : (uint64_t *)time[k - 3]) += 1;
        ck_assert(!tfu_look_cache_find(c, "a", &s, 1, &is));
    }
    tfu_look_cache_close(c);
}
END_TEST

START_TEST(what_may_still_change_is_not_kept)
{
    struct tfu_look_cache *c = open_cache("fresh");
    struct tfu_image_look x = look_of(4), is;
    x.state.changed = (int64_t)time(NULL);
    tfu_look_cache_add(c, "a", 1, &x);
    ck_assert(!tfu_look_cache_find(c, "a", &x.state, 1, &is));
    x = look_of(4);
    x.settled = false;
    tfu_look_cache_add(c, "a", 1, &x);
    ck_assert(!tfu_look_cache_find(c, "a", &x.state, 1, &is));
    tfu_look_cache_close(c);
}
END_TEST

/* The file of the cache, written over from `at` on, or cut there. */
static void damage(long at, bool cuts)
{
    char path[512];
    DIR *d = opendir(folder);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *entry; (entry = readdir(d));) {
        if (strncmp(entry->d_name, "digests-", 8) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *f = fopen(path, "r+");
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
        if (!cuts)
            fputs("damage", f);
        fclose(f);
        if (cuts)
            ck_assert_int_eq(truncate(path, at), 0);
    }
    closedir(d);
}

START_TEST(a_damaged_file_is_none)
{
    for (long at = 0; at < 400; at += 13)
        for (int cuts = 0; cuts < 2; cuts++) {
            struct tfu_look_cache *c = open_cache("damaged");
            add(c, 0, 5);
            tfu_look_cache_close(c);
            damage(at, cuts);
            c = open_cache("damaged");
            expect(c, 0, 5, false);
            tfu_look_cache_close(c);
        }
}
END_TEST

START_TEST(two_at_once)
{
    struct tfu_look_cache *a = open_cache("two"), *b = open_cache("two");
    add(a, 0, 100);
    add(b, 50, 200);
    tfu_look_cache_close(a);
    tfu_look_cache_close(b);
    a = open_cache("two");
    expect(a, 50, 200, true);
    tfu_look_cache_close(a);
}
END_TEST

START_TEST(without_a_place)
{
    struct tfu_image_look is;
    const struct tfu_image_look x = look_of(1);
    setenv("TRANSFUSE_CACHE", "", 1);
    struct tfu_look_cache *none;
    ck_assert_int_eq(tfu_look_cache_open(&none, "nowhere", NULL, NULL), TFU_OK);
    ck_assert_ptr_null(none);
    tfu_look_cache_add(NULL, "a", 1, &x);
    ck_assert(!tfu_look_cache_find(NULL, "a", &x.state, 1, &is));
    tfu_look_cache_close(NULL);
    setenv("TRANSFUSE_CACHE", "/proc/nowhere", 1);
    struct tfu_look_cache *c = open_cache("unwritable");
    add(c, 0, 5);
    tfu_look_cache_close(c);
    unsetenv("TRANSFUSE_CACHE");
    setenv("XDG_CACHE_HOME", "/somewhere", 1);
    char *path = tfu_user_cache();
    ck_assert_str_eq(path, "/somewhere/transfuse");
    free(path);
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "/home/x", 1);
    path = tfu_user_cache();
    ck_assert_str_eq(path, "/home/x/.cache/transfuse");
    free(path);
    unsetenv("HOME");
    ck_assert_ptr_null(tfu_user_cache());
}
END_TEST

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

/* No memory but these bytes beyond what there is by now. */
static bool limit_memory(size_t bytes)
{
#ifndef SANITIZED
    const char *preload = getenv("LD_PRELOAD");
    unsigned long pages = 0;
    struct rlimit room;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu", &pages) != 1 || (preload && strstr(preload, "vgpreload")))
        pages = 0;
    if (f)
        fclose(f);
    getrlimit(RLIMIT_AS, &room);
    room.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
    return pages && setrlimit(RLIMIT_AS, &room) == 0;
#else
    return bytes == 0;
#endif
}

/* Some time there is room for twice the records, and none for a table of where they are. */
START_TEST(without_memory_for_the_table)
{
    enum { FULL = 1 << 17, STEP = 1 << 19, MOST = 64 << 20 };
    struct tfu_look_cache *c = open_cache("memory");
    const struct tfu_image_look x = look_of(FULL);
    struct tfu_image_look is;
    char path[32];
    path_of(FULL, path);
    add(c, 0, FULL);
    bool there = false;
    for (size_t bytes = 0; !there && bytes < MOST && limit_memory(bytes); bytes += STEP) {
        add(c, FULL, FULL + 1);
        there = tfu_look_cache_find(c, path, &x.state, 77, &is);
    }
    add(c, FULL, 2 * FULL);
    ck_assert(!tfu_look_cache_find(c, "/data/nowhere.png", &x.state, 77, &is));
    tfu_look_cache_close(c);
}
END_TEST

static void put_file(const char *name, size_t bytes, int64_t used)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    for (size_t i = 0; i < bytes; i++)
        fputc('x', f);
    fclose(f);
    const struct timespec times[] = {{.tv_sec = used}, {.tv_sec = used}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool has_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

START_TEST(the_oldest_files_go)
{
    put_file("digests-a", 100, 1000);
    put_file("digests-b", 100, 3000);
    put_file("digests-c", 100, 2000);
    put_file("other", 1000, 500);
    tfu_user_cache_trim(folder, "digests-", "digests-a", 200);
    ck_assert(has_file("digests-a") && has_file("digests-b") && has_file("other"));
    ck_assert(!has_file("digests-c"));
    tfu_user_cache_trim(folder, "digests-", NULL, 0);
    ck_assert(!has_file("digests-a") && !has_file("digests-b") && has_file("other"));
}
END_TEST

/* A file of some bytes that nobody has written to for a while. */
static void write_settled(const char *path, const char *text)
{
    const struct timespec long_ago[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, long_ago, 0), 0);
}

/* What is known of a file is taken, and not computed: here it is something else. */
static void pretend(struct tfu_look_cache *c, const char *path, const char *name, uint64_t how)
{
    struct stat s;
    struct tfu_image_look x = {.settled = true};
    ck_assert_int_eq(stat(path, &s), 0);
    x.state = tfu_file_state_of(&s);
    memset(x.digest, 0xab, sizeof x.digest);
    tfu_look_cache_add(c, name, how, &x);
}

START_TEST(digests_of_files)
{
    struct tfu_look_cache *c;
    char path[64], name[96], hex[TFU_HASH_HEX];
    snprintf(path, sizeof path, "%s/abc", folder);
    write_settled(path, "abc");
    ck_assert_int_eq(tfu_look_cache_open(&c, "x", NULL, NULL), TFU_OK);
    /* RFC 1321 and FIPS 180-2 */
    ck_assert_int_eq(tfu_file_digest_md5(c, path, hex, NULL), TFU_OK);
    ck_assert_str_eq(hex, "900150983cd24fb0d6963f7d28e17f72");
    ck_assert_int_eq(tfu_file_digest(NULL, path, hex, NULL), TFU_OK);
    ck_assert_int_eq(strncmp(hex, "ba7816bf8f01cfea", 16), 0);
    struct timespec wait = {.tv_sec = 3, .tv_nsec = 100000000}; /* as it was changed just now */
    nanosleep(&wait, NULL);
    snprintf(name, sizeof name, "md5 of %s", path);
    ck_assert(!tfu_look_cache_has(c, "/elsewhere") && !tfu_look_cache_has(NULL, name));
    pretend(c, path, name, 2);
    snprintf(name, sizeof name, "sha256 of %s", path);
    pretend(c, path, name, 1);
    ck_assert(tfu_look_cache_has(c, name));
    ck_assert_int_eq(tfu_file_digest_md5(c, path, hex, NULL), TFU_OK);
    ck_assert_str_eq(hex, "abababababababababababababababab");
    ck_assert_int_eq(tfu_file_digest(c, path, hex, NULL), TFU_OK);
    ck_assert_int_eq(strncmp(hex, "ababababababababababababababababab", 34), 0);
    write_settled(path, "abd");
    ck_assert_int_eq(tfu_file_digest_md5(c, path, hex, NULL), TFU_OK);
    ck_assert_str_eq(hex, "4911e516e5aa21d327512e0c8b197616");
    tfu_look_cache_close(c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/look_cache");
    TCase *t = tcase_create("looks");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, from_one_opening_to_the_next);
    tcase_add_test(t, another_state_is_another_file);
    tcase_add_test(t, what_may_still_change_is_not_kept);
    tcase_add_test(t, a_damaged_file_is_none);
    tcase_add_test(t, two_at_once);
    tcase_add_test(t, without_a_place);
    tcase_add_test(t, without_memory_for_the_table);
    tcase_add_test(t, the_oldest_files_go);
    tcase_add_test(t, digests_of_files);
    suite_add_tcase(s, t);
    return run_suite(s);
}
