/* SPDX-License-Identifier: MIT
 *
 * map_sums.h - the maps of two convolutions, Fourier transformed and summed: at each frequency that
 * both have, the mean and the scatter of their channels.
 */
#ifndef TFU_PLUGINS_METRIC_MAP_SUMS_H
#define TFU_PLUGINS_METRIC_MAP_SUMS_H

#include "frequencies.h"
#include "hermitian.h"

struct map_sums {
    int64_t size, memory;      /* of frequencies_make(), 0: all; most MiB of the scatters */
    struct tfu_shape shape[2]; /* of the first batch; rank 0: none yet */
    char node[2][128];         /* for messages */
    struct frequencies frequencies;
    struct hermitian scatter;
    double *energy; /* columns: sum of squares over rows and positions */
    int64_t rows;
};

/* Channels of a side. */
int64_t map_sums_channels(const struct map_sums *m, int side);
/* Back to no rows and unknown shapes. */
void map_sums_reset(struct map_sums *m);
/* Maps (N,H,W,C) of taps "a" and "b". Anything not finite, and other sizes than before, are
 * refused; so are sizes that take more memory than `memory`. */
enum tfu_status map_sums_update(struct map_sums *m, const struct tfu_batch *b,
                                struct tfu_metric_host *h);
/* Sums what is left: to be called before map_sums_moments(). */
void map_sums_flush(struct map_sums *m, struct tfu_metric_host *h);
/* hermitian_moments() of both sides, into arrays of 2 x and 4 x columns squared. For the mean
 * stands what tells rounding from variance: see whitening_make(). */
void map_sums_moments(const struct map_sums *m, int64_t frequency, struct moments *out);

/* A host for workers, which say nothing: the thread that started them says it after them. */
extern const struct tfu_metric_host quiet_host;

#endif
