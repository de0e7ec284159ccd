/* SPDX-License-Identifier: MIT
 *
 * cpu.h - the float32 backend's device, and the small things that all its kernels share.
 *
 * Work is cut into tasks by shapes alone, never by the number of threads, and partial sums are
 * added in the order of their index: any number of threads gives the same bits.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CPU_H
#define TFU_PLUGINS_BACKEND_CPU_CPU_H

#include <transfuse/backend.h>

#include "costs.h"
#include "rows.h"

struct tfu_cpu {
    const struct tfu_backend_host *host;
    const struct tfu_cpu_rows *rows; /* of the instruction set in use */
    /* multiply-adds a second in one thread, roughly: of our convolutions, and of OpenBLAS */
    double rate, gemm_rate;
};

/* Elements that one task of an elementwise kernel handles: 128 KiB of floats. */
enum { TFU_CPU_CHUNK = 32768 };
/* Bytes of a line of cache. */
enum { TFU_CPU_LINE = 64 };

static inline int64_t tfu_cpu_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
static inline int64_t tfu_cpu_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
static inline int64_t tfu_cpu_ceil_div(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* Part `index` of `parts` of 0..count-1, as even as it goes. */
struct tfu_cpu_range {
    int64_t first, end;
};
static inline struct tfu_cpu_range tfu_cpu_part(int64_t count, int64_t parts, int64_t index)
{
    const int64_t each = count / parts, rest = count % parts;
    const int64_t first = index * each + tfu_cpu_min(index, rest);
    return (struct tfu_cpu_range){first, first + each + (index < rest)};
}

static inline void tfu_cpu_parallel(const struct tfu_cpu *dev, int64_t tasks,
                                    void (*task)(void *arg, uint32_t index, uint32_t worker),
                                    void *arg)
{
    dev->host->parallel(dev->host, (uint32_t)tasks, task, arg);
}

/* Bytes of `count` floats, rounded up so that what follows is 64-byte aligned again. */
static inline size_t tfu_cpu_bytes(int64_t count)
{
    return ((size_t)count * sizeof(float) + 63) / 64 * 64;
}

/* Cuts a workspace into aligned pieces, in the order of the calls. With no data it counts. */
struct tfu_cpu_scratch {
    char *data;
    size_t used;
};
static inline void *tfu_cpu_take(struct tfu_cpu_scratch *s, size_t bytes)
{
    void *at = s->data ? s->data + s->used : NULL;
    s->used += (bytes + 63) / 64 * 64;
    return at;
}

/* Inputs, output, parameters and their gradients must be float32, each of them. What follows in a
 * chain must not wait for the whole of what it follows, as statistics of a batch do. */
int tfu_cpu_takes(const struct tfu_op_call *c);

/* Predicted seconds: a rough model with fixed rates, so that a choice never depends on timing. */
static inline double tfu_cpu_seconds(const struct tfu_cpu *dev, double multiply_adds, double rate,
                                     double bytes)
{
    return (multiply_adds / rate + bytes / tfu_cpu_costs.memory) / dev->host->threads;
}

/* Bytes that inputs and output occupy. */
double tfu_cpu_traffic(const struct tfu_op_call *c);

/* cost() of kernels whose time is that of their memory traffic. */
double tfu_cpu_cost_streaming(void *dev, const struct tfu_op_call *c);

/* Should `pixels` outputs of so many channels be written past the caches? They should when there
 * are so many that the first are gone from there before anybody reads them, and must fill whole
 * lines. */
static inline int tfu_cpu_streams(const float *y, int64_t pixels, int64_t channels)
{
    enum { LARGE = 4 << 20 };
    const int64_t row = channels * (int64_t)sizeof *y;
    return (uintptr_t)y % TFU_CPU_LINE == 0 && row % TFU_CPU_LINE == 0 && pixels * row >= LARGE;
}

#endif
