/* SPDX-License-Identifier: MIT */
#include "core/plugin/blas_speed.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/plugin/registry.h"
#include "core/plugin/registry_state.h"

enum { ORDER = 768, TRIES = 6 };
/* CBLAS's enumerators */
enum { ROWS = 101, AS_IT_IS = 111 };

typedef void sgemm32(int, int, int, int, int, int, float, const float *, int, const float *, int,
                     float, float *, int);
typedef void dgemm32(int, int, int, int, int, int, double, const double *, int, const double *, int,
                     double, double *, int);
typedef void sgemm64(int, int, int, int64_t, int64_t, int64_t, float, const float *, int64_t,
                     const float *, int64_t, float, float *, int64_t);
typedef void dgemm64(int, int, int, int64_t, int64_t, int64_t, double, const double *, int64_t,
                     const double *, int64_t, double, double *, int64_t);

struct functions {
    sgemm32 *sgemm;
    dgemm32 *dgemm;
    bool wide; /* integers of 64 bits */
    void (*set_threads)(int count);
    void (*set_openmp)(int count);
};

struct job {
    struct functions f;
    bool float64;
    double *a, *b, *c; /* ORDER x ORDER; c for each worker */
};

static void product(void *arg, uint32_t index, uint32_t worker)
{
    const struct job *j = arg;
    (void)worker;
    double *c = j->c + (size_t)index * ORDER * ORDER;
    if (j->f.set_openmp)
        j->f.set_openmp(1);
    if (j->float64 && j->f.wide)
        ((dgemm64 *)(void (*)(void))j->f.dgemm)(ROWS, AS_IT_IS, AS_IT_IS, ORDER, ORDER, ORDER, 1,
                                                j->a, ORDER, j->b, ORDER, 0, c, ORDER);
    else if (j->float64)
        j->f.dgemm(ROWS, AS_IT_IS, AS_IT_IS, ORDER, ORDER, ORDER, 1, j->a, ORDER, j->b, ORDER, 0, c,
                   ORDER);
    else if (j->f.wide)
        ((sgemm64 *)(void (*)(void))j->f.sgemm)(ROWS, AS_IT_IS, AS_IT_IS, ORDER, ORDER, ORDER, 1,
                                                (float *)(void *)j->a, ORDER, (float *)(void *)j->b,
                                                ORDER, 0, (float *)(void *)c, ORDER);
    else
        j->f.sgemm(ROWS, AS_IT_IS, AS_IT_IS, ORDER, ORDER, ORDER, 1, (float *)(void *)j->a, ORDER,
                   (float *)(void *)j->b, ORDER, 0, (float *)(void *)c, ORDER);
}

static void fill(struct job *j)
{
    for (size_t i = 0; i < (size_t)ORDER * ORDER; i++)
        if (j->float64) {
            j->a[i] = (double)(i % 7) - 3;
            j->b[i] = (double)(i % 5) - 2;
        } else {
            ((float *)(void *)j->a)[i] = (float)(i % 7) - 3;
            ((float *)(void *)j->b)[i] = (float)(i % 5) - 2;
        }
}

static double measure(struct job *j, struct tfu_threads *t)
{
    const uint32_t count = tfu_threads_count(t);
    double best = 0;
    fill(j);
    for (int i = 0; i < TRIES; i++) {
        const double begin = tfu_clock_seconds();
        tfu_threads_run(t, count, product, j);
        const double rate = 2.0 * ORDER * ORDER * ORDER * count / (tfu_clock_seconds() - begin);
        if (rate > best)
            best = rate;
    }
    return best;
}

enum tfu_status tfu_blas_speed(struct tfu_registry *r, struct tfu_threads *t,
                               struct tfu_blas_speed *out, struct tfu_error *e)
{
    *out = (struct tfu_blas_speed){.sgemm = 0};
    if (!r->blas_library)
        return TFU_OK;
    struct job j = {.float64 = true, .f.wide = strstr(r->blas.config, "USE64BITINT") != NULL};
    tfu_blas_find(r->blas_library, "cblas_sgemm", &j.f.sgemm);
    tfu_blas_find(r->blas_library, "cblas_dgemm", &j.f.dgemm);
    tfu_blas_find(r->blas_library, "openblas_set_num_threads", &j.f.set_threads);
    if (r->blas.parallel == TFU_BLAS_OPENMP)
        tfu_blas_find(r->blas_library, "omp_set_num_threads", &j.f.set_openmp);
    const size_t each = (size_t)ORDER * ORDER, count = 2 + tfu_threads_count(t);
    j.a = malloc(count * each * sizeof *j.a);
    if (!j.a)
        return tfu_error_memory(e, "measuring products of matrices", count * each * sizeof *j.a);
    j.b = j.a + each;
    j.c = j.b + each;
    if (j.f.set_threads)
        j.f.set_threads(1);
    if (j.f.dgemm)
        out->dgemm = measure(&j, t);
    j.float64 = false;
    if (j.f.sgemm)
        out->sgemm = measure(&j, t);
    free(j.a);
    return TFU_OK;
}
