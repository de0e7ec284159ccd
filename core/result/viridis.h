/* SPDX-License-Identifier: MIT
 *
 * viridis.h - the colours of heat maps (van der Walt and Smith, 2015): equal steps look equal, in
 * gray and to the colour-blind.
 */
#ifndef TFU_CORE_RESULT_VIRIDIS_H
#define TFU_CORE_RESULT_VIRIDIS_H

enum { TFU_VIRIDIS_STEPS = 10 };

/* Red, green, blue at equal distances from 0 to 1. */
extern const unsigned char tfu_viridis[TFU_VIRIDIS_STEPS][3];

/* The colour of a number from 0 to 1, each part of 0 to 255; what lies outside is taken for the
 * nearer end, NaN for 0. */
void tfu_viridis_colour(double share, double colour[3]);

#endif
