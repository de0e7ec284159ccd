/* SPDX-License-Identifier: MIT
 *
 * Image files through the shipped readers: good/ as PIL reads them, bad/ refused with the expected
 * sentence and without memory for what they claim (make_readers.py).
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/config/choice.h"
#include "core/data/image_channels.h"
#include "core/data/image_file.h"
#include "core/data/image_kinds.h"
#include "core/data/image_readers.h"
#include "tests/support/check_main.h"

static struct tfu_registry *registry;
static struct tfu_image_files *files;

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR"), *path = getenv("TRANSFUSE_PLUGIN_PATH");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/tests/plugins/reader", top ? top : ".");
    ck_assert_msg(path && chdir(folder) == 0, "set TOP_SRCDIR and TRANSFUSE_PLUGIN_PATH");
    ck_assert_int_eq(tfu_registry_new(&registry, path, NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_files_new(&files, registry, NULL, NULL, NULL), TFU_OK);
}

static void teardown(void)
{
    tfu_image_files_free(files);
    tfu_registry_free(registry);
}

static void *take(void *arg, size_t bytes)
{
    *(size_t *)arg = bytes;
    return malloc(bytes);
}

/* Keeps what it gives, for the caller of a read that fails. */
static void *take_and_keep(void *arg, size_t bytes)
{
    return *(void **)arg = malloc(bytes);
}

static size_t numbers_of(const struct tfu_image_file_info *i)
{
    return (size_t)(i->height * i->width * i->channels);
}

/* ---- good */

/* A line of good/expected. */
struct expected {
    char name[64], dtype[4], hex[TFU_HASH_HEX];
    struct tfu_image_file_want want;
    struct tfu_image_file_info info;
};

static bool next_expected(FILE *f, struct expected *x)
{
    unsigned flags;
    long long n[6];
    const int got = fscanf(f, "%63s %u %lld %lld %lld %3s %lld %lld %lld %64s", x->name, &flags,
                           &n[0], &n[1], &n[2], x->dtype, &n[3], &n[4], &n[5], x->hex);
    ck_assert(got == 10 || got == EOF);
    x->want = (struct tfu_image_file_want){n[0], flags, n[1], n[2]};
    const uint32_t dtype = strcmp(x->dtype, "u8") == 0    ? TFU_U8
                           : strcmp(x->dtype, "u16") == 0 ? TFU_U16
                                                          : TFU_F32;
    x->info = (struct tfu_image_file_info){dtype, n[3], n[4], n[5]};
    return got == 10;
}

/* "u8 37 x 29 x 3, 0123..." */
static void put(char *text, size_t size, const struct tfu_image_file_info *i, const char *hex)
{
    snprintf(text, size, "type %u, %lld x %lld x %lld, %s", i->dtype, (long long)i->height,
             (long long)i->width, (long long)i->channels, hex);
}

