/* SPDX-License-Identifier: MIT
 *
 * Files as others write them: what stands beside weights, several dictionaries, arrays in numpy's
 * other ways, numbers piece by piece.
 */
#include <stdlib.h>
#include <string.h>

#include "core/io/weights.h"
#include "core/io/weights_walk.h"
#include "tests/io/weights_files.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static void good(void)
{
    enter("good");
}

static struct tfu_weights *open_good(const char *path)
{
    struct tfu_weights *w;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_weights_request request = {.path = path};
    ck_assert_msg(tfu_weights_open(&w, &request, &e) == TFU_OK, "%s: %s", path, e.text);
    return w;
}

static double *read_double(const struct tfu_weights *w, const char *name, size_t *n)
{
    const size_t i = tfu_weights_find(w, name);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(i != SIZE_MAX, "%s", name);
    *n = (size_t)tfu_weights_get(w, i)->count;
    double *x = calloc(*n + 1, sizeof *x);
    ck_assert_msg(tfu_weights_read_double(w, i, x, &e) == TFU_OK, "%s: %s", name, e.text);
    return x;
}

START_TEST(checkpoints_of_ours_promise_no_digest)
{
    size_t n;
    char *bytes = scratch_read("checkpoint.safetensors", &n);
    scratch_begin();
    const char *path = scratch_path("step-10000000.safetensors");
    scratch_write(path, bytes, n);
    free(bytes);
    struct tfu_weights *w = open_good(path);
    ck_assert_str_eq(tfu_weights_warning(w), "");
    tfu_weights_close(w);
    w = open_good("w-0e23a890.safetensors");
    ck_assert_str_eq(tfu_weights_warning(w), "");
    tfu_weights_close(w);
    scratch_end();
}
END_TEST

/* "name kind problem", of one that cannot be read. */
static void expect_problem(const struct tfu_weights *w, const char *name, const char *kind,
                           bool beside, const char *problem)
{
    const size_t i = tfu_weights_find(w, name);
    ck_assert_msg(i != SIZE_MAX, "%s", name);
    const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
    ck_assert_str_eq(t->kind, kind);
    ck_assert_int_eq(t->beside, beside);
    ck_assert_msg(t->problem && strstr(t->problem, problem), "%s: %s", name, t->problem);
    struct tfu_error e = TFU_ERROR_INIT;
    float x[8];
    double y[8];
    ck_assert_int_eq(tfu_weights_read_float(w, i, x, &e), TFU_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(e.text, name));
    ck_assert_ptr_nonnull(strstr(e.text, problem));
    ck_assert_int_eq(tfu_weights_read_double(w, i, y, NULL), TFU_EUNSUPPORTED);
    ck_assert_int_eq(tfu_weights_read_raw(w, i, y, NULL), TFU_EUNSUPPORTED);
}

/* The 2 x 3 numbers from 0 on, plus `more`. */
static void expect_numbers(const struct tfu_weights *w, const char *name, double more)
{
    size_t n;
    double *x = read_double(w, name, &n);
    ck_assert_uint_eq(n, 6);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq(x[i], (double)i + more);
    free(x);
}

START_TEST(what_stands_beside_weights_keeps_nobody_from_them)
{
    struct tfu_weights *w = open_good("beside.npz");
    expect_numbers(w, "w", 0);
    expect_problem(w, "arch", "<U8", true, "texts are no numbers");
    expect_problem(w, "bytes", "|S1", true, "texts are no numbers");
    expect_problem(w, "when", "<M8[D]", true, "dates and times are no numbers");
    expect_problem(w, "fields", "fields", true, "save each field as an array of its own");
    expect_problem(w, "objects", "|O", true, "Python objects are pickled");
    expect_problem(w, "complex", "<c8", false, "complex numbers are not read");
    expect_problem(w, "brain", "<V2", false, "raw bytes say nothing");
    expect_problem(w, "__MACOSX/._w", "no array", true, "does not begin as an array");
    ck_assert_str_eq(tfu_weights_unwrapped(w), "1 other entry left out");
    tfu_weights_close(w);

    w = open_good("loose.safetensors");
    expect_numbers(w, "w", 0);
    expect_problem(w, "complex", "C64", false, "save them as F32");
    expect_problem(w, "tiny", "F4", false, "save them as F32");
    tfu_weights_close(w);
}
END_TEST

START_TEST(arrays_are_read_as_numpy_reads_them)
{
    static const char *const stems[] = {"native", "equals", "name", "letter", "behind"};
    for (size_t i = 0; i < TFU_COUNT(stems); i++) {
        char file[32];
        snprintf(file, sizeof file, "%s.npy", stems[i]);
        struct tfu_weights *w = open_good(file);
        expect_numbers(w, stems[i], 0);
        ck_assert_str_eq(tfu_weights_unwrapped(w),
                         strcmp(stems[i], "behind") == 0 ? "what follows the first array" : "");
        tfu_weights_close(w);
    }
}
END_TEST

static const char *const dictionaries[] = {"dictionaries.pth", "dictionaries_old.pth"};

