/* SPDX-License-Identifier: MIT
 *
 * Images and labels that are arrays of one of numpy's archives, as MedMNIST comes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <transfuse/dataset.h>

#include "medmnist.h"
#include "npz_array.h"

enum { CLASSES_MAX = 100000, COLUMNS_MAX = 65536 };

struct config {
    const char *file;
    int32_t part;
    const char *images, *labels;
};

static const char *const parts[] = {"train", "valid", "test", NULL};
static const char *const prefixes[] = {"train", "val", "test"};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, file, "", TFU_OPT_REQUIRED,
                 ".npz file of numpy, as MedMNIST's pathmnist.npz or pathmnist_64.npz"),
    TFU_OPT_ENUM(struct config, part, "train", parts,
                 "whose arrays, where they are not named: train_images and train_labels, val_... "
                 "or test_..."),
    TFU_OPT_STRING(struct config, images, "", 0,
                   "name of the array of N,H,W or N,H,W,C pixels (uint8, uint16, float32); empty: "
                   "as `part` says"),
    TFU_OPT_STRING(struct config, labels, "", 0,
                   "name of the array of N labels, or of N,columns; none: there are no labels; "
                   "empty: as `part` says"),
};

struct npz {
    const struct config *config;
    const struct medmnist *known;            /* NULL: not a published file */
    char images_name[256], labels_name[256]; /* "" of the second: there are no labels */
    struct npz_array images, labels;
    struct tfu_shape shape; /* of one image */
    struct tfu_dataset_info info;
};

static void close_npz(void *self)
{
    struct npz *d = self;
    npz_array_free(&d->images);
    npz_array_free(&d->labels);
    free(d);
}

/* ---- images */

static enum tfu_status check_images(struct npz *d, struct tfu_dataset_host *h)
{
    const struct npy_header *a = &d->images.header;
    const char *name = d->images_name, *file = d->config->file;
    if (a->rank < 3 || a->rank > 4)
        return h->fail(h, TFU_ESHAPE, "array '%s' of '%s' has %u dims; images are N,H,W or N,H,W,C",
                       name, file, a->rank);
    const int64_t channels = a->rank == 4 ? a->dim[3] : 1;
    if (channels > 4)
        return h->fail(h, TFU_ESHAPE,
                       "array '%s' of '%s' has %lld x %lld x %lld x %lld numbers, which are no "
                       "images of 1 to 4 channels; volumes are not read",
                       name, file, (long long)a->dim[0], (long long)a->dim[1], (long long)a->dim[2],
                       (long long)channels);
    if (a->dim[1] > 65535 || a->dim[2] > 65535)
        return h->fail(h, TFU_ESHAPE, "the images of '%s' are %lld x %lld; sides are to 65535",
                       file, (long long)a->dim[1], (long long)a->dim[2]);
    if (!(a->kind == 'u' && a->item <= 2) && !(a->kind == 'f' && a->item == 4))
        return h->fail(h, TFU_EUNSUPPORTED,
                       "array '%s' of '%s' is of type %c%zu; images are u1 (uint8), u2 (uint16) "
                       "or f4 (float32)",
                       name, file, a->kind, a->item);
    d->shape = tfu_shape_make(3, a->dim[1], a->dim[2], channels, 1, 1);
    return TFU_OK;
}

/* ---- labels */

static enum tfu_status check_labels(const struct npz *d, struct tfu_dataset_host *h)
{
    const struct npy_header *a = &d->labels.header, *images = &d->images.header;
    const char *name = d->labels_name, *file = d->config->file;
    if (a->rank < 1 || a->rank > 2)
        return h->fail(h, TFU_ESHAPE, "array '%s' of '%s' has %u dims; labels are N, or N,columns",
                       name, file, a->rank);
    if (a->dim[0] != images->dim[0])
        return h->fail(h, TFU_ESHAPE, "'%s' has %lld images in '%s' and %lld labels in '%s'", file,
                       (long long)images->dim[0], d->images_name, (long long)a->dim[0], name);
    if (a->rank == 2 && a->dim[1] > COLUMNS_MAX)
        return h->fail(h, TFU_ESHAPE, "array '%s' of '%s' has %lld columns of labels", name, file,
                       (long long)a->dim[1]);
    return TFU_OK;
}

