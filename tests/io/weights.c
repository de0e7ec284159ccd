/* SPDX-License-Identifier: MIT
 *
 * The common front for files of weights on the files of make_weights.py.
 */
#include "core/io/weights.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "core/io/npz.h"
#include "core/io/numbers.h"
#include "core/io/preprocessing.h"
#include "core/train/checkpoint.h"
#include "tests/io/weights_files.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static void enter_good(void)
{
    enter("good");
}

static struct tfu_weights *open_with(const char *path, const char *strip, const char *sha256)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = path, .strip = strip, .sha256 = sha256};
    ck_assert_msg(tfu_weights_open(&w, &request, &e) == TFU_OK, "%s: %s", path, e.text);
    return w;
}

static struct tfu_weights *open_good(const char *path)
{
    return open_with(path, NULL, NULL);
}

static enum tfu_status open_fails(const char *path, const char *strip, const char *sha256,
                                  struct tfu_error *e)
{
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = path, .strip = strip, .sha256 = sha256};
    *e = (struct tfu_error)TFU_ERROR_INIT;
    const enum tfu_status st = tfu_weights_open(&w, &request, e);
    ck_assert_msg(st != TFU_OK, "%s was opened", path);
    ck_assert_ptr_null(w);
    return st;
}

/* Numbers of the tensor, poisoned before; to be freed. */
static double *read_double(const struct tfu_weights *w, const char *name, size_t *n)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const size_t i = tfu_weights_find(w, name);
    ck_assert_msg(i != SIZE_MAX, "no tensor %s", name);
    *n = (size_t)tfu_weights_get(w, i)->count;
    double *x = malloc(*n * sizeof *x + 1);
    memset(x, 0xee, *n * sizeof *x);
    ck_assert_msg(tfu_weights_read_double(w, i, x, &e) == TFU_OK, "%s", e.text);
    return x;
}

static void check_numbers(double is, double wanted, const char *name)
{
    if (isnan(wanted))
        ck_assert_msg(isnan(is), "%s: %g", name, is);
    else
        ck_assert_msg(fabs(is - wanted) <= 1e-12 * fmax(1e-3, fabs(wanted)), "%s: %.17g, not %.17g",
                      name, is, wanted);
}

static const char *const archives[] = {"stored.npz", "deflated.npz"};

START_TEST(what_numpy_wrote_has_numpys_moments)
{
    struct tfu_weights *w = open_good(archives[_i]);
    FILE *f = fopen("statistics.txt", "r");
    ck_assert_ptr_nonnull(f);
    char name[64];
    long long count, zeros, not_finite;
    double mean, variance, min, max;
    size_t lines = 0, n;
    while (fscanf(f, "%63s %lld %lf %lf %lf %lf %lld %lld", name, &count, &mean, &variance, &min,
                  &max, &zeros, &not_finite) == 8) {
        double *x = read_double(w, name, &n);
        const struct tfu_numbers s = tfu_numbers_describe(x, n);
        free(x);
        ck_assert_int_eq(s.count, count);
        ck_assert_int_eq(s.zeros, zeros);
        ck_assert_int_eq(s.not_finite, not_finite);
        check_numbers(s.mean, mean, name);
        /* numpy's own mean is off by some 1e-8 of a deviation far from 0 */
        ck_assert_msg((isnan(variance) && isnan(s.variance)) ||
                          fabs(s.variance - variance) <= 1e-9 * fmax(1e-3, variance),
                      "%s: %.17g, not %.17g", name, s.variance, variance);
        check_numbers(s.min, min, name);
        check_numbers(s.max, max, name);
        lines++;
    }
    fclose(f);
    ck_assert_uint_eq(lines, 17);
    ck_assert_uint_eq(tfu_weights_count(w), lines);
    tfu_weights_close(w);
}
END_TEST

