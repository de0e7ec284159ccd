/* SPDX-License-Identifier: MIT
 *
 * Parts of entries of an archive, stored and compressed. What is refused at opening is among the
 * bad files of pth.c.
 */
#include "core/io/zip_file.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

static char bytes[65536];
static struct tfu_zip_file *zip;

static void open_archive(const char *name)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(path, sizeof path, "%s/tests/io/good_pth/%s", top ? top : ".", name);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f, "set TOP_SRCDIR to the source folder");
    const size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    ck_assert_msg(tfu_zip_file_open(&zip, "x.zip", bytes, size, &e) == TFU_OK, "%s", e.text);
    ck_assert_str_eq(tfu_zip_file_path(zip), "x.zip");
}

static void teardown(void)
{
    tfu_zip_file_close(zip);
    zip = NULL;
}

/* Every part of the storage of the numbers 1 to 4, and none that is longer. */
static void check_parts(const char *name, bool stored)
{
    static const float all[] = {1, 2, 3, 4};
    open_archive(name);
    const size_t i = tfu_zip_file_find(zip, "a/data/0");
    ck_assert_uint_lt(i, tfu_zip_file_count(zip));
    const struct tfu_zip_entry *entry = tfu_zip_file_get(zip, i);
    ck_assert_str_eq(entry->name, "a/data/0");
    ck_assert_uint_eq(entry->size, sizeof all);
    ck_assert(entry->stored == stored);
    for (size_t offset = 0; offset <= sizeof all + 1; offset++)
        for (size_t count = 0; count <= sizeof all + 1; count++) {
            char to[sizeof all + 2];
            struct tfu_error e = TFU_ERROR_INIT;
            memset(to, 0x5a, sizeof to);
            const enum tfu_status st = tfu_zip_file_read(zip, i, offset, to, count, &e);
            if (offset + count > sizeof all) {
                ck_assert_int_eq(st, TFU_ECORRUPT);
                continue;
            }
            ck_assert_msg(st == TFU_OK, "%zu bytes from %zu: %s", count, offset, e.text);
            ck_assert(count == 0 || memcmp(to, (const char *)all + offset, count) == 0);
            ck_assert_int_eq(to[count], 0x5a);
        }
}

START_TEST(parts_of_a_stored_entry)
{
    check_parts("untyped.pth", true);
}
END_TEST

START_TEST(parts_of_a_compressed_entry)
{
    check_parts("deflated.pth", false);
}
END_TEST

START_TEST(every_name_is_found)
{
    open_archive("views.pth");
    ck_assert_uint_ge(tfu_zip_file_count(zip), 8);
    for (size_t i = 0; i < tfu_zip_file_count(zip); i++)
        ck_assert_uint_eq(tfu_zip_file_find(zip, tfu_zip_file_get(zip, i)->name), i);
    ck_assert_uint_eq(tfu_zip_file_find(zip, ""), SIZE_MAX);
    ck_assert_uint_eq(tfu_zip_file_find(zip, "archive/data/00"), SIZE_MAX);
}
END_TEST

START_TEST(what_is_empty_or_nothing_is_refused)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_zip_file_open(&zip, "x.zip", "", 0, &e), TFU_ECORRUPT);
    ck_assert_ptr_null(zip);
    ck_assert_str_eq(e.text, "the file is empty");
    ck_assert_str_eq(e.source, "x.zip");
    tfu_zip_file_close(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("io/zip_file");
    TCase *t = tcase_create("zip_file");
    tcase_add_checked_fixture(t, NULL, teardown);
    tcase_add_test(t, parts_of_a_stored_entry);
    tcase_add_test(t, parts_of_a_compressed_entry);
    tcase_add_test(t, every_name_is_found);
    tcase_add_test(t, what_is_empty_or_nothing_is_refused);
    suite_add_tcase(s, t);
    return run_suite(s);
}
