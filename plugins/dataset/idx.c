/* SPDX-License-Identifier: MIT
 *
 * Images and labels in two IDX files, as MNIST and its relatives come.
 */
#include <math.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/dataset.h>

#include "idx_file.h"

struct config {
    const char *images;
    const char *labels;
};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, images, "", TFU_OPT_REQUIRED,
                 "IDX file of N,H,W or N,H,W,C numbers, gzipped or not; 8-bit ones become 0..1"),
    TFU_OPT_PATH(
        struct config, labels, "", 0,
        "IDX file of N class indices, or of N rows of labels; NaN is unknown; empty: there "
        "are no labels"),
};

struct idx {
    struct idx_file images, labels;
    struct tfu_dataset_info info;
    struct tfu_shape shape; /* of one image, H,W,C */
    char fingerprint[65];   /* SHA-256 of both files' contents, in hex */
};

static enum tfu_status check_shapes(const struct idx *d, const struct config *c,
                                    struct tfu_dataset_host *h)
{
    if (d->images.rank < 3)
        return h->fail(h, TFU_ESHAPE, "'%s' has rank %u; images are N,H,W or N,H,W,C", c->images,
                       d->images.rank);
    if (!c->labels[0])
        return TFU_OK;
    if (d->labels.rank > 2)
        return h->fail(h, TFU_ESHAPE, "'%s' has rank %u; labels are N, or N rows of columns",
                       c->labels, d->labels.rank);
    if (d->images.dim[0] != d->labels.dim[0])
        return h->fail(h, TFU_ESHAPE, "'%s' holds %lld images and '%s' %lld labels", c->images,
                       (long long)d->images.dim[0], c->labels, (long long)d->labels.dim[0]);
    return TFU_OK;
}

/* Class indices when there is one column of whole numbers from 0 on; 0 when it is something else.
 */
static int64_t count_classes(const struct idx_file *labels)
{
    double largest = 0;
    if (labels->rank == 2 && labels->dim[1] != 1)
        return 0;
    for (int64_t i = 0; i < labels->dim[0]; i++) {
        const double v = idx_file_number(labels, (size_t)i);
        if (isnan(v))
            continue;
        if (v < 0 || v != floor(v) || v > 1e6)
            return 0;
        largest = v > largest ? v : largest;
    }
    return (int64_t)largest + 1;
}

static int add_contents(EVP_MD_CTX *digest, const struct idx_file *f)
{
    if (!f->data)
        return 1;
    char header[128];
    const int n = snprintf(header, sizeof header, "%d %u %lld %lld %lld %lld\n", (int)f->type,
                           f->rank, (long long)f->dim[0], (long long)f->dim[1],
                           (long long)f->dim[2], (long long)f->dim[3]);
    return EVP_DigestUpdate(digest, header, (size_t)n) == 1 &&
           EVP_DigestUpdate(digest, f->data, f->size) == 1;
}

static enum tfu_status take_fingerprint(struct idx *d, struct tfu_dataset_host *h)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest)
        return h->fail(h, TFU_ENOMEM, "out of memory for a SHA-256 of the data");
    const int ok = EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
                   add_contents(digest, &d->images) && add_contents(digest, &d->labels) &&
                   EVP_DigestFinal_ex(digest, bytes, NULL) == 1;
    EVP_MD_CTX_free(digest);
    if (!ok)
        return h->fail(h, TFU_EUNSUPPORTED, "OpenSSL cannot compute a SHA-256 of the data");
    for (size_t i = 0; i < 32; i++)
        snprintf(d->fingerprint + 2 * i, 3, "%02x", bytes[i]);
    return TFU_OK;
}

static void idx_close(void *self)
{
    struct idx *d = self;
    if (!d)
        return;
    idx_file_free(&d->images);
    idx_file_free(&d->labels);
    free(d);
}

static void describe(struct idx *d)
{
    const int64_t *dim = d->images.dim;
    const int64_t classes = d->labels.data ? count_classes(&d->labels) : 0;
    d->shape = tfu_shape_make(3, dim[1], dim[2], dim[3], 1, 1);
    d->info = (struct tfu_dataset_info){.struct_size = sizeof d->info,
                                        .count = dim[0],
                                        .height = dim[1],
                                        .width = dim[2],
                                        .channels = dim[3],
                                        .classes = classes,
                                        .fingerprint = d->fingerprint,
                                        .memory = (int64_t)(d->images.size + d->labels.size)};
    if (d->labels.data) {
        d->info.target = classes ? TFU_FIELD_CLASS : TFU_FIELD_NUMBERS;
        d->info.label_columns = d->labels.rank == 2 ? d->labels.dim[1] : 1;
    }
}

static enum tfu_status idx_open(void **self, const void *config, struct tfu_dataset_host *h)
{
    const struct config *c = config;
    *self = NULL;
    struct idx *d = calloc(1, sizeof *d);
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset idx");
    enum tfu_status st = idx_file_read(&d->images, c->images, h);
    if (st == TFU_OK && c->labels[0])
        st = idx_file_read(&d->labels, c->labels, h);
    if (st == TFU_OK)
        st = check_shapes(d, c, h);
    if (st == TFU_OK)
        st = take_fingerprint(d, h);
    if (st != TFU_OK) {
        idx_close(d);
        return st;
    }
    describe(d);
    *self = d;
    return TFU_OK;
}

static const struct tfu_dataset_info *idx_info(const void *self)
{
    return &((const struct idx *)self)->info;
}

static enum tfu_status idx_labels(const void *self, int64_t first, int64_t count, float *labels,
                                  struct tfu_dataset_host *h)
{
    const struct idx *d = self;
    const int64_t columns = d->info.label_columns;
    if (first < 0 || count < 0 || first > d->info.count || count > d->info.count - first)
        return h->fail(h, TFU_EINVAL, "examples %lld and on, %lld of them, are not among the %lld",
                       (long long)first, (long long)count, (long long)d->info.count);
    for (int64_t k = 0; k < count * columns; k++)
        labels[k] = (float)idx_file_number(&d->labels, (size_t)(first * columns + k));
    return TFU_OK;
}

static enum tfu_status idx_get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct idx *d = self;
    const size_t pixels = (size_t)tfu_shape_count(&d->shape);
    if (index < 0 || index >= d->info.count)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %lld of the dataset",
                       (long long)index, (long long)d->info.count);
    const bool bytes = d->images.type == IDX_U8;
    const struct tfu_tensor *t = h->add(h, TFU_FIELD_IMAGE, bytes ? TFU_U8 : TFU_F32, &d->shape);
    if (!t)
        return TFU_ENOMEM;
    if (bytes)
        memcpy(t->data, d->images.data + (size_t)index * pixels, pixels);
    for (size_t k = 0; !bytes && k < pixels; k++)
        ((float *)t->data)[k] = (float)idx_file_number(&d->images, (size_t)index * pixels + k);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = idx_open,
                                           .close = idx_close,
                                           .info = idx_info,
                                           .labels = idx_labels,
                                           .get = idx_get};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "idx",
    .version = "1.0",
    .summary = "images and labels in IDX files (MNIST, Fashion-MNIST), gzipped or not",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
