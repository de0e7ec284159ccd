/* SPDX-License-Identifier: MIT
 *
 * trial.h - one operation run alone, under watch: its definition, or a backend's kernel for it.
 *
 * A trial owns the tensors of one call. Inputs, parameters and the gradient by the output are drawn
 * from a seed (mean 0, variance 1) and rounded to float32, so that a float32 and a float64 trial of
 * the same request see the same numbers. The n elements of an input are an even grid of spacing
 * sqrt(12) / n in random order: all different, none nearer to 0 than a quarter of the spacing.
 *
 * Around each run it checks that
 *  - nothing outside the tensors and the workspace was written, and no input was changed;
 *  - every element that the direction must write was written: floats are poisoned with not-a-number
 *    and must be numbers afterwards, the rest with 0xA5;
 *  - what the layer does not say it keeps was not needed: backward() finds it poisoned.
 *
 * A kernel against its definition:
 *
 *     tfu_trial_new(&truth, &request_in_float64, e);
 *     tfu_trial_new(&trial, &request_in_float32, e);
 *     tfu_trial_define(truth, TFU_FORWARD, e);
 *     tfu_trial_define(truth, TFU_BACKWARD, e);
 *     tfu_trial_kernel(trial, forward_kernel, dev, e);  or  tfu_trial_adopt(trial, truth);
 *     tfu_trial_kernel(trial, backward_kernel, dev, e);
 *     tfu_trial_compare(trial, truth, TFU_BACKWARD).worst.error < 1e-5
 *
 * Memory is host memory. [one thread]
 */
#ifndef TFU_CORE_TRIAL_TRIAL_H
#define TFU_CORE_TRIAL_TRIAL_H

#include <stdbool.h>

#include "core/base/guarded.h"
#include "core/trial/tensor.h"

#include <transfuse/backend.h>

struct tfu_trial_request {
    const char *op;
    const struct tfu_layer_ops *layer;
    const struct tfu_shape *in;
    uint32_t n_in;
    const struct tfu_attr *attr; /* those left out take their defaults */
    uint32_t attr_count;
    uint32_t dtype; /* TFU_F32 or TFU_F64, of every float tensor */
    bool training;
    bool in_place; /* out lies in in[0], grad_in[0] in grad_out; the layer must allow it */
    uint64_t seed;
    uint64_t skip_in, skip_param; /* bit i: nobody wants the gradient by input, parameter i */
    enum tfu_guard guard;         /* what lies around each tensor */
    struct tfu_threads *threads;  /* that parallel() of the definition uses; NULL: none */
    uint32_t workers; /* without threads: parallel() says that it has so many, and runs the last
                         task first; 0: one */
    bool paints; /* before a run, bytes of `painted` are left on the stack and in the workspace */
    unsigned char painted;
};

struct tfu_trial;

/* Infers the shapes, allocates and fills. Fails as the layer does when it refuses them. */
enum tfu_status tfu_trial_new(struct tfu_trial **out, const struct tfu_trial_request *request,
                              struct tfu_error *e);
void tfu_trial_free(struct tfu_trial *t);

/* Draws everything anew: needed before the same trial runs forward again when the operation
 * changes its inputs (in place) or parameters (running statistics). */
void tfu_trial_reset(struct tfu_trial *t);

/* The call, for its shapes, attributes and data, which may be filled by hand between runs. It lacks
 * a workspace: runs bring their own. */
const struct tfu_op_call *tfu_trial_call(const struct tfu_trial *t);
/* The same call whose tensors have no data, for cost() and workspace(). */
const struct tfu_op_call *tfu_trial_sketch(const struct tfu_trial *t);

/* A tensor of the call by its name, and back: "in[0]", "out", "weight", "state[0]", "grad_out",
 * "grad_in[0]", "grad_weight". NULL when there is none. */
const struct tfu_tensor *tfu_trial_find(const struct tfu_trial *t, const char *name);
const char *tfu_trial_name(const struct tfu_trial *t, const struct tfu_tensor *view);

/* Runs the layer's own forward() (TFU_FORWARD) or backward() (TFU_BACKWARD); the layer must take
 * the trial's dtype. */
enum tfu_status tfu_trial_define(struct tfu_trial *t, enum tfu_direction direction,
                                 struct tfu_error *e);

/* Does the kernel take this call, by its op and its cost()? One that does a chain does not. */
bool tfu_trial_supported(const struct tfu_trial *t, const struct tfu_kernel *k, void *dev);
/* Runs a kernel of an open device in its direction. */
enum tfu_status tfu_trial_kernel(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                                 struct tfu_error *e);

/* Has a forward kernel make what it keeps of the trial's parameters; `packed`, the caller's to free
 * in any case, has 0 bytes where it keeps nothing. */
enum tfu_status tfu_trial_pack(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                               struct tfu_guarded *packed, struct tfu_error *e);
/* Runs it with that, which a trial with the same parameters, and a batch at least as large, has
 * made. */
enum tfu_status tfu_trial_kernel_packed(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                                        const struct tfu_guarded *packed, struct tfu_error *e);

/* Takes over what forward() left in another trial of the same request: output, state and running
 * statistics, converted. For kernels that go backward only. */
void tfu_trial_adopt(struct tfu_trial *t, const struct tfu_trial *from);

/* The worst tensor of those that a direction writes. */
struct tfu_trial_difference {
    const char *tensor; /* its name; lives as long as the trial */
    struct tfu_difference worst;
};

/* For TFU_FORWARD over output, running statistics and, in training, state; for the backward
 * directions over the wanted gradients. Both trials are of the same request but for dtype and
 * in_place. */
struct tfu_trial_difference tfu_trial_compare(const struct tfu_trial *t,
                                              const struct tfu_trial *truth,
                                              enum tfu_direction direction);

/* Do they hold the same bits: output, states, parameters and gradients? Of one request and dtype.
 */
bool tfu_trial_same_bits(const struct tfu_trial *a, const struct tfu_trial *b);

#endif
