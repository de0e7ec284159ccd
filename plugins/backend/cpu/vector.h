/* SPDX-License-Identifier: MIT
 *
 * vector.h - for the files of inner loops that are compiled once for each instruction set: its
 * vector, and UNROLL in front of a loop of constant length, at most 32, to have it unrolled whole.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_VECTOR_H
#define TFU_PLUGINS_BACKEND_CPU_VECTOR_H

#include <stdint.h>

#ifdef __AVX2__
#include <immintrin.h>
#endif

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 32")
#ifdef __OPTIMIZE__
#pragma GCC optimize("O3", "no-trapping-math", "no-math-errno")
#endif
#endif

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX2__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

/* Sanitizers would take minutes for so much straight-line code, and find nothing in it: what these
 * functions read and write is watched by the tests' guards and poison. */
#define UNWATCHED __attribute__((no_sanitize("address", "undefined")))

typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

typedef int32_t vector_mask __attribute__((vector_size(LANES * sizeof(int32_t)), may_alias));

/* Writes past the caches, to where a vector is aligned, so that memory is not read first. A thread
 * ends with vector_stream_end(): then all that it wrote so is there for others. */
static inline UNWATCHED __attribute__((always_inline, unused)) void vector_stream(float *to,
                                                                                  vector v)
{
#if defined(__AVX512F__)
    _mm512_stream_ps(to, (__m512)v);
#elif defined(__AVX2__)
    _mm256_stream_ps(to, (__m256)v);
#else
    *(vector *)to = v;
#endif
}

static inline UNWATCHED __attribute__((always_inline, unused)) void vector_stream_end(void)
{
#if defined(__AVX2__)
    _mm_sfence();
#endif
}

#endif
