/* SPDX-License-Identifier: MIT
 *
 * To be preloaded: a BLAS on OpenMP, which asks for the number of threads of whoever calls it.
 * Products compute nothing but say, as OpenBLAS would find it, whether they could have been shared
 * out between threads.
 */
#include <unistd.h>

static _Thread_local int allowed = 8;

void omp_set_num_threads(int count)
{
    allowed = count;
}

int openblas_get_parallel(void)
{
    return 2;
}

static void say(void)
{
    const ssize_t written = allowed == 1 ? write(2, "alone\n", 6) : write(2, "in a team\n", 10);
    (void)written;
}

void cblas_sgemm(void)
{
    say();
}

void cblas_dgemm(void)
{
    say();
}

void cblas_dsyrk(void)
{
    say();
}
