/* SPDX-License-Identifier: MIT
 *
 * linear.c - three matrix products, each cut into blocks of its result.
 */
#include "cpu.h"
#include "gemm.h"
#include "kernels.h"
#include "sums.h"

struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    int64_t N, C, K;
    int64_t rows, columns;             /* of the result */
    int64_t block_rows, block_columns; /* of one task's part */
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    struct work w = {.dev = dev, .call = c, .N = c->out->shape.dim[0], .K = c->out->shape.dim[1]};
    w.C = tfu_shape_count(&c->in[0].shape) / w.N;
    return w;
}

static void run_blocks(struct work *w, int64_t rows, int64_t columns, int64_t block_rows,
                       int64_t block_columns,
                       void (*task)(void *arg, uint32_t index, uint32_t worker))
{
    w->rows = rows;
    w->columns = columns;
    w->block_rows = block_rows;
    w->block_columns = block_columns;
    tfu_cpu_parallel(w->dev,
                     tfu_cpu_ceil_div(rows, block_rows) * tfu_cpu_ceil_div(columns, block_columns),
                     task, w);
}

/* Task `index`'s part of the result. */
struct block {
    int64_t row, rows, column, columns;
};
static struct block block_of(const struct work *w, uint32_t index)
{
    const int64_t across = tfu_cpu_ceil_div(w->columns, w->block_columns);
    struct block b = {.row = index / across * w->block_rows,
                      .column = index % across * w->block_columns};
    b.rows = tfu_cpu_min(w->block_rows, w->rows - b.row);
    b.columns = tfu_cpu_min(w->block_columns, w->columns - b.column);
    return b;
}

double tfu_cpu_linear_cost(void *dev, const struct tfu_op_call *c)
{
    const struct work w = work_of(dev, c);
    if (!tfu_cpu_takes(c) || !tfu_cpu_gemm_fits(w.N) || !tfu_cpu_gemm_fits(w.C) ||
        !tfu_cpu_gemm_fits(w.K))
        return -1;
    return tfu_cpu_seconds(dev, (double)w.N * (double)w.C * (double)w.K, w.dev->gemm_rate,
                           (double)w.K * (double)w.C * sizeof(float));
}

static void forward_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct block b = block_of(w, index);
    const struct tfu_cpu_matrix x = {(const float *)w->call->in[0].data + b.row * w->C, w->C, 0};
    const struct tfu_cpu_matrix weight = {(const float *)w->call->param[0].data + b.column * w->C,
                                          w->C, 1};
    float *out = (float *)w->call->out->data + b.row * w->K + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->C, x, weight, 0, out, w->K);
    for (int64_t i = 0; w->call->n_param > 1 && i < b.rows; i++)
        w->dev->rows->bias(out + i * w->K, (const float *)w->call->param[1].data + b.column, 1,
                           (size_t)b.columns);
}

enum tfu_status tfu_cpu_linear_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    run_blocks(&w, w.N, w.K, 256, 64, forward_task);
    return TFU_OK;
}

static void data_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct block b = block_of(w, index);
    const struct tfu_cpu_matrix g = {(const float *)w->call->grad_out->data + b.row * w->K, w->K,
                                     0};
    const struct tfu_cpu_matrix weight = {(const float *)w->call->param[0].data + b.column, w->C,
                                          0};
    float *grad_x = (float *)w->call->grad_in[0].data + b.row * w->C + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->K, g, weight, 0, grad_x, w->C);
}

enum tfu_status tfu_cpu_linear_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    if (c->grad_in[0].data)
        run_blocks(&w, w.N, w.C, 256, 512, data_task);
    return TFU_OK;
}

static void params_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct block b = block_of(w, index);
    const struct tfu_cpu_matrix g = {(const float *)w->call->grad_out->data + b.row, w->K, 1};
    const struct tfu_cpu_matrix x = {(const float *)w->call->in[0].data + b.column, w->C, 0};
    float *grad_weight = (float *)w->call->grad_param[0].data + b.row * w->C + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->N, g, x, 0, grad_weight, w->C);
}

size_t tfu_cpu_linear_params_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct work w = work_of(dev, c);
    return c->n_param > 1 ? tfu_cpu_column_sums_workspace(w.N, w.K) : 0;
}

enum tfu_status tfu_cpu_linear_params_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    if (c->grad_param[0].data)
        run_blocks(&w, w.K, w.C, 64, 2048, params_task);
    if (c->n_param > 1 && c->grad_param[1].data)
        tfu_cpu_column_sums(dev, c->grad_out->data, w.N, w.K, c->workspace, c->grad_param[1].data);
    return TFU_OK;
}
