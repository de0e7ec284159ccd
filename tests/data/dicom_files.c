/* SPDX-License-Identifier: MIT
 *
 * DICOM files through the shipped reader: small ones of every sort, and those of Debian's
 * python3-pydicom where that is installed (tests/plugins/reader/make_dicom.py has computed what is
 * expected of both).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/choice.h"
#include "core/config/diagnostic.h"
#include "core/data/image_file.h"
#include "tests/support/check_main.h"

#define PACKAGE "/usr/lib/python3/dist-packages/pydicom/data/test_files"

enum { FIELDS = 7 };

static struct tfu_registry *registry;

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR"), *path = getenv("TRANSFUSE_PLUGIN_PATH");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/tests/plugins/reader/dicom", top ? top : ".");
    ck_assert_msg(path && chdir(folder) == 0, "set TOP_SRCDIR and TRANSFUSE_PLUGIN_PATH");
    ck_assert_int_eq(tfu_registry_new(&registry, path, NULL), TFU_OK);
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static bool is_built(void)
{
    struct tfu_registry_list list;
    bool found = false;
    ck_assert_int_eq(tfu_registry_list(registry, TFU_KIND_READER, &list, NULL), TFU_OK);
    for (size_t i = 0; i < list.count; i++)
        found = found || strcmp(list.entry[i].name, "dicom") == 0;
    tfu_registry_list_free(&list);
    return found;
}

/* What a reader asked for, to be freed when it fails, too. */
struct taken {
    size_t bytes;
    void *memory;
};

static void *take(void *arg, size_t bytes)
{
    struct taken *t = arg;
    *t = (struct taken){bytes, malloc(bytes)};
    return t->memory;
}

/* ---- a line of a table */

/* Its fields, between tabs. */
static int split(char *line, char *field[FIELDS])
{
    int n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *s = line; s && n < FIELDS; n++) {
        field[n] = s;
        s = strchr(s, '\t');
        if (s)
            *s++ = '\0';
    }
    return n;
}

/* "u16 37 x 29 x 1 0123..." of what is read, or what is said. */
static void read_with(const struct tfu_plugin_choice *reader, const char *path, char *is,
                      size_t size)
{
    const struct tfu_image_files_options options = {.reader = reader, .reader_count = 1};
    struct tfu_image_files *files;
    struct tfu_image_file_info info;
    struct tfu_error e = TFU_ERROR_INIT;
    char hex[TFU_HASH_HEX];
    uint8_t digest[TFU_HASH_SIZE];
    struct taken asked = {.bytes = 0};
    void *pixels;
    ck_assert_int_eq(tfu_image_files_new(&files, registry, &options, NULL, NULL), TFU_OK);
    if (tfu_image_files_read(files, path, &(struct tfu_image_file_want){0}, &info, take, &asked,
                             &pixels, &e) == TFU_OK) {
        tfu_hash_bytes(pixels, asked.bytes, digest);
        tfu_hash_to_hex(digest, hex);
        snprintf(is, size, "%s %lld x %lld x %lld %s", info.dtype == TFU_U8 ? "u8" : "u16",
                 (long long)info.height, (long long)info.width, (long long)info.channels, hex);
    } else {
        ck_assert(e.status == TFU_ECORRUPT || e.status == TFU_EUNSUPPORTED);
        snprintf(is, size, "%s", e.text);
    }
    free(asked.memory);
    tfu_image_files_free(files);
}

static void check_line(const char *folder, char *field[FIELDS], int count)
{
    char path[1024], is[2200], want[300];
    const char *option = field[1];
    struct tfu_chosen *chosen;
    struct tfu_diagnostics *d;
    ck_assert_int_eq(tfu_diagnostics_new(&d, NULL), TFU_OK);
    ck_assert_int_eq(tfu_chosen_new(&chosen, TFU_KIND_READER, "dicom", &option,
                                    strcmp(option, "-") != 0, registry, d, NULL),
                     TFU_OK);
    snprintf(path, sizeof path, "%s/%s", folder, field[0]);
    read_with(tfu_chosen_get(chosen), path, is, sizeof is);
    if (strcmp(field[2], "refused") == 0) {
        ck_assert_int_eq(count, 4);
        ck_assert_msg(strstr(is, field[3]) && strncmp(is, "image '", 7) == 0, "%s: %s", path, is);
    } else {
        ck_assert_int_eq(count, 7);
        snprintf(want, sizeof want, "%s %s x %s x %s %s", field[2], field[3], field[4], field[5],
                 field[6]);
        ck_assert_msg(strcmp(is, want) == 0, "%s, %s: %s, not %s", path, option, is, want);
    }
    tfu_chosen_free(chosen);
    tfu_diagnostics_free(d);
}

static int check_table(const char *name, const char *folder)
{
    char line[1024], *field[FIELDS];
    int count = 0;
    FILE *f = fopen(name, "r");
    ck_assert_ptr_nonnull(f);
    for (; fgets(line, sizeof line, f); count++)
        check_line(folder, field, split(line, field));
    fclose(f);
    return count;
}