static struct tfu_weights *open_dictionary(const char *file, const char *dictionary,
                                           const char *prefix)
{
    struct tfu_weights *w;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_weights_request r = {.path = file, .dictionary = dictionary, .strip = prefix};
    ck_assert_msg(tfu_weights_open(&w, &r, &e) == TFU_OK, "%s", e.text);
    return w;
}

START_TEST(a_dictionary_is_taken_by_its_name)
{
    static const struct {
        const char *dictionary, *strip, *name;
        double more;
    } ways[] = {
        {NULL, NULL, "w", 0},
        {"state_dict", NULL, "w", 0},
        {"state_dict_ema", NULL, "w", 1},
        {"state_dict_ema", "module.", "w", 1},
        {NULL, "state_dict_ema.module.", "w", 1},
        {NULL, "state_dict_ema.", "module.w", 1},
        {"model_ema", NULL, "w", 2}, /* beside a count of updates */
        {"params_ema", NULL, "w", 3},
        {"teacher", NULL, "backbone.w", 4},
        {"teacher.backbone", NULL, "w", 4},
        {NULL, "teacher.head.", "w", 5},
        {"callbacks.ema.v1", NULL, "w", 6}, /* a key with a dot, and a wrapper inside */
    };
    for (size_t i = 0; i < TFU_COUNT(ways); i++) {
        struct tfu_weights *w =
            open_dictionary(dictionaries[_i], ways[i].dictionary, ways[i].strip);
        expect_numbers(w, ways[i].name, ways[i].more);
        tfu_weights_close(w);
    }
}
END_TEST

START_TEST(dictionaries_are_listed)
{
    static const struct {
        const char *path;
        size_t tensors;
    } there[] = {{"state_dict", 1},       {"state_dict_ema", 2},
                 {"model_ema", 2},        {"params_ema", 1},
                 {"teacher", 2},          {"teacher.backbone", 1},
                 {"teacher.head", 1},     {"callbacks", 1},
                 {"callbacks.ema.v1", 1}, {"callbacks.ema.v1.state_dict", 1}};
    struct tfu_weights *w = open_dictionary(dictionaries[_i], "params_ema", NULL);
    const char *path;
    size_t tensors;
    bool taken;
    for (size_t i = 0; i < TFU_COUNT(there); i++) {
        ck_assert(tfu_weights_dictionary_at(w, i, &path, &tensors, &taken));
        ck_assert_str_eq(path, there[i].path);
        ck_assert_uint_eq(tensors, there[i].tensors);
        ck_assert_int_eq(taken, strcmp(path, "params_ema") == 0);
    }
    ck_assert(!tfu_weights_dictionary_at(w, TFU_COUNT(there), &path, &tensors, &taken));
    tfu_weights_close(w);
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_weights_request none = {.path = dictionaries[_i], .dictionary = "ema"},
                                     other = {.path = "a.safetensors", .dictionary = "ema"};
    ck_assert_int_eq(tfu_weights_open(&w, &none, &e), TFU_ENOTFOUND);
    ck_assert_ptr_nonnull(strstr(e.text, "it has no dictionary 'ema' with tensors in it; there are "
                                         "'state_dict', 'state_dict_ema', 'model_ema'"));
    ck_assert_int_eq(tfu_weights_open(&w, &other, NULL), TFU_EINVAL);
}
END_TEST

START_TEST(pieces_are_the_whole)
{
    static const char *const files[] = {"stored.npz",   "deflated.npz", "a.safetensors",
                                        "c.index.json", "one.npy",      "dictionaries.pth"};
    struct tfu_weights *w = open_good(files[_i]);
    for (size_t i = 0; i < tfu_weights_count(w); i++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
        const size_t bytes = (size_t)t->count * tfu_stored_type_size(t->type);
        char *whole = malloc(bytes + 1);
        struct tfu_weights_walk walk;
        const void *raw;
        size_t n, at = 0;
        ck_assert_int_eq(tfu_weights_read_raw(w, i, whole, NULL), TFU_OK);
        ck_assert_int_eq(tfu_weights_walk_begin(&walk, w, i, NULL), TFU_OK);
        do {
            ck_assert_int_eq(tfu_weights_walk_next(&walk, &raw, &n, NULL), TFU_OK);
            n *= tfu_stored_type_size(t->type);
            ck_assert(n == 0 || memcmp(whole + at, raw, n) == 0);
            at += n;
        } while (n > 0);
        ck_assert_uint_eq(at, bytes);
        tfu_weights_walk_end(&walk);
        free(whole);
    }
    tfu_weights_close(w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("world");
    TCase *t = tcase_create("world");
    tcase_add_checked_fixture(t, good, NULL);
    tcase_add_test(t, checkpoints_of_ours_promise_no_digest);
    tcase_add_test(t, what_stands_beside_weights_keeps_nobody_from_them);
    tcase_add_test(t, arrays_are_read_as_numpy_reads_them);
    tcase_add_loop_test(t, a_dictionary_is_taken_by_its_name, 0, TFU_COUNT(dictionaries));
    tcase_add_loop_test(t, dictionaries_are_listed, 0, TFU_COUNT(dictionaries));
    tcase_add_loop_test(t, pieces_are_the_whole, 0, 6);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