START_TEST(archives_of_both_methods_hold_the_same)
{
    struct tfu_weights *a = open_good(archives[0]), *b = open_good(archives[1]);
    for (size_t i = 0; i < tfu_weights_count(a); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        const struct tfu_weights_tensor *t = tfu_weights_get(a, i), *u = tfu_weights_get(b, i);
        const size_t bytes = (size_t)t->count * tfu_stored_type_size(t->type);
        char *x = calloc(1, bytes + 1), *y = malloc(bytes + 1);
        ck_assert_str_eq(t->name, u->name);
        ck_assert_int_eq(t->type, u->type);
        ck_assert_int_eq(tfu_weights_read_raw(a, i, x, &e), TFU_OK);
        ck_assert_int_eq(tfu_weights_read_raw(b, i, y, &e), TFU_OK);
        ck_assert_msg(memcmp(x, y, bytes) == 0, "%s", t->name);
        free(x);
        free(y);
    }
    tfu_weights_close(a);
    tfu_weights_close(b);
}
END_TEST

START_TEST(order_of_bytes_and_dimensions_is_ours)
{
    struct tfu_weights *w = open_good("stored.npz");
    size_t n;
    double *x = read_double(w, "big_endian_int", &n);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq(x[i], (double)i - 3);
    free(x);
    x = read_double(w, "large", &n);
    ck_assert_double_eq(x[0], 9223372036854775808.0);
    free(x);
    tfu_weights_close(w);
    /* 0 to 5 in two rows, of which the last file has the columns one after another */
    static const char *const files[] = {"one.npy", "version_2.npy", "version_3.npy",
                                        "python_2.npy"};
    for (size_t k = 0; k < TFU_COUNT(files); k++) {
        w = open_good(files[k]);
        char stem[32];
        snprintf(stem, sizeof stem, "%.*s", (int)strcspn(files[k], "."), files[k]);
        x = read_double(w, stem, &n);
        const struct tfu_weights_tensor *t = tfu_weights_get(w, 0);
        ck_assert_uint_eq(n, 6);
        ck_assert_int_eq(t->dim[0], 2);
        ck_assert_int_eq(t->dim[1], 3);
        for (size_t i = 0; i < n; i++)
            ck_assert_double_eq(x[i], (double)i);
        free(x);
        tfu_weights_close(w);
    }
}
END_TEST

START_TEST(an_index_is_its_files)
{
    struct tfu_weights *w = open_good("c.index.json");
    static const char *const names[] = {"conv.bias", "conv.weight", "fc.weight"};
    ck_assert_uint_eq(tfu_weights_count(w), TFU_COUNT(names));
    for (size_t i = 0; i < TFU_COUNT(names); i++)
        ck_assert_str_eq(tfu_weights_get(w, i)->name, names[i]);
    size_t n;
    double *x = read_double(w, "fc.weight", &n);
    ck_assert_double_eq(x[5], 6);
    free(x);
    ck_assert_str_eq(tfu_weights_note(w, "who"), "a");
    /* of the index and its files in the order that it names them */
    char hex[TFU_HASH_HEX], wanted[TFU_HASH_HEX];
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_hash *h;
    static const char *const files[] = {"c.index.json", "a.safetensors", "b.safetensors"};
    ck_assert_int_eq(tfu_hash_new(&h, &e), TFU_OK);
    for (size_t i = 0; i < TFU_COUNT(files); i++) {
        size_t size;
        char *bytes = scratch_read(files[i], &size);
        tfu_hash_add(h, bytes, size);
        free(bytes);
    }
    ck_assert_int_eq(tfu_hash_hex(h, wanted, &e), TFU_OK);
    tfu_hash_free(h);
    ck_assert_int_eq(tfu_weights_sha256(w, hex, &e), TFU_OK);
    ck_assert_str_eq(hex, wanted);
    ck_assert_int_eq(tfu_weights_file_sha256("c.index.json", hex, &e), TFU_OK);
    ck_assert_str_eq(hex, wanted);
    tfu_weights_close(w);
}
END_TEST

START_TEST(wrappers_are_taken_off_and_said)
{
    struct tfu_weights *w = open_good("wrapped.safetensors");
    ck_assert_uint_ne(tfu_weights_find(w, "conv.weight"), SIZE_MAX);
    ck_assert_str_eq(tfu_weights_get(w, 0)->stored_name, "module.model.conv.bias");
    ck_assert_str_eq(tfu_weights_unwrapped(w), "prefix 'module.', prefix 'model.'");
    tfu_weights_close(w);

    w = open_with("wrapped.safetensors", "module.", NULL);
    ck_assert_uint_ne(tfu_weights_find(w, "model.conv.weight"), SIZE_MAX);
    ck_assert_str_eq(tfu_weights_unwrapped(w), "prefix 'module.'");
    tfu_weights_close(w);

    w = open_with("c.index.json", "conv.", NULL); /* not all of them have it */
    ck_assert_uint_eq(tfu_weights_count(w), 2);
    ck_assert_str_eq(tfu_weights_get(w, 1)->name, "weight");
    tfu_weights_close(w);

    struct tfu_error e;
    ck_assert_int_eq(open_fails("c.index.json", "module.", NULL, &e), TFU_ENOTFOUND);
    ck_assert_str_eq(e.text, "none of its 3 tensors begins with 'module.', as `strip` says; they "
                             "are such as 'conv.bias'");
}
END_TEST

