/* SPDX-License-Identifier: MIT
 *
 * blas_core.h - OpenBLAS's core types, the sets of kernels that it has: which of them a processor
 * can run, and whether one was taken only because the library did not know the processor. Knows
 * nothing of the library itself.
 */
#ifndef TFU_CORE_PLUGIN_BLAS_CORE_H
#define TFU_CORE_PLUGIN_BLAS_CORE_H

#include "core/base/processor.h"

enum { TFU_BLAS_CORES = 8 };

/* Core types that this processor runs faster than `took`, the best first; returns their number. 0
 * where `took` fits: the library's choice is only ever replaced where it fell back, from kernels
 * for AVX2 or AVX-512 to such without AVX2, or on ARM to those for every processor; never by one
 * whose instructions the processor or the operating system lacks. Not every build of OpenBLAS has
 * them all. */
size_t tfu_blas_core_better(const struct tfu_processor *p, const char *took,
                            const char *out[TFU_BLAS_CORES]);

/* May a program that is forced to this core type run here? Also true for names that are not known.
 */
bool tfu_blas_core_runs(const struct tfu_processor *p, const char *core);

/* The value of OPENBLAS_CORETYPE in an environment, NULL where it has none. */
const char *tfu_blas_core_of_user(char *const *environment);

#endif
