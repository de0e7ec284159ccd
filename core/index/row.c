/* SPDX-License-Identifier: MIT */
#include "core/index/row.h"

const char *tfu_index_state_name(enum tfu_index_state s)
{
    static const char *const name[TFU_INDEX_STATES] = {"done", "running", "failed", "interrupted",
                                                       "damaged"};
    return (unsigned)s < TFU_INDEX_STATES ? name[s] : NULL;
}
