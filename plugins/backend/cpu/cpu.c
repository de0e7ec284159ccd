/* SPDX-License-Identifier: MIT
 *
 * cpu.c - the float32 backend: its descriptor, its table of kernels, and the choice of an
 * instruction set.
 */
#include "cpu.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "norm.h"

/* Are those that are there float32? */
static int all_single(const struct tfu_tensor *const *t, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (t[i]->shape.rank && t[i]->dtype != TFU_F32)
            return 0;
    return 1;
}

static int part_taken(const struct tfu_op_call *c)
{
    return all_single(c->in, c->n_in) && all_single(c->param, c->n_param) &&
           all_single(&c->out, 1) &&
           (!c->grad_out || (all_single(&c->grad_out, 1) && all_single(c->grad_in, c->n_in) &&
                             all_single(c->grad_param, c->n_param)));
}

int tfu_cpu_takes(const struct tfu_op_call *c)
{
    for (uint32_t i = 1; i < c->n_parts; i++)
        if (!part_taken(c->parts[i]) ||
            (strcmp(c->parts[i]->op, "batchnorm") == 0 && tfu_cpu_norm_from_batch(c->parts[i])))
            return 0;
    return part_taken(c);
}

double tfu_cpu_traffic(const struct tfu_op_call *c)
{
    double elements = (double)tfu_shape_count(&c->out->shape);
    for (uint32_t i = 0; i < c->n_in; i++)
        elements += (double)tfu_shape_count(&c->in[i]->shape);
    return elements * sizeof(float);
}

double tfu_cpu_cost_streaming(void *dev, const struct tfu_op_call *c)
{
    return tfu_cpu_takes(c) ? tfu_cpu_seconds(dev, 0, 1, tfu_cpu_traffic(c)) : -1;
}

struct config {
    int32_t isa;
};

enum isa { AUTO, PORTABLE, AVX2, AVX512 };
static const char *const isa_names[] = {"auto", "portable", "avx2", "avx512", NULL};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(
        struct config, isa, "auto", isa_names,
        "instruction set of the inner loops; auto takes the widest that the processor has"),
};

/* The loops for an instruction set, or NULL where this build or this processor lacks it. */
static const struct tfu_cpu_rows *rows_of(enum isa isa)
{
    switch (isa) {
    case AUTO:
        break;
    case PORTABLE:
        return &tfu_cpu_rows_portable;
    case AVX2:
#ifdef TFU_CPU_HAVE_AVX2
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return &tfu_cpu_rows_avx2;
#endif
        return NULL;
    case AVX512:
#ifdef TFU_CPU_HAVE_AVX512
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return &tfu_cpu_rows_avx512;
#endif
        return NULL;
    }
    for (enum isa i = AVX512; i > PORTABLE; i--)
        if (rows_of(i))
            return rows_of(i);
    return &tfu_cpu_rows_portable;
}

static enum tfu_status open(void **dev, const void *config, const struct tfu_backend_host *host)
{
    const struct config *cfg = config;
    *dev = NULL;
    const struct tfu_cpu_rows *rows = rows_of((enum isa)cfg->isa);
    if (!rows)
        return host->base->fail(host->base, TFU_EUNSUPPORTED,
                                "isa '%s' is not among those of this processor and this build; "
                                "use `isa: auto`",
                                isa_names[cfg->isa]);
    struct tfu_cpu *d = malloc(sizeof *d);
    if (!d)
        return host->base->fail(host->base, TFU_ENOMEM, "out of memory for the cpu backend");
    /* Our workers call OpenBLAS side by side; were it to share out a product between threads of its
     * own, bits would depend on their number. */
    openblas_set_num_threads(1);
    /* OpenBLAS makes its own choice of instructions, whatever `isa` says */
    *d = (struct tfu_cpu){host, rows, tfu_cpu_rate(rows->isa),
                          tfu_cpu_costs.gemm_share * tfu_cpu_rate(rows_of(AUTO)->isa)};
    *dev = d;
    return TFU_OK;
}

static void close(void *dev)
{
    free(dev);
}

#define CHAIN(direction_, op_, then_, keeps_, algorithm_, cost_, workspace_, run_)                 \
    {                                                                                              \
        .struct_size = sizeof(struct tfu_kernel), .direction = (direction_), .op = (op_),          \
        .algorithm = (algorithm_), .cost = (cost_), .workspace = (workspace_), .run = (run_),      \
        .then = (then_), .keeps = (keeps_)                                                         \
    }