START_TEST(own_checkpoints_are_weights_without_slots)
{
    const struct tfu_weights_request request = {.path = "checkpoint.safetensors",
                                                .own = &tfu_checkpoint_own};
    struct tfu_weights *w;
    const char *key, *value;
    ck_assert_int_eq(tfu_weights_open(&w, &request, NULL), TFU_OK);
    ck_assert(tfu_weights_is_own(w));
    ck_assert_uint_eq(tfu_weights_count(w), 2);
    ck_assert_str_eq(tfu_weights_get(w, 0)->name, "encoder.conv.bias");
    ck_assert_str_eq(tfu_weights_unwrapped(w), "optimizer's slots 'optim.*'");
    ck_assert(tfu_weights_note_at(w, 0, &key, &value));
    ck_assert_str_eq(key, "format");
    ck_assert(tfu_weights_note_at(w, 2, &key, &value));
    ck_assert_str_eq(key, "preprocessing.mean");
    ck_assert(!tfu_weights_note_at(w, 5, &key, &value));
    ck_assert_str_eq(tfu_weights_note(w, "transfuse.config"), "c");
    tfu_weights_close(w);

    w = open_good("checkpoint.safetensors"); /* to who has none, it is a file like others */
    ck_assert(!tfu_weights_is_own(w));
    ck_assert_uint_gt(tfu_weights_count(w), 2);
    tfu_weights_close(w);
}
END_TEST

START_TEST(digests_are_checked)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char hex[TFU_HASH_HEX], upper[9] = "";
    struct tfu_weights *w = open_good("w-0e23a890.safetensors"); /* its name has to be right */
    ck_assert_int_eq(tfu_weights_sha256(w, hex, &e), TFU_OK);
    tfu_weights_close(w);
    tfu_weights_close(open_with("w-0e23a890.safetensors", NULL, hex));
    for (size_t i = 0; i < 8; i++)
        upper[i] = (char)(hex[i] >= 'a' ? hex[i] - 'a' + 'A' : hex[i]);
    tfu_weights_close(open_with("w-0e23a890.safetensors", NULL, upper));

    hex[63] = hex[63] == '0' ? '1' : '0';
    ck_assert_int_eq(open_fails("w-0e23a890.safetensors", NULL, hex, &e), TFU_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(e.text, hex));
    ck_assert_ptr_nonnull(strstr(e.text, "get the file again"));
    static const char *const none[] = {"1234567", "0123456g", "0x123456789"};
    for (size_t i = 0; i < TFU_COUNT(none); i++)
        ck_assert_int_eq(open_fails("one.npy", NULL, none[i], &e), TFU_EINVAL);
}
END_TEST

START_TEST(only_eight_digits_before_the_extension_are_a_digest)
{
    static const char *const names[] = {"x-1234567.npy", "x-123456789.npy", "x_12345678.npy",
                                        "x-12345678",    "x-1234567g.npy",  "x-12345678.v1.npy"};
    size_t n;
    struct tfu_error e;
    char *bytes = scratch_read("one.npy", &n);
    scratch_begin();
    for (size_t i = 0; i < TFU_COUNT(names); i++) {
        const char *path = scratch_path(names[i]);
        scratch_write(path, bytes, n);
        tfu_weights_close(open_good(path));
    }
    const char *path = scratch_path("x-1234567a.npy");
    scratch_write(path, bytes, n);
    ck_assert_int_eq(open_fails(path, NULL, NULL, &e), TFU_ECORRUPT);
    /* a date or a number is likelier than a digest, so that there is a warning */
    path = scratch_path("x-12345678.npy");
    scratch_write(path, bytes, n);
    struct tfu_weights *w = open_good(path);
    ck_assert_ptr_nonnull(strstr(tfu_weights_warning(w), "the digits 12345678 in its name"));
    tfu_weights_close(w);
    free(bytes);
    scratch_end();
}
END_TEST

