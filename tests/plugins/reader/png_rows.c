/* SPDX-License-Identifier: MIT
 *
 * Rows of plain PNG files are those that libpng gives: every filter, kind of pixel and width; and a
 * file that is damaged anywhere is not taken for a whole one.
 */
#include "plugins/reader/png_rows.h"

#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/abi.h>

#include "tests/support/check_main.h"

struct file {
    unsigned char bytes[1 << 16];
    size_t size;
};

static void put(png_structp png, png_bytep bytes, size_t n)
{
    struct file *f = png_get_io_ptr(png);
    ck_assert_uint_le(f->size + n, sizeof f->bytes);
    memcpy(f->bytes + f->size, bytes, n);
    f->size += n;
}

static void flush(png_structp png)
{
    (void)png;
}

static const struct {
    int colour, depth;
    size_t pixel;
} kinds[] = {
    {PNG_COLOR_TYPE_GRAY, 8, 1},  {PNG_COLOR_TYPE_GRAY_ALPHA, 8, 2},  {PNG_COLOR_TYPE_RGB, 8, 3},
    {PNG_COLOR_TYPE_RGBA, 8, 4},  {PNG_COLOR_TYPE_GRAY, 16, 2},       {PNG_COLOR_TYPE_RGB, 16, 6},
    {PNG_COLOR_TYPE_RGBA, 16, 8}, {PNG_COLOR_TYPE_GRAY_ALPHA, 16, 4},
};

/* Writes rows of bytes that rise and jump, so that every filter has something to do. */
static struct png_rows write_file(struct file *f, size_t kind, int filters, uint32_t width,
                                  uint32_t height, unsigned char *pixels)
{
    const size_t row = width * kinds[kind].pixel;
    uint32_t random = 1 + (uint32_t)kind;
    for (size_t i = 0; i < row * height; i++) {
        random = random * 1664525 + 1013904223;
        pixels[i] = (unsigned char)(i % row / 3 + i / row * 5 + (random >> 24) % 7 +
                                    (random >> 28 ? 0 : 150));
    }
    f->size = 0;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, f, put, flush);
    png_set_compression_buffer_size(png, 200); /* many pieces */
    png_set_filter(png, 0, filters);
    png_set_IHDR(png, info, width, height, kinds[kind].depth, kinds[kind].colour,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    if (kinds[kind].depth == 16)
        png_set_swap(png);
    for (uint32_t y = 0; y < height; y++)
        png_write_row(png, pixels + y * row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return (struct png_rows){.bytes = f->bytes,
                             .size = f->size,
                             .rows = height,
                             .row = row,
                             .pixel = kinds[kind].pixel,
                             .has_words = kinds[kind].depth == 16};
}

enum { ROOM = 40 * 20 * 8 };

START_TEST(as_they_were_written)
{
    static const int filters[] = {PNG_FILTER_NONE, PNG_FILTER_SUB,   PNG_FILTER_UP,
                                  PNG_FILTER_AVG,  PNG_FILTER_PAETH, PNG_ALL_FILTERS};
    static const uint32_t widths[] = {1, 2, 3, 4, 5, 7, 40};
    struct file f;
    unsigned char want[ROOM], got[ROOM];
    for (size_t k = 0; k < TFU_COUNT(kinds); k++)
        for (size_t i = 0; i < TFU_COUNT(filters); i++)
            for (size_t w = 0; w < TFU_COUNT(widths); w++)
                for (uint32_t height = 1; height <= 20; height += 19) {
                    const struct png_rows p =
                        write_file(&f, k, filters[i], widths[w], height, want);
                    memset(got, 0xa5, sizeof got);
                    ck_assert(png_rows_read(&p, got));
                    ck_assert_mem_eq(got, want, p.row * height);
                }
}
END_TEST

START_TEST(a_damaged_file_is_left_to_libpng)
{
    struct file f;
    unsigned char want[ROOM], got[ROOM];
    for (size_t k = 0; k < TFU_COUNT(kinds); k++) {
        struct png_rows p = write_file(&f, k, PNG_ALL_FILTERS, 40, 20, want);
        for (size_t at = 8; at < f.size; at += 1 + at % 3) {
            f.bytes[at] ^= 0x41;
            ck_assert_msg(!png_rows_read(&p, got), "kind %zu, byte %zu", k, at);
            f.bytes[at] ^= 0x41;
            p.size = at;
            ck_assert(!png_rows_read(&p, got));
            p.size = f.size;
        }
        p.rows++;
        ck_assert(!png_rows_read(&p, got));
        p.rows -= 2;
        ck_assert(!png_rows_read(&p, got));
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("plugins/reader/png_rows");
    TCase *t = tcase_create("rows");
    tcase_add_test(t, as_they_were_written);
    tcase_add_test(t, a_damaged_file_is_left_to_libpng);
    suite_add_tcase(s, t);
    return run_suite(s);
}
