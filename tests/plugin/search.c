/* SPDX-License-Identifier: MIT
 *
 * Which of several files is taken for a plugin, and what happens when memory runs out meanwhile.
 * Copies of shipped plugins lie in scratch folders.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/plugin/registry.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"

static char scratch[64];

/* A path in the scratch folder, printf style; good until the fourth call from now. */
TFU_PRINTF(1, 2) static const char *at(const char *fmt, ...)
{
    static char text[4][256];
    static size_t next;
    char *s = text[next++ % 4];
    const int n = snprintf(s, sizeof text[0], "%s/", scratch);
    va_list args;
    va_start(args, fmt);
    vsnprintf(s + n, sizeof text[0] - (size_t)n, fmt, args);
    va_end(args);
    return s;
}

static void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    ck_assert_msg(in && out, "cannot copy %s to %s", from, to);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        ck_assert_uint_eq(fwrite(piece, 1, n, out), n);
    fclose(in);
    ck_assert_int_eq(fclose(out), 0);
}

/* Copies the shipped <kind>/<name>.so to <scratch>/<folder>/<kind>/<as>.so. */
static void put(const char *folder, const char *kind, const char *name, const char *as)
{
    char from[512];
    const char *stage = getenv("TRANSFUSE_PLUGIN_PATH");
    ck_assert_ptr_nonnull(stage);
    snprintf(from, sizeof from, "%s/%s/%s.so", stage, kind, name);
    mkdir(at("%s", folder), 0777);
    mkdir(at("%s/%s", folder, kind), 0777);
    copy_file(from, at("%s/%s/%s.so", folder, kind, as));
}

static void write_text(const char *path)
{
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs("no plugin\n", f);
    fclose(f);
}

/*
 * first/arch/cbr_tiny, first/metric/auc, second/arch/cbr_tiny and cbr_small, and a text that is
 * called like a plugin: first/arch/broken; second/arch/broken is called by a plugin's own name.
 */
static void make_folders(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/transfuse-search.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(scratch));
    put("first", "arch", "cbr_tiny", "cbr_tiny");
    put("first", "metric", "auc", "auc");
    put("second", "arch", "cbr_tiny", "cbr_tiny");
    put("second", "arch", "cbr_small", "cbr_small");
    put("second", "arch", "cbr_small", "broken");
    write_text(at("first/arch/broken.so"));
    write_text(at("first/arch/README"));
    write_text(at("first/arch/.so"));
    write_text(at("first/arch/.hidden.so"));
}

static void remove_folders(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    ck_assert_int_eq(system(command), 0);
}

/* A registry over the folders, "first:second" with the scratch folder before each. */
static struct tfu_registry *registry_over(const char *folders)
{
    struct tfu_text path = TFU_TEXT_INIT;
    for (const char *c = folders; *c;) {
        const size_t n = strcspn(c, ":");
        if (n)
            tfu_text_printf(&path, "%s/%.*s", scratch, (int)n, c);
        c += n;
        if (*c)
            tfu_text_append(&path, c++, 1);
    }
    struct tfu_registry *r;
    ck_assert_int_eq(tfu_registry_new(&r, tfu_text_get(&path), NULL), TFU_OK);
    tfu_text_free(&path);
    return r;
}

