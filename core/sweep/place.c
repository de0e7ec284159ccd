/* SPDX-License-Identifier: MIT */
#include "core/sweep/place.h"

#include <stdio.h>

bool tfu_sweep_place(char path[PATH_MAX], const char *store, const char *sweep, const char *ending)
{
    const int n = snprintf(path, PATH_MAX, "%s/.sweeps%s%s%s", store, *sweep ? "/" : "", sweep,
                           *sweep ? ending : "");
    return n > 0 && n < PATH_MAX;
}