static void check_good(const struct expected *x)
{
    char path[128], hex[TFU_HASH_HEX], file_hex[TFU_HASH_HEX], is[200], want[200];
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_file_info info;
    struct tfu_image_look look;
    uint8_t digest[TFU_HASH_SIZE];
    size_t asked;
    void *pixels;
    snprintf(path, sizeof path, "good/%s", x->name);
    tfu_image_files_read(files, path, &x->want, &info, take, &asked, &pixels, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    tfu_hash_bytes(pixels, numbers_of(&info) * tfu_dtype_size(info.dtype), digest);
    tfu_hash_to_hex(digest, hex);
    put(is, sizeof is, &info, hex);
    put(want, sizeof want, &x->info, x->hex);
    ck_assert_msg(strcmp(is, want) == 0, "%s, flags %u, %lld channels, at least %lld x %lld: %s",
                  x->name, x->want.flags, (long long)x->want.channels,
                  (long long)x->want.wanted_height, (long long)x->want.wanted_width, is);
    free(pixels);
    ck_assert_int_eq(tfu_image_files_look(files, path, &x->want, true, &look, NULL), TFU_OK);
    ck_assert(look.whole && look.settled);
    tfu_hash_to_hex(look.digest, hex);
    put(want, sizeof want, &info, hex);
    put(is, sizeof is, &look.info, hex);
    ck_assert_str_eq(is, want);
    ck_assert_int_eq(tfu_hash_file(path, file_hex, NULL), TFU_OK);
    ck_assert_str_eq(hex, file_hex);
}

START_TEST(good_files_are_as_pil_reads_them)
{
    struct expected x;
    int count = 0;
    FILE *f = fopen("good/expected", "r");
    ck_assert_ptr_nonnull(f);
    for (; next_expected(f, &x); count++)
        check_good(&x);
    fclose(f);
    ck_assert_int_ge(count, 200);
}
END_TEST

/* ---- bad */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

/* Room for 16 MiB more than there are by now: the bombs of bad/ hold 20, the others claim more. Not
 * where what watches memory takes some of its own. */
static void limit_memory(void)
{
#ifndef SANITIZED
    const char *preload = getenv("LD_PRELOAD");
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu", &pages) != 1 || (preload && strstr(preload, "vgpreload")))
        pages = 0;
    if (f)
        fclose(f);
    struct rlimit room;
    getrlimit(RLIMIT_AS, &room);
    room.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (16 << 20);
    if (pages)
        setrlimit(RLIMIT_AS, &room);
#endif
}

static void unlimit_memory(void)
{
    struct rlimit room;
    getrlimit(RLIMIT_AS, &room);
    room.rlim_cur = room.rlim_max;
    setrlimit(RLIMIT_AS, &room);
}

static bool has_reader(const char *name)
{
    struct tfu_registry_list list;
    bool found = false;
    ck_assert_int_eq(tfu_registry_list(registry, TFU_KIND_READER, &list, NULL), TFU_OK);
    for (size_t i = 0; i < list.count; i++)
        found = found || strcmp(list.entry[i].name, name) == 0;
    tfu_registry_list_free(&list);
    return found;
}

/* `want` with the readers that there are in the place of READERS. */
static void name_readers(char want[1024])
{
    struct tfu_registry_list list;
    char names[256] = "", rest[1024];
    char *at = strstr(want, "READERS");
    if (!at)
        return;
    ck_assert_int_eq(tfu_registry_list(registry, TFU_KIND_READER, &list, NULL), TFU_OK);
    for (size_t i = 0, n = 0; i < list.count; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
                              list.entry[i].name);
    tfu_registry_list_free(&list);
    snprintf(rest, sizeof rest, "%s", at + strlen("READERS"));
    snprintf(at, (size_t)(want + 1024 - at), "%s%s", names, rest);
}

/* Whether a message is `want`, but for the words of a library (libtiff says '...'), which are those
 * of its version. */
static bool is_said(const char *text, const char *want)
{
    const char *begin = strstr(want, " says '"), *end = strrchr(want, '\'');
    if (!begin)
        return strcmp(text, want) == 0;
    const size_t before = (size_t)(begin - want) + strlen(" says '"), behind = strlen(end);
    return strlen(text) > before + behind && strncmp(text, want, before) == 0 &&
           strcmp(text + strlen(text) - behind, end) == 0;
}

static void check_bad(const char *name)
{
    char path[300], want[1024] = "", said[1400];
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_file_info info;
    void *pixels, *memory = NULL;
    snprintf(path, sizeof path, "bad/%s.err", name);
    FILE *f = fopen(path, "r");
    ck_assert_msg(f && fgets(want, sizeof want, f), "%s", path);
    fclose(f);
    want[strcspn(want, "\n")] = '\0';
    name_readers(want);
    snprintf(path, sizeof path, "bad/%s", name);
    snprintf(said, sizeof said, "image '%s': %s", path, want);
    const enum tfu_status st = tfu_image_files_read(files, path, &(struct tfu_image_file_want){0},
                                                    &info, take_and_keep, &memory, &pixels, &e);
    ck_assert_msg(st == TFU_ECORRUPT || st == TFU_EUNSUPPORTED, "%s: %d %s", path, (int)st, e.text);
    ck_assert_msg(is_said(e.text, said), "said: %s\nexpected: %s", e.text, said);
    ck_assert_ptr_null(pixels);
    free(memory);
}

START_TEST(bad_files_are_refused)
{
    struct tfu_image_look look;
    int count = 0;
    /* what is opened once, is */
    ck_assert_int_eq(tfu_image_files_look(files, "good/one.png", &(struct tfu_image_file_want){0},
                                          false, &look, NULL),
                     TFU_OK);
    limit_memory();
    DIR *d = opendir("bad");
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *entry; (entry = readdir(d));) {
        const char *end = strrchr(entry->d_name, '.');
        if (entry->d_name[0] == '.' || strcmp(end, ".err") == 0 ||
            (strcmp(end, ".dcm") == 0 && !has_reader("dicom")))
            continue;
        check_bad(entry->d_name);
        count++;
    }
    closedir(d);
    unlimit_memory();
    ck_assert_int_ge(count, has_reader("dicom") ? 225 : 145);
}
END_TEST

