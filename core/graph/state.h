/* SPDX-License-Identifier: MIT
 *
 * state.h - the insides of struct tfu_network. Private to this folder.
 */
#ifndef TFU_CORE_GRAPH_STATE_H
#define TFU_CORE_GRAPH_STATE_H

#include <stdatomic.h>

#include "core/base/host.h"
#include "core/graph/network.h"
#include "core/graph/plan.h"
#include "core/graph/unit.h"
#include "core/plugin/kernel.h"

/* What runs a call: a backend's kernel, or the layer's definition. */
struct tfu_choice {
    const struct tfu_kernel *kernel; /* NULL: the definition */
    bool used;
};

/* The tensors of one node in one pass. */
struct tfu_prepared_node {
    struct tfu_tensor *in, *out, *param, *state;
    struct tfu_tensor *grad_out, *grad_in, *grad_param; /* backward */
};

/* One unit in one pass: the call that a kernel gets, with its arrays. Everything but data pointers,
 * the batch dim and keys is fixed at creation. */
struct tfu_prepared {
    struct tfu_op_call call;
    struct tfu_op_call *part;         /* per node of the unit */
    const struct tfu_op_call **parts; /* pointers to each of them */
    struct tfu_prepared_node *node;   /* likewise */
    struct tfu_choice choice[2]; /* forward: [0]; backward: one for all, or parameters and data */
    bool packs;                  /* inference: its kernel keeps what it makes of the parameters, */
    size_t packed_at;            /* from this byte of the network's `packed` on */
    double seconds;
};

/* TFU_PASS_RECOMPUTE: what backward does once more of the forward pass. */
enum tfu_pass {
    TFU_PASS_INFERENCE,
    TFU_PASS_TRAINING,
    TFU_PASS_BACKWARD,
    TFU_PASS_RECOMPUTE,
    TFU_PASS_COUNT
};

/* Memory that others than kernels see; the batch has the pinned values and their gradients. */
enum tfu_block_kind { TFU_BLOCK_PARAMS, TFU_BLOCK_GRADS, TFU_BLOCK_BATCH, TFU_BLOCK_COUNT };

struct tfu_block {
    unsigned char *memory; /* the backend's */
    unsigned char *raw;    /* the same numbers in host memory: `memory` itself if it is that */
    unsigned char *single; /* in float32; NULL where all are */
    size_t bytes;
};

struct tfu_backend_bridge {
    struct tfu_backend_host api; /* first: parallel() finds the rest behind it */
    struct tfu_threads *threads;
    struct tfu_host_call call;
    struct tfu_error error;
};

struct tfu_network {
    struct tfu_network_request request; /* its arrays are copied into the arena */
    const struct tfu_graph *graph;
    bool is_plan; /* it will never run: nothing is allocated, and nothing measured */
    struct tfu_arena arena;
    const struct tfu_backend_ops *backend;
    void *device;
    struct tfu_backend_bridge bridge;

    uint32_t *value_dtype; /* per value: in which it and its gradient are kept */
    uint32_t *param_dtype; /* per param, likewise */
    uint32_t *state_dtype; /* per state */
    bool *pinned;          /* per value */
    bool *wants_grad;      /* per value */
    bool *grad_pinned;     /* per value: of the input, the ends, and what was asked for */
    uint32_t *first_use;   /* per node */
    uint32_t use_count;
    struct tfu_units units[2];                     /* inference, training */
    struct tfu_plan plan[2];                       /* likewise */
    struct tfu_prepared *prepared[TFU_PASS_COUNT]; /* per unit */
    bool *again;   /* per unit of training: is its output computed once more for backward? */
    uint64_t *key; /* per node, of (seed, node): a step's key is derived from it */

