/* SPDX-License-Identifier: MIT */
#include "core/data/example.h"

#include <stdlib.h>
#include <string.h>

#include "core/data/image_file.h"
#include "core/data/resize.h"

enum { ALIGN = 64 };
static const int64_t most = INT64_C(1) << 40; /* numbers of a field */

/* ---- memory */

/* Stands in front of each piece, which begins ALIGN bytes behind. */
struct tfu_example_block {
    struct tfu_example_block *next;
};

static void *allocate(struct tfu_example_work *w, size_t bytes)
{
    void *memory = NULL;
    if (bytes > SIZE_MAX - 2 * ALIGN || posix_memalign(&memory, ALIGN, ALIGN + bytes) != 0) {
        tfu_error_memory(w->error, "preparing an example", bytes);
        return NULL;
    }
    struct tfu_example_block *block = memory;
    block->next = w->blocks;
    w->blocks = block;
    return (unsigned char *)memory + ALIGN;
}

static void *allocate_for_file(void *arg, size_t bytes)
{
    return allocate(arg, bytes);
}

static void *host_alloc(struct tfu_example_host *h, size_t bytes)
{
    return allocate(h->host, bytes);
}

static enum tfu_status host_fail(struct tfu_example_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    const struct tfu_example_work *w = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(w->error, st, fmt, args);
    va_end(args);
    return st;
}

static void host_note(struct tfu_example_host *h, const char *fmt, ...)
{
    const struct tfu_example_work *w = h->host;
    if (!w->notes || atomic_fetch_add(&w->notes->count, 1) > 0)
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    tfu_log_write(w->notes->log, TFU_LOG_WARNING,
                  "transform '%s': %s; where that happens again is counted", w->notes->of,
                  tfu_text_get(&text));
    tfu_text_free(&text);
}

/* ---- fields */

/* What the tensor of each kind has to look like. */
static const struct {
    const char *name;
    uint32_t rank;
    int64_t columns;   /* of the last dim; 0: any number */
    uint32_t dtype[3]; /* one of these */
} looks[] = {
    [TFU_FIELD_IMAGE] = {"an image", 3, 0, {TFU_F32, TFU_U8, TFU_U16}},
    [TFU_FIELD_CLASS] = {"a class", 1, 1, {TFU_F32}},
    [TFU_FIELD_LABELS] = {"labels", 1, 0, {TFU_F32}},
    [TFU_FIELD_NUMBERS] = {"numbers", 1, 0, {TFU_F32}},
    [TFU_FIELD_MASK] = {"a mask", 2, 0, {TFU_U8}},
    [TFU_FIELD_BOXES] = {"boxes", 2, 5, {TFU_F32}},
    [TFU_FIELD_POINTS] = {"points", 2, 3, {TFU_F32}},
};

static bool has_dtype(uint32_t kind, uint32_t dtype)
{
    for (size_t i = 0; i < TFU_COUNT(looks[kind].dtype); i++)
        if (dtype && looks[kind].dtype[i] == dtype)
            return true;
    return false;
}

/* Of boxes and points there may be none; all else is there. */
static bool has_shape(uint32_t kind, const struct tfu_shape *s)
{
    const int64_t least = kind == TFU_FIELD_BOXES || kind == TFU_FIELD_POINTS ? 0 : 1;
    int64_t room = most;
    if (s->rank != looks[kind].rank)
        return false;
    for (uint32_t i = 0; i < s->rank; i++) {
        if (s->dim[i] < (i == 0 ? least : 1) || s->dim[i] > room)
            return false;
        room /= s->dim[i] ? s->dim[i] : 1;
    }
    return !looks[kind].columns || s->dim[s->rank - 1] == looks[kind].columns;
}

static enum tfu_status check_field(uint32_t kind, uint32_t dtype, const struct tfu_shape *s,
                                   struct tfu_error *e)
{
    if (kind < 1 || kind >= TFU_COUNT(looks))
        return tfu_error_set(e, TFU_EINVAL, "there is no field of kind %u (enum tfu_field_kind)",
                             kind);
    if (!has_dtype(kind, dtype))
        return tfu_error_set(e, TFU_EINVAL, "%s cannot be of the type %u (enum tfu_dtype)",
                             looks[kind].name, dtype);
    if (!has_shape(kind, s))
        return tfu_error_set(e, TFU_ESHAPE, "%s cannot have rank %u and %lld x %lld x %lld numbers",
                             looks[kind].name, s->rank, (long long)s->dim[0],
                             (long long)(s->rank > 1 ? s->dim[1] : 1),
                             (long long)(s->rank > 2 ? s->dim[2] : 1));
    return TFU_OK;
}

