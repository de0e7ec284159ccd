/* SPDX-License-Identifier: MIT
 *
 * winograd_points.h - the points at which the polynomials of winograd_rows.h are evaluated: 0,
 * pairs a and -a, and mostly infinity. Of the dyadic numbers tried, these give the smallest error
 * of float32 against double, in the sense of Barabasz et al., Error Analysis and Improving the
 * Accuracy of Winograd Convolution for Deep Neural Networks, 2020.
 *
 * With q(y) = product of all (y - a^2), and q_a the same without a's own factor, point 0 takes the
 * coefficients of q on the even elements of a line of the image, infinity the same on the odd ones,
 * and a and -a those of x (x + a) q_a(x^2) and x (x - a) q_a(x^2).
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_WINOGRAD_POINTS_H
#define TFU_PLUGINS_BACKEND_CPU_WINOGRAD_POINTS_H

enum { MAX_PAIRS = 5, MAX_POINTS = 2 * MAX_PAIRS + 2 };

struct points {
    float point[MAX_PAIRS];
    float scale[1 + MAX_PAIRS];              /* of the kernel: 1 / q(0), and 1 / (2 a^2 q_a(a^2)) */
    float all[MAX_PAIRS];                    /* coefficients of q; the highest is 1 */
    float without[MAX_PAIRS][MAX_PAIRS - 1]; /* of each q_a; the highest is 1 */
};

static const struct points points_4 = {
    .point = {1},
    .scale = {-1, 1.0F / 2},
    .all = {-1},
    .without = {{0}},
};
static const struct points points_6 = {
    .point = {3.0F / 4, 3.0F / 2},
    .scale = {7.901234568e-01F, -5.267489712e-01F, 1.316872428e-01F},
    .all = {81.0F / 64, -45.0F / 16},
    .without = {{-9.0F / 4}, {-9.0F / 16}},
};
static const struct points points_8 = {
    .point = {1.0F / 2, 9.0F / 8, 7.0F / 4},
    .scale = {-1.031997984e+00F, 7.001709402e-01F, -2.164779718e-01F, 3.230602386e-02F},
    .all = {-3969.0F / 4096, 5077.0F / 1024, -293.0F / 64},
    .without = {{3969.0F / 1024, -277.0F / 64},
                {49.0F / 64, -53.0F / 16},
                {81.0F / 256, -97.0F / 64}},
};
/* without infinity */
static const struct points points_9 = {
    .point = {1.0F / 2, 7.0F / 8, 11.0F / 8, 19.0F / 8},
    .scale = {4.899043109e-01F, -4.385787481e-01F, 2.309366119e-01F, -3.820951215e-02F,
              8.994929578e-04F},
    .all = {2140369.0F / 1048576, -3217153.0F / 262144, 75795.0F / 4096, -547.0F / 64},
    .without = {{-2140369.0F / 262144, 67299.0F / 4096, -531.0F / 64},
                {-43681.0F / 16384, 51393.0F / 4096, -249.0F / 32},
                {-17689.0F / 16384, 24249.0F / 4096, -213.0F / 32},
                {-5929.0F / 16384, 8649.0F / 4096, -93.0F / 32}},
};
static const struct points points_10 = {
    .point = {3.0F / 8, 7.0F / 8, 5.0F / 4, 2},
    .scale = {1.486077098e+00F, -1.036690345e+00F, 4.054089269e-01F, -1.158653915e-01F,
              4.108261105e-03F},
    .all = {11025.0F / 16384, -410449.0F / 65536, 46689.0F / 4096, -207.0F / 32},
    .without = {{-1225.0F / 256, 10761.0F / 1024, -405.0F / 64},
                {-225.0F / 256, 7201.0F / 1024, -365.0F / 64},
                {-441.0F / 1024, 15289.0F / 4096, -157.0F / 32},
                {-11025.0F / 65536, 6241.0F / 4096, -79.0F / 32}},
};
static const struct points points_12 = {
    .point = {3.0F / 8, 3.0F / 4, 1, 5.0F / 4, 7.0F / 4},
    .scale = {-2.641914840e+00F, 2.360575592e+00F, -1.926396238e+00F, 1.146285364e+00F,
              -2.667317867e-01F, 7.224487591e-03F},
    .all = {-99225.0F / 262144, 1077129.0F / 262144, -194095.0F / 16384, 13767.0F / 1024,
            -405.0F / 64},
    .without = {{11025.0F / 4096, -41281.0F / 4096, 3219.0F / 256, -99.0F / 16},
                {11025.0F / 16384, -100081.0F / 16384, 5223.0F / 512, -369.0F / 64},
                {99225.0F / 262144, -61119.0F / 16384, 8311.0F / 1024, -341.0F / 64},
                {3969.0F / 16384, -40545.0F / 16384, 3071.0F / 512, -305.0F / 64},
                {2025.0F / 16384, -21321.0F / 16384, 1763.0F / 512, -209.0F / 64}},
};

#endif
