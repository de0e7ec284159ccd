/* SPDX-License-Identifier: MIT */
#include "core/graph/head.h"

#include <transfuse/ops.h>

static tfu_value build_linear(const struct tfu_head_site *site)
{
    return tfu_linear(site->builder, site->name, site->features,
                      (struct tfu_linear_attrs){.out = site->outputs});
}

const struct tfu_head_kind tfu_head_linear = {
    .rank = 2,
    .takes = "N,C",
    .advice = "end the architecture in global_avgpool",
    .build = build_linear,
};
