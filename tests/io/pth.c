/* SPDX-License-Identifier: MIT
 *
 * The readers of PyTorch's files on files of make_pth.py: numbers of the good ones, messages of the
 * bad ones, and how much memory and how many of the bytes they need.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/io/weights_reader.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory that ends where its allocation does. */
struct bytes {
    char *data;
    size_t size;
};

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/io", top ? top : ".");
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR to the source folder");
}

static struct bytes load(const char *path)
{
    struct stat s;
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f && fstat(fileno(f), &s) == 0, "%s cannot be read", path);
    struct bytes b = {malloc((size_t)s.st_size), (size_t)s.st_size};
    ck_assert_uint_eq(fread(b.data, 1, b.size, f), b.size);
    fclose(f);
    return b;
}

static enum tfu_status open_bytes(struct tfu_weights_reader *r, const char *path,
                                  const struct bytes *b, struct tfu_error *e)
{
    const bool zip = b->size >= 2 && memcmp(b->data, "PK", 2) == 0;
    return (zip ? tfu_pth_zip_open : tfu_pth_legacy_open)(r, path, b->data, b->size, NULL, e);
}

static size_t count_of(const struct tfu_reader_tensor *t)
{
    size_t count = 1;
    for (size_t i = 0; i < t->rank; i++)
        count *= (size_t)t->dim[i];
    return count;
}

/* Calls use() with the path of each file of a folder whose name has this ending. */
static int for_each_file(const char *folder, const char *ending, void (*use)(const char *path))
{
    int count = 0;
    DIR *d = opendir(folder);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *entry; (entry = readdir(d));) {
        char path[512];
        const size_t n = strlen(entry->d_name), tail = strlen(ending);
        if (entry->d_name[0] == '.' || n < tail || strcmp(entry->d_name + n - tail, ending) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        use(path);
        count++;
    }
    closedir(d);
    return count;
}

/* "name type sizes", as make_pth.py writes it. */
static void describe(struct tfu_text *line, const struct tfu_reader_tensor *t)
{
    tfu_text_printf(line, "%s %s ", t->name, t->problem ? t->kind : tfu_stored_type_name(t->type));
    for (size_t i = 0; i < t->rank; i++)
        tfu_text_printf(line, "%s%lld", i ? "," : "", (long long)t->dim[i]);
    if (!t->rank)
        tfu_text_puts(line, "-");
}

/* Compares a tensor with the rest of its line: the numbers. */
static void check_numbers(const struct tfu_weights_reader *r, size_t i, const char *expected)
{
    const struct tfu_reader_tensor t = r->ops->get(r->self, i);
    const size_t count = count_of(&t), bytes = count * tfu_stored_type_size(t.type);
    struct tfu_error e = TFU_ERROR_INIT;
    char *raw = malloc(bytes + 1);
    double *number = malloc(count * sizeof *number + 1);
    ck_assert(raw && number);
    memset(raw, 0x5a, bytes + 1);
    ck_assert_msg(r->ops->read(r->self, i, raw, &e) == TFU_OK, "%s: %s", t.name, e.text);
    ck_assert_int_eq(raw[bytes], 0x5a);
    tfu_stored_to_double(t.type, raw, count, number);
    for (size_t k = 0; k < count; k++) {
        char *end;
        const double x = strtod(expected, &end);
        ck_assert_msg(end != expected && x == number[k], "%s[%zu] is %g, not %g", t.name, k,
                      number[k], x);
        expected = end;
    }
    ck_assert_str_eq(expected, "");
    const void *place = r->ops->borrow(r->self, i);
    ck_assert(!place || memcmp(place, raw, bytes) == 0);
    free(number);
    free(raw);
}

static void check_good(const char *path)
{
    char name[512], *line = NULL, *rest;
    size_t room = 0;
    snprintf(name, sizeof name, "%.*s.txt", (int)strlen(path) - 4, path);
    FILE *expected = fopen(name, "r");
    ck_assert_msg(expected, "%s cannot be read", name);
    const struct bytes b = load(path);
    struct tfu_weights_reader r;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(open_bytes(&r, path, &b, &e) == TFU_OK, "%s: %s", path, e.text);
    ck_assert(getline(&line, &room, expected) > 0);
    line[strcspn(line, "\n")] = '\0';
    ck_assert_str_eq(r.ops->unwrapped(r.self), line);
    size_t i = 0;
    for (; getline(&line, &room, expected) > 0; i++) {
        struct tfu_text described = TFU_TEXT_INIT;
        line[strcspn(line, "\n")] = '\0';
        ck_assert_uint_lt(i, r.ops->count(r.self));
        const struct tfu_reader_tensor t = r.ops->get(r.self, i);
        describe(&described, &t);
        rest = line;
        for (int words = 0; words < 3; words++)
            rest += strcspn(rest + 1, " ") + 1;
        ck_assert_msg(strncmp(line, tfu_text_get(&described), (size_t)(rest - line)) == 0,
                      "%s: '%s' is not '%s'", path, tfu_text_get(&described), line);
        ck_assert_uint_eq(described.length, (size_t)(rest - line));
        if (t.problem)
            ck_assert_str_eq(rest + 2, t.problem); /* behind " !" */
        else
            check_numbers(&r, i, rest);
        tfu_text_free(&described);
    }
    ck_assert_uint_eq(i, r.ops->count(r.self));
    r.ops->close(r.self);
    free(b.data);
    free(line);
    fclose(expected);
}

