/* SPDX-License-Identifier: MIT
 *
 * moments.h - mean and variance of numbers, in double and in two passes; and the file's name that
 * notes show.
 */
#ifndef MOMENTS_H
#define MOMENTS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

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

#endif
