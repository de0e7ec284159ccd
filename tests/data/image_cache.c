/* SPDX-License-Identifier: MIT
 *
 * Packs of one folder: which of them go when one needs room, and what becomes of a piece that is no
 * example.
 */
#include "core/data/image_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/data/image_pack.h"
#include "tests/support/check_main.h"

enum { PIECE = 1024 }; /* packs have pieces where 64 divides */

static char folder[] = "/tmp/transfuse-packs-XXXXXX";

static void setup(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- room in a folder */

static struct tfu_image_pack *open_pack(const char *name, uint64_t bytes)
{
    struct tfu_image_pack *p;
    ck_assert_int_eq(tfu_image_pack_open(&p, folder, "images-", name, 100, bytes, NULL), TFU_OK);
    return p;
}

static int add(struct tfu_image_pack *p, int64_t i)
{
    char bytes[PIECE];
    memset(bytes, (int)i + 1, sizeof bytes);
    return (int)tfu_image_pack_add(p, i, bytes, sizeof bytes, NULL);
}

static void make_pack(const char *name, int64_t pieces, int64_t used)
{
    const struct timespec times[] = {{.tv_sec = used}, {.tv_sec = used}};
    char path[256];
    struct tfu_image_pack *p = open_pack(name, 100 * PIECE);
    for (int64_t i = 0; i < pieces; i++)
        ck_assert_int_eq(add(p, i), TFU_IMAGE_PACK_ADDED);
    tfu_image_pack_close(p);
    snprintf(path, sizeof path, "%s/%s.pack", folder, name);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool has(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s.pack", folder, name);
    const bool pack = access(path, F_OK) == 0;
    snprintf(path, sizeof path, "%s/%s.index", folder, name);
    ck_assert_int_eq(access(path, F_OK) == 0, pack);
    return pack;
}

/* As where `train` is opened while `valid` and `test` of the same run are not yet. */
START_TEST(opening_removes_nothing)
{
    make_pack("images-valid", 3, 1000);
    make_pack("images-train", 3, 2000);
    struct tfu_image_pack *train = open_pack("images-train", 4 * PIECE);
    ck_assert_uint_eq(tfu_image_pack_size(train, 2), PIECE);
    struct tfu_image_pack *valid = open_pack("images-valid", 4 * PIECE);
    ck_assert_uint_eq(tfu_image_pack_size(valid, 2), PIECE);
    tfu_image_pack_close(valid);
    tfu_image_pack_close(train);
}
END_TEST

START_TEST(the_one_used_longest_ago_makes_room)
{
    make_pack("images-b", 2, 3000);
    make_pack("images-a", 2, 1000);
    make_pack("images-c", 2, 2000);
    make_pack("other", 2, 500);
    struct tfu_image_pack *p = open_pack("images-d", 7 * PIECE);
    ck_assert_int_eq(add(p, 0), TFU_IMAGE_PACK_ADDED);
    ck_assert(has("images-a") && has("images-b") && has("images-c"));
    ck_assert_int_eq(add(p, 1), TFU_IMAGE_PACK_ADDED);
    ck_assert(!has("images-a") && has("images-b") && has("images-c"));
    for (int64_t i = 2; i < 7; i++)
        ck_assert_int_eq(add(p, i), TFU_IMAGE_PACK_ADDED);
    ck_assert(!has("images-b") && !has("images-c") && has("other"));
    /* what would not fit alone costs nobody anything */
    tfu_image_pack_close(p);
    make_pack("images-e", 1, 1000);
    p = open_pack("images-d", 7 * PIECE);
    ck_assert_int_eq(add(p, 7), TFU_IMAGE_PACK_FULL);
    ck_assert(has("images-e"));
    tfu_image_pack_close(p);
}
END_TEST

START_TEST(all_that_are_open_share_the_room)
{
    struct tfu_image_pack *a = open_pack("images-a", 4 * PIECE);
    struct tfu_image_pack *b = open_pack("images-b", 4 * PIECE);
    ck_assert_int_eq(add(a, 0), TFU_IMAGE_PACK_ADDED);
    ck_assert_int_eq(add(b, 0), TFU_IMAGE_PACK_ADDED);
    ck_assert_int_eq(add(a, 1), TFU_IMAGE_PACK_ADDED);
    ck_assert_int_eq(add(b, 1), TFU_IMAGE_PACK_ADDED);
    ck_assert_int_eq(add(a, 2), TFU_IMAGE_PACK_FULL);
    ck_assert_int_eq(add(b, 2), TFU_IMAGE_PACK_FULL);
    ck_assert(has("images-a") && has("images-b"));
    tfu_image_pack_close(a);
    ck_assert_int_eq(add(b, 2), TFU_IMAGE_PACK_ADDED);
    ck_assert(!has("images-a"));
    tfu_image_pack_close(b);
}
END_TEST

/* ---- what is no example */

static struct tfu_image_cache *open_cache(void)
{
    const struct tfu_image_cache_request request = {
        .config = {.kind = TFU_DATA_CACHE_DISK, .bytes = 1 << 20, .folder = folder},
        .contents = "all",
        .count = 3,
        .labels = TFU_FIELD_LABELS};
    struct tfu_image_cache *c;
    ck_assert_int_eq(tfu_image_cache_open(&c, &request, NULL), TFU_OK);
    ck_assert_ptr_nonnull(c);
    return c;
}

/* A piece of the right checksum in the pack that there is. */
static void put_piece(int64_t i, const void *bytes, size_t size)
{
    char name[64] = "";
    struct tfu_image_pack *p;
    DIR *d = opendir(folder);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *entry; (entry = readdir(d));)
        if (strstr(entry->d_name, ".pack"))
            snprintf(name, sizeof name, "%.*s", (int)(strlen(entry->d_name) - 5), entry->d_name);
    closedir(d);
    ck_assert_int_eq(tfu_image_pack_open(&p, folder, "images-", name, 3, 1 << 20, NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_pack_add(p, i, bytes, size, NULL), TFU_IMAGE_PACK_ADDED);
    tfu_image_pack_close(p);
}

/* Adds what is kept anew, as after a reading. */
static void put_example(struct tfu_image_cache *c, int64_t i)
{
    const struct tfu_shape shape = {.rank = 3, .dim = {2, 3, 1}};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_example_work w;
    tfu_example_begin(&w, NULL, &e);
    struct tfu_tensor *t = tfu_example_add(&w, TFU_FIELD_IMAGE, TFU_U8, &shape);
    ck_assert_ptr_nonnull(t);
    memcpy(t->data, "pixels", 6);
    tfu_image_cache_put(c, i, &w);
    tfu_example_end(&w);
}

static bool get_example(struct tfu_image_cache *c, int64_t i)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_example_work w;
    tfu_example_begin(&w, NULL, &e);
    const bool there = tfu_image_cache_get(c, i, &w);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_ptr_eq(w.error, &e);
    ck_assert_int_eq(w.example.field_count, there);
    if (there)
        ck_assert_mem_eq(w.field[0]->t->data, "pixels", 6);
    tfu_example_end(&w);
    return there;
}

START_TEST(a_piece_that_is_no_example_is_read_anew)
{
    uint32_t noise[256], cut[97] = {1, 0, TFU_FIELD_IMAGE, TFU_U8, 3, 0, 70, 0, 1, 0, 1};
    memset(noise, 0x7f, sizeof noise);
    struct tfu_image_cache *c = open_cache();
    put_piece(0, noise, sizeof noise);
    put_piece(1, cut, sizeof cut); /* 64 does not divide it: its last number lies outside */
    for (int64_t i = 0; i < 3; i++) {
        ck_assert(!get_example(c, i));
        put_example(c, i);
        ck_assert(get_example(c, i));
    }
    tfu_image_cache_close(c);
    c = open_cache();
    for (int64_t i = 0; i < 3; i++)
        ck_assert(get_example(c, i));
    tfu_image_cache_close(c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/image_cache");
    TCase *t = tcase_create("image_cache");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, opening_removes_nothing);
    tcase_add_test(t, the_one_used_longest_ago_makes_room);
    tcase_add_test(t, all_that_are_open_share_the_room);
    tcase_add_test(t, a_piece_that_is_no_example_is_read_anew);
    suite_add_tcase(s, t);
    return run_suite(s);
}