START_TEST(good_files_have_the_numbers_that_pytorch_put_there)
{
    ck_assert_int_ge(for_each_file("good_pth", ".pth", check_good), 20);
}
END_TEST

/* A second line is what is said where libzip, from 1.11 on, finds the flaw itself. */
static void check_bad(const char *path)
{
    char name[512], message[2048] = "", other[2048] = "";
    snprintf(name, sizeof name, "%.*s.err", (int)strlen(path) - 4, path);
    FILE *expected = fopen(name, "r");
    ck_assert_msg(expected && fgets(message, sizeof message, expected), "%s cannot be read", name);
    if (fgets(other, sizeof other, expected))
        other[strcspn(other, "\n")] = '\0';
    fclose(expected);
    message[strcspn(message, "\n")] = '\0';
    const struct bytes b = load(path);
    struct tfu_weights_reader r = {0};
    struct tfu_error e = TFU_ERROR_INIT;
    failing_malloc_largest();
    const enum tfu_status st = open_bytes(&r, path, &b, &e);
    const size_t largest = failing_malloc_largest();
    ck_assert_msg(st == TFU_ECORRUPT || st == TFU_EUNSUPPORTED, "%s: status %d", path, (int)st);
    ck_assert_ptr_null(r.self);
    ck_assert_msg(strcmp(e.text, message) == 0 || (other[0] && strcmp(e.text, other) == 0),
                  "%s: '%s' is not '%s'", path, e.text, message);
    ck_assert_str_eq(e.source, path);
    ck_assert_msg(largest <= 64 * b.size + 65536, "%s of %zu bytes: %zu were asked for", path,
                  b.size, largest);
    free(b.data);
}

START_TEST(bad_files_are_refused_with_advice)
{
    ck_assert_int_ge(for_each_file("bad_pth", ".pth", check_bad), 140);
}
END_TEST

static void check_prefixes(const char *path)
{
    const struct bytes whole = load(path);
    for (size_t n = 0; n < whole.size; n++) {
        struct bytes b = {malloc(n), n};
        struct tfu_weights_reader r = {0};
        struct tfu_error e = TFU_ERROR_INIT;
        if (n)
            memcpy(b.data, whole.data, n);
        ck_assert_msg(open_bytes(&r, path, &b, &e) == TFU_ECORRUPT, "%s, %zu bytes: %s", path, n,
                      e.text);
        free(b.data);
    }
    free(whole.data);
}

START_TEST(a_file_that_is_cut_off_anywhere_is_refused)
{
    check_prefixes("good_pth/views.pth");
    check_prefixes("good_pth/wrapped_old.pth");
}
END_TEST

/* A changed storage is not noticed at opening, but when it is read. */
START_TEST(a_changed_number_is_noticed)
{
    struct bytes b = load("good_pth/untyped.pth");
    struct tfu_weights_reader r;
    struct tfu_error e = TFU_ERROR_INIT;
    float x[4];
    char *at = memmem(b.data, b.size, "\0\0\x80\x3f\0\0\0\x40", 8);
    ck_assert_ptr_nonnull(at);
    ck_assert_int_eq(open_bytes(&r, "changed", &b, &e), TFU_OK);
    at[2] ^= 1;
    ck_assert_int_eq(r.ops->read(r.self, 0, x, &e), TFU_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(e.text, "entry 'a/data/0' has the checksum"));
    r.ops->close(r.self);
    free(b.data);
}
END_TEST

