/* SPDX-License-Identifier: MIT
 *
 * blas.h - the OpenBLAS of libtransfuse-infer.
 */
#ifndef TFU_CORE_INFER_BLAS_H
#define TFU_CORE_INFER_BLAS_H

#include "core/base/error.h"

/* Is it there? It was loaded with the library, or was not to be found. [any thread] */
enum tfu_status tfu_infer_blas_check(struct tfu_error *e);

#endif
