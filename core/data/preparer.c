/* SPDX-License-Identifier: MIT */
#include "core/data/preparer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/data/image_file.h"

struct tfu_preparer {
    struct tfu_preparer_request request;
    struct tfu_image_files *files;
    struct tfu_pipeline pipeline;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int64_t tfu_preparer_channels(const struct tfu_data_split *split)
{
    const struct tfu_plugin *plugin = split->choice.plugin;
    for (uint32_t i = 0; i < plugin->option_count; i++) {
        const struct tfu_option *o =
            (const void *)((const char *)plugin->options + (size_t)i * plugin->option_size);
        if (o->type == TFU_INT && strcmp(o->name, "channels") == 0)
            return *(const int64_t *)(const void *)((const char *)split->choice.config + o->offset);
    }
    return 0;
}

static enum tfu_status open_parts(struct tfu_preparer *p, struct tfu_error *e)
{
    const struct tfu_preparer_request *r = &p->request;
    const struct tfu_data_split *split = r->split;
    const struct tfu_image_files_options files = {
        .reader = split->reader,
        .reader_count = split->reader_count,
        .flags = split->select.exif == TFU_DATA_EXIF_IGNORE ? TFU_READ_UNTURNED : 0};
    const struct tfu_dataset_info info = {
        .height = r->height, .width = r->width, .channels = r->channels};
    enum tfu_status st = tfu_image_files_new(&p->files, r->registry, &files, r->log, e);
    if (st == TFU_OK)
        st = tfu_pipeline_open(&p->pipeline, split, &info, r->registry, r->log, e);
    if (st == TFU_OK && !(p->pipeline.height && p->pipeline.width && p->pipeline.channels))
        st = tfu_error_set(e, TFU_ESHAPE,
                           "what size images have behind the transforms does not follow from the "
                           "configuration; say it by `resize: [HEIGHT, WIDTH]`, and `channels` of "
                           "the dataset");
    return st;
}

enum tfu_status tfu_preparer_new(struct tfu_preparer **out, const struct tfu_preparer_request *r,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_preparer *p = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "preparing images", 0);
    p->request = *r;
    const enum tfu_status st = open_parts(p, e);
    if (st != TFU_OK)
        tfu_preparer_free(p);
    else
        *out = p;
    return st;
}

void tfu_preparer_free(struct tfu_preparer *p)
{
    if (!p)
        return;
    tfu_pipeline_close(&p->pipeline);
    tfu_image_files_free(p->files);
    free(p);
}

const struct tfu_pipeline *tfu_preparer_pipeline(const struct tfu_preparer *p)
{
    return &p->pipeline;
}

/* ---- one image */

/* Datasets convert what has other channels than the rest; more than gray and colours are as they
 * are. */
int64_t tfu_preparer_source_channels(const struct tfu_preparer *p)
{
    const int64_t channels = p->request.channels;
    return channels == 1 || channels == 3 ? channels : 0;
}

static enum tfu_status take(const struct tfu_preparer *p, const struct tfu_tensor *image,
                            float *pixels, struct tfu_error *e)
{
    const struct tfu_pipeline *of = &p->pipeline;
    const int64_t *is = image->shape.dim;
    if (is[0] != of->height || is[1] != of->width || is[2] != of->channels)
        return tfu_error_set(e, TFU_ESHAPE,
                             "it is %lld x %lld x %lld behind the transforms, where the network "
                             "takes %lld x %lld x %lld",
                             (long long)is[0], (long long)is[1], (long long)is[2],
                             (long long)of->height, (long long)of->width, (long long)of->channels);
    tfu_example_copy_floats(image, pixels);
    for (int64_t i = 0; image->dtype == TFU_F32 && i < tfu_shape_count(&image->shape); i++)
        if (!isfinite(pixels[i]))
            return tfu_error_set(e, TFU_EINVAL,
                                 "its number at row %lld, column %lld is %g behind the transforms; "
                                 "it is too large before them",
                                 (long long)(i / is[2] / is[1]), (long long)(i / is[2] % is[1]),
                                 (double)pixels[i]);
    return TFU_OK;
}

/* Numbers of 8 or 16 bits stand for 0 to 1. Floats that do not would go in as they are: 255 for
 * white is 255 times what a network has learnt of. */
static void warn_of_range(const struct tfu_preparer *p, const struct tfu_tensor *image,
                          const char *path)
{
    if (!image || image->dtype != TFU_F32)
        return;
    const float *number = image->data;
    float low = 0, high = 1;
    for (int64_t i = 0; i < tfu_shape_count(&image->shape); i++) {
        low = fminf(low, number[i]);
        high = fmaxf(high, number[i]);
    }
    if (low < 0 || high > 1)
        tfu_log_write(
            p->request.log, TFU_LOG_WARNING,
            "image '%s' is of floats that reach %s %g, where images of 8 or 16 bits have 0 "
            "to 1; it is taken as it is",
            path, high > 1 ? "up to" : "down to", (double)(high > 1 ? high : low));
}

static enum tfu_status read_and_transform(const struct tfu_preparer *p, struct tfu_example_work *w,
                                          const char *path, float *pixels,
                                          struct tfu_preparer_times *times, struct tfu_error *e)
{
    const double begin = now();
    if (p->request.split->select.decode == TFU_DATA_DECODE_REDUCED) {
        w->host.wanted_height = p->pipeline.wanted[0];
        w->host.wanted_width = p->pipeline.wanted[1];
    }
    w->adds = true;
    enum tfu_status st = w->host.read_image(&w->host, path, tfu_preparer_source_channels(p));
    w->adds = false;
    const double decoded = now();
    if (st != TFU_OK)
        return st;
    warn_of_range(p, tfu_example_find(&w->example, TFU_FIELD_IMAGE), path);
    st = tfu_pipeline_run(&p->pipeline, w, false, 0, e);
    if (st == TFU_OK)
        st = take(p, tfu_example_find(&w->example, TFU_FIELD_IMAGE), pixels, e);
    if (st != TFU_OK)
        tfu_error_prefix(e, "image '%s'", path);
    if (times)
        *times = (struct tfu_preparer_times){decoded - begin, now() - decoded};
    return st;
}

enum tfu_status tfu_preparer_read(const struct tfu_preparer *p, const char *path, float *pixels,
                                  struct tfu_preparer_times *times, struct tfu_error *e)
{
    struct tfu_example_work w;
    tfu_example_begin(&w, p->files, e);
    const enum tfu_status st = read_and_transform(p, &w, path, pixels, times, e);
    tfu_example_end(&w);
    return st;
}