static enum tfu_status open_and_read(const char *path, const struct bytes *b, struct tfu_error *e)
{
    struct tfu_weights_reader r = {0};
    static double numbers[256];
    enum tfu_status st = open_bytes(&r, path, b, e);
    if ((st == TFU_OK) != (r.self != NULL))
        return TFU_EINVAL;
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; st == TFU_OK && i < r.ops->count(r.self); i++) {
        const struct tfu_reader_tensor t = r.ops->get(r.self, i);
        st = count_of(&t) <= TFU_COUNT(numbers) ? r.ops->read(r.self, i, numbers, e) : TFU_EINVAL;
    }
    r.ops->close(r.self);
    return st;
}

static void fail_each(const char *path, enum tfu_status in_the_end, size_t at_least)
{
    const struct bytes b = load(path);
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = open_and_read(path, &b, &e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : in_the_end), "%s, allocation %zu: status %d, %s",
                      path, n, (int)st, e.text);
        ck_assert_int_eq(e.status, st);
    }
    ck_assert_uint_ge(n - 2, at_least);
    free(b.data);
}

START_TEST(every_allocation_may_fail)
{
    fail_each("good_pth/views.pth", TFU_OK, 100);
    fail_each("good_pth/wrapped.pth", TFU_OK, 100);
    fail_each("good_pth/wrapped_old.pth", TFU_OK, 100);
    fail_each("good_pth/old_python2.pth", TFU_OK, 30);
    fail_each("good_pth/protocol_4.pth", TFU_OK, 30);
    fail_each("bad_pth/only_marks.pth", TFU_ECORRUPT, 8);
    fail_each("bad_pth/calls_os_system.pth", TFU_EUNSUPPORTED, 8);
}
END_TEST

struct reading {
    const struct tfu_weights_reader *reader;
    const char *expected; /* all tensors, one behind the other */
    size_t wrong;
};

static void *read_often(void *arg)
{
    struct reading *w = arg;
    const struct tfu_weights_reader *r = w->reader;
    char numbers[4096];
    for (int round = 0; round < 50; round++) {
        const char *expected = w->expected;
        for (size_t i = 0; i < r->ops->count(r->self); i++) {
            const struct tfu_reader_tensor t = r->ops->get(r->self, i);
            const size_t n = count_of(&t) * tfu_stored_type_size(t.type);
            w->wrong += r->ops->read(r->self, i, numbers, NULL) != TFU_OK ||
                        memcmp(numbers, expected, n) != 0;
            expected += n;
        }
    }
    return NULL;
}

static void check_threads(const char *path)
{
    enum { THREADS = 4 };
    static char expected[1 << 16];
    const struct bytes b = load(path);
    struct tfu_weights_reader r;
    pthread_t thread[THREADS];
    struct reading w[THREADS];
    ck_assert_int_eq(open_bytes(&r, path, &b, NULL), TFU_OK);
    size_t used = 0;
    for (size_t i = 0; i < r.ops->count(r.self); i++) {
        const struct tfu_reader_tensor t = r.ops->get(r.self, i);
        const size_t n = count_of(&t) * tfu_stored_type_size(t.type);
        ck_assert_uint_le(used + n, sizeof expected);
        ck_assert_int_eq(r.ops->read(r.self, i, expected + used, NULL), TFU_OK);
        used += n;
    }
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct reading){&r, expected, 0};
        ck_assert_int_eq(pthread_create(&thread[i], NULL, read_often, &w[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        ck_assert_uint_eq(w[i].wrong, 0);
    }
    r.ops->close(r.self);
    free(b.data);
}

START_TEST(threads_read_at_the_same_time)
{
    check_threads("good_pth/views.pth");
    check_threads("good_pth/deflated.pth");
    check_threads("good_pth/views_old.pth");
}
END_TEST

static void replay(const char *path)
{
    const struct bytes b = load(path);
    ck_assert_int_eq(LLVMFuzzerTestOneInput((const uint8_t *)b.data, b.size), 0);
    free(b.data);
}

START_TEST(the_fuzzers_corpus)
{
    ck_assert_int_ge(for_each_file("fuzz_pth_corpus", "", replay), 100);
    for_each_file("good_pth", ".pth", replay);
    for_each_file("bad_pth", ".pth", replay);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("io/pth");
    TCase *t = tcase_create("pth");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, good_files_have_the_numbers_that_pytorch_put_there);
    tcase_add_test(t, bad_files_are_refused_with_advice);
    tcase_add_test(t, a_file_that_is_cut_off_anywhere_is_refused);
    tcase_add_test(t, a_changed_number_is_noticed);
    tcase_add_test(t, every_allocation_may_fail);
    tcase_add_test(t, threads_read_at_the_same_time);
    tcase_add_test(t, the_fuzzers_corpus);
    suite_add_tcase(s, t);
    return run_suite(s);
}
