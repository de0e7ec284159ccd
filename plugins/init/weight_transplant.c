/* SPDX-License-Identifier: MIT
 *
 * Weight transfusion: a contiguous prefix of a source network, or any named part of it, and another
 * initializer for the rest. Raghu et al., "Transfusion", NeurIPS 2019, section 5 and figure 7; with
 * `rest: {plugin: mean_var}` the WT-ST networks of Matsoukas et al., "What Makes Transfer Learning
 * Work For Medical Images: Feature Reuse & Other Factors", CVPR 2022.
 */
#include <stdlib.h>

#include <transfuse/init.h>

#include "source.h"

struct config {
    const char *source;
    const char *through;
    int64_t layers;
    struct tfu_string_list names;
    const struct tfu_inner *rest;
};

enum { NOT_BY_LAYERS = -1 };

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, source, "", TFU_OPT_REQUIRED,
                 "file of weights: safetensors, PyTorch's .pth, npz"),
    TFU_OPT_STRING(struct config, through, "", 0,
                   "the last stage that is transplanted, all before it too; none: no stage"),
    TFU_OPT_INT(struct config, layers, NOT_BY_LAYERS, NOT_BY_LAYERS, 1000000,
                "instead: how many layers with parameters, from the input; -1: by `through`"),
    TFU_OPT_STRING_LIST(struct config, names,
                        "patterns of more parameters that are transplanted: layer4.*"),
    TFU_OPT_INNER(struct config, rest, "random", 0, "fills what is not transplanted"),
};

static int by_stage(const struct config *c)
{
    return c->through[0] && strcmp(c->through, "none") != 0;
}

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    const struct config *c = config;
    uint32_t stage;
    *self = (void *)config; /* stays valid until destroy() */
    if (c->through[0] && c->layers != NOT_BY_LAYERS)
        return h->fail(h, TFU_EINVAL,
                       "through: %s and layers: %lld both say how much is transplanted; set one",
                       c->through, (long long)c->layers);
    if (!c->through[0] && c->layers == NOT_BY_LAYERS && c->names.count == 0)
        return h->fail(h, TFU_EINVAL,
                       "nothing says what is transplanted; set `through: STAGE` (or none), "
                       "`layers: COUNT` or `names: [PATTERN]`");
    for (uint64_t i = 0; i < c->names.count; i++) {
        const enum tfu_status st = h->find_param(h, c->names.item[i]);
        if (st != TFU_OK)
            return st;
    }
    return by_stage(c) ? h->find_stage(h, c->through, &stage) : TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

/* A shell's pattern: * any run, ? one character. A mismatch goes back to the last star only, so
 * that no pattern takes long. */
static int matches(const char *pattern, const char *s)
{
    const char *star = NULL, *retry = NULL;
    while (*s) {
        if (*pattern == '*') {
            star = pattern++;
            retry = s;
        } else if (*pattern == '?' || *pattern == *s) {
            pattern++;
            s++;
        } else if (star) {
            pattern = star + 1;
            s = ++retry;
        } else {
            return 0;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static enum tfu_status is_transplanted(const struct config *c, const struct tfu_param *p,
                                       struct tfu_init_host *h, int *out)
{
    uint32_t last = 0;
    *out = c->layers != NOT_BY_LAYERS && (int64_t)p->layer_index < c->layers;
    for (uint64_t i = 0; i < c->names.count; i++)
        *out = *out || matches(c->names.item[i], p->name);
    if (!by_stage(c))
        return TFU_OK;
    const enum tfu_status st = h->find_stage(h, c->through, &last);
    *out = *out || p->stage_index <= last;
    return st;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    int transplanted;
    const enum tfu_status st = is_transplanted(c, p, h, &transplanted);
    if (st != TFU_OK)
        return st;
    const struct tfu_tensor *t = transplanted ? h->take(h, c->source, p, 0) : NULL;
    if (!t)
        return h->fill_inner(h, c->rest, p, dst);
    copy_tensor(dst, t, "transplanted", c->source, h);
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "weight_transplant",
    .version = "1.0",
    .summary = "a prefix of a source network's stages, another initializer for the rest",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
