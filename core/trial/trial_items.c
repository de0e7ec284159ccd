/* SPDX-License-Identifier: MIT */
#include "core/trial/trial_items.h"

#include <string.h>

enum { POISON_FLOAT = 0xff, POISON_OTHER = 0xa5 };

void tfu_trial_poison(const struct tfu_guarded *g, bool is_float)
{
    memset(g->data, is_float ? POISON_FLOAT : POISON_OTHER, g->bytes);
}
