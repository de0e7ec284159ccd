/* SPDX-License-Identifier: MIT
 *
 * The ABI's sizes and offsets on a 64-bit machine, written down: a change of one of these lines is
 * a change of the ABI and belongs into docs/ABI.md. Compiling this file is the test.
 */
#include <stdio.h>

#include <transfuse/arch.h>
#include <transfuse/backend.h>
#include <transfuse/dataset.h>
#include <transfuse/init.h>
#include <transfuse/metric.h>
#include <transfuse/optim.h>
#include <transfuse/reader.h>
#include <transfuse/transform.h>

#define SIZE(type, n) _Static_assert(sizeof(struct type) == (n), "size of " #type)
#define OFFSET(type, field, n)                                                                     \
    _Static_assert(offsetof(struct type, field) == (n), "offset of " #type "." #field)
/* The last field ends where the struct does: one that is appended cannot lie in bytes that the
 * struct had before, where TFU_HAS() would take an old plugin's padding for it. */
#define LAST(type, field)                                                                          \
    _Static_assert(offsetof(struct type, field) + sizeof(((struct type *)NULL)->field) ==          \
                       sizeof(struct type),                                                        \
                   "padding at the end of " #type)

#if UINTPTR_MAX == UINT64_MAX
SIZE(tfu_plugin, 80);
OFFSET(tfu_plugin, magic, 0);
OFFSET(tfu_plugin, abi_major, 4);
OFFSET(tfu_plugin, abi_minor, 6);
OFFSET(tfu_plugin, struct_size, 8);
OFFSET(tfu_plugin, kind, 12);
OFFSET(tfu_plugin, reserved, 16);
OFFSET(tfu_plugin, name, 24);
OFFSET(tfu_plugin, version, 32);
OFFSET(tfu_plugin, summary, 40);
OFFSET(tfu_plugin, options, 48);
OFFSET(tfu_plugin, option_count, 56);
OFFSET(tfu_plugin, option_size, 60);
OFFSET(tfu_plugin, config_size, 64);
OFFSET(tfu_plugin, ops_size, 68);
OFFSET(tfu_plugin, ops, 72);
SIZE(tfu_host, 40);
OFFSET(tfu_host, threads, 4);
OFFSET(tfu_host, fail, 16);
OFFSET(tfu_host, warn, 24);
OFFSET(tfu_host, parallel, 32);
SIZE(tfu_option, 96);
OFFSET(tfu_option, name, 0);
OFFSET(tfu_option, help, 8);
OFFSET(tfu_option, type, 16);
OFFSET(tfu_option, flags, 20);
OFFSET(tfu_option, offset, 24);
OFFSET(tfu_option, fdef, 32);
OFFSET(tfu_option, idef, 56);
OFFSET(tfu_option, sdef, 80);
OFFSET(tfu_option, choices, 88);
SIZE(tfu_shape, 80);
OFFSET(tfu_shape, dim, 16);
SIZE(tfu_tensor, 136);
OFFSET(tfu_tensor, dtype, 4);
OFFSET(tfu_tensor, place, 8);
OFFSET(tfu_tensor, shape, 16);
OFFSET(tfu_tensor, data, 96);
OFFSET(tfu_tensor, reserved, 104);
SIZE(tfu_attr, 24);
SIZE(tfu_builder, 96);
OFFSET(tfu_builder, input, 16);
OFFSET(tfu_builder, op, 24);
OFFSET(tfu_builder, stage, 32);
OFFSET(tfu_builder, features, 40);
OFFSET(tfu_builder, scope_push, 48);
OFFSET(tfu_builder, scope_pop, 56);
OFFSET(tfu_builder, shape, 64);
OFFSET(tfu_builder, fail, 72);
OFFSET(tfu_builder, status, 80);
OFFSET(tfu_builder, auxiliary, 88);
SIZE(tfu_arch_ops, 16);
OFFSET(tfu_arch_ops, build, 8);
SIZE(tfu_attr_info, 48);
SIZE(tfu_infer, 72);
OFFSET(tfu_infer, attr_int, 24);
OFFSET(tfu_infer, output, 40);
OFFSET(tfu_infer, param, 48);
OFFSET(tfu_infer, state, 56);
OFFSET(tfu_infer, fail, 64);
SIZE(tfu_op_call, 152);
OFFSET(tfu_op_call, attrs, 24);
OFFSET(tfu_op_call, in, 48);
OFFSET(tfu_op_call, grad_out, 80);
OFFSET(tfu_op_call, workspace, 104);
OFFSET(tfu_op_call, random_key, 120);
OFFSET(tfu_op_call, parts, 128);
OFFSET(tfu_op_call, n_parts, 136);
OFFSET(tfu_op_call, packed, 144);
SIZE(tfu_layer_ops, 80);
OFFSET(tfu_layer_ops, attrs, 32);
OFFSET(tfu_layer_ops, infer, 40);
OFFSET(tfu_layer_ops, workspace, 48);
OFFSET(tfu_layer_ops, forward, 56);
OFFSET(tfu_layer_ops, backward, 64);
OFFSET(tfu_layer_ops, multiply_adds, 72);
SIZE(tfu_backend_host, 24);
OFFSET(tfu_backend_host, parallel, 16);
SIZE(tfu_kernel, 96);
OFFSET(tfu_kernel, cost, 24);
OFFSET(tfu_kernel, workspace, 32);
OFFSET(tfu_kernel, run, 40);
OFFSET(tfu_kernel, then, 48);
OFFSET(tfu_kernel, keeps, 56);
OFFSET(tfu_kernel, tolerance, 64);
OFFSET(tfu_kernel, multiply_adds, 72);
OFFSET(tfu_kernel, packed_size, 80);
OFFSET(tfu_kernel, pack, 88);
SIZE(tfu_backend_ops, 96);
OFFSET(tfu_backend_ops, kernels, 24);
OFFSET(tfu_backend_ops, open, 32);
OFFSET(tfu_backend_ops, download, 72);
OFFSET(tfu_backend_ops, add, 80);
OFFSET(tfu_backend_ops, synchronise, 88);
SIZE(tfu_param, 64);
OFFSET(tfu_param, name, 8);
OFFSET(tfu_param, stage, 24);
OFFSET(tfu_param, fan_in, 32);
OFFSET(tfu_param, layer_count, 60);
SIZE(tfu_init_host, 88);
OFFSET(tfu_init_host, uniform, 16);
OFFSET(tfu_init_host, source, 32);
OFFSET(tfu_init_host, note, 40);
OFFSET(tfu_init_host, fail, 48);
OFFSET(tfu_init_host, take, 56);
OFFSET(tfu_init_host, fill_inner, 64);
OFFSET(tfu_init_host, find_stage, 72);
OFFSET(tfu_init_host, find_param, 80);
SIZE(tfu_init_ops, 32);
OFFSET(tfu_init_ops, create, 8);
OFFSET(tfu_init_ops, destroy, 16);
OFFSET(tfu_init_ops, fill, 24);
SIZE(tfu_tap, 32);
OFFSET(tfu_tap, source, 8);
OFFSET(tfu_tap, t, 24);
SIZE(tfu_batch, 88);
OFFSET(tfu_batch, part, 4);
OFFSET(tfu_batch, rows, 8);
OFFSET(tfu_batch, positions, 16);
OFFSET(tfu_batch, scores, 32);
OFFSET(tfu_batch, log_odds, 40);
OFFSET(tfu_batch, loss_weights, 64);
OFFSET(tfu_batch, taps, 72);
OFFSET(tfu_batch, tap_count, 80);
SIZE(tfu_metric_host, 96);
OFFSET(tfu_metric_host, class_names, 24);
OFFSET(tfu_metric_host, want_tap, 40);
OFFSET(tfu_metric_host, fail, 72);
OFFSET(tfu_metric_host, parallel, 80);
OFFSET(tfu_metric_host, threads, 88);
SIZE(tfu_metric_ops, 56);
OFFSET(tfu_metric_ops, create, 8);
OFFSET(tfu_metric_ops, rows_max, 24);
OFFSET(tfu_metric_ops, reset, 48);
SIZE(tfu_dataset_info, 112);
OFFSET(tfu_dataset_info, count, 8);
OFFSET(tfu_dataset_info, fingerprint, 64);
OFFSET(tfu_dataset_info, memory, 72);
OFFSET(tfu_dataset_info, attributes, 88);
OFFSET(tfu_dataset_info, notes, 96);
SIZE(tfu_dataset_ops, 72);
OFFSET(tfu_dataset_ops, open, 8);
OFFSET(tfu_dataset_ops, get, 40);
SIZE(tfu_optim_step, 80);
OFFSET(tfu_optim_step, n, 8);
OFFSET(tfu_optim_step, w, 16);
OFFSET(tfu_optim_step, lr_scale, 40);
OFFSET(tfu_optim_step, t, 48);
OFFSET(tfu_optim_step, name, 56);
OFFSET(tfu_optim_step, offset, 64);
OFFSET(tfu_optim_step, total, 72);
SIZE(tfu_optim_ops, 24);
OFFSET(tfu_optim_ops, slot_names, 8);
OFFSET(tfu_optim_ops, step, 16);
SIZE(tfu_field, 16);
OFFSET(tfu_field, t, 8);
SIZE(tfu_example, 16);
OFFSET(tfu_example, field, 8);
SIZE(tfu_example_host, 104);
OFFSET(tfu_example_host, key, 16);
OFFSET(tfu_example_host, wanted_height, 24);
OFFSET(tfu_example_host, fail, 40);
OFFSET(tfu_example_host, alloc, 48);
OFFSET(tfu_example_host, add, 56);
OFFSET(tfu_example_host, read_image, 64);
OFFSET(tfu_example_host, resize, 88);
OFFSET(tfu_example_host, note, 96);
SIZE(tfu_reader_source, 56);
OFFSET(tfu_reader_source, name, 8);
OFFSET(tfu_reader_source, wanted_height, 32);
OFFSET(tfu_reader_source, limit, 48);
SIZE(tfu_reader_info, 72);
OFFSET(tfu_reader_info, height, 8);
OFFSET(tfu_reader_info, full_height, 32);
OFFSET(tfu_reader_info, frames, 48);
SIZE(tfu_reader_ops, 48);
OFFSET(tfu_reader_ops, probe, 8);
OFFSET(tfu_reader_ops, read, 40);
SIZE(tfu_transform_host, 32);
OFFSET(tfu_transform_host, published, 24);
SIZE(tfu_transform_ops, 64);
OFFSET(tfu_transform_ops, create, 8);
OFFSET(tfu_transform_ops, shape, 24);
OFFSET(tfu_transform_ops, run, 40);
OFFSET(tfu_transform_ops, mix, 56);

LAST(tfu_plugin, ops);
LAST(tfu_host, parallel);
LAST(tfu_option, choices);
LAST(tfu_tensor, reserved);
LAST(tfu_builder, auxiliary);
LAST(tfu_arch_ops, build);
LAST(tfu_attr_info, help);
LAST(tfu_infer, fail);
LAST(tfu_op_call, packed);
LAST(tfu_layer_ops, multiply_adds);
LAST(tfu_backend_host, parallel);
LAST(tfu_kernel, pack);
LAST(tfu_backend_ops, synchronise);
LAST(tfu_param, layer_count);
LAST(tfu_init_host, find_param);
LAST(tfu_init_ops, fill);
LAST(tfu_batch, reserved);
LAST(tfu_metric_host, reserved);
LAST(tfu_metric_ops, reset);
LAST(tfu_dataset_info, note_count);
LAST(tfu_dataset_ops, attribute);
LAST(tfu_optim_step, total);
LAST(tfu_optim_ops, step);
LAST(tfu_field, t);
LAST(tfu_example, field);
LAST(tfu_example_host, note);
LAST(tfu_reader_source, limit);
LAST(tfu_reader_info, reserved);
LAST(tfu_reader_ops, read);
LAST(tfu_normalisation, published);
LAST(tfu_transform_host, published);
LAST(tfu_transform_ops, mix);
#endif

int main(void)
{
    puts("1..1\nok 1 - sizes and offsets are those of ABI 2.1");
    return 0;
}
