/* SPDX-License-Identifier: MIT
 *
 * transfuse/layer.h - one operation: its shapes, its parameters, and its definition in plain loops.
 *
 * The core's own conv2d, batchnorm, ... are tables of this same type. A layer's forward() and
 * backward() are its definition: any backend can run them, and they are what a backend's fast
 * kernels are tested against. The shortest is one for float64 alone (`dtypes = TFU_TAKES_F64`): the
 * host then converts float32 storage around the call, which costs more than most layers do. One
 * that is to be fast, and that no backend has a kernel for, takes float32 too.
 */
#ifndef TFU_LAYER_H
#define TFU_LAYER_H

#include <transfuse/arch.h>
#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a parameter is to its layer: initializers choose by it, weight decay skips all but weights.
 */
enum tfu_role {
    TFU_ROLE_WEIGHT = 1,
    TFU_ROLE_BIAS = 2,
    TFU_ROLE_SCALE = 3,
    TFU_ROLE_SHIFT = 4,
    TFU_ROLE_RUNNING_MEAN = 5, /* not trained: the layer updates it in forward() when training */
    TFU_ROLE_RUNNING_VAR = 6   /* likewise */
};

/* An attribute that a layer takes; others are refused. One called `frozen` (an integer, 0 or 1) is
 * set to 1 by the host in stages that `train.freeze` keeps: normalise with running statistics, and
 * do not move them, in training too. */
struct tfu_attr_info {
    const char *name;
    uint32_t type;  /* TFU_INT or TFU_FLOAT */
    uint32_t flags; /* TFU_OPT_REQUIRED */
    double def;     /* defaults and inclusive bounds; integers beyond 2^53 are refused */
    double min, max;
    const char *help;
};

/* The host's side of infer(). [one thread] */
struct tfu_infer {
    uint32_t struct_size;
    uint32_t reserved;
    void *host;
    const char *node; /* full name of the operation, for messages */

    /* Shapes are copied before a call returns. */

    /* An attribute's value, given or default. Asking for one that is not in the table is a bug. */
    int64_t (*attr_int)(const struct tfu_infer *h, const char *name);
    double (*attr_float)(const struct tfu_infer *h, const char *name);

    /* Declares the output. Called once. The first dim is the batch: that of in[0]. */
    void (*output)(struct tfu_infer *h, const struct tfu_shape *shape);

    /* Declares the next parameter, "<node>.<suffix>". Fans are what initializers scale by: the
     * number of inputs that one output sums over, and the other way round; 0 where it means
     * nothing.
     */
    void (*param)(struct tfu_infer *h, const char *suffix, enum tfu_role role,
                  const struct tfu_shape *shape, int64_t fan_in, int64_t fan_out);

    /* Declares the next tensor that forward() leaves for backward(). When `per_row` is set the
     * first dim is the batch and shrinks with it. dtype TFU_F32 becomes float64 in a float64
     * network. */
    void (*state)(struct tfu_infer *h, uint32_t dtype, const struct tfu_shape *shape, int per_row);

    /* Refuses the shapes or attributes: the text says which sizes collide. Returns `st`. */
    enum tfu_status (*fail)(struct tfu_infer *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);
};

/* One operation, ready to run. Arrays of structs are arrays of pointers: in[0]->data. Tensors come
 * in the order in which infer() declared them.
 *
 * Each tensor has a dtype of its own. What may be counted on:
 *  - A layer's forward() and backward() get float tensors (inputs, output, parameters, gradients,
 * and states declared as TFU_F32) of one type, one of the layer's `dtypes`; the host converts
 * around the call what is stored otherwise. Other states have the type that they were declared
 * with. One whose `dtypes` has both bits looks at out->dtype, and may take it for that of all.
 *  - A kernel gets tensors as they are stored: see cost() of struct tfu_kernel. */
