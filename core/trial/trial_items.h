/* SPDX-License-Identifier: MIT
 *
 * trial_items.h - inside a trial: the list of its tensors. For trial.c and trial_run.c
 * alone.
 */
#ifndef TFU_CORE_TRIAL_TRIAL_ITEMS_H
#define TFU_CORE_TRIAL_TRIAL_ITEMS_H

#include "core/base/guarded.h"
#include "core/trial/declaration.h"

/* 0xff bytes for floats, which are not a number, else 0xa5. */
void tfu_trial_poison(const struct tfu_guarded *g, bool is_float);

enum tfu_trial_group {
    TFU_TRIAL_IN,
    TFU_TRIAL_OUT,
    TFU_TRIAL_PARAM,
    TFU_TRIAL_STATE,
    TFU_TRIAL_GRAD_OUT,
    TFU_TRIAL_GRAD_IN,
    TFU_TRIAL_GRAD_PARAM
};

/* A tensor of the call: trial->tensor[i] is the view of item[i]. */
struct tfu_trial_item {
    char name[64];
    enum tfu_trial_group group;
    uint32_t index;            /* within its group */
    uint32_t role;             /* of the parameter, or that a gradient is by */
    bool aliased;              /* lies in another item's memory: in place */
    struct tfu_guarded memory; /* empty when aliased, or when nobody wants it */
    unsigned char *saved;      /* as many bytes: what was there before a run */
};

struct tfu_trial {
    struct tfu_declaration declared;
    struct tfu_op_call call;
    struct tfu_op_call sketch;                        /* tfu_trial_sketch() */
    const struct tfu_attr *attr[TFU_DECLARATION_MAX]; /* pointers, as a call has them */
    char op[64];
    uint64_t seed;
    bool in_place;
    enum tfu_guard guard;
    struct tfu_threads *threads;
    uint32_t workers;
    bool paints;
    unsigned char painted;
    uint32_t count;
    struct tfu_tensor *tensor, *sketch_tensor;
    const struct tfu_tensor **view, **sketch_view; /* pointers to each of them */
    struct tfu_trial_item *item;
};

static inline bool tfu_trial_is_float(const struct tfu_tensor *t)
{
    return t->dtype == TFU_F32 || t->dtype == TFU_F64;
}

#endif
