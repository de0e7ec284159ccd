/* SPDX-License-Identifier: MIT */
#include "core/bench/system.h"

#include "config.h"

#include <time.h>

#include "core/base/clock.h"
#include "core/base/speed.h"
#include "core/config/defaults.h"
#include "core/plugin/blas_speed.h"

static void describe_program(struct tfu_bench_system *s)
{
    s->program.version = PACKAGE_VERSION;
#ifdef __clang__
    s->program.compiler = __VERSION__;
#else
    s->program.compiler = "gcc " __VERSION__;
#endif
    s->program.isa = "portable";
    s->program.vector_bits = 128;
#ifdef HAVE_AVX2
    if ((s->processor.sets & TFU_SET_AVX2) && (s->processor.sets & TFU_SET_FMA)) {
        s->program.isa = "avx2";
        s->program.vector_bits = 256;
    }
#endif
#ifdef HAVE_AVX512
    if ((s->processor.sets & TFU_SET_AVX512) == TFU_SET_AVX512) {
        s->program.isa = "avx512";
        s->program.vector_bits = 512;
    }
#endif
#ifdef __OPTIMIZE__
    s->program.optimised = true;
#endif
}

/* What looking at the clock costs, and the least time that it tells. */
static void measure_clock(struct tfu_bench_system *s)
{
    enum { CALLS = 20000 };
    struct timespec resolution = {.tv_sec = 0};
    const double begin = tfu_clock_seconds();
    for (int i = 0; i < CALLS; i++)
        tfu_clock_seconds();
    s->clock_call = (tfu_clock_seconds() - begin) / CALLS;
    clock_getres(CLOCK_MONOTONIC, &resolution);
    s->clock_resolution = (double)resolution.tv_sec + 1e-9 * (double)resolution.tv_nsec;
}

static void measure_peaks(struct tfu_bench_system *s, struct tfu_threads *const pool[2])
{
    const struct tfu_speed_set *set;
    const size_t count = tfu_speed_sets(&set);
    for (size_t i = 0; i < count; i++)
        for (int wide = 0; wide < 2 && (s->processor.sets & set[i].needs) == set[i].needs; wide++) {
            if (s->peaks == TFU_BENCH_PEAKS)
                return;
            struct tfu_bench_rate *row = &s->peak[s->peaks++];
            row->what = set[i].name;
            row->type = wide ? "float64" : "float32";
            for (size_t k = 0; k < s->rates; k++)
                row->rate[k] =
                    tfu_speed_operations(pool[k], wide ? set[i].float64 : set[i].float32);
        }
}

static enum tfu_status measure_products(struct tfu_bench_system *s, struct tfu_registry *r,
                                        struct tfu_threads *const pool[2], struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    s->product[0] = (struct tfu_bench_rate){.what = "sgemm", .type = "float32"};
    s->product[1] = (struct tfu_bench_rate){.what = "dgemm", .type = "float64"};
    for (size_t k = 0; st == TFU_OK && k < s->rates; k++) {
        struct tfu_blas_speed speed;
        st = tfu_blas_speed(r, pool[k], &speed, e);
        s->product[0].rate[k] = st == TFU_OK ? speed.sgemm : 0;
        s->product[1].rate[k] = st == TFU_OK ? speed.dgemm : 0;
    }
    return st;
}

/* Four times the largest cache, so that it holds next to nothing of it. */
static size_t memory_size(const struct tfu_machine *m)
{
    uint64_t bytes = 64 << 20;
    for (uint32_t i = 0; i < m->cache_count; i++)
        if (4 * m->cache[i].bytes > bytes)
            bytes = 4 * m->cache[i].bytes;
    const uint64_t most = m->memory_free ? m->memory_free / 4 : 256 << 20;
    bytes = bytes < most ? bytes : most;
    return (size_t)(bytes < 1 << 30 ? bytes : 1 << 30);
}

static enum tfu_status measure_memory(struct tfu_bench_system *s, struct tfu_threads *const pool[2],
                                      struct tfu_error *e)
{
    static const enum tfu_speed_move moves[] = {TFU_SPEED_COPY, TFU_SPEED_TRIAD};
    enum tfu_status st = TFU_OK;
    const size_t bytes = memory_size(&s->machine);
    for (size_t i = 0; i < TFU_COUNT(moves); i++) {
        s->memory[i] = (struct tfu_bench_rate){
            .what = moves[i] == TFU_SPEED_COPY ? "copy" : "triad", .type = "", .bytes = bytes};
        for (size_t k = 0; st == TFU_OK && k < s->rates; k++)
            st = tfu_speed_memory(pool[k], moves[i], bytes, &s->memory[i].rate[k], e);
    }
    return st;
}

static enum tfu_status measure(struct tfu_bench_system *s, struct tfu_registry *r, uint32_t threads,
                               struct tfu_error *e)
{
    struct tfu_threads *pool[2] = {NULL};
    enum tfu_status st = tfu_threads_new(&pool[0], 1, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&pool[1], threads, e);
    if (st == TFU_OK) {
        s->threads = tfu_threads_count(pool[1]);
        s->rates = s->threads > 1 ? 2 : 1;
        measure_clock(s);
        measure_peaks(s, pool);
        st = measure_products(s, r, pool, e);
    }
    if (st == TFU_OK)
        st = measure_memory(s, pool, e);
    tfu_threads_free(pool[1]);
    tfu_threads_free(pool[0]);
    return st;
}

enum tfu_status tfu_bench_system(struct tfu_bench_system *out, struct tfu_registry *r,
                                 uint32_t threads, struct tfu_error *e)
{
    const struct tfu_plugin *backend;
    *out = (struct tfu_bench_system){.rates = 1};
    tfu_processor_read(&out->processor);
    tfu_machine_read(&out->machine);
    describe_program(out);
    tfu_registry_find(r, TFU_KIND_BACKEND, TFU_DEFAULT_BACKEND, NULL, &backend,
                      &out->backend_error);
    out->blas = *tfu_registry_blas(r);
    return measure(out, r, threads, e);
}
