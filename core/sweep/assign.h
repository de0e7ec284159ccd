/* SPDX-License-Identifier: MIT
 *
 * assign.h - keys with their values as a sweep lays them over an experiment: `train.optimizer.lr:
 * 1e-3` of an axis, or a mapping of several. In which order they were written changes nothing: a
 * section comes before what stands in it, and its plugin before that plugin's options.
 */
#ifndef TFU_CORE_SWEEP_ASSIGN_H
#define TFU_CORE_SWEEP_ASSIGN_H

#include "core/config/node.h"

struct tfu_assignment {
    const char *path; /* "train.optimizer.lr" */
    struct tfu_mark mark;
    const struct tfu_node *value;
    bool section; /* a mapping with a plugin: laid over what is there as an including file is */
    int depth;
};

struct tfu_assignments {
    struct tfu_assignment *item;
    size_t count;
};

/* Adds what the value `n` at `path` comes to: a mapping is all of its keys, and `arch: resnet50` is
 * `arch.plugin`. */
void tfu_assignments_add(struct tfu_load *l, struct tfu_assignments *a, const char *path,
                         struct tfu_mark m, const struct tfu_node *n);
/* The same for each key of the mapping `n`; keys may have dots. `skip` (NULL-terminated, or NULL):
 * keys that are no matter of the experiment. */
void tfu_assignments_add_all(struct tfu_load *l, struct tfu_assignments *a,
                             const struct tfu_node *n, const char *const *skip);

/* Lays them over `root`: those of all `lists`, whose paths are all different or where a later one
 * is to win. Values are copied. */
void tfu_assignments_apply(struct tfu_load *l, struct tfu_node *root,
                           const struct tfu_assignments *const *lists, size_t count);

/* The key that the name of an axis stands for: `arch` is "arch.plugin". */
const char *tfu_assignment_key(const char *name);
/* Can an experiment have a key that begins as `path` does? */
bool tfu_assignment_is_key(const char *path);

#endif