struct tfu_op_call {
    uint32_t struct_size;
    uint32_t training; /* 1: batch statistics, dropout, and state is kept for backward() */
    const char *op;    /* "conv2d" */
    const char *node;  /* "layer1.0.conv1" */
    const struct tfu_attr *const *attrs; /* all of the layer's attributes, in its table's order */
    uint32_t n_attrs, n_in, n_param, n_state;
    const struct tfu_tensor *const *in;    /* n_in inputs */
    const struct tfu_tensor *out;          /* the output */
    const struct tfu_tensor *const *param; /* n_param */
    const struct tfu_tensor *const *state; /* n_state; without data unless `training` is set */
    /* backward() only. Gradients are written, not added to. Where nobody wants one (the input
     * image, a frozen parameter, running statistics) its data is NULL and its rank 0. in[] and out
     * have data in backward() only as the layer's `keeps` says. */
    const struct tfu_tensor *grad_out;          /* of the loss by `out` */
    const struct tfu_tensor *const *grad_in;    /* n_in */
    const struct tfu_tensor *const *grad_param; /* n_param */
    void *workspace; /* 64-byte aligned, what workspace() asked for; contents undefined */
    size_t workspace_size;
    uint64_t random_key; /* for tfu_philox(): of (seed, node, step); the same in both directions */

    /* A fused call (struct tfu_kernel, `then`) does several operations at once: parts[0]
     * to parts[n_parts - 1], each a call with tensors, attributes and key of its own. One input of
     * parts[i + 1] is the output of parts[i]: it is not stored, its data is NULL in both, and so is
     * its gradient. What this struct has above is of the first part, but for out and grad_out,
     * which are the last part's; and the workspace, which no part has. n_parts is 0 for a single
     * operation. */
    const struct tfu_op_call *const *parts;
    uint32_t n_parts;
    uint32_t reserved;

    /* Since 2.1. For a backend's kernel: what its pack() (struct tfu_kernel) has made of the
     * parameters, 64-byte aligned; NULL: nothing. No part has it. */
    const void *packed;
};

/* An attribute of a call by its name. Asking for one that the layer does not have is a bug; the
 * answer is then 0. */
static inline const struct tfu_attr *tfu_call_attr(const struct tfu_op_call *c, const char *name)
{
    for (uint32_t i = 0; i < c->n_attrs; i++) {
        const char *a = c->attrs[i]->name, *b = name;
        while (*a && *a == *b)
            a++, b++;
        if (*a == *b)
            return c->attrs[i];
    }
    return NULL;
}
static inline int64_t tfu_call_int(const struct tfu_op_call *c, const char *name)
{
    const struct tfu_attr *a = tfu_call_attr(c, name);
    return a ? a->i : 0;
}
static inline double tfu_call_float(const struct tfu_op_call *c, const char *name)
{
    const struct tfu_attr *a = tfu_call_attr(c, name);
    return a ? a->f : 0;
}

enum {
    TFU_TAKES_F32 = 1u << 0, /* tensors of TFU_F32 */
    TFU_TAKES_F64 = 1u << 1  /* of TFU_F64 */
};

/* What backward() reads; the rest of the forward pass may be overwritten by then. */
enum {
    TFU_KEEPS_INPUT = 1u << 0,
    TFU_KEEPS_OUTPUT = 1u << 1,
    TFU_IN_PLACE = 1u << 2 /* out may share memory with in[0], and grad_in[0] with grad_out */
};

struct tfu_layer_ops {
    uint32_t struct_size;
    uint32_t dtypes; /* TFU_TAKES_*, at least one: what forward() and backward() compute in */
    uint32_t keeps;  /* TFU_KEEPS_*, TFU_IN_PLACE */
    uint32_t min_inputs, max_inputs;
    uint32_t attr_count;
    uint32_t attr_size; /* sizeof(struct tfu_attr_info) */
    uint32_t reserved;
    const struct tfu_attr_info *attrs;

    /* Checks shapes and attributes; declares output, parameters and state. Keeps no pointer.
     * [any thread] */
    enum tfu_status (*infer)(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in);

    /* Bytes of scratch that either direction needs; NULL: none. Tensors have shapes but no data. */
    size_t (*workspace)(const struct tfu_op_call *c);

    /* The definition. Writes every element of `out` (and of `state` when training), resp. of every
     * wanted gradient. Allocates nothing. One that is slow may cut its work into tasks of
     * h->parallel(). [any thread, on different tensors] */
    enum tfu_status (*forward)(const struct tfu_op_call *c, struct tfu_host *h);
    enum tfu_status (*backward)(const struct tfu_op_call *c, struct tfu_host *h);

    /* Multiply-adds of forward(), for `model summary` and `bench`; NULL: 0. */
    double (*multiply_adds)(const struct tfu_op_call *c);
};

#ifdef __cplusplus
}
#endif
#endif