/* What all labels have in common. */
struct labels_seen {
    bool whole, shares; /* whole numbers from 0 on; from 0 to 1 */
    double largest;
};

static struct labels_seen look_at_labels(const struct npz *d)
{
    struct labels_seen s = {true, true, 0};
    for (uint64_t i = 0; i < d->labels.header.count; i++) {
        const double v = npy_number(&d->labels.header, d->labels.data, i);
        if (isnan(v))
            continue;
        s.whole &= v >= 0 && v == floor(v) && v < CLASSES_MAX;
        s.shares &= v >= 0 && v <= 1;
        s.largest = v > s.largest ? v : s.largest;
    }
    return s;
}

static enum tfu_status describe_labels(struct npz *d, struct tfu_dataset_host *h)
{
    const struct npy_header *a = &d->labels.header;
    const struct labels_seen s = look_at_labels(d);
    const int64_t columns = a->rank == 2 ? a->dim[1] : 1;
    d->info.label_columns = columns;
    d->info.target = columns == 1 && s.whole   ? TFU_FIELD_CLASS
                     : columns > 1 && s.shares ? TFU_FIELD_LABELS
                                               : TFU_FIELD_NUMBERS;
    const int64_t count = d->info.target == TFU_FIELD_CLASS ? (int64_t)s.largest + 1 : columns;
    const int64_t names = d->known ? (int64_t)d->known->count : 0;
    const bool named = d->known && d->info.target != TFU_FIELD_NUMBERS &&
                       (d->info.target == TFU_FIELD_CLASS ? count <= names : count == names);
    if (d->known && !named)
        h->warn(h, "'%s' has the name of a published set of %lld classes or labels, but has %lld",
                d->config->file, (long long)names, (long long)count);
    if (named)
        d->info.class_names = d->known->names;
    if (d->info.target == TFU_FIELD_CLASS)
        d->info.classes = named ? names : count;
    return TFU_OK;
}

/* ---- opening */

/* A file of a published name that is not the published one: a mirror had one with empty images. */
static void compare_sum(struct npz *d, struct tfu_dataset_host *h)
{
    size_t size = 0;
    char hex[33] = "";
    d->known = medmnist_find(d->config->file, &size);
    if (!d->known || access(d->config->file, R_OK) != 0)
        return;
    if (h->md5(h, d->config->file, hex) != TFU_OK)
        h->warn(h, "the MD5 of '%s' cannot be computed and was not compared with the published one",
                d->config->file);
    else if (strcmp(hex, d->known->md5[size]) != 0)
        h->warn(h,
                "'%s' is not the published file: its MD5 is %s, that of the published one %s; "
                "download it again, or give it another name",
                d->config->file, hex, d->known->md5[size]);
}

static enum tfu_status name_array(char out[256], const char *option, const char *part,
                                  const char *what, struct tfu_dataset_host *h)
{
    if (strlen(option) > 200)
        return h->fail(h, TFU_EINVAL, "%s: '%.60s...' is longer than 200 bytes", what, option);
    if (option[0])
        snprintf(out, 256, "%s", strcmp(option, "none") == 0 ? "" : option);
    else
        snprintf(out, 256, "%s_%s", part, what);
    return TFU_OK;
}

