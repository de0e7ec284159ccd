/* SPDX-License-Identifier: MIT
 *
 * memory.h - places for buffers whose lifetimes are known: those that never live at the same time
 * may share bytes.
 */
#ifndef TFU_CORE_GRAPH_MEMORY_H
#define TFU_CORE_GRAPH_MEMORY_H

#include <stdint.h>

#include "core/base/error.h"

struct tfu_buffer {
    size_t size;          /* bytes; 0: needs no place */
    uint32_t first, last; /* moments at which it holds something, inclusive */
    size_t offset;        /* result: a multiple of 64 */
};

enum { TFU_MEMORY_ALIGN = 64 };

/* Fills the offsets, the largest buffers first, each at the lowest place that is free during its
 * life (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020:
 * greedy by size). `total` gets the bytes of the whole. */
enum tfu_status tfu_memory_plan(struct tfu_buffer *buffer, size_t count, size_t *total,
                                struct tfu_error *e);

/* `size` rounded up to the alignment. */
static inline size_t tfu_memory_align(size_t size)
{
    return (size + TFU_MEMORY_ALIGN - 1) / TFU_MEMORY_ALIGN * TFU_MEMORY_ALIGN;
}

#endif
