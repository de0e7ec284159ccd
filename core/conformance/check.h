/* SPDX-License-Identifier: MIT
 *
 * check.h - the conformance suite: does a plugin keep what the headers say of its kind? Each test
 * runs in a process of its own, so that a plugin that crashes, hangs or exits fails one test and
 * ends nothing.
 */
#ifndef TFU_CORE_CONFORMANCE_CHECK_H
#define TFU_CORE_CONFORMANCE_CHECK_H

#include "core/config/experiment.h"

enum tfu_check_verdict {
    TFU_CHECK_PASSED,
    TFU_CHECK_FAILED,
    TFU_CHECK_SKIPPED /* there is nothing of that sort in this plugin */
};

struct tfu_check_request {
    const struct tfu_plugin_choice *choice; /* the plugin with the options it is tried with */
    struct tfu_registry *registry;
    const char *file; /* of its format, for a reader; NULL: none */
    unsigned seconds; /* a test that takes longer has failed */
    /* Called after each test. `text`: why it failed or was skipped, or what was tried. */
    void (*report)(void *arg, const char *test, enum tfu_check_verdict verdict, const char *text);
    void *arg;
};

struct tfu_check_count {
    size_t passed, failed, skipped;
};

/* Runs every test of the plugin's kind. Failed tests are counted, not errors. The caller has no
 * other threads. */
enum tfu_status tfu_check_run(const struct tfu_check_request *request, struct tfu_check_count *out,
                              struct tfu_error *e);

#endif
