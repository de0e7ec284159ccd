/* SPDX-License-Identifier: MIT
 *
 * transfuse/optim.h - an update rule. Its state lives in slots that the host owns and checkpoints.
 */
#ifndef TFU_OPTIM_H
#define TFU_OPTIM_H

#include <transfuse/layer.h>
#include <transfuse/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A contiguous piece of one parameter. The host cuts parameters into pieces that do not depend on
 * the number of threads; a rule works element by element. */
struct tfu_optim_step {
    uint32_t struct_size;
    uint32_t role;      /* enum tfu_role: what is shipped decays TFU_ROLE_WEIGHT only */
    uint64_t n;         /* elements */
    float *w;           /* weights, updated in place */
    const float *g;     /* gradient, after clipping */
    float *const *slot; /* slot_count arrays of n, all 0 before step 1 */
    double lr_scale;    /* the schedule's factor on the rule's own `lr` */
    int64_t t;          /* 1, 2, ... */
    const char *name;   /* the parameter's: "layer1.0.conv1.weight" */
    uint64_t offset;    /* of the piece's first element in the parameter */
    uint64_t total;     /* elements of the whole parameter */
};

struct tfu_optim_ops {
    uint32_t struct_size;
    uint32_t slot_count;           /* at most 8 */
    const char *const *slot_names; /* "m", "v": names in checkpoints */

    /* One update. `config` is the plugin's; an option named "lr" is what schedules scale and
     * records show. [any thread, on different pieces] */
    enum tfu_status (*step)(const void *config, const struct tfu_optim_step *s, struct tfu_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