    struct tfu_block block[TFU_BLOCK_COUNT];
    unsigned char *share[2]; /* host memory to add gradients in, for a device that cannot */
    unsigned char *activation_memory, *workspace, *packed;
    size_t *param_offset;  /* per param */
    size_t *pinned_offset; /* per value */
    size_t *grad_offset;   /* per value whose gradient is pinned, likewise in pinned memory */
    struct tfu_network_memory memory;
    size_t workspace_size;
    size_t packed_size;
    /* A parameter has changed since, or nothing is packed yet. Parameters are filled by many
     * threads; a pass comes behind all of them. */
    atomic_bool packed_stale;

    int64_t rows[TFU_PASS_COUNT]; /* batch dim that the calls have now */
    bool profiling;
};

/* The units of a pass. */
static inline const struct tfu_units *tfu_network_units(const struct tfu_network *n,
                                                        enum tfu_pass pass)
{
    return &n->units[pass != TFU_PASS_INFERENCE];
}

static inline bool tfu_backend_adds(const struct tfu_backend_ops *b)
{
    return TFU_HAS(b, struct tfu_backend_ops, add) && b->add;
}

/* chain.c: fills units[training]; the backend is open, and what is pinned is known. */
enum tfu_status tfu_network_find_units(struct tfu_network *n, bool training, struct tfu_error *e);

/* choose.c: fills the choices of all prepared calls; they have shapes and no data. */
enum tfu_status tfu_network_choose(struct tfu_network *n, struct tfu_error *e);
enum tfu_status tfu_network_choose_unit(const struct tfu_network *n, enum tfu_pass pass,
                                        const struct tfu_unit *unit, struct tfu_prepared *p,
                                        struct tfu_error *e);
/* The row that repeats the forward pass `p` of a unit; NULL: there is none. */
const struct tfu_kernel *tfu_network_repeats(const struct tfu_network *n,
                                             const struct tfu_unit *unit,
                                             const struct tfu_prepared *p);
/* Is it a row for these operations, in any direction? */
bool tfu_kernel_does(const struct tfu_kernel *k, const struct tfu_graph *g,
                     const struct tfu_unit *unit);

/* pack.c: says which units of inference keep something of their parameters; choices are made. */
void tfu_network_plan_packed(struct tfu_network *n);
/* Makes it. */
enum tfu_status tfu_network_pack(struct tfu_network *n, struct tfu_error *e);

/* recompute.c: fills n->again, and chooses what runs then; all other choices are made. */
enum tfu_status tfu_network_recompute(struct tfu_network *n, struct tfu_error *e);

/* prepare.c: arrays and shapes of all calls. */
enum tfu_status tfu_network_prepare(struct tfu_network *n, struct tfu_error *e);
/* Of one, in `arena`. */
enum tfu_status tfu_network_prepare_unit(const struct tfu_network *n, enum tfu_pass pass,
                                         const struct tfu_unit *unit, struct tfu_prepared *p,
                                         struct tfu_arena *arena, struct tfu_error *e);
/* Points the tensors of all calls into the network's memory. */
void tfu_network_connect(struct tfu_network *n);
/* Where the gradient of a value lies in training; somebody wants it. */
void *tfu_network_gradient_data(const struct tfu_network *n, uint32_t value);
/* Sets the batch dim of the calls of a pass. */
void tfu_network_set_rows(struct tfu_network *n, enum tfu_pass pass, int64_t rows);

/* convert.c: does the layer's definition need some of the call's numbers in another type than they
 * are kept in? */
bool tfu_convert_needed(const struct tfu_graph *g, uint32_t node, const struct tfu_op_call *call);
/* Bytes of workspace for running a definition, with the copies if they are needed. */
size_t tfu_convert_workspace(const struct tfu_graph *g, uint32_t node,
                             const struct tfu_op_call *call);
/* Runs forward() or backward() of the definition over copies in the call's workspace. */
enum tfu_status tfu_convert_run(const struct tfu_graph *g, uint32_t node,
                                const struct tfu_op_call *call, bool backward, struct tfu_host *h);

#endif
