/* SPDX-License-Identifier: MIT
 *
 * gemm.h - matrix products of row-major float32 matrices by OpenBLAS, which runs in the calling
 * thread alone (see open() in cpu.c, and tfu_cpu_gemm_alone()).
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_GEMM_H
#define TFU_PLUGINS_BACKEND_CPU_GEMM_H

#include <cblas.h>
#include <limits.h>
#include <stdint.h>

/* NULL where no OpenMP is loaded. */
extern void omp_set_num_threads(int count) __attribute__((weak));

/* An OpenBLAS that is built on OpenMP asks for the number of threads of whoever calls it: what
 * openblas_set_num_threads() has said in one thread does not hold in another. */
static inline void tfu_cpu_gemm_alone(void)
{
    if (omp_set_num_threads && openblas_get_parallel() == OPENBLAS_OPENMP)
        omp_set_num_threads(1);
}

/* A matrix, or its transpose, by its first element and the distance between rows in memory. */
struct tfu_cpu_matrix {
    const float *data;
    int64_t stride;
    int transposed;
};

/* c (m x n, rows `stride` apart) = a (m x k) b (k x n) + beta c. Sizes fit an int: cost() of the
 * callers has made sure with tfu_cpu_gemm_fits(). */
static inline void tfu_cpu_gemm(int64_t m, int64_t n, int64_t k, struct tfu_cpu_matrix a,
                                struct tfu_cpu_matrix b, float beta, float *c, int64_t stride)
{
    tfu_cpu_gemm_alone();
    cblas_sgemm(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
                b.transposed ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1,
                a.data, (blasint)a.stride, b.data, (blasint)b.stride, beta, c, (blasint)stride);
}

static inline int tfu_cpu_gemm_fits(int64_t size)
{
    return size <= INT_MAX;
}

#endif
