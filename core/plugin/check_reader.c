/* SPDX-License-Identifier: MIT
 *
 * What must hold of a reader.
 */
#include "core/plugin/check_life.h"

enum tfu_status tfu_check_live_reader(const struct tfu_check *c, struct tfu_life *l,
                                      struct tfu_error *e)
{
    (void)c, (void)l, (void)e;
    return TFU_OK;
}

const struct tfu_check_test tfu_check_reader[] = {
    {NULL, NULL},
};