static enum tfu_status read_arrays(struct npz *d, struct tfu_dataset_host *h)
{
    struct zip_bytes z;
    enum tfu_status st = zip_bytes_open(&z, d->config->file, h);
    if (st != TFU_OK)
        return st;
    st = npz_array_read(&d->images, &z, d->images_name, h);
    if (st == TFU_OK)
        st = check_images(d, h);
    if (st == TFU_OK && d->labels_name[0])
        st = npz_array_read(&d->labels, &z, d->labels_name, h);
    zip_bytes_close(&z);
    return st == TFU_OK && d->labels_name[0] ? check_labels(d, h) : st;
}

/* Two parts of one file are other data. */
static enum tfu_status add_to_fingerprint(const struct npz *d, struct tfu_dataset_host *h)
{
    enum tfu_status st = h->add_file(h, d->config->file);
    if (st == TFU_OK)
        st = h->add_bytes(h, d->images_name, strlen(d->images_name));
    return st == TFU_OK ? h->add_bytes(h, d->labels_name, strlen(d->labels_name)) : st;
}

static enum tfu_status open_arrays(struct npz *d, struct tfu_dataset_host *h)
{
    const struct config *c = d->config;
    const char *part = prefixes[c->part];
    enum tfu_status st = name_array(d->images_name, c->images, part, "images", h);
    if (st == TFU_OK)
        st = name_array(d->labels_name, c->labels, part, "labels", h);
    if (st == TFU_OK)
        st = read_arrays(d, h);
    if (st == TFU_OK)
        st = add_to_fingerprint(d, h);
    if (st != TFU_OK)
        return st;
    compare_sum(d, h);
    d->info = (struct tfu_dataset_info){.struct_size = sizeof d->info,
                                        .count = d->images.header.dim[0],
                                        .height = d->shape.dim[0],
                                        .width = d->shape.dim[1],
                                        .channels = d->shape.dim[2],
                                        .memory = (int64_t)(d->images.size + d->labels.size)};
    return d->labels_name[0] ? describe_labels(d, h) : TFU_OK;
}

static enum tfu_status open_npz(void **self, const void *config, struct tfu_dataset_host *h)
{
    *self = NULL;
    struct npz *d = calloc(1, sizeof *d);
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset npz");
    d->config = config;
    const enum tfu_status st = open_arrays(d, h);
    if (st != TFU_OK) {
        close_npz(d);
        return st;
    }
    *self = d;
    return TFU_OK;
}

/* ---- use */

static const struct tfu_dataset_info *info(const void *self)
{
    return &((const struct npz *)self)->info;
}

static enum tfu_status labels(const void *self, int64_t first, int64_t count, float *labels,
                              struct tfu_dataset_host *h)
{
    const struct npz *d = self;
    const int64_t columns = d->info.label_columns;
    if (first < 0 || count < 0 || first > d->info.count || count > d->info.count - first)
        return h->fail(h, TFU_EINVAL, "examples %lld and on, %lld of them, are not among the %lld",
                       (long long)first, (long long)count, (long long)d->info.count);
    for (int64_t k = 0; k < count * columns; k++)
        labels[k] =
            (float)npy_number(&d->labels.header, d->labels.data, (uint64_t)(first * columns + k));
    return TFU_OK;
}

static enum tfu_status get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct npz *d = self;
    const struct npy_header *a = &d->images.header;
    if (index < 0 || index >= d->info.count)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %lld of the dataset",
                       (long long)index, (long long)d->info.count);
    const uint32_t dtype = a->kind == 'f' ? TFU_F32 : a->item == 1 ? TFU_U8 : TFU_U16;
    const struct tfu_tensor *t = h->add(h, TFU_FIELD_IMAGE, dtype, &d->shape);
    if (!t)
        return TFU_ENOMEM;
    const size_t size = (size_t)tfu_shape_count(&d->shape) * a->item;
    memcpy(t->data, d->images.data + (size_t)index * size, size);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = open_npz,
                                           .close = close_npz,
                                           .info = info,
                                           .labels = labels,
                                           .get = get};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "npz",
    .version = "1.0",
    .summary = "images and labels in an archive of numpy's arrays (MedMNIST, MedMNIST+)",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