static const struct tfu_plugin *found(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                      const char *base_dir)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_plugin *p;
    const enum tfu_status st = tfu_registry_find(r, kind, name, base_dir, &p, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void missed(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                   enum tfu_status status, const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_plugin *p = (const struct tfu_plugin *)scratch;
    ck_assert_int_eq(tfu_registry_find(r, kind, name, NULL, &p, &e), status);
    ck_assert_ptr_null(p);
    ck_assert_str_eq(e.text, text);
}

START_TEST(first_folder_wins)
{
    struct tfu_registry *r = registry_over("first:second");
    const struct tfu_plugin *tiny = found(r, TFU_KIND_ARCH, "cbr_tiny", NULL);
    ck_assert_str_eq(tfu_registry_path(r, tiny), at("first/arch/cbr_tiny.so"));
    const struct tfu_plugin *small = found(r, TFU_KIND_ARCH, "cbr_small", NULL);
    ck_assert_str_eq(tfu_registry_path(r, small), at("second/arch/cbr_small.so"));
    ck_assert_ptr_eq(found(r, TFU_KIND_ARCH, "cbr_tiny", NULL), tiny);
    tfu_registry_free(r);

    r = registry_over("second:first");
    tiny = found(r, TFU_KIND_ARCH, "cbr_tiny", NULL);
    ck_assert_str_eq(tfu_registry_path(r, tiny), at("second/arch/cbr_tiny.so"));
    tfu_registry_free(r);
}
END_TEST

START_TEST(empty_and_missing_folders)
{
    struct tfu_registry *r = registry_over(":::nowhere::first:");
    found(r, TFU_KIND_ARCH, "cbr_tiny", NULL);
    char want[512];
    snprintf(want, sizeof want, "there is no metric 'kappa'; there is auc; tried\n    %s\n    %s",
             at("nowhere/metric/kappa.so"), at("first/metric/kappa.so"));
    missed(r, TFU_KIND_METRIC, "kappa", TFU_ENOTFOUND, want);
    tfu_registry_free(r);

    r = registry_over("");
    missed(r, TFU_KIND_METRIC, "kappa", TFU_ENOTFOUND,
           "there is no metric 'kappa'; no folder is searched");
    tfu_registry_free(r);
    r = registry_over("::");
    missed(r, TFU_KIND_INIT, "x", TFU_ENOTFOUND, "there is no init 'x'; no folder is searched");
    tfu_registry_free(r);
}
END_TEST

/* What lies in the first folder is meant: a later one must not stand in for it unasked. */
START_TEST(refused_is_not_looked_for_further)
{
    struct tfu_registry *r = registry_over("first:second");
    char want[512];
    snprintf(want, sizeof want,
             "'%s' is not a shared object; name the .so file that the plugin is compiled to",
             at("first/arch/broken.so"));
    missed(r, TFU_KIND_ARCH, "broken", TFU_EABI, want);
    tfu_registry_free(r);
}
END_TEST

START_TEST(name_with_slash_is_a_file)
{
    struct tfu_registry *r = registry_over("");
    const struct tfu_plugin *p = found(r, TFU_KIND_ARCH, "./arch/cbr_tiny.so", at("first"));
    ck_assert_str_eq(tfu_registry_path(r, p), at("first/./arch/cbr_tiny.so"));
    ck_assert_ptr_eq(found(r, TFU_KIND_ARCH, at("first/arch/cbr_tiny.so"), at("second")), p);
    ck_assert_int_eq(chdir(at("second/arch")), 0);
    ck_assert_ptr_eq(found(r, TFU_KIND_ARCH, "../../first/arch/cbr_tiny.so", NULL), p);
    ck_assert_ptr_ne(found(r, TFU_KIND_ARCH, "./cbr_tiny.so", NULL), p);
    missed(r, TFU_KIND_ARCH, "./cbr_tin.so", TFU_EIO,
           "cannot open the plugin './cbr_tin.so': No such file or directory");
    missed(r, TFU_KIND_ARCH, "./", TFU_EABI, "'./' is a folder, not a shared object");
    tfu_registry_free(r);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* A shared object with two paths is one plugin; with another name it is refused. */
START_TEST(links_are_opened_once)
{
    mkdir(at("links"), 0777);
    mkdir(at("links/arch"), 0777);
    ck_assert_int_eq(symlink(at("first/arch/cbr_tiny.so"), at("links/arch/cbr_tiny.so")), 0);
    ck_assert_int_eq(symlink(at("first/arch/cbr_tiny.so"), at("links/arch/mynet.so")), 0);
    struct tfu_registry *r = registry_over("links");
    const struct tfu_plugin *p = found(r, TFU_KIND_ARCH, "cbr_tiny", NULL);
    ck_assert_ptr_eq(found(r, TFU_KIND_ARCH, at("first/arch/cbr_tiny.so"), NULL), p);
    ck_assert_str_eq(tfu_registry_path(r, p), at("links/arch/cbr_tiny.so"));
    char want[512];
    snprintf(want, sizeof want,
             "plugin '%s' cannot be used: it calls itself 'cbr_tiny' and its file 'mynet'; let "
             ".name equal the file's name without .so",
             at("links/arch/mynet.so"));
    missed(r, TFU_KIND_ARCH, "mynet", TFU_EABI, want);
    snprintf(want, sizeof want,
             "plugin '%s' cannot be used: it is of kind arch where one of kind metric is wanted; "
             "put it in the folder arch/, or name it in the part of the configuration that is for "
             "arch",
             at("first/arch/cbr_tiny.so"));
    missed(r, TFU_KIND_METRIC, at("first/arch/cbr_tiny.so"), TFU_EABI, want);
    tfu_registry_free(r);
}
END_TEST

/* Is the file mapped? Closes the handle again. */
static bool is_open(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (library)
        dlclose(library);
    return library;
}

START_TEST(refused_files_are_closed)
{
    copy_file(at("first/arch/cbr_tiny.so"), at("first/metric/misplaced.so"));
    struct tfu_registry *r = registry_over("first");
    const struct tfu_plugin *p;
    ck_assert_int_eq(tfu_registry_find(r, TFU_KIND_METRIC, "misplaced", NULL, &p, NULL), TFU_EABI);
    ck_assert(!is_open(at("first/metric/misplaced.so")));
    tfu_registry_free(r);
}
END_TEST

START_TEST(listing)
{
    static const struct {
        enum tfu_kind kind;
        const char *path, *name;
        bool hidden, usable;
    } want[] = {
        {TFU_KIND_ARCH, "first/arch/broken.so", "broken", false, false},
        {TFU_KIND_ARCH, "second/arch/broken.so", "broken", true, false},
        {TFU_KIND_ARCH, "second/arch/cbr_small.so", "cbr_small", false, true},
        {TFU_KIND_ARCH, "first/arch/cbr_tiny.so", "cbr_tiny", false, true},
        {TFU_KIND_ARCH, "second/arch/cbr_tiny.so", "cbr_tiny", true, false},
        {TFU_KIND_METRIC, "first/metric/auc.so", "auc", false, true},
    };
    struct tfu_registry *r = registry_over("first:nowhere:second");
    struct tfu_registry_list l;
    ck_assert_int_eq(tfu_registry_list(r, 0, &l, NULL), TFU_OK);
    ck_assert_uint_eq(l.count, TFU_COUNT(want));
    for (size_t i = 0; i < l.count; i++)
        ck_assert_ptr_null(l.entry[i].plugin);
    tfu_registry_list_open(r, &l);
    for (size_t i = 0; i < l.count; i++) {
        ck_assert_int_eq(l.entry[i].kind, want[i].kind);
        ck_assert_str_eq(l.entry[i].name, want[i].name);
        ck_assert_str_eq(l.entry[i].path, at("%s", want[i].path));
        ck_assert_int_eq(l.entry[i].hidden, want[i].hidden);
        ck_assert_int_eq(l.entry[i].plugin != NULL, want[i].usable);
        ck_assert_int_eq(l.entry[i].error.text[0] != 0, !want[i].hidden && !want[i].usable);
    }
    tfu_registry_list_free(&l);
    ck_assert_int_eq(tfu_registry_list(r, TFU_KIND_METRIC, &l, NULL), TFU_OK);
    ck_assert_uint_eq(l.count, 1);
    tfu_registry_list_free(&l);
    ck_assert_int_eq(tfu_registry_list(r, TFU_KIND_LAYER, &l, NULL), TFU_OK);
    ck_assert_uint_eq(l.count, 0);
    tfu_registry_list_free(&l);
    tfu_registry_free(r);
}
END_TEST

/* Finds one by name and one by file, and lists. */
static enum tfu_status work(const char *folders, const char *file, struct tfu_error *e)
{
    struct tfu_registry *r;
    const struct tfu_plugin *p;
    struct tfu_registry_list l = {.entry = NULL};
    enum tfu_status st = tfu_registry_new(&r, folders, e);
    if (st == TFU_OK)
        st = tfu_registry_find(r, TFU_KIND_ARCH, "cbr_small", NULL, &p, e);
    if (st == TFU_OK)
        st = tfu_registry_find(r, TFU_KIND_METRIC, file, NULL, &p, e);
    if (st == TFU_OK)
        st = tfu_registry_list(r, 0, &l, e);
    tfu_registry_list_free(&l);
    tfu_registry_free(r);
    return st;
}

START_TEST(memory_runs_out)
{
    char folders[256], file[256];
    snprintf(folders, sizeof folders, "%s:%s", at("second"), at("first"));
    snprintf(file, sizeof file, "%s", at("first/metric/auc.so"));
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = work(folders, file, &e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : TFU_OK), "allocation %zu: status %d, %s", n,
                      (int)st, e.text);
    }
    ck_assert_uint_gt(n, 10);
}
END_TEST

