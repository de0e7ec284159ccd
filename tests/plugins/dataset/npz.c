/* SPDX-License-Identifier: MIT
 *
 * The dataset npz: files that numpy wrote (make_npz.py), and every way in which one is refused. The
 * plugin is linked into this program.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "core/data/contents.h"
#include "core/data/example.h"
#include "plugins/dataset/npz_array.h"
#include "tests/plugins/dataset/plain_options.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

#include <transfuse/dataset.h>

static const struct tfu_dataset_ops *ops;

struct config_room {
    uint64_t room[32];
};

struct opened {
    struct config_room config;
    char options[1024];
    void *self;
    const struct tfu_dataset_info *info;
    struct tfu_contents contents;
    struct tfu_log log;
    char logged[1024];
    struct tfu_error e;
    char fingerprint[TFU_HASH_HEX];
};

static void keep_line(void *arg, enum tfu_log_level level, const char *line)
{
    struct opened *o = arg;
    (void)level;
    snprintf(o->logged, sizeof o->logged, "%s", line);
}

static enum tfu_status open_file(struct opened *o, const char *path, const char *options)
{
    char *rest = NULL;
    memset(o, 0, sizeof *o);
    ops = tfu_plugin.ops;
    ck_assert_uint_le(tfu_plugin.config_size, sizeof o->config);
    plain_options_begin(&o->config);
    snprintf(o->options, sizeof o->options, "file=%s %s", path, options);
    for (char *word = strtok_r(o->options, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        ck_assert_msg(plain_options_set(&o->config, word), "%s", word);
    tfu_log_init(&o->log, keep_line, o);
    tfu_contents_init(&o->contents, NULL, &o->log);
    const enum tfu_status st =
        ops->open(&o->self, &o->config, tfu_contents_host(&o->contents, true, &o->e));
    ck_assert_int_eq(st, o->e.status);
    ck_assert((st == TFU_OK) == (o->self != NULL));
    if (st == TFU_OK) {
        o->info = ops->info(o->self);
        tfu_contents_fingerprint(&o->contents, o->fingerprint, NULL);
    }
    return st;
}

static void close_file(struct opened *o)
{
    if (o->self)
        ops->close(o->self);
    tfu_contents_free(&o->contents);
    tfu_log_destroy(&o->log);
    plain_options_free(&o->config);
}

static const char *good(const char *name)
{
    static char path[4096];
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, sizeof path, "%s/tests/plugins/dataset/good_npz/%s", top ? top : ".", name);
    return path;
}

static void open_good(struct opened *o, const char *name, const char *options)
{
    ck_assert_msg(open_file(o, good(name), options) == TFU_OK, "%s", o->e.text);
}

/* ---- files of numpy */

/* Number k of all pixels, by the formulas of make_npz.py. */
static double pixel(uint32_t dtype, int64_t k)
{
    return dtype == TFU_F32 ? (double)(k % 97) / 64
                            : (double)(k * 31 % (dtype == TFU_U8 ? 256 : 65536));
}

static void check_images(const struct opened *o, uint32_t dtype)
{
    const int64_t n = o->info->height * o->info->width * o->info->channels;
    for (int64_t i = 0; i < o->info->count; i++) {
        struct tfu_example_work w;
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_example_begin(&w, NULL, &e);
        w.adds = true;
        ck_assert_int_eq(ops->get(o->self, i, &w.host), TFU_OK);
        const struct tfu_tensor *t = tfu_example_find(&w.example, TFU_FIELD_IMAGE);
        ck_assert_uint_eq(t->dtype, dtype);
        for (int64_t k = 0; k < n; k++) {
            const double got = dtype == TFU_U8    ? ((const uint8_t *)t->data)[k]
                               : dtype == TFU_U16 ? ((const uint16_t *)t->data)[k]
                                                  : (double)((const float *)t->data)[k];
            ck_assert_double_eq(got, pixel(dtype, i * n + k));
        }
        tfu_example_end(&w);
    }
}

static void check_labels(struct opened *o, double of)
{
    float labels[128];
    const int64_t n = o->info->count * o->info->label_columns;
    ck_assert_int_eq(ops->labels(o->self, 0, o->info->count, labels,
                                 tfu_contents_host(&o->contents, false, &o->e)),
                     TFU_OK);
    for (int64_t k = 0; k < n; k++)
        ck_assert_double_eq((double)labels[k], fmod((double)k, of));
}

