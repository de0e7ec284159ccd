/* SPDX-License-Identifier: MIT */
#include "core/base/speed.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"

/* A product and a sum are one instruction where the processor has one, which gcc leaves apart in
 * C11. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast")
#endif

enum { CHAINS = 12, TURNS = 4000 };
enum { TRIES = 8 };
static const double duration = 0.01;

/* Sums that wait only for themselves: enough of them to keep two units busy that take five cycles,
 * and few enough for the sixteen registers of AVX. */
#define LOOP(function, attributes, scalar, width)                                                  \
    attributes static double function(double seconds)                                              \
    {                                                                                              \
        typedef scalar vector __attribute__((vector_size(width)));                                 \
        vector sum[CHAINS], factor, addend;                                                        \
        for (size_t i = 0; i < sizeof factor / sizeof(scalar); i++) {                              \
            factor[i] = (scalar)0.5;                                                               \
            addend[i] = (scalar)(i + 1);                                                           \
        }                                                                                          \
        for (int i = 0; i < CHAINS; i++)                                                           \
            sum[i] = addend + (scalar)i;                                                           \
        double operations = 0;                                                                     \
        const double begin = tfu_clock_seconds();                                                  \
        do {                                                                                       \
            for (int turn = 0; turn < TURNS; turn++)                                               \
                _Pragma("GCC unroll 12") for (int i = 0; i < CHAINS; i++) sum[i] =                 \
                    sum[i] * factor + addend;                                                      \
            operations += 2.0 * CHAINS * TURNS * (sizeof factor / sizeof(scalar));                 \
        } while (tfu_clock_seconds() - begin < seconds);                                           \
        vector all = sum[0];                                                                       \
        for (int i = 1; i < CHAINS; i++)                                                           \
            all += sum[i];                                                                         \
        volatile scalar keep = all[0];                                                             \
        (void)keep;                                                                                \
        return operations;                                                                         \
    }

#define PAIR(name, attributes, width)                                                              \
    LOOP(name##_float32, attributes, float, width)                                                 \
    LOOP(name##_float64, attributes, double, width)

PAIR(narrow, , 16)
#if defined(__x86_64__)
PAIR(avx2, __attribute__((target("avx2,fma"))), 32)
PAIR(avx512, __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), 64)
#endif

static const struct tfu_speed_set sets[] = {
#if defined(__x86_64__)
    {"SSE2", 0, 16, narrow_float32, narrow_float64},
    {"AVX2 with FMA", TFU_SET_AVX2 | TFU_SET_FMA, 32, avx2_float32, avx2_float64},
    {"AVX-512", TFU_SET_AVX512, 64, avx512_float32, avx512_float64},
#elif defined(__aarch64__)
    {"NEON", 0, 16, narrow_float32, narrow_float64},
#else
    {"portable", 0, 16, narrow_float32, narrow_float64},
#endif
};

size_t tfu_speed_sets(const struct tfu_speed_set **out)
{
    *out = sets;
    return TFU_COUNT(sets);
}

struct run {
    double (*loop)(double seconds);
    double *operations;
};

static void run_loop(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct run *r = arg;
    r->operations[index] = r->loop(duration);
}

/* The best of some tries: others may use the machine as well. */
double tfu_speed_operations(struct tfu_threads *t, double (*loop)(double seconds))
{
    const uint32_t count = tfu_threads_count(t);
    struct run r = {loop, calloc(count, sizeof *r.operations)};
    double best = 0;
    for (int i = 0; r.operations && i < TRIES; i++) {
        const double begin = tfu_clock_seconds();
        tfu_threads_run(t, count, run_loop, &r);
        const double seconds = tfu_clock_seconds() - begin;
        double sum = 0;
        for (uint32_t k = 0; k < count; k++)
            sum += r.operations[k];
        if (sum / seconds > best)
            best = sum / seconds;
    }
    free(r.operations);
    return best;
}

typedef double pair __attribute__((vector_size(16)));

struct move {
    enum tfu_speed_move what;
    pair *a, *b, *c;
    size_t pairs; /* of one array and task */
};

static void fill_part(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct move *m = arg;
    const size_t first = index * m->pairs;
    for (size_t i = first; i < first + m->pairs; i++) {
        m->a[i] = (pair){1, 2};
        m->b[i] = (pair){3, 4};
        if (m->c)
            m->c[i] = (pair){5, 6};
    }
}

static void move_part(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct move *m = arg;
    const size_t first = index * m->pairs;
    if (m->what == TFU_SPEED_COPY)
        memcpy(m->b + first, m->a + first, m->pairs * sizeof *m->a);
    else
        for (size_t i = first; i < first + m->pairs; i++)
            m->c[i] = m->a[i] + 2 * m->b[i];
}

enum tfu_status tfu_speed_memory(struct tfu_threads *t, enum tfu_speed_move move, size_t bytes,
                                 double *out, struct tfu_error *e)
{
    const uint32_t count = tfu_threads_count(t);
    const size_t arrays = move == TFU_SPEED_COPY ? 2 : 3;
    struct move m = {.what = move, .pairs = bytes / arrays / count / sizeof(pair)};
    const size_t each = (m.pairs * count * sizeof(pair) + 63) / 64 * 64;
    char *memory = each ? aligned_alloc(64, arrays * each) : NULL;
    *out = 0;
    if (!memory)
        return tfu_error_memory(e, "measuring memory", arrays * each);
    m.a = (pair *)(void *)memory;
    m.b = (pair *)(void *)(memory + each);
    m.c = arrays == 3 ? (pair *)(void *)(memory + 2 * each) : NULL;
    tfu_threads_run(t, count, fill_part, &m);
    double best = 0;
    for (int i = 0; i <= TRIES; i++) {
        const double begin = tfu_clock_seconds();
        tfu_threads_run(t, count, move_part, &m);
        const double seconds = tfu_clock_seconds() - begin;
        if (i > 0 && (best == 0 || seconds < best))
            best = seconds;
    }
    free(memory);
    *out = best > 0 ? (double)(arrays * m.pairs * count * sizeof(pair)) / best : 0;
    return TFU_OK;
}
