/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_paths.h"

#include <stdio.h>

static bool put(char out[PATH_MAX], const struct tfu_sweep *s, const char *ending)
{
    const int n = snprintf(out, PATH_MAX, "%s/.sweeps/%s%s", s->store, s->name, ending);
    return n > 0 && n < PATH_MAX;
}

enum tfu_status tfu_slurm_paths_of(struct tfu_slurm_paths *out, const struct tfu_sweep *s,
                                   struct tfu_error *e)
{
    if (put(out->record, s, ".slurm.json") && put(out->folder, s, ".slurm") &&
        put(out->stop, s, ".stop"))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "the path of the store, '%s', is too long", s->store);
}
