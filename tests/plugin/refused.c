/* SPDX-License-Identifier: MIT
 *
 * A plugin that is right, unless macros on the compiler's command line make one thing of it wrong.
 * refusals.test compiles it once for every reason to refuse a plugin.
 */
#include <transfuse/backend.h>
#include <transfuse/dataset.h>
#include <transfuse/init.h>
#include <transfuse/metric.h>
#include <transfuse/optim.h>
#include <transfuse/reader.h>
#include <transfuse/transform.h>

#ifndef KIND /* and its function table */
#define KIND       TFU_KIND_ARCH
#define TABLE      tfu_arch_ops
#define TABLE_WITH .build = build
#endif
#ifndef TABLE_WITH
#define TABLE_WITH .struct_size = sizeof ops
#endif
#ifndef OPTIONS
#define OPTIONS TFU_OPT_INT(struct config, number, 1, 0, 9, "a number")
#endif
#ifndef WITH /* fields of the descriptor that come last and win */
#define WITH .ops = &ops
#endif
#ifndef SYMBOL
#define SYMBOL tfu_plugin
#endif

struct config {
    int64_t number, other;
    double real;
    int32_t choice, truth;
    const char *text;
    struct tfu_int_list list;
};

const char *const choices[] = {"first", "second", NULL};
const char *const no_choices[] = {NULL};

/* A row of a later version, which has grown. */
struct larger_option {
    struct tfu_option option;
    char later[24];
};

static const struct tfu_option options[] = {OPTIONS};
const struct larger_option larger_options[] = {
    {.option = TFU_OPT_INT(struct config, number, 1, 0, 9, "a number"), .later = "later"},
    {.option = TFU_OPT_FLOAT(struct config, real, 0.5, 0, 1, "a share"), .later = "later"},
};

#ifdef CALLS
int CALLS(void);
int calls(void)
{
    return CALLS();
}
#endif

enum tfu_status build(struct tfu_builder *b, const void *config)
{
    (void)config;
    return b->status(b);
}

const struct TABLE ops = {.struct_size = sizeof ops, TABLE_WITH};

TFU_EXPORT const struct tfu_plugin SYMBOL = {
    TFU_PLUGIN_HEADER(KIND),
    .name = "refused",
    .version = "1",
    .summary = "for a test",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
    WITH,
};