struct tfu_tensor *tfu_example_append(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                                      const struct tfu_shape *shape, void *data)
{
    if (check_field(kind, dtype, shape, w->error) != TFU_OK)
        return NULL;
    if (w->example.field_count == TFU_EXAMPLE_FIELDS) {
        tfu_error_set(w->error, TFU_EINVAL, "an example has at most %d fields", TFU_EXAMPLE_FIELDS);
        return NULL;
    }
    struct tfu_example_slot *s = &w->slot[w->example.field_count];
    s->tensor = (struct tfu_tensor){.struct_size = sizeof s->tensor,
                                    .dtype = dtype,
                                    .place = TFU_HOST,
                                    .shape = *shape,
                                    .data = data};
    s->field = (struct tfu_field){.struct_size = sizeof s->field, .kind = kind, .t = &s->tensor};
    w->field[w->example.field_count++] = &s->field;
    return &s->tensor;
}

struct tfu_tensor *tfu_example_add(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                                   const struct tfu_shape *shape)
{
    if (check_field(kind, dtype, shape, w->error) != TFU_OK)
        return NULL;
    void *data = allocate(w, (size_t)tfu_shape_count(shape) * tfu_dtype_size(dtype));
    return data ? tfu_example_append(w, kind, dtype, shape, data) : NULL;
}

enum tfu_status tfu_example_check(const struct tfu_example_work *w, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < w->example.field_count; i++) {
        const struct tfu_field *f = w->field[i];
        st = check_field(f->kind, f->t->dtype, &f->t->shape, e);
        if (st == TFU_OK && !f->t->data)
            st = tfu_error_set(e, TFU_EINVAL, "%s has no memory", looks[f->kind].name);
    }
    return st;
}

static bool may_add(const struct tfu_example_work *w)
{
    if (!w->adds)
        tfu_error_set(w->error, TFU_EINVAL,
                      "a field is added where that is not possible: only get() of a dataset may");
    return w->adds;
}

static struct tfu_tensor *host_add(struct tfu_example_host *h, uint32_t kind, uint32_t dtype,
                                   const struct tfu_shape *shape)
{
    return may_add(h->host) ? tfu_example_add(h->host, kind, dtype, shape) : NULL;
}

/* ---- files */

static enum tfu_status read_file(struct tfu_example_work *w, uint32_t kind, const char *path,
                                 const struct tfu_image_file_want *want)
{
    if (!may_add(w))
        return TFU_EINVAL;
    if (!w->files)
        return tfu_error_set(w->error, TFU_EUNSUPPORTED, "no image file can be read here");
    if (w->probe) {
        w->probe->asked++;
        w->probe->seen = tfu_image_files_seen(w->files, path);
        return TFU_EINTERRUPTED;
    }
    struct tfu_image_file_info info;
    void *pixels;
    enum tfu_status st =
        tfu_image_files_read(w->files, path, want, &info, allocate_for_file, w, &pixels, w->error);
    if (st != TFU_OK)
        return st;
    const bool mask = kind == TFU_FIELD_MASK;
    if (mask && (info.channels != 1 || info.dtype != TFU_U8))
        return tfu_error_set(w->error, TFU_EINVAL,
                             "'%s' is no mask: it has %lld channels of %zu bytes; class indices "
                             "are one channel of 8 bits, or the numbers of a palette",
                             path, (long long)info.channels, tfu_dtype_size(info.dtype));
    const struct tfu_shape shape =
        tfu_shape_make(mask ? 2 : 3, info.height, info.width, info.channels, 1, 1);
    return tfu_example_append(w, kind, info.dtype, &shape, pixels) ? TFU_OK : w->error->status;
}

static enum tfu_status host_read_image(struct tfu_example_host *h, const char *path,
                                       int64_t channels)
{
    const struct tfu_image_file_want want = {
        .channels = channels, .wanted_height = h->wanted_height, .wanted_width = h->wanted_width};
    return read_file(h->host, TFU_FIELD_IMAGE, path, &want);
}

static enum tfu_status host_read_mask(struct tfu_example_host *h, const char *path)
{
    const struct tfu_image_file_want want = {.flags = TFU_READ_INDICES};
    return read_file(h->host, TFU_FIELD_MASK, path, &want);
}

/* ---- numbers */

void tfu_example_copy_floats(const struct tfu_tensor *image, float *out)
{
    const size_t n = (size_t)tfu_shape_count(&image->shape);
    if (image->dtype == TFU_U8)
        for (size_t i = 0; i < n; i++)
            out[i] = (float)((const uint8_t *)image->data)[i] / 255.0f;
    else if (image->dtype == TFU_U16)
        for (size_t i = 0; i < n; i++)
            out[i] = (float)((const uint16_t *)image->data)[i] / 65535.0f;
    else
        memcpy(out, image->data, n * sizeof *out);
}