START_TEST(small_files)
{
    if (is_built())
        ck_assert_int_ge(check_table("expected", "."), 50);
}
END_TEST

START_TEST(files_of_pydicom)
{
    if (is_built() && access(PACKAGE "/CT_small.dcm", R_OK) == 0)
        ck_assert_int_ge(check_table("pydicom", PACKAGE), 250);
}
END_TEST

static void put_short(FILE *f, unsigned group, unsigned number, unsigned value)
{
    const unsigned v[] = {group, number, 'U' | 'S' << 8, 2, value};
    for (size_t i = 0; i < TFU_COUNT(v); i++) {
        fputc((int)(v[i] & 255), f);
        fputc((int)(v[i] >> 8), f);
    }
}

/* 8 x 8 pixels in a JPEG that is nothing but `count` fragments without a byte. */
static void write_fragments(const char *path, size_t count)
{
    static const char syntax[] = "\2\0\x10\0UI\x16\0"
                                 "1.2.840.10008.1.2.4.50";
    static const char gray[] = "\x28\0\4\0CS\x0c\0MONOCHROME2 ";
    static const char pixels[] = "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff";
    static const char item[8] = "\xfe\xff\0\xe0", end[8] = "\xfe\xff\xdd\xe0";
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "%128sDICM", "");
    fwrite(syntax, 1, sizeof syntax - 1, f);
    put_short(f, 0x28, 2, 1);
    fwrite(gray, 1, sizeof gray - 1, f);
    put_short(f, 0x28, 0x10, 8);
    put_short(f, 0x28, 0x11, 8);
    put_short(f, 0x28, 0x100, 8);
    fwrite(pixels, 1, sizeof pixels - 1, f);
    for (size_t i = 0; i < count; i++)
        fwrite(item, 1, sizeof item, f);
    fwrite(end, 1, sizeof end, f);
    ck_assert_int_eq(fclose(f), 0);
}

/* In a time that grows with their number, and not with its square. */
START_TEST(a_million_fragments)
{
    char path[] = "/tmp/transfuse-fragments-XXXXXX", is[2200];
    struct tfu_chosen *chosen;
    struct tfu_diagnostics *d;
    if (!is_built())
        return;
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    write_fragments(path, 1000000);
    ck_assert_int_eq(tfu_diagnostics_new(&d, NULL), TFU_OK);
    ck_assert_int_eq(tfu_chosen_new(&chosen, TFU_KIND_READER, "dicom", NULL, 0, registry, d, NULL),
                     TFU_OK);
    read_with(tfu_chosen_get(chosen), path, is, sizeof is);
    ck_assert_msg(strstr(is, "a frame of it is missing"), "%s", is);
    tfu_chosen_free(chosen);
    tfu_diagnostics_free(d);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

/* The three radiographs of 12 bits whose small numbers are white: what is stored small comes out
 * large. */
START_TEST(radiographs_are_the_right_way_up)
{
    static const char *const those[] = {"CR1/6154", "CR2/6247", "CR3/6278"};
    struct tfu_image_files *files;
    struct tfu_image_file_info info;
    struct taken asked;
    if (!is_built() || access(PACKAGE "/CT_small.dcm", R_OK) != 0)
        return;
    ck_assert_int_eq(tfu_image_files_new(&files, registry, NULL, NULL, NULL), TFU_OK);
    for (size_t i = 0; i < TFU_COUNT(those); i++) {
        char path[256];
        unsigned char tail[512];
        void *pixels;
        snprintf(path, sizeof path, PACKAGE "/dicomdirtests/77654033/%s", those[i]);
        ck_assert_int_eq(tfu_image_files_read(files, path, &(struct tfu_image_file_want){0}, &info,
                                              take, &asked, &pixels, NULL),
                         TFU_OK);
        FILE *f = fopen(path, "rb");
        ck_assert(f && fseek(f, -512, SEEK_END) == 0 && fread(tail, 512, 1, f) == 1);
        fclose(f);
        /* the file ends with its 16 x 16 numbers of 16 bits */
        ck_assert_int_eq(info.height * info.width, 256);
        for (int a = 0; a < 256; a++)
            for (int b = 0; b < 256; b++)
                if (tail[2 * a] + 256 * tail[2 * a + 1] < tail[2 * b] + 256 * tail[2 * b + 1])
                    ck_assert(((uint16_t *)pixels)[a] >= ((uint16_t *)pixels)[b]);
        free(pixels);
    }
    tfu_image_files_free(files);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("reader/dicom");
    TCase *t = tcase_create("files");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, small_files);
    tcase_add_test(t, files_of_pydicom);
    tcase_add_test(t, a_million_fragments);
    tcase_add_test(t, radiographs_are_the_right_way_up);
    suite_add_tcase(s, t);
    return run_suite(s);
}
