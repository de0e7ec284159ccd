/* SPDX-License-Identifier: MIT
 *
 * longer.h - rows and tables that have grown since, laid under the frozen plugins by abi_2_0.test:
 * KIND_OPS is the kind's table. Anonymous members (-fms-extensions) keep the designators right.
 */
#include KIND_HEADER

#include <transfuse/backend.h>
#include <transfuse/layer.h>

struct longer_option {
    struct tfu_option;
    char later[24];
};
struct longer_attr {
    struct tfu_attr_info;
    char later[16];
};
struct longer_kernel {
    struct tfu_kernel;
    char later[40];
};
struct longer_ops {
    struct KIND_OPS;
    char later[64];
};

/* As TFU_OPTIONS. */
#define LONGER_OPTIONS(table, cfg)                                                                 \
    .options = (const struct tfu_option *)(const void *)(table), .option_count = TFU_COUNT(table), \
    .option_size = sizeof(table)[0], .config_size = sizeof(cfg)
