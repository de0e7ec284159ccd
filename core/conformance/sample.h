/* SPDX-License-Identifier: MIT
 *
 * sample.h - a file of weights for an initializer that needs one and was given none.
 */
#ifndef TFU_CORE_CONFORMANCE_SAMPLE_H
#define TFU_CORE_CONFORMANCE_SAMPLE_H

#include <limits.h>

#include "core/base/text.h"
#include "core/plugin/registry.h"

struct tfu_weights_sample {
    const char *const *pair; /* KEY=VALUE: those that were given, and the sample's */
    size_t pair_count;
    const char *name; /* of the option; NULL: no sample is needed */
    /* what it owns */
    char path[PATH_MAX];
    struct tfu_text option;
    const char **pairs;
};

/* `name` is as a configuration has it. The file is in the folder for temporary ones. To be freed in
 * any case. */
enum tfu_status tfu_weights_sample_new(struct tfu_weights_sample *s, struct tfu_registry *r,
                                       enum tfu_kind kind, const char *name,
                                       const char *const *pair, size_t pair_count,
                                       struct tfu_error *e);
void tfu_weights_sample_free(struct tfu_weights_sample *s);

#endif
