/* SPDX-License-Identifier: MIT
 *
 * lapack.h - dense linear algebra in double precision for metrics, by OpenBLAS and its LAPACK, in
 * the calling thread. Matrices are row-major and, unless it says otherwise, without gaps. A
 * function that returns false ran out of memory or did not converge, and says so through `h`.
 */
#ifndef TFU_PLUGINS_METRIC_LAPACK_H
#define TFU_PLUGINS_METRIC_LAPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <transfuse/metric.h>

/* To be called before anything else: OpenBLAS computes in the thread that calls it. */
void lapack_begin(void);

/* c (m x n, rows `ldc` apart) += a' b, of a (k x m, rows `lda` apart) and b (k x n, `ldb`). */
void multiply_transposed(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda,
                         const double *b, int64_t ldb, double *c, int64_t ldc);
/* The upper triangle of c (n x n) += a' a. */
void multiply_symmetric(int64_t n, int64_t k, const double *a, int64_t lda, double *c, int64_t ldc);
/* c (m x n) = a b of a (m x k) and b (k x n). */
void multiply(int64_t m, int64_t n, int64_t k, const double *a, const double *b, double *c);

/* The upper triangle of symmetric `a` (n x n) becomes r with r' r = a; false when it is not
 * positive definite (nothing is said then). `rcond` gets a lower bound, up to rounding and the
 * usual factor of the estimate, of the smallest over the largest eigenvalue of `a`. NULL: not
 * wanted. */
bool factor_cholesky(int64_t n, double *a, double *rcond);
/* b (n x m) becomes r'^-1 b. */
void solve_transposed(int64_t n, int64_t m, const double *r, double *b);

/* Eigenvalues of symmetric `a` (n x n), descending; row i of `a` becomes the i-th eigenvector. */
bool solve_symmetric(int64_t n, double *a, double *value, struct tfu_metric_host *h);

/* Singular values of `a` (m x n), descending, min(m, n) of them. `u` (m x m), columns, and `vt`
 * (n x n), rows, may both be NULL. `a` is used up. */
bool solve_singular(int64_t m, int64_t n, double *a, double *value, double *u, double *vt,
                    struct tfu_metric_host *h);

#endif
