/* SPDX-License-Identifier: MIT
 *
 * frequencies.h - the two-dimensional discrete Fourier transform of maps at the frequencies that
 * two sizes of map have in common. Maps are small: it is two matrix products with a table, which
 * are exact to rounding and know no awkward sizes.
 */
#ifndef TFU_PLUGINS_METRIC_FREQUENCIES_H
#define TFU_PLUGINS_METRIC_FREQUENCIES_H

#include <stdbool.h>
#include <stdint.h>

/* One axis. Slot k is the frequency k, or k - kept from the middle on: all f with
 * -kept/2 <= f < kept/2, in the order of numpy.fft.fftfreq. */
struct frequency_axis {
    int64_t size[2]; /* of the maps of a and of b */
    int64_t kept;
    int64_t *negative; /* kept: the slot of -f, or -1 where the sizes do not share it */
    double *table[2];  /* of a and of b, 2 kept x size: a row of cosines, then one of sines */
};

/* Maps are real: at -f both are conjugate to what they are at f, and so correlate alike. One of the
 * two is computed and counts twice. */
struct frequency {
    int64_t y, x; /* slots */
    int64_t twin; /* slot y * kept + x of -f; its own when it has none */
    int64_t weight;
};

struct frequencies {
    struct frequency_axis y, x;
    int64_t count;
    struct frequency *at;
};

/* `height` and `width` of the maps of a and of b; frequencies of maps of `most` pixels and no more
 * (0: as many as both have). False: out of memory. To be freed in any case. */
bool frequencies_make(struct frequencies *f, const int64_t height[2], const int64_t width[2],
                      int64_t most);
void frequencies_free(struct frequencies *f);

/* Numbers of scratch that a transform of a side's map takes. */
int64_t frequencies_scratch(const struct frequencies *f, int side, int64_t channels);
/* Transforms a map (height x width x channels). The real part of channel c at frequency k comes to
 * to[k * stride + c], the imaginary part to to[k * stride + imaginary + c]. */
void frequencies_transform(const struct frequencies *f, int side, int64_t channels,
                           const double *map, double *scratch, double *to, int64_t stride,
                           int64_t imaginary);

#endif