START_TEST(a_flipped_bit_is_found_when_it_is_read)
{
    size_t n;
    char *bytes = scratch_read(archives[_i], &n);
    struct tfu_error e = TFU_ERROR_INIT;
    /* the first array's numbers, behind its header */
    const size_t at = _i == 0 ? 200 : 120;
    bytes[at] = (char)(bytes[at] ^ 4);
    scratch_begin();
    const char *path = scratch_path("flipped.npz");
    scratch_write(path, bytes, n);
    free(bytes);
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = path};
    enum tfu_status st = tfu_weights_open(&w, &request, &e);
    float x[24];
    if (st == TFU_OK)
        st = tfu_weights_read_float(w, tfu_weights_find(w, "normal"), x, &e);
    ck_assert_int_eq(st, TFU_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(e.text, "normal.npy"));
    tfu_weights_close(w);
    scratch_end();
}
END_TEST

START_TEST(a_failed_write_leaves_the_old_file_alone)
{
    const int64_t many = 100000;
    float *data = calloc((size_t)many, sizeof *data);
    const struct tfu_safetensors_tensor big = {
        .name = "x", .dtype = TFU_STORED_F32, .rank = 1, .dim = &many, .data = data};
    struct tfu_error e = TFU_ERROR_INIT;
    const int64_t one = 1;
    struct tfu_safetensors_tensor small = big;
    small.dim = &one;
    scratch_begin();
    const char *path = scratch_path("old.npz");
    ck_assert_int_eq(tfu_npz_write(path, &small, 1, &e), TFU_OK);
    /* the limit on file sizes stands in for a full disk */
    struct rlimit old;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    const struct rlimit limit = {4096, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const enum tfu_status st = tfu_npz_write(path, &big, 1, &e);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    free(data);
    ck_assert_int_eq(st, TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.source, "old.npz"));
    struct tfu_weights *w = open_good(path);
    ck_assert_int_eq(tfu_weights_get(w, 0)->count, 1);
    tfu_weights_close(w);
    DIR *folder = opendir(scratch);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        ck_assert(entry->d_name[0] == '.' || strcmp(entry->d_name, "old.npz") == 0);
    closedir(folder);
    scratch_end();
}
END_TEST

START_TEST(bad_files_are_refused_in_so_many_words)
{
    enter("bad");
    FILE *expected = fopen("expected.txt", "r");
    ck_assert_ptr_nonnull(expected);
    char line[1024];
    int seen = 0;
    while (fgets(line, sizeof line, expected)) {
        char *message = strchr(line, '\t');
        struct tfu_error e;
        ck_assert_ptr_nonnull(message);
        *message++ = '\0';
        message[strcspn(message, "\n")] = '\0';
        open_fails(line, NULL, NULL, &e);
        ck_assert_msg(strcmp(e.text, message) == 0, "%s: '%s' is not '%s'", line, e.text, message);
        seen++;
    }
    fclose(expected);
    ck_assert_int_ge(seen, 80);
}
END_TEST

/* A file with these notes and no tensors, opened. */
static struct tfu_weights *with_notes(const struct tfu_safetensors_note *note, size_t count)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("notes.safetensors");
    ck_assert_int_eq(tfu_safetensors_write(path, NULL, 0, note, count, &e), TFU_OK);
    return open_good(path);
}

START_TEST(preprocessing_goes_through_notes)
{
    scratch_begin();
    for (const char *const *name = tfu_preprocessing_names(); *name; name++) {
        struct tfu_preprocessing p, q;
        struct tfu_safetensors_note note[TFU_PREPROCESSING_NOTES];
        struct tfu_text text[2] = {TFU_TEXT_INIT, TFU_TEXT_INIT};
        struct tfu_error e = TFU_ERROR_INIT;
        bool found = false;
        ck_assert(tfu_preprocessing_named(*name, &p));
        tfu_preprocessing_notes(&p, note, text);
        struct tfu_weights *w = with_notes(note, TFU_PREPROCESSING_NOTES);
        ck_assert_int_eq(tfu_preprocessing_from_notes(&q, &found, w, &e), TFU_OK);
        ck_assert(found && tfu_preprocessing_equal(&p, &q));
        for (size_t c = 0; c < p.channels; c++)
            ck_assert(p.mean[c] == q.mean[c] && p.deviation[c] == q.deviation[c]);
        tfu_weights_close(w);
        tfu_text_free(&text[0]);
        tfu_text_free(&text[1]);
    }
    struct tfu_preprocessing a, b;
    ck_assert(tfu_preprocessing_named("torchvision", &a) &&
              tfu_preprocessing_named("inception", &b));
    ck_assert(!tfu_preprocessing_equal(&a, &b));
    ck_assert(!tfu_preprocessing_named("nothing", &a));
    scratch_end();
}
END_TEST

