/* SPDX-License-Identifier: MIT */
#include "core/synth/numbers.h"

#include <math.h>

double tfu_synth_sin(double turns)
{
    /* a parabola through the zeros and the top, then one correction */
    const double t = turns - floor(turns + 0.5); /* -0.5 to 0.5 */
    const double y = 8 * t - 16 * t * fabs(t);
    return 0.225 * (y * fabs(y) - y) + y;
}

double tfu_synth_cos(double turns)
{
    return tfu_synth_sin(turns + 0.25);
}

struct tfu_random tfu_synth_stream(uint64_t key, const char *purpose)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(key, "draw", purpose));
    return r;
}

double tfu_synth_spread(struct tfu_random *r)
{
    double sum = -3;
    for (int i = 0; i < 6; i++)
        sum += tfu_random_uniform(r);
    return sum * 1.41421356237309504880;
}
