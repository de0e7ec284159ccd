/* SPDX-License-Identifier: MIT */
#include "lapack.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

/* Fortran LAPACK: matrices column by column, lengths of characters last. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
void dpocon_(const char *uplo, const int *n, const double *a, const int *lda, const double *anorm,
             double *rcond, double *work, int *iwork, int *info, size_t);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t,
             size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork,
             int *iwork, int *info, size_t);

/* NULL where no OpenMP is loaded. */
extern void omp_set_num_threads(int count) __attribute__((weak));

void lapack_begin(void)
{
    openblas_set_num_threads(1);
}

/* An OpenBLAS that is built on OpenMP asks for the number of threads of whoever calls it: what
 * lapack_begin() has said in one thread does not hold in another. */
static void compute_alone(void)
{
    if (omp_set_num_threads && openblas_get_parallel() == OPENBLAS_OPENMP)
        omp_set_num_threads(1);
}

void multiply_transposed(int64_t m, int64_t n, int64_t k, const double *a, int64_t lda,
                         const double *b, int64_t ldb, double *c, int64_t ldc)
{
    compute_alone();
    if (m > 0 && n > 0 && k > 0)
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1,
                    a, (blasint)lda, b, (blasint)ldb, 1, c, (blasint)ldc);
}

void multiply_symmetric(int64_t n, int64_t k, const double *a, int64_t lda, double *c, int64_t ldc)
{
    compute_alone();
    if (n > 0 && k > 0)
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (blasint)n, (blasint)k, 1, a,
                    (blasint)lda, 1, c, (blasint)ldc);
}

void multiply(int64_t m, int64_t n, int64_t k, const double *a, const double *b, double *c)
{
    compute_alone();
    if (m > 0 && n > 0)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k,
                    1, a, (blasint)(k > 0 ? k : 1), b, (blasint)n, 0, c, (blasint)n);
}

/* Row-major upper is column-major lower. */
bool factor_cholesky(int64_t n, double *a, double *rcond)
{
    const int order = (int)n;
    int info;
    double norm = 0;
    for (int64_t i = 0; rcond && i < n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++)
            sum += fabs(j < i ? a[j * n + i] : a[i * n + j]);
        norm = fmax(norm, sum);
    }
    compute_alone();
    dpotrf_("L", &order, a, &order, &info, 1);
    if (info != 0 || !rcond)
        return info == 0;
    double *work = malloc(3 * (size_t)n * sizeof *work);
    int *iwork = malloc((size_t)n * sizeof *iwork);
    *rcond = 0;
    if (work && iwork)
        dpocon_("L", &order, a, &order, &norm, rcond, work, iwork, &info, 1);
    free(work);
    free(iwork);
    return true;
}

void solve_transposed(int64_t n, int64_t m, const double *r, double *b)
{
    compute_alone();
    if (n > 0 && m > 0)
        cblas_dtrsm(CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, (blasint)n,
                    (blasint)m, 1, r, (blasint)n, b, (blasint)m);
}

static bool out_of_memory(struct tfu_metric_host *h, int64_t n)
{
    h->fail(h, TFU_ENOMEM, "out of memory to decompose a matrix of order %lld", (long long)n);
    return false;
}

static bool not_converged(struct tfu_metric_host *h, int64_t n)
{
    h->fail(h, TFU_ENUMERIC, "the decomposition of a matrix of order %lld did not converge",
            (long long)n);
    return false;
}

/* Eigenvalues come ascending: both are turned round. */
static void reverse(int64_t n, double *a, double *value)
{
    for (int64_t i = 0, last = n - 1; i < last; i++, last--) {
        const double v = value[i];
        value[i] = value[last];
        value[last] = v;
        cblas_dswap((blasint)n, a + i * n, 1, a + last * n, 1);
    }
}

bool solve_symmetric(int64_t n, double *a, double *value, struct tfu_metric_host *h)
{
    const int order = (int)n, query = -1;
    int info, iwork_size;
    double work_size;
    if (n == 0)
        return true;
    compute_alone();
    dsyevd_("V", "L", &order, a, &order, value, &work_size, &query, &iwork_size, &query, &info, 1,
            1);
    const int lwork = (int)work_size;
    double *work = malloc((size_t)lwork * sizeof *work);
    int *iwork = malloc((size_t)iwork_size * sizeof *iwork);
    const bool memory = work && iwork;
    if (memory)
        dsyevd_("V", "L", &order, a, &order, value, work, &lwork, iwork, &iwork_size, &info, 1, 1);
    free(work);
    free(iwork);
    if (!memory)
        return out_of_memory(h, n);
    reverse(n, a, value);
    return info == 0 ? true : not_converged(h, n);
}

/* a = u s vt by rows is a' = vt' s u' by columns: the factors change their places. */
bool solve_singular(int64_t m, int64_t n, double *a, double *value, double *u, double *vt,
                    struct tfu_metric_host *h)
{
    const int rows = (int)n, columns = (int)m, query = -1;
    const char *job = u ? "A" : "N";
    const size_t least = (size_t)(m < n ? m : n);
    int info;
    double work_size;
    if (least == 0)
        return true;
    compute_alone();
    int *iwork = malloc(8 * least * sizeof *iwork);
    dgesdd_(job, &rows, &columns, a, &rows, value, vt, &rows, u, &columns, &work_size, &query,
            iwork, &info, 1);
    const int lwork = (int)work_size;
    double *work = malloc((size_t)lwork * sizeof *work);
    const bool memory = work && iwork;
    if (memory)
        dgesdd_(job, &rows, &columns, a, &rows, value, vt, &rows, u, &columns, work, &lwork, iwork,
                &info, 1);
    free(work);
    free(iwork);
    if (!memory)
        return out_of_memory(h, m > n ? m : n);
    return info == 0 ? true : not_converged(h, m > n ? m : n);
}
