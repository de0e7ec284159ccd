/* SPDX-License-Identifier: MIT
 *
 * slurm_keys.h - cases by their keys: what Slurm has is known by them, and several cases of a sweep
 * may have one.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_KEYS_H
#define TFU_CORE_LAUNCH_SLURM_KEYS_H

#include <stddef.h>

struct tfu_slurm_key {
    const char *key;
    size_t index; /* of the case */
};

/* By key, and cases of one key as they stand in the sweep. */
void tfu_slurm_keys_sort(struct tfu_slurm_key *key, size_t count);
/* The first of these sorted ones that is not before `key`; `count`: all are. */
size_t tfu_slurm_keys_find(const struct tfu_slurm_key *sorted, size_t count, const char *key);

#endif
