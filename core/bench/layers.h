/* SPDX-License-Identifier: MIT
 *
 * layers.h - every kernel of a backend that can do it, on each of a network's layers.
 */
#ifndef TFU_CORE_BENCH_LAYERS_H
#define TFU_CORE_BENCH_LAYERS_H

#include "core/bench/model.h"

/* A kernel on a layer. Texts and attributes are the model's. */
struct tfu_bench_row {
    const char *name, *operation; /* of the layer */
    int64_t count;                /* layers that are like it in all sizes */
    struct tfu_shape in;          /* of its first input */
    const struct tfu_attr *const *attr;
    uint32_t attr_count;
    enum tfu_direction direction;
    const char *algorithm;
    bool chosen; /* by the backend's predictions */
    double seconds;
    double multiply_adds; /* by the layer's definition */
    double executed;      /* those that the kernel does */
    double bytes;         /* that have to be read and written at least */
    double copy_seconds;  /* that a copy of as many bytes takes */
};

struct tfu_bench_rows {
    struct tfu_bench_row *row;
    size_t count, capacity;
};

/* Runs each kernel alone on random tensors: once to warm up, then `steps` times, of which the
 * fastest counts. Layers that are equal in all sizes are run once. To be freed in any case. */
enum tfu_status tfu_bench_layers(const struct tfu_bench_model *m, int64_t steps,
                                 struct tfu_bench_rows *out, struct tfu_error *e);
void tfu_bench_rows_free(struct tfu_bench_rows *r);

/* Dims of the input and attributes, in their order: "batch", "height", "width", "channels", then
 * "out" and so on. False: there are no more. */
bool tfu_bench_row_size(const struct tfu_bench_row *r, size_t index, const char **name,
                        int64_t *size);

#endif