static void expect(const char *path, enum tfu_status st, const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_look look;
    char said[512];
    snprintf(said, sizeof said, "image '%s': %s", path, text);
    ck_assert_int_eq(
        tfu_image_files_look(files, path, &(struct tfu_image_file_want){0}, false, &look, &e), st);
    ck_assert_str_eq(e.text, said);
}

START_TEST(what_is_no_file_is_refused)
{
    char folder[] = "/tmp/transfuse-reader-XXXXXX", pipe[64], large[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    snprintf(large, sizeof large, "%s/large", folder);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    FILE *f = fopen(large, "w");
    ck_assert(f && fclose(f) == 0 && truncate(large, TFU_IMAGE_FILE_BYTES + 1) == 0);
    expect("bad", TFU_EINVAL, "it is a folder and no file of an image");
    expect("nothing", TFU_EIO, "it cannot be opened: No such file or directory");
    expect(pipe, TFU_EINVAL, "it is a device or a pipe and no file of an image");
    expect("/dev/zero", TFU_EINVAL, "it is a device or a pipe and no file of an image");
    expect(large, TFU_EUNSUPPORTED,
           "it has 1073741825 bytes, and image files have at most 1073741824");
    unlink(pipe);
    unlink(large);
    rmdir(folder);
}
END_TEST

static void *no_memory(void *arg, size_t bytes)
{
    *(size_t *)arg = bytes;
    return NULL;
}

START_TEST(where_there_is_no_memory)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_file_info info;
    size_t asked;
    void *pixels = &info;
    const struct tfu_image_file_want want = {.channels = 3};
    ck_assert_int_eq(
        tfu_image_files_read(files, "good/gray.jpg", &want, &info, no_memory, &asked, &pixels, &e),
        TFU_ENOMEM);
    ck_assert_int_eq(e.status, TFU_OK); /* whose memory it is says so */
    ck_assert_ptr_null(pixels);
    ck_assert_uint_eq(asked, 37 * 29 * 3);
}
END_TEST

/* ---- readers */

static int yes(const void *bytes, size_t size)
{
    (void)bytes, (void)size;
    return 1;
}

START_TEST(two_readers_of_one_format)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_readers r;
    const struct tfu_reader_ops ops = {.struct_size = sizeof ops, .probe = yes};
    const struct tfu_plugin a = {.name = "a"}, b = {.name = "b"};
    struct tfu_image_reader reader[] = {{.plugin = &a, .ops = &ops}, {.plugin = &b, .ops = &ops}};
    const struct tfu_image_reader *found;
    tfu_image_readers_init(&r, registry, NULL);
    r.opened = true;
    r.reader = reader;
    r.count = 2;
    ck_assert_int_eq(tfu_image_readers_find(&r, "x", 1, &found, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "the readers 'a' and 'b' both take it for a file of theirs; take one "
                             "of them off the plugin path");
    r.count = 1;
    ck_assert_int_eq(tfu_image_readers_find(&r, "x", 1, &found, NULL), TFU_OK);
    ck_assert_ptr_eq(found, &reader[0]);
}
END_TEST

