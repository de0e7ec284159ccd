/* SPDX-License-Identifier: MIT
 *
 * tests.h - inside the conformance suite: what a test is given, and what tests share.
 */
#ifndef TFU_CORE_CONFORMANCE_TESTS_H
#define TFU_CORE_CONFORMANCE_TESTS_H

#include "core/base/host.h"
#include "core/graph/graph.h"
#include "core/plugin/choice.h"
#include "core/plugin/kind_list.h"
#include "core/plugin/registry.h"

/* One test's view. Tests run in a child process: they need not free what the failing path leaves.
 */
struct tfu_check {
    const struct tfu_plugin_choice *choice;
    const struct tfu_plugin *plugin;
    const void *config;
    struct tfu_registry *registry;
    const char *file; /* a sample of a reader's format; NULL: none */
    bool skipped;
    char note[512]; /* why it was skipped, or what was tried */
};

struct tfu_check_test {
    const char *name; /* what holds when it passes: "every element is written" */
    enum tfu_status (*run)(struct tfu_check *c, struct tfu_error *e);
};

/* The tests of each kind, tfu_check_arch[] and so on; `name` of the last is NULL. */
#define TFU_CHECK_OF_KIND(number, name, ...) extern const struct tfu_check_test tfu_check_##name[];
#define TFU_CHECK_NO_FUNCTION(kind, function)
TFU_KIND_LIST(TFU_CHECK_OF_KIND, TFU_CHECK_NO_FUNCTION)
#undef TFU_CHECK_OF_KIND

/* Tests of a backend beyond its kernels. */
enum tfu_status tfu_check_device_memory(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_device_network(struct tfu_check *c, struct tfu_error *e);

/* Ends a test that has nothing to try: `return tfu_check_skip(c, "it looks at no labels")`. */
enum tfu_status tfu_check_skip(struct tfu_check *c, const char *fmt, ...) TFU_PRINTF(2, 3);
/* Says what was tried. */
void tfu_check_note(struct tfu_check *c, const char *fmt, ...) TFU_PRINTF(2, 3);

/* Did a call that returned `st` and left `said` behave? It failed with a sentence, or succeeded
 * without one. TFU_OK then, also for a refusal. */
enum tfu_status tfu_check_manners(enum tfu_status st, const struct tfu_error *said,
                                  const char *function, struct tfu_error *e);

/* Calls `attempt` with each option in turn at its least and largest value, or at each choice; the
 * other options are as chosen. It may refuse (in words, in `said`). */
enum tfu_status tfu_check_bounds(struct tfu_check *c,
                                 enum tfu_status (*attempt)(const struct tfu_check *c,
                                                            const void *config,
                                                            struct tfu_error *said),
                                 const char *function, struct tfu_error *e);

/* A test for the kinds whose options stand beside keys of the host: architectures, datasets and
 * initializers. */
enum tfu_status tfu_check_names(struct tfu_check *c, struct tfu_error *e);

/* A backend without kernels, in host memory: the layers' own definitions run. */
extern const struct tfu_plugin tfu_check_definitions;

#endif
