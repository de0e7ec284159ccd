/* SPDX-License-Identifier: MIT
 *
 * kind_list.h - the kinds of plugin: the only list of them in the core. A new kind is its header in
 * include/transfuse/, a row here and a folder of templates. For this folder and the conformance
 * suite; others see core/plugin/kind.h.
 */
#ifndef TFU_CORE_PLUGIN_KIND_LIST_H
#define TFU_CORE_PLUGIN_KIND_LIST_H

/* X(number, name, plural, flags, last, contents, attribute, functions...)
 *
 *   name       of its folders, of struct tfu_<name>_ops, and of its part of the conformance suite,
 *              tfu_check_<name>[] and tfu_check_live_<name>()
 *   flags      enum tfu_kind_flags
 *   last       the last field that its table had when the kind came; it never changes
 *   contents   checks what the table says beyond its functions (core/plugin/tables.h), or NULL
 *   attribute  gives a row of the attributes that the table declares, or NULL
 *   functions  that no plugin of the kind may be without, each as F(name, function)
 */
/* clang-format off */
#define TFU_KIND_LIST(X, F)                                                                        \
    X(TFU_KIND_ARCH, arch, "architectures", 0,                                                     \
      build, NULL, NULL,                                                                           \
      F(arch, build))                                                                              \
    X(TFU_KIND_INIT, init, "initializers", 0,                                                      \
      fill, NULL, NULL,                                                                            \
      F(init, create), F(init, destroy), F(init, fill))                                            \
    X(TFU_KIND_METRIC, metric, "metrics", 0,                                                       \
      reset, NULL, NULL,                                                                           \
      F(metric, create), F(metric, destroy), F(metric, update), F(metric, finalize),               \
      F(metric, reset))                                                                            \
    X(TFU_KIND_DATASET, dataset, "datasets", 0,                                                    \
      attribute, NULL, NULL,                                                                       \
      F(dataset, open), F(dataset, close), F(dataset, info), F(dataset, get))                      \
    X(TFU_KIND_OPTIM, optim, "optimizers", TFU_KIND_IN_STEP,                                       \
      step, tfu_table_check_optim, NULL,                                                           \
      F(optim, step))                                                                              \
    X(TFU_KIND_BACKEND, backend, "backends", TFU_KIND_IN_STEP | TFU_KIND_HAS_WORKSPACE,            \
      synchronise, tfu_table_check_backend, NULL,                                                   \
      F(backend, open), F(backend, close))                                                         \
    X(TFU_KIND_LAYER, layer, "layers", TFU_KIND_IN_STEP | TFU_KIND_HAS_WORKSPACE,                  \
      multiply_adds, tfu_table_check_layer, tfu_table_layer_attribute,                             \
      F(layer, infer), F(layer, forward), F(layer, backward))                                      \
    X(TFU_KIND_READER, reader, "readers of image files", 0,                                        \
      read, NULL, NULL,                                                                            \
      F(reader, probe), F(reader, open), F(reader, close), F(reader, info), F(reader, read))       \
    X(TFU_KIND_TRANSFORM, transform, "transforms of examples", 0,                                  \
      mix, tfu_table_check_transform, NULL,                                                        \
      F(transform, create), F(transform, destroy), F(transform, run))
/* clang-format on */

#endif