#define ROW(direction_, op_, algorithm_, cost_, workspace_, run_)                                  \
    CHAIN(direction_, op_, NULL, 0, algorithm_, cost_, workspace_, run_)
/* Kernels that are bound by memory: one algorithm an operation. */
#define STREAMING(direction_, op_, workspace_, run_)                                               \
    ROW(direction_, op_, "simd", tfu_cpu_cost_streaming, workspace_, run_)

/* Both directions of a chain that begins with a batch normalisation. */
#define NORM_CHAIN(then_, keeps_)                                                                  \
    CHAIN(TFU_FORWARD, "batchnorm", then_, 0, "simd", tfu_cpu_cost_streaming,                      \
          tfu_cpu_batchnorm_workspace, tfu_cpu_batchnorm_forward_run),                             \
        CHAIN(TFU_BACKWARD, "batchnorm", then_, keeps_, "simd", tfu_cpu_cost_streaming,            \
              tfu_cpu_batchnorm_workspace, tfu_cpu_batchnorm_backward_run),                        \
        CHAIN(TFU_RECOMPUTE, "batchnorm", then_, 0, "simd", tfu_cpu_cost_streaming,                \
              tfu_cpu_batchnorm_workspace, tfu_cpu_batchnorm_again_run)

/* `error`: the tolerance; `work`: multiply-adds done, NULL where they are those of the definition.
 */
#define CONV_FIELDS(direction_, then_, algorithm_, name, error, work)                              \
    .struct_size = sizeof(struct tfu_kernel), .direction = (direction_), .op = "conv2d",           \
    .algorithm = (algorithm_), .cost = name##_cost, .workspace = name##_workspace,                 \
    .run = name##_run, .then = (then_), .tolerance = (error), .multiply_adds = (work)
#define CONV_ROW(direction_, then_, algorithm_, name, error, work)                                 \
    {                                                                                              \
        CONV_FIELDS(direction_, then_, algorithm_, name, error, work)                              \
    }
/* Forward, where weights may be kept as they are packed; what may follow is done by its tail
 * (tail.h). */
#define CONV_FORWARD(then_, algorithm_, name, error, work)                                         \
    {                                                                                              \
        CONV_FIELDS(TFU_FORWARD, then_, algorithm_, name, error, work),                            \
            .packed_size = name##_packed_size, .pack = name##_pack                                 \
    }
