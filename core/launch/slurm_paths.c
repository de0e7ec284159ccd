/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_paths.h"

#include "core/launch/stop.h"
#include "core/sweep/place.h"

static bool put(char out[PATH_MAX], const struct tfu_sweep *s, const char *ending)
{
    return tfu_sweep_place(out, s->store, s->name, ending);
}

enum tfu_status tfu_slurm_paths_of(struct tfu_slurm_paths *out, const struct tfu_sweep *s,
                                   struct tfu_error *e)
{
    if (put(out->record, s, ".slurm.json") && put(out->folder, s, ".slurm") &&
        put(out->stop, s, TFU_STOP_ENDING))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "the path of the store, '%s', is too long", s->store);
}
