/* SPDX-License-Identifier: MIT
 *
 * conv_gemm_params.c - the gradient by the weights of a 1x1 convolution,
 *     g (C x K) = x^T (C x pixels) grad (pixels x K).
 * A task has some panels of columns and a part of the lines; the sums of the parts are added in
 * order.
 */
#include <string.h>

#include "conv_gemm.h"
#include "kernels.h"

struct work {
    struct tfu_cpu_conv v;
    struct tfu_cpu_gemm_lines lines;
    int64_t panels, group; /* panels in all, and of a task */
    int64_t groups, parts; /* tasks: groups x parts */
    int64_t row;           /* floats from one pixel to the next in scratch */
    const float *x, *grad;
    float *grad_weight;
    float *sums;    /* part, panel, C, block */
    float *scratch; /* of each worker: a line of the image if it has to be copied, then one of the
                       gradient by panels */
    int64_t scratch_one, copied;
    void *bias_sums;
    size_t bytes;
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c, void *workspace)
{
    enum { SUMS_BYTES = 256 << 10, TASKS = 16, FAR = 512 };
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    const int64_t block = dev->rows->tiles->block;
    struct work w = {.v = v};
    w.lines = tfu_cpu_gemm_lines_of(&v, 0);
    w.panels = tfu_cpu_ceil_div(v.K, block);
    w.group = SUMS_BYTES / (v.C * block * (int64_t)sizeof(float));
    w.group = tfu_cpu_max(1, tfu_cpu_min(w.group, w.panels));
    w.groups = tfu_cpu_ceil_div(w.panels, w.group);
    w.parts = tfu_cpu_min(w.lines.count, tfu_cpu_ceil_div(TASKS, w.groups));
    w.row = tfu_cpu_gemm_row(v.C, v.C, FAR);
    w.copied = w.row > v.C || tfu_cpu_gemm_strided(&v) ? w.lines.pixels * w.row : 0;
    w.scratch_one = w.copied + w.group * w.lines.pixels * block;
    struct tfu_cpu_scratch s = {workspace, 0};
    w.sums = tfu_cpu_take(&s, tfu_cpu_bytes(w.parts * w.panels * v.C * block));
    w.scratch = tfu_cpu_take(&s, tfu_cpu_bytes(w.scratch_one * dev->host->threads));
    w.bias_sums = tfu_cpu_conv_take_bias(&v, c, &s);
    w.bytes = s.used;
    return w;
}

/* The image's pixels under a line, one by one. */
static void copy_line(const struct work *w, const struct tfu_cpu_gemm_line *line, float *to)
{
    const struct tfu_cpu_conv *v = &w->v;
    for (int64_t p = 0; p < line->pixels; p++)
        memcpy(to + p * w->row, w->x + tfu_cpu_gemm_pixel(v, line->out + p) * v->C,
               (size_t)v->C * sizeof(float));
}

/* A line of the gradient, panel by panel. */
static void pack_gradient(const struct work *w, const struct tfu_cpu_gemm_line *line,
                          struct tfu_cpu_range panels, float *to)
{
    const int64_t block = w->v.dev->rows->tiles->block, K = w->v.K;
    for (int64_t i = 0; i < line->pixels; i++)
        for (int64_t p = panels.first; p < panels.end; p++) {
            const int64_t columns = tfu_cpu_min(block, K - p * block);
            float *at = to + ((p - panels.first) * line->pixels + i) * block;
            memcpy(at, w->grad + (line->out + i) * K + p * block, (size_t)columns * sizeof(float));
            if (columns < block)
                memset(at + columns, 0, (size_t)(block - columns) * sizeof(float));
        }
}

static void sums_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    const struct tfu_cpu_tiles *tiles = v->dev->rows->tiles;
    const int64_t group = index % w->groups, part = index / w->groups;
    const struct tfu_cpu_range lines = tfu_cpu_part(w->lines.count, w->parts, part);
    const struct tfu_cpu_range panels = {group * w->group,
                                         tfu_cpu_min(w->panels, (group + 1) * w->group)};
    float *copy = w->scratch + worker * w->scratch_one, *gradient = copy + w->copied;
    const int64_t panel = v->C * tiles->block;
    float *sums = w->sums + (part * w->panels + panels.first) * panel;
    memset(sums, 0, (size_t)((panels.end - panels.first) * panel) * sizeof(float));
    for (int64_t i = lines.first; i < lines.end; i++) {
        const struct tfu_cpu_gemm_line line = tfu_cpu_gemm_line(v, &w->lines, i);
        struct tfu_cpu_conv_params c = {.x = w->x + line.in * v->C,
                                        .rows = 1,
                                        .pixels = (size_t)line.pixels,
                                        .pixel_stride = (size_t)v->C,
                                        .run = (size_t)v->C};
        if (w->copied) {
            copy_line(w, &line, copy);
            c.x = copy;
            c.pixel_stride = (size_t)w->row;
        }
        pack_gradient(w, &line, panels, gradient);
        c.ahead = w->copied ? NULL : c.x + line.pixels * v->C;
        for (int64_t p = 0; p < panels.end - panels.first; p++, c.ahead = NULL) {
            c.grad = gradient + p * line.pixels * tiles->block;
            c.sum = sums + p * panel;
            tiles->conv_params(&c);
        }
    }
}

/* A panel's sums, added up to those of the first part, to rows of K x C. */
static void unpack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_rows *rows = w->v.dev->rows;
    const int64_t block = rows->tiles->block, C = w->v.C, first = index * block;
    float *sums = w->sums + index * C * block;
    for (int64_t part = 1; part < w->parts; part++)
        rows->add(sums, sums, sums + part * w->panels * C * block, (size_t)(C * block));
    rows->transpose(w->grad_weight + first * C, C, sums, block, (size_t)C,
                    (size_t)tfu_cpu_min(block, w->v.K - first));
}

double tfu_cpu_gemm_params_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_gemm_supports(&v, c) ? tfu_cpu_gemm_seconds(&v, c, v.K) : -1;
}

size_t tfu_cpu_gemm_params_workspace(void *dev, const struct tfu_op_call *c)
{
    return work_of(dev, c, NULL).bytes;
}

enum tfu_status tfu_cpu_gemm_params_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c, c->workspace);
    w.x = c->in[0]->data;
    w.grad = c->grad_out->data;
    w.grad_weight = c->grad_param[0]->data;
    if (w.grad_weight) {
        tfu_cpu_parallel(dev, w.groups * w.parts, sums_task, &w);
        tfu_cpu_parallel(dev, w.panels, unpack_task, &w);
    }
    tfu_cpu_conv_bias_gradient(&w.v, c, w.bias_sums);
    return TFU_OK;
}
