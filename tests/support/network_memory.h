/* SPDX-License-Identifier: MIT
 *
 * network_memory.h - the tensors of a network themselves, in its own type, for tests whose backend
 * has host memory; NULL data: the network has it not.
 */
#ifndef TFU_TESTS_SUPPORT_NETWORK_MEMORY_H
#define TFU_TESTS_SUPPORT_NETWORK_MEMORY_H

#include <check.h>

#include "core/graph/access.h"

static inline struct tfu_tensor memory_of(const struct tfu_network *n, struct tfu_region region)
{
    const struct tfu_tensor t = tfu_network_tensor(n, region);
    ck_assert_uint_eq(t.place, TFU_HOST);
    return t;
}

static inline struct tfu_tensor param_of(const struct tfu_network *n, uint32_t param)
{
    return memory_of(n, tfu_region_param(param));
}

static inline struct tfu_tensor param_grad_of(const struct tfu_network *n, uint32_t param)
{
    return memory_of(n, tfu_region_param_grad(param));
}

static inline struct tfu_tensor value_of(const struct tfu_network *n, uint32_t value)
{
    return memory_of(n, tfu_region_value(value, 0));
}

static inline struct tfu_tensor value_grad_of(const struct tfu_network *n, uint32_t value)
{
    return memory_of(n, tfu_region_value_grad(value, 0));
}

static inline void *input_of(const struct tfu_network *n)
{
    return value_of(n, tfu_network_graph(n)->input).data;
}

static inline struct tfu_tensor input_grad_of(const struct tfu_network *n)
{
    return value_grad_of(n, tfu_network_graph(n)->input);
}

static inline struct tfu_tensor output_of(const struct tfu_network *n)
{
    return value_of(n, tfu_network_graph(n)->output);
}

static inline struct tfu_tensor output_grad_of(const struct tfu_network *n)
{
    return value_grad_of(n, tfu_network_graph(n)->output);
}

static inline struct tfu_tensor auxiliary_of(const struct tfu_network *n, uint32_t i)
{
    return value_of(n, tfu_network_graph(n)->auxiliary[i].output);
}

static inline struct tfu_tensor auxiliary_grad_of(const struct tfu_network *n, uint32_t i)
{
    return value_grad_of(n, tfu_network_graph(n)->auxiliary[i].output);
}

#endif
