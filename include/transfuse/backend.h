/* SPDX-License-Identifier: MIT
 *
 * transfuse/backend.h - memory and kernels of one device.
 *
 * A backend offers kernels: rows of (operation, algorithm, direction). For each node and direction
 * the host takes the row of least cost among those that support the call, or the one that the
 * configuration forces; where there is none it runs the layer's own definition, if the backend's
 * memory is host memory. A backend without kernels is a valid one: it is the reference.
 *
 * A row may do a chain of operations at once, where each reads the one before and nobody else does.
 * The host uses the longest chain that has rows for every direction which a pass
 * needs.
 */
#ifndef TFU_BACKEND_H
#define TFU_BACKEND_H

#include <transfuse/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the host lends to a backend for as long as the device is open. */
struct tfu_backend_host {
    uint32_t struct_size;
    uint32_t threads; /* workers that parallel() uses, the caller among them */
    struct tfu_host *base;

    /* Runs task(arg, index, worker) for index 0..tasks-1 and returns when all are done. Which
     * worker (0..threads-1) runs an index is not defined: a kernel splits its work by its shapes
     * alone and sums partial results in the order of the index, so that bits do not depend on
     * `threads`. `worker` only selects scratch memory. Not to be nested. [one thread] */
    void (*parallel)(const struct tfu_backend_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg);
};

enum tfu_direction {
    TFU_FORWARD = 0,         /* out, state */
    TFU_BACKWARD = 1,        /* grad_in and grad_param at once */
    TFU_BACKWARD_DATA = 2,   /* grad_in only */
    TFU_BACKWARD_PARAMS = 3, /* grad_param only */
    /* `out` once more, with the bits of the training pass, from in, param and state, of
     * which none is written. Rows with it save the host from storing what is cheap to compute. They
     * have the `algorithm` of the forward row whose work they repeat. */
    TFU_RECOMPUTE = 4
};

/* One way to compute one operation in one direction. */
struct tfu_kernel {
    uint32_t struct_size;
    uint32_t direction;    /* enum tfu_direction */
    const char *op;        /* "conv2d" */
    const char *algorithm; /* "im2col", "fft16": what `algorithm:` in a configuration names */

    /* Predicted seconds for this call on this machine with the host's threads, or a negative number
     * when the kernel cannot do it. A pure function of the call's shapes, types and attributes: the
     * choice must not depend on timing luck. NULL: supports everything of the table's `dtypes`, at
     * cost 0. Tensors have no data.
     *
     * run() gets calls alone whose tensors have the types that cost() was shown. Each tensor has a
     * type of its own: cost() looks at that of every tensor that run() touches and refuses those it
     * does not know. Today's host gives all float tensors of a call one type, one of the backend's
     * `dtypes` (states have the type that they were declared with); a kernel that looks at
     * in[0]->dtype alone is wrong with a host that does not.
     * For the whole backward pass the host compares TFU_BACKWARD with TFU_BACKWARD_DATA plus
     * TFU_BACKWARD_PARAMS. */
    double (*cost)(void *dev, const struct tfu_op_call *c);

    /* Bytes of scratch; NULL: none. Tensors have shapes but no data. */
    size_t (*workspace)(void *dev, const struct tfu_op_call *c);

    /* As forward() and backward() of struct tfu_layer_ops. Allocates nothing. [one thread] */
    enum tfu_status (*run)(void *dev, const struct tfu_op_call *c, struct tfu_host *h);

    /* The operations that are done behind `op` in the same run, as "batchnorm relu";
     * NULL: none. Calls have parts then. `keeps` (TFU_KEEPS_*) is what a backward row of a chain
     * reads: inputs of its first operation, output of its last. States are always there. A chain of
     * operations that all are TFU_IN_PLACE may be called in place, as its first one. */
    const char *then;
    uint32_t keeps;
    uint32_t keeps_reserved;

    /* What the algorithm is good for, as the largest error over the largest magnitude of
     * the result on inputs of mean 0 and variance 1; 0: 1e-5. The conformance suite holds it to
     * that. */
    double tolerance;

    /* Multiply-adds that it really does for this call, for `bench`; NULL: as many as the
     * definition. Tensors have no data. */
    double (*multiply_adds)(void *dev, const struct tfu_op_call *c);

    /* Since 2.1. What run() makes of the parameters alone, as weights in the order in which it
     * reads them, made once by a host whose parameters stay as they are. packed_size() says how
     * many bytes that takes, 0: it does not pay; a pure function of the call's shapes, types and
     * attributes; tensors have no data. pack() fills as many, 64-byte aligned, from the data of
     * `param` alone: the other tensors may have none. run() gets them as `packed` of its calls,
     * which it must not change, and whose batch may be smaller, for as long as no parameter
     * changes: pack() runs again before the next run() then. run() has to do without as well, and
     * with the same bits, for the host does not keep as much as it likes. A device keeps nothing of
     * it by itself. Both NULL: nothing is packed. Of forward rows alone. [one thread] */
    size_t (*packed_size)(void *dev, const struct tfu_op_call *c);
    enum tfu_status (*pack)(void *dev, const struct tfu_op_call *c, void *packed,
                            struct tfu_host *h);
};

static inline double tfu_kernel_tolerance(const struct tfu_kernel *k)
{
    return TFU_HAS(k, struct tfu_kernel, tolerance) && k->tolerance > 0 ? k->tolerance : 1e-5;
}

/* Can it keep something of its parameters? */
static inline int tfu_kernel_packs(const struct tfu_kernel *k)
{
    return TFU_HAS(k, struct tfu_kernel, pack) && k->packed_size && k->pack;
}

/* The operations behind `op`, "" where there are none. */
static inline const char *tfu_kernel_then(const struct tfu_kernel *k)
{
    return TFU_HAS(k, struct tfu_kernel, then) && k->then ? k->then : "";
}

struct tfu_backend_ops {
    uint32_t struct_size;
    uint32_t dtypes; /* TFU_TAKES_*: what its kernels and memory hold */
    uint32_t place;  /* enum tfu_place of its memory */
    uint32_t kernel_count;
    uint32_t kernel_size; /* sizeof(struct tfu_kernel) */
    uint32_t reserved;
    const struct tfu_kernel *kernels;

    /* Opens the device. `config` and `host` stay valid until close(). */
    enum tfu_status (*open)(void **dev, const void *config, const struct tfu_backend_host *host);
    void (*close)(void *dev);

    /* Memory of the device, 64-byte aligned, and its end. NULL: the host's own memory. */
    enum tfu_status (*alloc)(void *dev, size_t bytes, void **data, struct tfu_host *h);
    void (*free)(void *dev, void *data);
    /* Copies between device and host memory. NULL: memcpy. */
    enum tfu_status (*upload)(void *dev, void *device, const void *host, size_t bytes,
                              struct tfu_host *h);
    enum tfu_status (*download)(void *dev, void *host, const void *device, size_t bytes,
                                struct tfu_host *h);

    /* What the host does itself where memory is its own; [one thread], as all of the above. */

    /* to += from, element by element, of one shape and type: gradients of a value that several
     * operations read. NULL: the host downloads both, adds and uploads. */
    enum tfu_status (*add)(void *dev, const struct tfu_tensor *to, const struct tfu_tensor *from,
                           struct tfu_host *h);
    /* For devices whose kernels return before they are done: returns when all are, with what went
     * wrong since the last time. upload() and download() wait for what they depend on by
     * themselves. NULL: kernels return when they are done. */
    enum tfu_status (*synchronise)(void *dev, struct tfu_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
