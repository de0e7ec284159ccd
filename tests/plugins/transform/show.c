/* SPDX-License-Identifier: MIT
 *
 * show FROM.png TO.png TRANSFORM [NAME=NUMBERS | NAME=WORD]...: what one transform makes of an image
 * in training, for the pictures of docs/transforms.md (make_pictures.sh). KEY=N: another draw.
 */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/transform/trying.h"

enum { SETTINGS = 8 };

/* "degrees=10,20" or "filter=nearest"; more than one number, or a comma behind it, is a list. */
static struct setting read_setting(char *text)
{
    struct setting s = {.name = text};
    char *value = strchr(text, '='), *end = NULL;
    if (!value)
        exit(2);
    *value++ = '\0';
    s.number[0] = strtod(value, &end);
    if (end == value) {
        s.text = value;
        return s;
    }
    for (size_t i = 1; *end == ','; i++) {
        s.count = i;
        if (i == 4 || end[1] == '\0')
            return s;
        s.number[i] = strtod(end + 1, &end);
        s.count = i + 1;
    }
    return s;
}

static uint8_t level_of(const struct tfu_tensor *t, int64_t at)
{
    const double x = example_number(t, at) * (t->dtype == TFU_U8 ? 1 : 255);
    return (uint8_t)((x < 0 ? 0 : x > 255 ? 255 : x) + 0.5);
}

int main(int argc, char **argv)
{
    struct setting setting[SETTINGS + 1] = {{.name = NULL}};
    uint64_t key = 1;
    if (argc < 4 || argc > 4 + SETTINGS)
        return 2;
    for (int i = 4, n = 0; i < argc; i++)
        if (strncmp(argv[i], "KEY=", 4) == 0)
            key = strtoull(argv[i] + 4, NULL, 10);
        else
            setting[n++] = read_setting(argv[i]);
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&png, argv[1]))
        return 1;
    const int64_t channels = png.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1;
    png.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, argv[3], setting, png.height, png.width, channels);
    example_begin(&w, &e);
    struct tfu_tensor *image =
        example_add(&w, TFU_FIELD_IMAGE, TFU_U8, png.height, png.width, channels);
    if (!png_image_finish_read(&png, NULL, image->data, 0, NULL))
        return 1;
    transform_run(&t, &w, CHANCE, key);
    const int64_t count = tfu_shape_count(&image->shape);
    uint8_t *out = malloc((size_t)count);
    for (int64_t i = 0; out && i < count; i++)
        out[i] = level_of(image, i);
    png_image to = {.version = PNG_IMAGE_VERSION,
                    .height = (png_uint_32)image->shape.dim[0],
                    .width = (png_uint_32)image->shape.dim[1],
                    .format = image->shape.dim[2] == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    const int written = out && png_image_write_to_file(&to, argv[2], 0, out, 0, NULL);
    free(out);
    tfu_example_end(&w);
    transform_close(&t);
    return !written;
}