/* The message may lack names then, but it stays one. */
START_TEST(memory_runs_out_while_nothing_is_found)
{
    struct tfu_registry *r = registry_over("first:second");
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        const struct tfu_plugin *p;
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_registry_find(r, TFU_KIND_ARCH, "cbr_smal", NULL, &p, &e);
        failed = failing_malloc_disarm();
        ck_assert(st == TFU_ENOTFOUND || (failed && st == TFU_ENOMEM));
        ck_assert_ptr_null(p);
        ck_assert_int_eq(e.status, st);
        ck_assert_int_ne(e.text[0], 0);
    }
    ck_assert_uint_gt(n, 10);
    tfu_registry_free(r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search");
    TCase *search = tcase_create("search");
    tcase_add_checked_fixture(search, make_folders, remove_folders);
    tcase_add_test(search, first_folder_wins);
    tcase_add_test(search, empty_and_missing_folders);
    tcase_add_test(search, refused_is_not_looked_for_further);
    tcase_add_test(search, name_with_slash_is_a_file);
    tcase_add_test(search, links_are_opened_once);
    tcase_add_test(search, listing);
    suite_add_tcase(suite, search);
    TCase *memory = tcase_create("memory");
    tcase_add_checked_fixture(memory, make_folders, remove_folders);
    tcase_add_test(memory, refused_files_are_closed);
    tcase_add_test(memory, memory_runs_out);
    tcase_add_test(memory, memory_runs_out_while_nothing_is_found);
    suite_add_tcase(suite, memory);
    return run_suite(suite);
}
