/* SPDX-License-Identifier: MIT
 *
 * transfuse/arch.h - an architecture describes a graph; it never touches numbers.
 *
 * build() declares inputs, operations and stages, and ends in *features*: what the network computes
 * before its last classifier. The host attaches the head that the configuration's task asks for, so
 * one architecture serves every task.
 */
#ifndef TFU_ARCH_H
#define TFU_ARCH_H

#include <transfuse/option.h>
#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A tensor in the graph under construction. 0 is "none": every builder call accepts it and returns
 * it again, so that a plugin checks for errors once, at the end. */
typedef uint32_t tfu_value;

/* One named attribute of an operation. Which of `i` and `f` counts is the layer's to say. Arrays of
 * them travel with their stride. */
struct tfu_attr {
    const char *name;
    int64_t i;
    double f;
};

/* An array of attributes as the last three arguments of op(). */
#define TFU_ATTRS(array) (array), (uint32_t)TFU_COUNT(array), (uint32_t)sizeof((array)[0])
#define TFU_NO_ATTRS     NULL, 0, (uint32_t)sizeof(struct tfu_attr)

/* The host's side of build(). Strings and arrays are copied before a call returns. [one thread] */
struct tfu_builder {
    uint32_t struct_size;
    uint32_t reserved;
    void *host; /* the host's own; do not touch */

    /* The network's input image, N,H,W,C, as the dataset gives it. Called once. */
    tfu_value (*input)(struct tfu_builder *b, const char *name);

    /* Appends the operation `op` (a core layer or a layer plugin) and returns its output. `name` is
     * joined to the open scopes with dots and is unique; a layer's parameters are called
     * "<scopes>.<name>.<suffix>", which is how checkpoints name them. Attributes that are not given
     * take the layer's defaults; an unknown one is an error. The last three arguments are
     * TFU_ATTRS(array), or TFU_NO_ATTRS. Returns 0 after any error. */
    tfu_value (*op)(struct tfu_builder *b, const char *op, const char *name, const tfu_value *in,
                    uint32_t n_in, const struct tfu_attr *attrs, uint32_t n_attrs,
                    uint32_t attr_size);

    /* Opens the next contiguous group of layers, from input to output: "conv1", "block1", ...
     * Weight transplant, freezing and similarity figures speak of stages. Every op belongs to one.
     */
    void (*stage)(struct tfu_builder *b, const char *name);

    /* What the network computes, N,C; called once, last. The host attaches the task's classifier
     * under the parameter name `head_name` ("fc": fc.weight, fc.bias) in a stage of that name. */
    void (*features)(struct tfu_builder *b, tfu_value v, const char *head_name);

    /* Pushes a part of a name, printf style; pops the last one. */
    void (*scope_push)(struct tfu_builder *b, const char *fmt, ...) TFU_PRINTF(2, 3);
    void (*scope_pop)(struct tfu_builder *b);

    /* Inferred sizes of a value, N,H,W,C or N,C; valid until the next call. NULL for "none". */
    const struct tfu_shape *(*shape)(const struct tfu_builder *b, tfu_value v);

    /* Refuses the configuration; the text is shown to the user. Returns `st`. */
    enum tfu_status (*fail)(struct tfu_builder *b, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);
    /* The first error so far, or TFU_OK: what build() returns. */
    enum tfu_status (*status)(const struct tfu_builder *b);

    /* A second end for training: the host attaches a classifier like the task's to `v`
     * (N,C) under the parameter name `head_name` ("AuxLogits.fc"), in the stage that is open, and
     * adds `weight` times its loss to the loss. Nothing that only serves it runs outside training.
     * Before features(); may be called several times. */
    void (*auxiliary)(struct tfu_builder *b, tfu_value v, const char *head_name, double weight);
};

struct tfu_arch_ops {
    uint32_t struct_size;
    uint32_t reserved;
    /* Declares the graph. `config` is the plugin's own config struct, already checked. Keeps no
     * pointer. Returns b->status(b). The same config always gives the same graph. [any thread] */
    enum tfu_status (*build)(struct tfu_builder *b, const void *config);
};

#ifdef __cplusplus
}
#endif
#endif
