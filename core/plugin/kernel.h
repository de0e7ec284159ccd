/* SPDX-License-Identifier: MIT
 *
 * kernel.h - the rows of a backend's table of kernels.
 */
#ifndef TFU_CORE_PLUGIN_KERNEL_H
#define TFU_CORE_PLUGIN_KERNEL_H

#include <transfuse/backend.h>

#include "core/base/error.h"

/* Row i: the table travels with its stride. */
static inline const struct tfu_kernel *tfu_kernel_at(const struct tfu_backend_ops *b, uint32_t i)
{
    return (const struct tfu_kernel *)((const char *)b->kernels + (size_t)i * b->kernel_size);
}

/* "backward_params" */
static inline const char *tfu_direction_name(uint32_t direction)
{
    static const char *const names[] = {"forward", "backward", "backward_data", "backward_params",
                                        "recompute"};
    return direction < TFU_COUNT(names) ? names[direction] : "?";
}

/* The shortest of `runs` runs, after one to warm up. `call` has all memory but the workspace;
 * `sketch` is the same call without any. */
enum tfu_status tfu_kernel_time(const struct tfu_kernel *k, void *device,
                                const struct tfu_op_call *call, const struct tfu_op_call *sketch,
                                int64_t runs, double *seconds, struct tfu_error *e);

#endif
