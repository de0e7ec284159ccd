/* SPDX-License-Identifier: MIT
 *
 * kernels.h - every kernel of the backend: one file an operation or algorithm, and a row in the
 * table of cpu.c. `name` makes name_run(), name_cost() and, where it has scratch, name_workspace().
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_KERNELS_H
#define TFU_PLUGINS_BACKEND_CPU_KERNELS_H

#include <transfuse/backend.h>

#define TFU_CPU_RUN(name)                                                                          \
    enum tfu_status name##_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h);
#define TFU_CPU_COST(name)      double name##_cost(void *dev, const struct tfu_op_call *c);
#define TFU_CPU_WORKSPACE(name) size_t name##_workspace(void *dev, const struct tfu_op_call *c);
/* What is kept of constant weights. */
#define TFU_CPU_PACK(name)                                                                         \
    size_t name##_packed_size(void *dev, const struct tfu_op_call *c);                             \
    enum tfu_status name##_pack(void *dev, const struct tfu_op_call *c, void *packed,              \
                                struct tfu_host *h);
#define TFU_CPU_WORK(name) double name##_work(void *dev, const struct tfu_op_call *c);
/* A kernel with a cost and a workspace of its own. */
#define TFU_CPU_KERNEL(name) TFU_CPU_RUN(name) TFU_CPU_COST(name) TFU_CPU_WORKSPACE(name)
/* One that does not as many multiply-adds as the definition. */
#define TFU_CPU_LEAN(name) TFU_CPU_KERNEL(name) TFU_CPU_WORK(name)

/* conv_im2col.c */
TFU_CPU_KERNEL(tfu_cpu_im2col_forward)
TFU_CPU_PACK(tfu_cpu_im2col_forward)
TFU_CPU_KERNEL(tfu_cpu_im2col_data)
TFU_CPU_KERNEL(tfu_cpu_im2col_params)

/* conv_direct.c, conv_direct_data.c, conv_direct_params.c */
TFU_CPU_KERNEL(tfu_cpu_direct_forward)
TFU_CPU_PACK(tfu_cpu_direct_forward)
TFU_CPU_KERNEL(tfu_cpu_direct_data)
TFU_CPU_KERNEL(tfu_cpu_direct_params)

/* conv_gemm.c, conv_gemm_params.c */
TFU_CPU_KERNEL(tfu_cpu_gemm_forward)
TFU_CPU_PACK(tfu_cpu_gemm_forward)
TFU_CPU_KERNEL(tfu_cpu_gemm_data)
TFU_CPU_KERNEL(tfu_cpu_gemm_params)

/* conv_fft.c, conv_fft_params.c; the number is the side of a tile */
#define TFU_CPU_FFT(tile)                                                                          \
    TFU_CPU_LEAN(tfu_cpu_fft##tile##_forward)                                                      \
    TFU_CPU_PACK(tfu_cpu_fft##tile##_forward)                                                      \
    TFU_CPU_LEAN(tfu_cpu_fft##tile##_data)                                                         \
    TFU_CPU_LEAN(tfu_cpu_fft##tile##_params)
TFU_CPU_FFT(12)
TFU_CPU_FFT(16)
TFU_CPU_FFT(18)
TFU_CPU_FFT(20)
TFU_CPU_FFT(24)
TFU_CPU_FFT(32)
#undef TFU_CPU_FFT

/* conv_winograd.c, conv_winograd_params.c; the number is that of outputs on an axis of a tile */
#define TFU_CPU_WINOGRAD(outputs)                                                                  \
    TFU_CPU_LEAN(tfu_cpu_winograd##outputs##_forward)                                              \
    TFU_CPU_PACK(tfu_cpu_winograd##outputs##_forward)                                              \
    TFU_CPU_LEAN(tfu_cpu_winograd##outputs##_data)                                                 \
    TFU_CPU_LEAN(tfu_cpu_winograd##outputs##_params)
TFU_CPU_WINOGRAD(2)
TFU_CPU_WINOGRAD(4)
TFU_CPU_WINOGRAD(6)
TFU_CPU_WINOGRAD(7)
#undef TFU_CPU_WINOGRAD

/* batchnorm.c */
TFU_CPU_RUN(tfu_cpu_batchnorm_forward)
TFU_CPU_RUN(tfu_cpu_batchnorm_backward)
TFU_CPU_RUN(tfu_cpu_batchnorm_again)
TFU_CPU_WORKSPACE(tfu_cpu_batchnorm)

/* pool.c */
TFU_CPU_RUN(tfu_cpu_maxpool_forward)
TFU_CPU_RUN(tfu_cpu_maxpool_backward)
TFU_CPU_RUN(tfu_cpu_avgpool_forward)
TFU_CPU_RUN(tfu_cpu_avgpool_backward)
TFU_CPU_RUN(tfu_cpu_global_avgpool_forward)
TFU_CPU_RUN(tfu_cpu_global_avgpool_backward)
TFU_CPU_WORKSPACE(tfu_cpu_global_avgpool)

/* linear.c */
TFU_CPU_RUN(tfu_cpu_linear_forward)
TFU_CPU_RUN(tfu_cpu_linear_data)
TFU_CPU_RUN(tfu_cpu_linear_params)
TFU_CPU_COST(tfu_cpu_linear)
TFU_CPU_WORKSPACE(tfu_cpu_linear)
TFU_CPU_WORKSPACE(tfu_cpu_linear_params)

/* elementwise.c */
TFU_CPU_RUN(tfu_cpu_relu_forward)
TFU_CPU_RUN(tfu_cpu_relu_backward)
TFU_CPU_RUN(tfu_cpu_dropout_forward)
TFU_CPU_RUN(tfu_cpu_dropout_backward)
TFU_CPU_RUN(tfu_cpu_affine_forward)
TFU_CPU_RUN(tfu_cpu_affine_backward)
TFU_CPU_RUN(tfu_cpu_add_forward)
TFU_CPU_RUN(tfu_cpu_add_backward)
TFU_CPU_RUN(tfu_cpu_concat_forward)
TFU_CPU_RUN(tfu_cpu_concat_backward)

/* softmax.c */
TFU_CPU_RUN(tfu_cpu_softmax_forward)
TFU_CPU_RUN(tfu_cpu_softmax_backward)

#endif
