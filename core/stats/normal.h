/* SPDX-License-Identifier: MIT
 *
 * normal.h - the standard normal distribution (DLMF 7.2, by erfc of the C library). Student's t is
 * core/base/student.h.
 */
#ifndef TFU_CORE_STATS_NORMAL_H
#define TFU_CORE_STATS_NORMAL_H

/* P(Z <= z) and P(Z >= z), both tails to 12 digits. [any thread] */
double tfu_normal_below(double z);
double tfu_normal_above(double z);
/* The z with P(Z <= z) = p; -inf for 0, inf for 1; `p` in [0, 1]. */
double tfu_normal_quantile(double p);

#endif
