/* SPDX-License-Identifier: MIT */
#include "core/sweep/needs.h"

void tfu_sweep_add_needs(const struct tfu_sweep *s, const bool *chosen, bool *meant)
{
    for (size_t i = 0; i < s->count; i++)
        meant[i] = !chosen || chosen[i];
    for (size_t i = s->count; i-- > 0;) /* what is needed stands before what needs it */
        for (size_t k = 0; k < s->item[i].need_count && meant[i]; k++)
            meant[s->item[i].need[k]] = true;
}
