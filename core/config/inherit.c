/* SPDX-License-Identifier: MIT */
#include "core/config/inherit.h"

#include <string.h>

bool tfu_inherit_is_measured(const struct tfu_node *normalise)
{
    const struct tfu_node *from = tfu_node_at(normalise, "from");
    return from && from->kind == TFU_NODE_SCALAR && strcmp(from->text, "data") == 0;
}

/* A published preprocessing, numbers of one's own and those of the data exclude each other: where
 * the split has the one, train's others do not come in. */
static bool is_excluded(const struct tfu_node *own, const char *name)
{
    const struct tfu_node *preprocessing = tfu_node_at(own, "normalise.preprocessing");
    const bool named =
        preprocessing && preprocessing->kind == TFU_NODE_SCALAR && preprocessing->text[0];
    const bool measured = tfu_inherit_is_measured(tfu_node_at(own, "normalise"));
    const bool numbers =
        tfu_node_at(own, "normalise.mean") || tfu_node_at(own, "normalise.deviation");
    if (strcmp(name, "normalise.preprocessing") == 0)
        return numbers || measured;
    if (strcmp(name, "normalise.mean") == 0 || strcmp(name, "normalise.deviation") == 0)
        return named || measured;
    return strcmp(name, "normalise.from") == 0 && (named || numbers);
}

const struct tfu_node *tfu_inherit_find(const struct tfu_node *data, const char *split,
                                        const char *name)
{
    const struct tfu_node *own = tfu_node_at(data, split), *train = tfu_node_at(data, "train");
    const bool shared = strcmp(name, "classes") == 0 || strcmp(name, "resize") == 0 ||
                        strcmp(name, "decode") == 0 || strcmp(name, "exif") == 0 ||
                        strcmp(name, "on_bad_image") == 0 || strcmp(name, "transforms") == 0 ||
                        strncmp(name, "normalise.", strlen("normalise.")) == 0;
    const struct tfu_node *found = shared && own != train ? tfu_node_at(train, name) : NULL;
    return found && !tfu_node_at(own, name) && !is_excluded(own, name) ? found : NULL;
}

void tfu_inherit(const struct tfu_node *data, const char *split,
                 const struct tfu_data_select *train, struct tfu_data_select *select)
{
    if (tfu_inherit_find(data, split, "classes"))
        select->classes = train->classes;
    if (tfu_inherit_find(data, split, "decode"))
        select->decode = train->decode;
    if (tfu_inherit_find(data, split, "on_bad_image"))
        select->on_bad_image = train->on_bad_image;
    if (tfu_inherit_find(data, split, "exif"))
        select->exif = train->exif;
    if (tfu_inherit_find(data, split, "resize"))
        select->resize = train->resize;
    if (tfu_inherit_find(data, split, "normalise.channels"))
        select->normalise.channels = train->normalise.channels;
    if (tfu_inherit_find(data, split, "normalise.from"))
        select->normalise.from = train->normalise.from;
    if (tfu_inherit_find(data, split, "normalise.preprocessing"))
        select->normalise.preprocessing = train->normalise.preprocessing;
    if (tfu_inherit_find(data, split, "normalise.mean"))
        select->normalise.mean = train->normalise.mean;
    if (tfu_inherit_find(data, split, "normalise.deviation"))
        select->normalise.deviation = train->normalise.deviation;
}
