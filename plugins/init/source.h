/* SPDX-License-Identifier: MIT
 *
 * source.h - what initializers that take from a file share: mean and variance of its numbers, in
 * double and in two passes; the file's name as notes show it; copying a tensor.
 */
#ifndef TFU_PLUGINS_INIT_SOURCE_H
#define TFU_PLUGINS_INIT_SOURCE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <transfuse/init.h>

struct moments {
    double mean;
    double variance; /* of the numbers themselves: divided by their count */
};

static inline struct moments moments_of(const float *w, int64_t n)
{
    struct moments m = {0, 0};
    for (int64_t i = 0; i < n; i++)
        m.mean += (double)w[i];
    m.mean /= n > 0 ? (double)n : 1;
    for (int64_t i = 0; i < n; i++)
        m.variance += ((double)w[i] - m.mean) * ((double)w[i] - m.mean);
    m.variance /= n > 0 ? (double)n : 1;
    return m;
}

/* "weights.pth" of "/data/weights.pth" */
static inline const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Copies a tensor of the same shape; `verb` begins the note: "copied". */
static inline void copy_tensor(const struct tfu_tensor *dst, const struct tfu_tensor *t,
                               const char *verb, const char *path, struct tfu_init_host *h)
{
    const int64_t n = tfu_shape_count(&dst->shape);
    const struct moments m = moments_of((const float *)t->data, n);
    memcpy(dst->data, t->data, (size_t)n * sizeof(float));
    h->note(h, "%s from %s: mean %.4g, deviation %.4g", verb, file_name(path), m.mean,
            sqrt(m.variance));
}

#endif