/* All directions of an algorithm. */
#define CONV_ALL(algorithm_, name, error, forward, data, params)                                   \
    CONV_FORWARD(NULL, algorithm_, name##_forward, error, forward),                                \
        CONV_FORWARD("relu", algorithm_, name##_forward, error, forward),                          \
        CONV_FORWARD("batchnorm", algorithm_, name##_forward, error, forward),                     \
        CONV_FORWARD("batchnorm relu", algorithm_, name##_forward, error, forward),                \
        CONV_FORWARD("batchnorm add", algorithm_, name##_forward, error, forward),                 \
        CONV_FORWARD("batchnorm add relu", algorithm_, name##_forward, error, forward),            \
        CONV_ROW(TFU_RECOMPUTE, NULL, algorithm_, name##_forward, error, forward),                 \
        CONV_ROW(TFU_BACKWARD_DATA, NULL, algorithm_, name##_data, error, data),                   \
        CONV_ROW(TFU_BACKWARD_PARAMS, NULL, algorithm_, name##_params, error, params)
#define CONV(algorithm_, name) CONV_ALL(algorithm_, name, 0, NULL, NULL, NULL)
/* Those that save multiplications. */
#define CONV_FAST(algorithm_, name, error)                                                         \
    CONV_ALL(algorithm_, name, error, name##_forward_work, name##_data_work, name##_params_work)

static const struct tfu_kernel kernels[] = {
    CONV("im2col", tfu_cpu_im2col),
    CONV("direct", tfu_cpu_direct),
    CONV("gemm", tfu_cpu_gemm),
    CONV_FAST("fft12", tfu_cpu_fft12, 0),
    CONV_FAST("fft16", tfu_cpu_fft16, 0),
    CONV_FAST("fft18", tfu_cpu_fft18, 0),
    CONV_FAST("fft20", tfu_cpu_fft20, 0),
    CONV_FAST("fft24", tfu_cpu_fft24, 0),
    CONV_FAST("fft32", tfu_cpu_fft32, 0),
    CONV_FAST("winograd2", tfu_cpu_winograd2, 1e-4),
    CONV_FAST("winograd4", tfu_cpu_winograd4, 1e-4),
    CONV_FAST("winograd6", tfu_cpu_winograd6, 1e-4),
    CONV_FAST("winograd7", tfu_cpu_winograd7, 1e-4),
    ROW(TFU_FORWARD, "linear", "gemm", tfu_cpu_linear_cost, tfu_cpu_linear_workspace,
        tfu_cpu_linear_forward_run),
    ROW(TFU_BACKWARD_DATA, "linear", "gemm", tfu_cpu_linear_cost, tfu_cpu_linear_workspace,
        tfu_cpu_linear_data_run),
    ROW(TFU_BACKWARD_PARAMS, "linear", "gemm", tfu_cpu_linear_cost, tfu_cpu_linear_params_workspace,
        tfu_cpu_linear_params_run),
    STREAMING(TFU_FORWARD, "batchnorm", tfu_cpu_batchnorm_workspace, tfu_cpu_batchnorm_forward_run),
    STREAMING(TFU_BACKWARD, "batchnorm", tfu_cpu_batchnorm_workspace,
              tfu_cpu_batchnorm_backward_run),
    STREAMING(TFU_RECOMPUTE, "batchnorm", tfu_cpu_batchnorm_workspace, tfu_cpu_batchnorm_again_run),
    NORM_CHAIN("relu", TFU_KEEPS_INPUT),
    NORM_CHAIN("relu maxpool", TFU_KEEPS_INPUT),
    NORM_CHAIN("add relu", TFU_KEEPS_INPUT | TFU_KEEPS_OUTPUT),
    STREAMING(TFU_FORWARD, "relu", NULL, tfu_cpu_relu_forward_run),
    STREAMING(TFU_BACKWARD, "relu", NULL, tfu_cpu_relu_backward_run),
    STREAMING(TFU_FORWARD, "affine", NULL, tfu_cpu_affine_forward_run),
    STREAMING(TFU_BACKWARD, "affine", NULL, tfu_cpu_affine_backward_run),
    STREAMING(TFU_FORWARD, "maxpool", NULL, tfu_cpu_maxpool_forward_run),
    STREAMING(TFU_BACKWARD, "maxpool", NULL, tfu_cpu_maxpool_backward_run),
    STREAMING(TFU_FORWARD, "avgpool", NULL, tfu_cpu_avgpool_forward_run),
    STREAMING(TFU_BACKWARD, "avgpool", NULL, tfu_cpu_avgpool_backward_run),
    STREAMING(TFU_FORWARD, "global_avgpool", tfu_cpu_global_avgpool_workspace,
              tfu_cpu_global_avgpool_forward_run),
    STREAMING(TFU_BACKWARD, "global_avgpool", NULL, tfu_cpu_global_avgpool_backward_run),
    STREAMING(TFU_FORWARD, "dropout", NULL, tfu_cpu_dropout_forward_run),
    STREAMING(TFU_BACKWARD, "dropout", NULL, tfu_cpu_dropout_backward_run),
    STREAMING(TFU_FORWARD, "add", NULL, tfu_cpu_add_forward_run),
    STREAMING(TFU_BACKWARD, "add", NULL, tfu_cpu_add_backward_run),
    STREAMING(TFU_FORWARD, "concat", NULL, tfu_cpu_concat_forward_run),
    STREAMING(TFU_BACKWARD, "concat", NULL, tfu_cpu_concat_backward_run),
    ROW(TFU_FORWARD, "softmax", "scalar", tfu_cpu_cost_streaming, NULL,
        tfu_cpu_softmax_forward_run),
    ROW(TFU_BACKWARD, "softmax", "scalar", tfu_cpu_cost_streaming, NULL,
        tfu_cpu_softmax_backward_run),
};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .place = TFU_HOST,
    .kernel_count = TFU_COUNT(kernels),
    .kernel_size = sizeof(struct tfu_kernel),
    .kernels = kernels,
    .open = open,
    .close = close,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),
    .name = "cpu",
    .version = "0.1.0",
    .summary = "float32 on the processor: OpenBLAS and vectorised loops",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