static enum tfu_status host_to_floats(struct tfu_example_host *h, struct tfu_tensor *image)
{
    if (image->dtype == TFU_F32)
        return TFU_OK;
    float *numbers = allocate(h->host, (size_t)tfu_shape_count(&image->shape) * sizeof *numbers);
    if (!numbers)
        return TFU_ENOMEM;
    tfu_example_copy_floats(image, numbers);
    image->data = numbers;
    image->dtype = TFU_F32;
    return TFU_OK;
}

/* ---- sizes */

static enum tfu_status resize_smoothly(struct tfu_example_work *w, struct tfu_tensor *t,
                                       int64_t height, int64_t width, bool cubic)
{
    const int64_t *dim = t->shape.dim, channels = dim[2];
    const bool whole = t->dtype != TFU_F32;
    if (dim[0] == height && dim[1] == width)
        return host_to_floats(&w->host, t);
    struct tfu_resize *resize;
    enum tfu_status st =
        cubic ? tfu_resize_new_bicubic(&resize, dim[0], dim[1], height, width, channels, whole,
                                       w->error)
              : tfu_resize_new(&resize, dim[0], dim[1], height, width, channels, w->error);
    if (st != TFU_OK)
        return st;
    void *scratch = malloc(tfu_resize_scratch(resize) + 1);
    float *out = allocate(w, (size_t)(height * width * channels) * sizeof *out);
    if (scratch && out) {
        tfu_resize_run(resize, t->dtype, t->data, scratch, out);
        t->data = out;
        t->dtype = TFU_F32;
        t->shape = tfu_shape_make(3, height, width, channels, 1, 1);
    } else
        st = tfu_error_memory(w->error, "resizing an image", 0);
    free(scratch);
    tfu_resize_free(resize);
    return st;
}

static int64_t nearest(int64_t i, int64_t from, int64_t to)
{
    return (2 * i + 1) * from / (2 * to);
}

static enum tfu_status resize_nearest(struct tfu_example_work *w, struct tfu_tensor *t,
                                      int64_t height, int64_t width)
{
    struct tfu_shape shape = t->shape;
    const size_t pixel = tfu_dtype_size(t->dtype) * (size_t)(shape.rank > 2 ? shape.dim[2] : 1);
    const int64_t rows = shape.dim[0], columns = shape.dim[1];
    if (rows == height && columns == width)
        return TFU_OK;
    unsigned char *out = allocate(w, (size_t)(height * width) * pixel), *to = out;
    if (!out)
        return TFU_ENOMEM;
    for (int64_t y = 0; y < height; y++) {
        const unsigned char *row =
            (const unsigned char *)t->data + (size_t)(nearest(y, rows, height) * columns) * pixel;
        for (int64_t x = 0; x < width; x++, to += pixel)
            memcpy(to, row + (size_t)nearest(x, columns, width) * pixel, pixel);
    }
    shape.dim[0] = height;
    shape.dim[1] = width;
    t->shape = shape;
    t->data = out;
    return TFU_OK;
}

static enum tfu_status host_resize(struct tfu_example_host *h, struct tfu_tensor *t, int64_t height,
                                   int64_t width, enum tfu_filter filter)
{
    struct tfu_example_work *w = h->host;
    const int64_t side = 1 << 20;
    if (height < 1 || width < 1 || height > side || width > side || t->shape.rank < 2 ||
        t->shape.rank > 3)
        return tfu_error_set(w->error, TFU_ESHAPE,
                             "an image or mask cannot be resized to %lld x %lld", (long long)height,
                             (long long)width);
    if (filter == TFU_FILTER_NEAREST)
        return resize_nearest(w, t, height, width);
    if ((filter != TFU_FILTER_BILINEAR && filter != TFU_FILTER_BICUBIC) || t->shape.rank != 3)
        return tfu_error_set(w->error, TFU_EINVAL,
                             "resize() has the filter %d, which is not for rank %u: a mask is "
                             "resized with TFU_FILTER_NEAREST",
                             (int)filter, t->shape.rank);
    return resize_smoothly(w, t, height, width, filter == TFU_FILTER_BICUBIC);
}

/* ---- life */

void tfu_example_begin(struct tfu_example_work *w, struct tfu_image_files *files,
                       struct tfu_error *e)
{
    w->host = (struct tfu_example_host){.struct_size = sizeof w->host,
                                        .host = w,
                                        .fail = host_fail,
                                        .alloc = host_alloc,
                                        .add = host_add,
                                        .read_image = host_read_image,
                                        .read_mask = host_read_mask,
                                        .to_floats = host_to_floats,
                                        .resize = host_resize,
                                        .note = host_note};
    w->example = (struct tfu_example){.struct_size = sizeof w->example, .field = w->field};
    w->files = files;
    w->probe = NULL;
    w->adds = false;
    w->error = e;
    w->notes = NULL;
    w->blocks = NULL;
}

void tfu_example_end(struct tfu_example_work *w)
{
    while (w->blocks) {
        struct tfu_example_block *next = w->blocks->next;
        free(w->blocks);
        w->blocks = next;
    }
}
