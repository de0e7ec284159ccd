/* SPDX-License-Identifier: MIT
 *
 * plugins_check.h - transfuse plugins check: the conformance suite, a line a test.
 */
#ifndef TFU_CORE_CLI_PLUGINS_CHECK_H
#define TFU_CORE_CLI_PLUGINS_CHECK_H

#include "core/cli/cli.h"

struct tfu_plugins_check_request {
    enum tfu_kind kind;
    const char *name;        /* as a configuration names it */
    const char *const *pair; /* KEY=VALUE */
    size_t pair_count;
    const char *file; /* a sample of a reader's format; NULL: none */
    unsigned seconds; /* for each test */
};

/* TFU_EXIT_OK when no test has failed. An initializer that requires a path which no pair sets gets
 * a file of weights that fits. */
int tfu_plugins_check(struct tfu_registry *r, const struct tfu_plugins_check_request *request);

#endif