static void check_info(const struct opened *o, int64_t count, int64_t channels, uint32_t target,
                       int64_t columns, int64_t classes)
{
    ck_assert_int_eq(o->info->count, count);
    ck_assert_int_eq(o->info->channels, channels);
    ck_assert_uint_eq(o->info->target, target);
    ck_assert_int_eq(o->info->label_columns, columns);
    ck_assert_int_eq(o->info->classes, classes);
}

START_TEST(parts)
{
    static const char *const part[] = {"part=train", "part=valid", "part=test"};
    static const int64_t count[] = {5, 2, 3}, classes[] = {3, 2, 3};
    char last[TFU_HASH_HEX] = "";
    for (int i = 0; i < 3; i++) {
        struct opened o;
        open_good(&o, "gray.npz", part[i]);
        check_info(&o, count[i], 1, TFU_FIELD_CLASS, 1, classes[i]);
        check_images(&o, TFU_U8);
        check_labels(&o, 3);
        ck_assert_str_ne(o.fingerprint, last);
        strcpy(last, o.fingerprint);
        close_file(&o);
        open_good(&o, "colour_deflated.npz", part[i]);
        check_info(&o, count[i], 3, TFU_FIELD_LABELS, 14, 0);
        check_images(&o, TFU_U8);
        check_labels(&o, 2);
        close_file(&o);
    }
}
END_TEST

START_TEST(arrays)
{
    struct opened o;
    open_good(&o, "deep.npz", "images=x labels=y");
    check_info(&o, 4, 1, TFU_FIELD_CLASS, 1, 3);
    check_images(&o, TFU_U16);
    check_labels(&o, 3);
    close_file(&o);
    open_good(&o, "floats.npz", "images=x labels=none");
    check_info(&o, 4, 1, 0, 0, 0);
    check_images(&o, TFU_F32);
    close_file(&o);
    float labels[4];
    open_good(&o, "floats.npz", "images=x labels=y");
    check_info(&o, 4, 1, TFU_FIELD_NUMBERS, 1, 0);
    ck_assert_int_eq(ops->labels(o.self, 0, 4, labels, tfu_contents_host(&o.contents, false, &o.e)),
                     TFU_OK);
    ck_assert(labels[0] == 0.5F && isnan(labels[1]) && labels[2] == -2 && labels[3] == 1000);
    close_file(&o);
    open_good(&o, "versions.npz", "images=x labels=y");
    check_info(&o, 4, 1, TFU_FIELD_LABELS, 2, 0);
    check_images(&o, TFU_U8);
    check_labels(&o, 2);
    close_file(&o);
}
END_TEST

/* It has the name of a published file, and with it names of classes; but it is another one. */
START_TEST(published)
{
    struct opened o;
    open_good(&o, "retinamnist.npz", "");
    check_info(&o, 5, 3, TFU_FIELD_CLASS, 1, 5);
    ck_assert_str_eq(o.info->class_names[4], "grade 4");
    ck_assert_ptr_nonnull(strstr(o.logged, "is not the published file: its MD5 is "));
    ck_assert_ptr_nonnull(strstr(o.logged, "bd4c0672f1bba3e3a89f0e4e876791e4"));
    close_file(&o);
}
END_TEST

/* ---- what is refused */

struct bad {
    const char *images; /* an array: header, a semicolon, how many bytes of numbers */
    const char *labels;
    const char *options, *message;
};

#define DICT(descr, order, shape)                                                                  \
    "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"
#define IMAGES "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 4), };24"
#define LABELS "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), };2"

