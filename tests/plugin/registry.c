/* SPDX-License-Identifier: MIT
 *
 * A registry opens a file once, under whatever name, and keeps it while an instance holds it.
 */
#include "core/plugin/registry.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static char folder[] = "/tmp/transfuse-registry.XXXXXX";
static char real_path[4096], link_path[128], copy_folder[64];

static const char *stage(void)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    return path ? path : "stage";
}

/* <folder>/arch/cbr_tiny.so, a link to the staged one. */
static void make_links(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(copy_folder, sizeof copy_folder, "%s/arch", folder);
    ck_assert_int_eq(mkdir(copy_folder, 0777), 0);
    char staged[4200];
    snprintf(staged, sizeof staged, "%s/arch/cbr_tiny.so", stage());
    ck_assert_ptr_nonnull(realpath(staged, real_path));
    snprintf(link_path, sizeof link_path, "%s/cbr_tiny.so", copy_folder);
    ck_assert_int_eq(symlink(real_path, link_path), 0);
}

static void remove_links(void)
{
    unlink(link_path);
    rmdir(copy_folder);
    rmdir(folder);
}

static const struct tfu_plugin *find(struct tfu_registry *r, const char *name, const char *base)
{
    const struct tfu_plugin *p = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_registry_find(r, TFU_KIND_ARCH, name, base, &p, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    return p;
}

/* Is the file in this process's memory? */
static int loaded(void)
{
    void *library = dlopen(real_path, RTLD_LAZY | RTLD_NOLOAD);
    if (library)
        dlclose(library);
    return library != NULL;
}

static struct tfu_registry *new_registry(void)
{
    struct tfu_registry *r = NULL;
    ck_assert_int_eq(tfu_registry_new(&r, stage(), NULL), TFU_OK);
    return r;
}

START_TEST(a_file_is_opened_once)
{
    struct tfu_registry *r = new_registry();
    const struct tfu_plugin *p = find(r, "cbr_tiny", NULL);
    ck_assert_str_eq(p->name, "cbr_tiny");
    ck_assert_ptr_eq(find(r, "cbr_tiny", NULL), p);
    ck_assert_ptr_eq(find(r, real_path, NULL), p);
    ck_assert_ptr_eq(find(r, link_path, NULL), p);
    /* relative to a folder; an absolute path is not */
    ck_assert_ptr_eq(find(r, "./cbr_tiny.so", copy_folder), p);
    ck_assert_ptr_eq(find(r, "arch/cbr_tiny.so", folder), p);
    ck_assert_ptr_eq(find(r, link_path, "/nowhere"), p);
    const char *path = tfu_registry_path(r, p);
    ck_assert_ptr_nonnull(strstr(path, "/arch/cbr_tiny.so"));
    tfu_registry_free(r);
}
END_TEST

START_TEST(it_is_closed_with_the_registry)
{
    struct tfu_registry *r = new_registry();
    ck_assert(!loaded());
    find(r, "cbr_tiny", NULL);
    ck_assert(loaded());
    tfu_registry_free(r);
    ck_assert(!loaded());
}
END_TEST

START_TEST(but_not_while_it_is_held)
{
    struct tfu_registry *r = new_registry();
    const struct tfu_plugin *p = find(r, "cbr_tiny", NULL);
    tfu_registry_hold(r, p);
    tfu_registry_hold(r, p);
    tfu_registry_release(r, p);
    tfu_registry_free(r);
    ck_assert(loaded());
    ck_assert_str_eq(p->name, "cbr_tiny");
    /* what the registry left open, for the tests after this one */
    void *library = dlopen(real_path, RTLD_LAZY | RTLD_NOLOAD);
    dlclose(library);
    dlclose(library);
    ck_assert(!loaded());
}
END_TEST

START_TEST(released_it_is_closed)
{
    struct tfu_registry *r = new_registry();
    const struct tfu_plugin *p = find(r, "cbr_tiny", NULL);
    tfu_registry_hold(r, p);
    tfu_registry_release(r, p);
    tfu_registry_free(r);
    ck_assert(!loaded());
}
END_TEST

START_TEST(a_failure_gives_no_plugin)
{
    static const char *const names[] = {
        "cbr_tinny", "/nowhere/cbr_tiny.so", "./cbr_tiny.so", "/", "..", "", "arch/../cbr_tiny"};
    struct tfu_registry *r = new_registry();
    for (size_t i = 0; i < TFU_COUNT(names); i++) {
        const struct tfu_plugin *p = (const void *)r;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_ne(tfu_registry_find(r, TFU_KIND_ARCH, names[i], "/nowhere", &p, &e), TFU_OK);
        ck_assert_ptr_null(p);
        ck_assert_msg(e.text[0] != '\0', "'%s' is refused without a word", names[i]);
    }
    tfu_registry_free(r);
}
END_TEST

START_TEST(another_kind_of_the_same_file_is_refused)
{
    struct tfu_registry *r = new_registry();
    find(r, "cbr_tiny", NULL);
    const struct tfu_plugin *p = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_registry_find(r, TFU_KIND_OPTIM, real_path, NULL, &p, &e), TFU_EABI);
    ck_assert_ptr_nonnull(strstr(e.text, "it is of kind arch where one of kind optim is wanted"));
    tfu_registry_free(r);
}
END_TEST

START_TEST(kinds_have_names)
{
    for (size_t i = 0; i < tfu_kind_count(); i++) {
        const struct tfu_kind_row *row = tfu_kind_at(i);
        ck_assert_int_eq(tfu_kind_from_name(row->name), (int)row->kind);
        ck_assert_str_eq(tfu_kind_name((int)row->kind), row->name);
        ck_assert_ptr_eq(tfu_kind_row((int)row->kind), row);
        ck_assert(i == 0 || row->kind > tfu_kind_at(i - 1)->kind);
        ck_assert_uint_gt(row->function_count, 0);
    }
    ck_assert_ptr_null(tfu_kind_name(0));
    ck_assert_ptr_null(tfu_kind_name(TFU_KIND_TRANSFORM + 1));
    ck_assert_ptr_null(tfu_kind_name(-1));
    ck_assert_int_eq(tfu_kind_from_name("architecture"), 0);
    ck_assert_int_eq(tfu_kind_from_name(""), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("registry");
    TCase *t = tcase_create("registry");
    tcase_add_unchecked_fixture(t, make_links, remove_links);
    suite_add_tcase(s, t);
    tcase_add_test(t, a_file_is_opened_once);
    tcase_add_test(t, it_is_closed_with_the_registry);
    tcase_add_test(t, but_not_while_it_is_held);
    tcase_add_test(t, released_it_is_closed);
    tcase_add_test(t, a_failure_gives_no_plugin);
    tcase_add_test(t, another_kind_of_the_same_file_is_refused);
    tcase_add_test(t, kinds_have_names);
    return run_suite(s);
}
