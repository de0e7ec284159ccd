/* SPDX-License-Identifier: MIT
 *
 * Images and labels in two IDX files, as MNIST and its relatives come.
 */
#include <math.h>
#include <openssl/evp.h>
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
    TFU_OPT_PATH(struct config, labels, "", TFU_OPT_REQUIRED,
                 "IDX file of N class indices, or of N rows of labels; NaN is unknown"),
};

struct idx {
    struct idx_file images, labels;
    struct tfu_dataset_info info;
    size_t pixels;        /* numbers of one image */
    char fingerprint[65]; /* SHA-256 of both files' contents, in hex */
};

static enum tfu_status check_shapes(const struct idx *d, const struct config *c, struct tfu_host *h)
{
    if (d->images.rank < 3)
        return h->fail(h, TFU_ESHAPE, "'%s' has rank %u; images are N,H,W or N,H,W,C", c->images,
                       d->images.rank);
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
    char header[128];
    const int n = snprintf(header, sizeof header, "%d %u %lld %lld %lld %lld\n", (int)f->type,
                           f->rank, (long long)f->dim[0], (long long)f->dim[1],
                           (long long)f->dim[2], (long long)f->dim[3]);
    return EVP_DigestUpdate(digest, header, (size_t)n) == 1 &&
           EVP_DigestUpdate(digest, f->data, f->size) == 1;
}

static enum tfu_status take_fingerprint(struct idx *d, struct tfu_host *h)
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

static enum tfu_status idx_open(void **self, const void *config, struct tfu_host *h)
{
    const struct config *c = config;
    *self = NULL;
    struct idx *d = calloc(1, sizeof *d);
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset idx");
    enum tfu_status st = idx_file_read(&d->images, c->images, h);
    if (st == TFU_OK)
        st = idx_file_read(&d->labels, c->labels, h);
    if (st == TFU_OK)
        st = check_shapes(d, c, h);
    if (st == TFU_OK)
        st = take_fingerprint(d, h);
    if (st != TFU_OK) {
        idx_close(d);
        return st;
    }
    const int64_t *dim = d->images.dim;
    d->pixels = (size_t)(dim[1] * dim[2] * dim[3]);
    d->info = (struct tfu_dataset_info){.struct_size = sizeof d->info,
                                        .label_columns =
                                            d->labels.rank == 2 ? (uint32_t)d->labels.dim[1] : 1,
                                        .count = dim[0],
                                        .height = dim[1],
                                        .width = dim[2],
                                        .channels = dim[3],
                                        .classes = count_classes(&d->labels),
                                        .fingerprint = d->fingerprint};
    *self = d;
    return TFU_OK;
}

static enum tfu_status idx_info(const void *self, struct tfu_dataset_info *out)
{
    const struct idx *d = self;
    *out = d->info;
    return TFU_OK;
}

static enum tfu_status idx_get(const void *self, int64_t index, float *pixels, float *labels,
                               struct tfu_host *h)
{
    const struct idx *d = self;
    if (index < 0 || index >= d->info.count)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %lld of the dataset",
                       (long long)index, (long long)d->info.count);
    const size_t i = (size_t)index;
    if (pixels)
        idx_file_pixels(&d->images, i * d->pixels, d->pixels, pixels);
    for (uint32_t k = 0; labels && k < d->info.label_columns; k++)
        labels[k] = (float)idx_file_number(&d->labels, i * d->info.label_columns + k);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = idx_open,
                                           .close = idx_close,
                                           .info = idx_info,
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
