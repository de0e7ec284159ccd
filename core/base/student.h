/* SPDX-License-Identifier: MIT
 *
 * student.h - Student's t distribution: tail and quantile, by the regularised incomplete beta
 * function.
 */
#ifndef TFU_CORE_BASE_STUDENT_H
#define TFU_CORE_BASE_STUDENT_H

/* I_x(a, b) for a, b > 0 and x in [0, 1] (DLMF 8.17). [any thread] */
double tfu_incomplete_beta(double x, double a, double b);
/* P(|T| >= |t|) with `degrees` > 0 of freedom. */
double tfu_student_tail(double t, double degrees);
/* The t with P(T <= t) = p; p in (0, 1). */
double tfu_student_quantile(double p, double degrees);

#endif
