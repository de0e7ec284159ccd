/* SPDX-License-Identifier: MIT */
#include "core/result/viridis.h"

#include <math.h>

const unsigned char tfu_viridis[TFU_VIRIDIS_STEPS][3] = {
    {0x44, 0x01, 0x54}, {0x48, 0x28, 0x78}, {0x3e, 0x49, 0x89}, {0x31, 0x68, 0x8e},
    {0x26, 0x82, 0x8e}, {0x1f, 0x9e, 0x89}, {0x35, 0xb7, 0x79}, {0x6e, 0xce, 0x58},
    {0xb5, 0xde, 0x2b}, {0xfd, 0xe7, 0x25}};

void tfu_viridis_colour(double share, double colour[3])
{
    const double at = fmin(fmax(share, 0), 1) * (TFU_VIRIDIS_STEPS - 1);
    const int below = at < TFU_VIRIDIS_STEPS - 1 ? (int)at : TFU_VIRIDIS_STEPS - 2;
    for (int c = 0; c < 3; c++)
        colour[c] = tfu_viridis[below][c] +
                    (tfu_viridis[below + 1][c] - tfu_viridis[below][c]) * (at - below);
}