/* As how files are looked at, with the readers of `folder`. */
static uint64_t how_of(const char *folder)
{
    struct tfu_registry *r;
    struct tfu_image_files *f;
    uint64_t how = 0;
    ck_assert_int_eq(tfu_registry_new(&r, folder, NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_files_new(&f, r, NULL, NULL, NULL), TFU_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(tfu_image_files_how(f, &(struct tfu_image_file_want){0}, &how, NULL),
                         TFU_OK);
    tfu_image_files_free(f);
    tfu_registry_free(r);
    return how;
}

/* Of the same name, version and options; what it makes of a file may be something else. */
START_TEST(a_reader_that_was_built_anew)
{
    char folder[] = "/tmp/transfuse-readers-XXXXXX", command[512];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct tfu_registry_list list;
    ck_assert_int_eq(tfu_registry_list(registry, TFU_KIND_READER, &list, NULL), TFU_OK);
    ck_assert_uint_gt(list.count, 0);
    snprintf(command, sizeof command, "mkdir '%s/reader' && cp '%s' '%s/reader'", folder,
             list.entry[0].path, folder);
    ck_assert_int_eq(system(command), 0);
    tfu_registry_list_free(&list);
    const uint64_t before = how_of(folder);
    ck_assert(how_of(folder) == before);
    snprintf(command, sizeof command, "for f in '%s'/reader/*; do echo anew >>\"$f\"; done",
             folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert(how_of(folder) != before);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(no_reader_at_all)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *empty;
    struct tfu_image_files *none;
    struct tfu_image_look look;
    ck_assert_int_eq(tfu_registry_new(&empty, "/nowhere", NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_files_new(&none, empty, NULL, NULL, NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_files_look(none, "good/one.png", &(struct tfu_image_file_want){0},
                                          false, &look, &e),
                     TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text,
                     "image 'good/one.png': no reader knows its format; it begins with the bytes "
                     "89 50 4e 47 0d 0a 1a 0a, and the readers are none: save it as one of these, "
                     "put a reader for it on the plugin path, or have the dataset leave it out "
                     "(`ignore`, where it has that)");
    tfu_image_files_free(none);
    tfu_registry_free(empty);
}
END_TEST

/* ---- threads: the readers are opened by whoever comes first */

enum { THREADS = 4, ROUNDS = 50 };

struct reading {
    bool failed;
    char hex[2][TFU_HASH_HEX]; /* of the last round */
};

static void *read_many(void *arg)
{
    struct reading *r = arg;
    for (int i = 0; i < ROUNDS; i++) {
        const char *path = i % 2 ? "good/turned6.jpg" : "good/rgb16_interlaced.png";
        struct tfu_image_file_info info;
        uint8_t digest[TFU_HASH_SIZE];
        size_t asked = 0;
        void *pixels = NULL;
        if (tfu_image_files_read(files, path, &(struct tfu_image_file_want){.channels = 3}, &info,
                                 take, &asked, &pixels, NULL) != TFU_OK)
            r->failed = true;
        tfu_hash_bytes(pixels, asked, digest);
        tfu_hash_to_hex(digest, r->hex[i % 2]);
        free(pixels);
    }
    return NULL;
}

START_TEST(several_threads)
{
    pthread_t id[THREADS];
    struct reading r[THREADS] = {{.failed = false}};
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&id[i], NULL, read_many, &r[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(id[i], NULL);
    for (int i = 0; i < THREADS; i++)
        ck_assert(!r[i].failed && memcmp(r[0].hex, r[i].hex, sizeof r[0].hex) == 0);
}
END_TEST

/* ---- what was done to them */

START_TEST(kinds_of_images)
{
    static const struct {
        const char *path;
        int64_t channels;
        uint32_t flags, traits;
    } of[] = {
        {"good/gray.jpg", 1, 0, 0},
        {"good/gray.jpg", 3, 0, TFU_IMAGE_TO_RGB},
        {"good/rgb444.jpg", 1, 0, TFU_IMAGE_TO_GRAY},
        {"good/rgba16.png", 3, 0, TFU_IMAGE_DEEP | TFU_IMAGE_ALPHA},
        {"good/la8.png", 1, 0, TFU_IMAGE_ALPHA},
        {"good/la8.png", 0, 0, 0},
        {"good/turned_cmyk.jpg", 3, 0, TFU_IMAGE_INKS | TFU_IMAGE_TURNED},
        {"good/cmyk8_tiles.tif", 1, 0, TFU_IMAGE_INKS | TFU_IMAGE_TO_GRAY},
        {"good/turned6.tif", 3, TFU_READ_UNTURNED, 0},
        {"good/orientation8.png", 3, 0, TFU_IMAGE_TURNED},
        {"good/float.tif", 1, 0, TFU_IMAGE_FLOATS},
    };
    struct tfu_image_kinds kinds = {.images = 0};
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_image_kinds_put(&kinds, &text);
    ck_assert_str_eq(tfu_text_get(&text), "");
    for (size_t i = 0; i < TFU_COUNT(of); i++) {
        const struct tfu_image_file_want want = {.channels = of[i].channels, .flags = of[i].flags};
        struct tfu_image_look look;
        ck_assert_int_eq(tfu_image_files_look(files, of[i].path, &want, false, &look, NULL),
                         TFU_OK);
        ck_assert_msg(look.traits == of[i].traits, "%s: %x", of[i].path, look.traits);
        tfu_image_kinds_add(&kinds, look.traits);
    }
    tfu_image_kinds_put(&kinds, &text);
    ck_assert_str_eq(tfu_text_get(&text),
                     "of 11 images 1 have more than 8 bits, 1 have floats, 2 become gray, 1 become "
                     "RGB, 2 lose transparency, 2 were CMYK and 2 are turned");
    tfu_text_free(&text);
}
END_TEST

/* Of several images in a file, one by its option. */
START_TEST(images_of_a_file_by_number)
{
    static const struct {
        const char *option;
        int64_t height, width, channels;
        const char *said;
    } of[] = {{"frame=0", 3, 5, 1, NULL},
              {"frame=1", 6, 10, 3, NULL},
              {"frame=2", 7, 5, 1, NULL},
              {"frame=3", 0, 0, 0, "there is no image 3 in it, as `frame` wants; the last is 2"}};
    for (size_t i = 0; i < TFU_COUNT(of); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_image_files *own;
        struct tfu_image_look look;
        struct tfu_chosen *chosen;
        struct tfu_diagnostics *d;
        ck_assert_int_eq(tfu_diagnostics_new(&d, NULL), TFU_OK);
        ck_assert_int_eq(
            tfu_chosen_new(&chosen, TFU_KIND_READER, "tiff", &of[i].option, 1, registry, d, NULL),
            TFU_OK);
        const struct tfu_image_files_options options = {.reader = tfu_chosen_get(chosen),
                                                        .reader_count = 1};
        ck_assert_int_eq(tfu_image_files_new(&own, registry, &options, NULL, NULL), TFU_OK);
        tfu_image_files_look(own, "good/pages.tif", &(struct tfu_image_file_want){0}, true, &look,
                             &e);
        if (of[i].said) {
            ck_assert_int_eq(e.status, TFU_EUNSUPPORTED);
            ck_assert_ptr_nonnull(strstr(e.text, of[i].said));
        } else {
            ck_assert_msg(e.status == TFU_OK, "%s", e.text);
            ck_assert_int_eq(look.info.height, of[i].height);
            ck_assert_int_eq(look.info.width, of[i].width);
            ck_assert_int_eq(look.info.channels, of[i].channels);
        }
        tfu_image_files_free(own);
        tfu_chosen_free(chosen);
        tfu_diagnostics_free(d);
    }
}
END_TEST

/* ---- channels of more than 8 bits */

START_TEST(channels_of_16_bits_and_floats)
{
    uint16_t deep[] = {65535, 0, 0, 7, 1, 65535, 3, 9};
    tfu_image_channels(deep, TFU_U16, 2, 4, 1);
    ck_assert_uint_eq(deep[0], (65535u * 19595u + 0x8000) >> 16);
    ck_assert_uint_eq(deep[1], (19595u + UINT64_C(65535) * 38470u + 3 * 7471u + 0x8000) >> 16);
    uint16_t gray[6] = {5, 60000};
    tfu_image_channels(gray, TFU_U16, 2, 1, 3);
    const uint16_t rgb[] = {5, 5, 5, 60000, 60000, 60000};
    ck_assert_mem_eq(gray, rgb, sizeof rgb);
    float x[] = {0.5f, 0.25f, 0.125f, 1};
    tfu_image_channels(x, TFU_F32, 1, 4, 1);
    ck_assert_float_eq(x[0], (float)((0.5 * 19595 + 0.25 * 38470 + 0.125 * 7471) / 65536));
    float la[] = {0.5f, 1, 0.75f, 1, 0, 0};
    tfu_image_channels(la, TFU_F32, 2, 2, 3);
    const float both[] = {0.5f, 0.5f, 0.5f, 0.75f, 0.75f, 0.75f};
    ck_assert_mem_eq(la, both, sizeof both);
}
END_TEST

/* What is said of a file, for bad/NAME.err. */
static int print(const char *path)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_image_file_info info;
    void *pixels, *memory;
    if (tfu_registry_new(&registry, getenv("TRANSFUSE_PLUGIN_PATH"), NULL) != TFU_OK ||
        tfu_image_files_new(&files, registry, NULL, NULL, NULL) != TFU_OK)
        return 1;
    tfu_image_files_read(files, path, &(struct tfu_image_file_want){0}, &info, take_and_keep,
                         &memory, &pixels, &e);
    const char *said = strstr(e.text, "': ");
    const char *readers = strstr(e.text, "the readers are ");
    if (said && readers)
        printf("%.*sREADERS%s\n", (int)(readers + 16 - said - 3), said + 3,
               strstr(readers, ": save"));
    else if (said)
        printf("%s\n", said + 3);
    return said == NULL;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--print") == 0)
        return print(argv[2]);
    Suite *s = suite_create("reader/files");
    TCase *t = tcase_create("files");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, good_files_are_as_pil_reads_them);
    tcase_add_test(t, bad_files_are_refused);
    tcase_add_test(t, what_is_no_file_is_refused);
    tcase_add_test(t, where_there_is_no_memory);
    tcase_add_test(t, two_readers_of_one_format);
    tcase_add_test(t, a_reader_that_was_built_anew);
    tcase_add_test(t, no_reader_at_all);
    tcase_add_test(t, several_threads);
    tcase_add_test(t, kinds_of_images);
    tcase_add_test(t, images_of_a_file_by_number);
    tcase_add_test(t, channels_of_16_bits_and_floats);
    suite_add_tcase(s, t);
    return run_suite(s);
}
