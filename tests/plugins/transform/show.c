/* SPDX-License-Identifier: MIT
 *
 * show FROM.png TO.png KEY TRANSFORM [NAME=VALUE]...: what one transform makes of an image in
 * training, for the pictures of docs/transforms.md (make_pictures.py). One that mixes is given the
 * image and its mirror image.
 */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/choice.h"
#include "core/config/diagnostic.h"
#include "core/data/pipeline.h"

static bool read_png(const char *path, struct tfu_example_work *w, struct tfu_error *e)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&png, path))
        return tfu_error_set(e, TFU_EIO, "%s: %s", path, png.message) == TFU_OK;
    const int64_t channels = png.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1;
    png.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    const struct tfu_shape shape = tfu_shape_make(3, png.height, png.width, channels, 1, 1);
    struct tfu_tensor *image = tfu_example_add(w, TFU_FIELD_IMAGE, TFU_U8, &shape);
    return image && png_image_finish_read(&png, NULL, image->data, 0, NULL);
}

static bool write_png(const char *path, const struct tfu_tensor *image)
{
    const size_t count = (size_t)tfu_shape_count(&image->shape);
    float *floats = malloc(count * sizeof *floats);
    uint8_t *out = malloc(count);
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .height = (png_uint_32)image->shape.dim[0],
                     .width = (png_uint_32)image->shape.dim[1],
                     .format = image->shape.dim[2] == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    if (floats && out)
        tfu_example_copy_floats(image, floats);
    for (size_t i = 0; floats && out && i < count; i++)
        out[i] = (uint8_t)((floats[i] < 0 ? 0 : floats[i] > 1 ? 1 : floats[i]) * 255 + 0.5f);
    const bool done = floats && out && png_image_write_to_file(&png, path, 0, out, 0, NULL);
    free(floats);
    free(out);
    return done;
}

static enum tfu_status mix(const struct tfu_pipeline *p, struct tfu_example_work *w, uint64_t key)
{
    struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    enum tfu_status st = w->host.to_floats(&w->host, image);
    struct tfu_tensor other = *image;
    const int64_t pixels = image->shape.dim[0] * image->shape.dim[1];
    const size_t pixel = (size_t)image->shape.dim[2] * sizeof(float);
    char *to = w->host.alloc(&w->host, (size_t)pixels * pixel);
    if (st != TFU_OK || !to)
        return TFU_ENOMEM;
    other.data = to;
    for (int64_t i = 0; i < pixels; i++) /* turned by half a turn */
        memcpy(to + (size_t)i * pixel, (const char *)image->data + (size_t)(pixels - 1 - i) * pixel,
               pixel);
    double share = 1;
    w->host.random = 1;
    w->host.key = key;
    return p->step[0].ops->mix(p->step[0].self, image, &other, &share, &w->host);
}

static enum tfu_status show(const struct tfu_plugin_choice *choice, struct tfu_registry *r,
                            char **argv, struct tfu_error *e)
{
    struct tfu_plugin_choice one = *choice;
    struct tfu_data_split split = {.transform_count = 1};
    struct tfu_dataset_info info = {.struct_size = sizeof info, .count = 1};
    struct tfu_pipeline p;
    struct tfu_example_work w;
    const uint64_t key = strtoull(argv[3], NULL, 10);
    split.transform = &one;
    tfu_example_begin(&w, NULL, e);
    if (!read_png(argv[1], &w, e))
        return tfu_error_set(e, TFU_EIO, "%s cannot be read", argv[1]);
    const struct tfu_tensor *image = tfu_example_find(&w.example, TFU_FIELD_IMAGE);
    info.channels = image->shape.dim[2];
    enum tfu_status st = tfu_pipeline_open(&p, &split, &info, r, NULL, e);
    if (st != TFU_OK)
        return st;
    const bool mixes = p.step[0].ops->flags & TFU_TRANSFORM_MIXES;
    st = mixes ? mix(&p, &w, key) : tfu_pipeline_run(&p, &w, true, key, e);
    if (st == TFU_OK && !write_png(argv[2], image))
        st = tfu_error_set(e, TFU_EIO, "%s cannot be written", argv[2]);
    tfu_example_end(&w);
    tfu_pipeline_close(&p);
    return st;
}

int main(int argc, char **argv)
{
    struct tfu_registry *r = NULL;
    struct tfu_diagnostics *findings = NULL;
    struct tfu_chosen *choice = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    if (argc < 5)
        return 2;
    enum tfu_status st = tfu_registry_new(&r, "stage", &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&findings, &e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&choice, TFU_KIND_TRANSFORM, argv[4], (const char *const *)(argv + 5),
                            (size_t)argc - 5, r, findings, &e);
    if (st == TFU_OK)
        st = show(tfu_chosen_get(choice), r, argv, &e);
    if (st != TFU_OK) {
        struct tfu_text text = TFU_TEXT_INIT;
        if (findings)
            tfu_diagnostics_print(findings, &text);
        fprintf(stderr, "%s%s\n", tfu_text_get(&text), e.text);
        tfu_text_free(&text);
    }
    tfu_chosen_free(choice);
    tfu_diagnostics_free(findings);
    tfu_registry_free(r);
    return st != TFU_OK;
}
