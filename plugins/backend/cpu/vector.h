/* SPDX-License-Identifier: MIT
 *
 * vector.h - for the files of inner loops that are compiled once for each instruction set: its
 * vector, and UNROLL in front of a loop of constant length, at most 32, to have it unrolled whole.
 */
#ifndef TFU_CPU_VECTOR_H
#define TFU_CPU_VECTOR_H

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

typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

#endif