START_TEST(preprocessing_of_bytes_is_that_of_fractions)
{
    const struct tfu_safetensors_note note[] = {{"preprocessing.scale", "1"},
                                                {"preprocessing.mean", "103.939,116.779,123.68"},
                                                {"preprocessing.deviation", "1,1,1"},
                                                {"preprocessing.channels", "bgr"}};
    struct tfu_preprocessing p, keras;
    struct tfu_error e = TFU_ERROR_INIT;
    bool found;
    scratch_begin();
    struct tfu_weights *w = with_notes(note, 4);
    ck_assert_int_eq(tfu_preprocessing_from_notes(&p, &found, w, &e), TFU_OK);
    ck_assert(tfu_preprocessing_named("keras_resnet", &keras));
    ck_assert(tfu_preprocessing_equal(&p, &keras));
    tfu_weights_close(w);
    scratch_end();
}
END_TEST

START_TEST(bad_preprocessing_is_refused)
{
    static const char *const good[] = {"1/255", "0.5,0.5", "1,1", "rgb"};
    static const char *const keys[] = {"preprocessing.scale", "preprocessing.mean",
                                       "preprocessing.deviation", "preprocessing.channels"};
    static const struct {
        size_t key;
        const char *value;
    } bad[] = {{0, "2"}, {1, "0.5,"},  {1, ""},     {1, "1,2,3,4,5"}, {1, "nan,1"},
               {2, "1"}, {2, "1,0"},   {2, "1,-1"}, {2, "1;1"},       {3, "RGB"},
               {0, ""},  {2, "inf,1"}, {1, "0x,1"}};
    scratch_begin();
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_safetensors_note note[4];
        struct tfu_preprocessing p;
        struct tfu_error e = TFU_ERROR_INIT;
        bool found;
        for (size_t k = 0; k < 4; k++)
            note[k] =
                (struct tfu_safetensors_note){keys[k], k == bad[i].key ? bad[i].value : good[k]};
        struct tfu_weights *w = with_notes(note, 4);
        ck_assert_msg(tfu_preprocessing_from_notes(&p, &found, w, &e) == TFU_ECORRUPT, "%s = '%s'",
                      keys[bad[i].key], bad[i].value);
        ck_assert_ptr_nonnull(strstr(e.text, keys[bad[i].key]));
        tfu_weights_close(w);
    }
    scratch_end();
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("weights");
    TCase *t = tcase_create("weights");
    tcase_add_checked_fixture(t, enter_good, NULL);
    tcase_add_loop_test(t, what_numpy_wrote_has_numpys_moments, 0, 2);
    tcase_add_test(t, archives_of_both_methods_hold_the_same);
    tcase_add_test(t, order_of_bytes_and_dimensions_is_ours);
    tcase_add_test(t, an_index_is_its_files);
    tcase_add_test(t, wrappers_are_taken_off_and_said);
    tcase_add_test(t, own_checkpoints_are_weights_without_slots);
    tcase_add_test(t, digests_are_checked);
    tcase_add_test(t, only_eight_digits_before_the_extension_are_a_digest);
    tcase_add_loop_test(t, a_flipped_bit_is_found_when_it_is_read, 0, 2);
    tcase_add_test(t, a_failed_write_leaves_the_old_file_alone);
    tcase_add_test(t, bad_files_are_refused_in_so_many_words);
    tcase_add_test(t, preprocessing_goes_through_notes);
    tcase_add_test(t, preprocessing_of_bytes_is_that_of_fractions);
    tcase_add_test(t, bad_preprocessing_is_refused);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