static const struct bad bad[] = {
    {DICT("'|u1'", "False", "(2, 3, 4)") ";23", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header promises 24 bytes of numbers, but there are "
     "23"},
    {DICT("'|u1'", "False", "(2, 3, 4)") ";25", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header promises 24 bytes of numbers, but there are "
     "25"},
    {DICT("'|u1'", "False", "(99999999999, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header promises 1199999999988 bytes"},
    {DICT("'|u1'", "False", "(999999999999999999, 999999999999999999, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': it claims more numbers than there can be"},
    {DICT("'|u1'", "False", "(9999999999999999999, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {DICT("'|u1'", "False", "(0, 3, 4)") ";0", LABELS, "",
     "array 'train_images.npy' of 't.npz': it has a dim of 0 and holds nothing"},
    {DICT("'|u1'", "False", "(-2, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {DICT("'|u1'", "False", "(2, 3") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {DICT("'|u1'", "False", "(1,1,1,1,1,1,1,1,1)") ";1", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {DICT("'|O'", "False", "(2, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': it is of Python's objects, which would have to be run "
     "to be "
     "read ('|O')"},
    {DICT("'<c8'", "False", "(2, 3, 4)") ";192", LABELS, "",
     "array 'train_images.npy' of 't.npz': its type is not one of bool, integers and floats of 32 "
     "and "
     "64 bits ('<c8')"},
    {DICT("'<f2'", "False", "(2, 3, 4)") ";48", LABELS, "",
     "array 'train_images.npy' of 't.npz': its type is not one of"},
    {DICT("'<U5'", "False", "(2, 3, 4)") ";480", LABELS, "",
     "array 'train_images.npy' of 't.npz': its type is not one of"},
    {DICT("[('a', '<u1')]", "False", "(2, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its type is not one of"},
    {DICT("'>u2'", "False", "(2, 3, 4)") ";48", LABELS, "",
     "array 'train_images.npy' of 't.npz': its numbers are big-endian"},
    {DICT("'|u1'", "True", "(2, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': it is in Fortran's order"},
    {DICT("'|u1'", "Maybe", "(2, 3, 4)") ";24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {"{'descr': '|u1', 'shape': (2, 3, 4), };24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {"{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 4), };24", LABELS,
     "", "array 'train_images.npy' of 't.npz': its "},
    {"{'x': '|u1', 'fortran_order': False, 'shape': (2, 3, 4), };24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {"__import__('os').system('x');24", LABELS, "",
     "array 'train_images.npy' of 't.npz': its header is not the dictionary"},
    {";24", LABELS, "", "array 'train_images.npy' of 't.npz': its header is empty"},
    {DICT("'|u1'", "False", "(24,)") ";24", LABELS, "",
     "array 'train_images' of 't.npz' has 1 dims; images are N,H,W or N,H,W,C"},
    {DICT("'|u1'", "False", "(1, 2, 2, 2, 3)") ";24", LABELS, "",
     "array 'train_images' of 't.npz' has 5 dims"},
    {DICT("'|u1'", "False", "(1, 2, 2, 6)") ";24", LABELS, "",
     "array 'train_images' of 't.npz' has 1 x 2 x 2 x 6 numbers, which are no images of 1 to 4 "
     "channels"},
    {DICT("'|u1'", "False", "(1, 1, 70000)") ";70000", LABELS, "",
     "the images of 't.npz' are 1 x 70000; sides are to 65535"},
    {DICT("'<i4'", "False", "(2, 3, 4)") ";96", LABELS, "",
     "array 'train_images' of 't.npz' is of type i4; images are u1"},
    {DICT("'<f8'", "False", "(2, 3, 4)") ";192", LABELS, "",
     "array 'train_images' of 't.npz' is of type f8; images are u1"},
    {IMAGES, DICT("'|u1'", "False", "(3, 1)") ";3", "",
     "'t.npz' has 2 images in 'train_images' and 3 labels in 'train_labels'"},
    {IMAGES, DICT("'|u1'", "False", "(2, 1, 1)") ";2", "",
     "array 'train_labels' of 't.npz' has 3 dims; labels are N, or N,columns"},
    {IMAGES, DICT("'|u1'", "False", "()") ";1", "",
     "array 'train_labels' of 't.npz' has 0 dims; labels are N, or N,columns"},
    {IMAGES, DICT("'|u1'", "False", "(2, 70000)") ";140000", "",
     "array 'train_labels' of 't.npz' has 70000 columns of labels"},
    {IMAGES, LABELS, "part=valid",
     "'t.npz' has no array 'val_images'; it has 'train_images', 'train_labels'"},
    {IMAGES, LABELS, "labels=y", "'t.npz' has no array 'y'; it has 'train_images', 'train_labels'"},
};

static void add_entry(zip_t *z, const char *name, const char *array)
{
    const char *semicolon = strrchr(array, ';');
    const size_t length = (size_t)(semicolon - array), size = strtoul(semicolon + 1, NULL, 10);
    unsigned char *bytes = calloc(1, 10 + length + size);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)length;
    bytes[9] = (unsigned char)(length >> 8);
    memcpy(bytes + 10, array, length);
    zip_source_t *s = zip_source_buffer(z, bytes, 10 + length + size, 1);
    const zip_int64_t i = zip_file_add(z, name, s, 0);
    ck_assert_int_ge(i, 0);
    zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_STORE, 0);
}

static void write_archive(const char *images, const char *labels)
{
    int code;
    zip_t *z = zip_open("t.npz", ZIP_CREATE | ZIP_TRUNCATE, &code);
    ck_assert_ptr_nonnull(z);
    add_entry(z, "train_images.npy", images);
    add_entry(z, "train_labels.npy", labels);
    ck_assert_int_eq(zip_close(z), 0);
}

static void setup(void)
{
    scratch_begin();
    ck_assert_int_eq(chdir(scratch), 0);
}

static void teardown(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_end();
}

static void expect(const char *options, const char *message)
{
    struct opened o;
    ck_assert_msg(open_file(&o, "t.npz", options) != TFU_OK, "'%s' does not come", message);
    ck_assert_msg(strncmp(o.e.text, message, strlen(message)) == 0, "%s\nnot %s", o.e.text,
                  message);
    close_file(&o);
}

START_TEST(refused)
{
    write_archive(bad[_i].images, bad[_i].labels);
    expect(bad[_i].options, bad[_i].message);
}
END_TEST

/* A good archive whose bytes are changed at a place, or that is cut off there. */
static unsigned char archive[4096];
static size_t archive_size;

static void take_archive(void)
{
    write_archive(IMAGES, LABELS);
    FILE *f = fopen("t.npz", "rb");
    archive_size = fread(archive, 1, sizeof archive, f);
    fclose(f);
    ck_assert_uint_gt(archive_size, 200);
}

static void put_archive(size_t size)
{
    FILE *f = fopen("t.npz", "wb");
    ck_assert_uint_eq(fwrite(archive, 1, size, f), size);
    fclose(f);
}

static size_t find_bytes(const char *what, size_t n, size_t from)
{
    while (from + n <= archive_size && memcmp(archive + from, what, n) != 0)
        from++;
    ck_assert_uint_le(from + n, archive_size);
    return from;
}

START_TEST(cut_off)
{
    take_archive();
    for (size_t size = 1; size < archive_size; size++) {
        struct opened o;
        put_archive(size);
        ck_assert_msg(open_file(&o, "t.npz", "") == TFU_ECORRUPT, "%zu bytes: %s", size, o.e.text);
        ck_assert_ptr_nonnull(
            strstr(o.e.text, "'t.npz' does not end with a zip archive's directory"));
        close_file(&o);
    }
    put_archive(0);
    expect("", "'t.npz' is empty; copy or download it again");
}
END_TEST

START_TEST(lying_directory)
{
    take_archive();
    /* in the directory: the unpacked size of the first entry */
    const size_t entry = find_bytes("PK\1\2", 4, 0);
    memcpy(archive + entry + 24, "\xff\xff\xff\x7f", 4);
    put_archive(archive_size);
    struct opened o;
    ck_assert_int_eq(open_file(&o, "t.npz", ""), TFU_ECORRUPT);
    close_file(&o);
}
END_TEST

START_TEST(changed_numbers)
{
    take_archive();
    archive[find_bytes("(2, 3, 4), }", 12, 0) + 20] ^= 1;
    put_archive(archive_size);
    expect("", "the entry 'train_images.npy' of 't.npz' is damaged");
}
END_TEST

START_TEST(no_numpy)
{
    take_archive();
    archive[find_bytes("\x93NUMPY", 6, 0)] = 'x';
    put_archive(archive_size);
    expect("", "array 'train_images.npy' of 't.npz': it does not begin as numpy's arrays do");
    take_archive();
    archive[find_bytes("\x93NUMPY", 6, 0) + 6] = 4;
    put_archive(archive_size);
    expect("", "array 'train_images.npy' of 't.npz': it is of a version of numpy's format other");
    take_archive();
    memcpy(archive + find_bytes("\x93NUMPY", 6, 0) + 8, "\xff\xff", 2);
    put_archive(archive_size);
    expect("", "array 'train_images.npy' of 't.npz': it is cut off inside its header");
}
END_TEST

START_TEST(no_file)
{
    struct opened o;
    ck_assert_int_eq(open_file(&o, "absent.npz", ""), TFU_EIO);
    ck_assert_str_eq(o.e.text, "cannot open 'absent.npz': No such file or directory");
    close_file(&o);
    ck_assert_int_eq(open_file(&o, ".", ""), TFU_EINVAL);
    ck_assert_str_eq(o.e.text, "'.' is no file");
    close_file(&o);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/npz");
    TCase *t = tcase_create("npz");
    tcase_add_test(t, parts);
    tcase_add_test(t, arrays);
    tcase_add_test(t, published);
    suite_add_tcase(s, t);
    t = tcase_create("refused");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, refused, 0, (int)TFU_COUNT(bad));
    tcase_add_test(t, cut_off);
    tcase_add_test(t, lying_directory);
    tcase_add_test(t, changed_numbers);
    tcase_add_test(t, no_numpy);
    tcase_add_test(t, no_file);
    suite_add_tcase(s, t);
    return run_suite(s);
}
