/* SPDX-License-Identifier: MIT
 *
 * What a dataset says of its examples without reading them, and how messages name one.
 */
#include "core/data/source.h"

#include "core/base/calling.h"
#include "core/data/choice_path.h"

const char *tfu_source_plugin(const struct tfu_source *s)
{
    return s->split->choice.plugin->name;
}

const char *tfu_source_name(const struct tfu_source *s, int64_t index)
{
    if (!s->ops->name || index < 0 || index >= s->info.count)
        return NULL;
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "name");
    const char *name = s->ops->name(s->self, index);
    tfu_calling_end(outer);
    return name;
}

const char *tfu_source_group(const struct tfu_source *s, int64_t index)
{
    if (!s->ops->group || index < 0 || index >= s->info.count)
        return NULL;
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "group");
    const char *group = s->ops->group(s->self, index);
    tfu_calling_end(outer);
    return group;
}

const char *tfu_source_attribute(const struct tfu_source *s, int64_t index, int64_t which)
{
    if (which < 0 || which >= s->info.attributes || index < 0 || index >= s->info.count)
        return "";
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "attribute");
    const char *word = s->ops->attribute(s->self, index, which);
    tfu_calling_end(outer);
    return word ? word : "";
}

/* `otherwise` stands for an example without a name, NULL: nothing does. */
static void put_example(const struct tfu_source *s, int64_t index, const char *otherwise,
                        struct tfu_text *out)
{
    const char *name = tfu_source_name(s, index);
    const char *path = name ? name : otherwise;
    tfu_text_printf(out, "example %lld of dataset '%s'", (long long)index, tfu_source_plugin(s));
    if (path)
        tfu_text_printf(out, " (%s)", path);
}

void tfu_source_place(const struct tfu_source *s, int64_t index, const char *file,
                      struct tfu_text *out)
{
    put_example(s, index, tfu_choice_path_of(&s->split->choice, file), out);
}

void tfu_source_name_example(const struct tfu_source *s, int64_t index, struct tfu_error *e)
{
    struct tfu_text example = TFU_TEXT_INIT;
    put_example(s, index, NULL, &example);
    tfu_error_prefix(e, "%s", tfu_text_get(&example));
    tfu_text_free(&example);
}
