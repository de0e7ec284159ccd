/* SPDX-License-Identifier: MIT
 *
 * What the backend calls of OpenBLAS, in libtransfuse-infer. OpenBLAS takes its kernels when it is
 * loaded, and those of a processor that it does not know are slow and give other bits than the
 * program's. So this library does not link it: it loads it by TFU_OPENBLAS, its name, as the
 * program does (core/plugin/blas.h). Without that name (configure could not find it out) it is
 * linked after all.
 *
 * That happens while this library is loaded, when a program has one thread as a rule, for the
 * environment is changed meanwhile. OpenBLAS is one for the whole process, and so is what is found
 * of it here; nothing is written later.
 */
#include "core/infer/blas.h"

#ifdef TFU_OPENBLAS

#include <cblas.h>

#include "core/plugin/blas.h"

static struct {
    struct tfu_error error;
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(openblas_set_num_threads) *set_num_threads;
    __typeof__(openblas_get_parallel) *get_parallel;
    void (*omp_set_num_threads)(int count); /* NULL where no OpenMP came with it */
} blas;

static __attribute__((constructor)) void load_blas(void)
{
    void *library;
    struct tfu_blas found;
    if (tfu_blas_load(TFU_OPENBLAS, &library, &found, &blas.error) != TFU_OK)
        return;
    tfu_blas_find(library, "cblas_sgemm", &blas.sgemm);
    tfu_blas_find(library, "openblas_set_num_threads", &blas.set_num_threads);
    tfu_blas_find(library, "openblas_get_parallel", &blas.get_parallel);
    tfu_blas_find(library, "omp_set_num_threads", &blas.omp_set_num_threads);
    if (!blas.sgemm || !blas.set_num_threads || !blas.get_parallel)
        tfu_error_set(&blas.error, TFU_EABI,
                      "'%s' lacks functions of OpenBLAS; install OpenBLAS in its place",
                      found.file);
}

enum tfu_status tfu_infer_blas_check(struct tfu_error *e)
{
    return blas.error.status == TFU_OK ? TFU_OK
                                       : tfu_error_set(e, blas.error.status, "%s", blas.error.text);
}

void cblas_sgemm(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans_a,
                 const enum CBLAS_TRANSPOSE trans_b, const blasint m, const blasint n,
                 const blasint k, const float alpha, const float *a, const blasint lda,
                 const float *b, const blasint ldb, const float beta, float *c, const blasint ldc)
{
    blas.sgemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void openblas_set_num_threads(int count)
{
    blas.set_num_threads(count);
}

int openblas_get_parallel(void)
{
    return blas.get_parallel();
}

void omp_set_num_threads(int count);
void omp_set_num_threads(int count)
{
    if (blas.omp_set_num_threads)
        blas.omp_set_num_threads(count);
}

#else

enum tfu_status tfu_infer_blas_check(struct tfu_error *e)
{
    (void)e;
    return TFU_OK;
}

#endif
