/* SPDX-License-Identifier: MIT
 *
 * linear.c - three matrix products, each cut into blocks of its result. An image whose weights are
 * for C,H,W order goes through the workspace in that order.
 */
#include "cpu.h"
#include "gemm.h"
#include "kernels.h"
#include "sums.h"

struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    const float *x; /* N,C, in the weights' order */
    int64_t N, C, K;
    int64_t channels, pixels;          /* pixels is 1 where the order is that of memory */
    float *turned;                     /* N,C: x or its gradient in C,H,W order; NULL: as it lies */
    int64_t rows, columns;             /* of the result */
    int64_t block_rows, block_columns; /* of one task's part */
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    struct work w = {.dev = dev, .call = c, .N = c->out->shape.dim[0], .K = c->out->shape.dim[1]};
    const struct tfu_shape *in = &c->in[0]->shape;
    w.C = tfu_shape_count(in) / w.N;
    w.channels = in->dim[in->rank - 1];
    w.pixels = tfu_call_int(c, "chw") ? w.C / w.channels : 1;
    if (w.pixels > 1 && w.channels > 1)
        w.turned = c->workspace;
    return w;
}

/* Where the order matters: bytes of `turned`, so that what follows is aligned. */
static size_t turned_bytes(const struct work *w)
{
    const size_t bytes = (size_t)(w->N * w->C) * sizeof(float);
    return w->pixels > 1 && w->channels > 1 ? (bytes + 63) / 64 * 64 : 0;
}

size_t tfu_cpu_linear_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct work w = work_of(dev, c);
    return turned_bytes(&w);
}

/* rows x columns to columns x rows */
static void transpose(const float *from, float *to, int64_t rows, int64_t columns)
{
    for (int64_t c = 0; c < columns; c++)
        for (int64_t r = 0; r < rows; r++)
            to[c * rows + r] = from[r * columns + c];
}

static void turn_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    transpose((const float *)w->call->in[0]->data + index * w->C, w->turned + index * w->C,
              w->pixels, w->channels);
}

static void turn_back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    transpose(w->turned + index * w->C, (float *)w->call->grad_in[0]->data + index * w->C,
              w->channels, w->pixels);
}

/* The input as the weights want it. */
static const float *turn(struct work *w)
{
    if (!w->turned)
        return w->call->in[0]->data;
    tfu_cpu_parallel(w->dev, w->N, turn_task, w);
    return w->turned;
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
    const struct tfu_cpu_matrix x = {w->x + b.row * w->C, w->C, 0};
    const struct tfu_cpu_matrix weight = {(const float *)w->call->param[0]->data + b.column * w->C,
                                          w->C, 1};
    float *out = (float *)w->call->out->data + b.row * w->K + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->C, x, weight, 0, out, w->K);
    for (int64_t i = 0; w->call->n_param > 1 && i < b.rows; i++)
        w->dev->rows->bias(out + i * w->K, (const float *)w->call->param[1]->data + b.column, 1,
                           (size_t)b.columns);
}

enum tfu_status tfu_cpu_linear_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.x = turn(&w);
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
    const struct tfu_cpu_matrix weight = {(const float *)w->call->param[0]->data + b.column, w->C,
                                          0};
    float *grad_x =
        (w->turned ? w->turned : (float *)w->call->grad_in[0]->data) + b.row * w->C + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->K, g, weight, 0, grad_x, w->C);
}

enum tfu_status tfu_cpu_linear_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    if (!c->grad_in[0]->data)
        return TFU_OK;
    run_blocks(&w, w.N, w.C, 256, 512, data_task);
    if (w.turned)
        tfu_cpu_parallel(dev, w.N, turn_back_task, &w);
    return TFU_OK;
}

static void params_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct block b = block_of(w, index);
    const struct tfu_cpu_matrix g = {(const float *)w->call->grad_out->data + b.row, w->K, 1};
    const struct tfu_cpu_matrix x = {w->x + b.column, w->C, 0};
    float *grad_weight = (float *)w->call->grad_param[0]->data + b.row * w->C + b.column;
    tfu_cpu_gemm(b.rows, b.columns, w->N, g, x, 0, grad_weight, w->C);
}

size_t tfu_cpu_linear_params_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct work w = work_of(dev, c);
    return turned_bytes(&w) + (c->n_param > 1 ? tfu_cpu_column_sums_workspace(w.N, w.K) : 0);
}

enum tfu_status tfu_cpu_linear_params_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    if (c->grad_param[0]->data) {
        w.x = turn(&w);
        run_blocks(&w, w.K, w.C, 64, 2048, params_task);
    }
    if (c->n_param > 1 && c->grad_param[1]->data)
        tfu_cpu_column_sums(dev, c->grad_out->data, w.N, w.K,
                            (char *)c->workspace + turned_bytes(&w), c->grad_param[1]->data);
    return TFU_OK;
}
