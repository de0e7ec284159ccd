/* SPDX-License-Identifier: MIT
 *
 * choose.h - cases of a sweep by their axes, for whoever reads another section of the same file:
 * {arch: cbr_tiny, start: [random, pretrained], seed: 0..4}; and runs of its section `runs`:
 * {run: source, arch: cbr_tiny}.
 */
#ifndef TFU_CORE_SWEEP_CHOOSE_H
#define TFU_CORE_SWEEP_CHOOSE_H

#include "core/config/node.h"
#include "core/sweep/sweep.h"

/* The axis of that name; SIZE_MAX after a finding at `m`: there is none, or it is the one that
 * `tune` chooses on, whose values cases only get by it. */
size_t tfu_sweep_axis_find(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                           struct tfu_mark m, const char *name);

struct tfu_sweep_choice {
    bool *chosen; /* of each case, in the load's arena; of those that others need by `run` alone */
    size_t count;
    bool narrowed; /* fewer than meant may be there: a profile or the command line took values away,
                      or values are drawn */
};

/* The cases that the mapping `n` selects: those that have one of its values on each of its axes;
 * its keys in `skip` (NULL-terminated) aside. An empty mapping selects all. With `run`, a name of
 * the section `runs` or a list of them, it selects their runs instead, unless an axis is called so.
 * What no axis and no value is called becomes a finding, and then nothing is chosen. */
void tfu_sweep_choose(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                      const struct tfu_node *n, const char *const *skip,
                      struct tfu_sweep_choice *out);

/* What a run of the section `runs` is called there; NULL: the item is none. */
const char *tfu_sweep_run_name(const struct tfu_sweep *s, size_t index);

#endif
