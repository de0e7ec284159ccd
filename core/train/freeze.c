/* SPDX-License-Identifier: MIT */
#include "core/train/freeze.h"

const char *tfu_freeze_statistics(const struct tfu_train_config *train)
{
    return train->freeze.batchnorm == TFU_FREEZE_BATCHNORM_FROZEN ? train->freeze.through : "";
}

static enum tfu_status freeze_stages(const char *through, const struct tfu_graph *g, bool *frozen,
                                     struct tfu_error *e)
{
    const uint32_t last = tfu_graph_find_stage(g, through);
    if (last == TFU_GRAPH_NONE) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_graph_list_stages(g, &text);
        const enum tfu_status st =
            text.failed
                ? tfu_error_memory(e, "naming stages", 0)
                : tfu_error_set(e, TFU_EINVAL,
                                "train.freeze.through: there is no stage '%s'; the stages are %s",
                                through, tfu_text_get(&text));
        tfu_text_free(&text);
        return st;
    }
    for (uint32_t p = 0; p < g->param_count; p++)
        if (g->node[g->param[p].node].stage <= last)
            frozen[p] = true;
    return TFU_OK;
}

static enum tfu_status freeze_matches(const char *pattern, const struct tfu_graph *g, bool *frozen,
                                      struct tfu_error *e)
{
    bool any = false;
    for (uint32_t p = 0; p < g->param_count; p++)
        if (tfu_text_glob(pattern, g->param[p].name))
            any = frozen[p] = true;
    return any ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL,
                               "train.freeze.match: '%s' matches no parameter of the network",
                               pattern);
}

enum tfu_status tfu_freeze(const struct tfu_train_config *train, const struct tfu_graph *g,
                           bool *frozen, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; p < g->param_count; p++)
        frozen[p] = false;
    if (train->freeze.through && train->freeze.through[0])
        st = freeze_stages(train->freeze.through, g, frozen, e);
    for (uint64_t i = 0; st == TFU_OK && i < train->freeze.match.count; i++)
        st = freeze_matches(train->freeze.match.item[i], g, frozen, e);
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++)
        if (tfu_role_trained(g->param[p].role) && !frozen[p])
            return TFU_OK;
    return st != TFU_OK ? st
                        : tfu_error_set(e, TFU_EINVAL,
                                        "train.freeze leaves nothing to train; freeze through an "
                                        "earlier stage");
}
