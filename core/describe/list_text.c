/* SPDX-License-Identifier: MIT */
#include "core/describe/list_text.h"

#include <string.h>

#include "core/graph/layers.h"
#include "core/layer/about.h"

/* Those that a listing of `kind` (0: all) has. */
static const char *const *core_layers(int kind)
{
    static const char *const none[] = {NULL};
    return kind && kind != TFU_KIND_LAYER ? none : tfu_layer_names();
}

static json_t *entry_json(const struct tfu_registry_entry *e)
{
    json_t *j = json_pack("{s:s, s:s, s:s, s:b}", "kind", tfu_kind_name((int)e->kind), "name",
                          e->name, "path", e->path, "hidden", (int)e->hidden);
    if (j && e->plugin) {
        json_object_set_new(j, "version", json_string(e->plugin->version));
        json_object_set_new(j, "summary", json_string(e->plugin->summary));
    } else if (j && !e->hidden) {
        json_object_set_new(j, "refused", json_string(e->error.text));
    }
    return j;
}

json_t *tfu_list_json(const struct tfu_registry_list *l, int kind)
{
    json_t *array = json_array();
    bool complete = array != NULL;
    for (size_t i = 0; complete && i < l->count; i++)
        complete = json_array_append_new(array, entry_json(&l->entry[i])) == 0;
    for (const char *const *layer = core_layers(kind); complete && *layer; layer++)
        complete = json_array_append_new(array, json_pack("{s:s, s:s, s:b, s:s}", "kind", "layer",
                                                          "name", *layer, "builtin", 1, "summary",
                                                          tfu_layer_about(*layer)->summary)) == 0;
    if (!complete) {
        json_decref(array);
        array = NULL;
    }
    return array;
}

void tfu_list_put(struct tfu_text *out, const struct tfu_registry_list *l, int kind)
{
    int name = 14, version = 8; /* "global_avgpool", "built in" */
    for (size_t i = 0; i < l->count; i++)
        if (l->entry[i].plugin) {
            const int n = (int)strlen(l->entry[i].name);
            const int v = (int)strlen(l->entry[i].plugin->version);
            name = n > name ? n : name;
            version = v > version ? v : version;
        }
    tfu_text_printf(out, "%-8s %-*s %-*s %s\n", "kind", name, "name", version, "version",
                    "summary");
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_registry_entry *e = &l->entry[i];
        if (e->plugin)
            tfu_text_printf(out, "%-8s %-*s %-*s %s\n", tfu_kind_name((int)e->kind), name, e->name,
                            version, e->plugin->version, e->plugin->summary);
    }
    for (const char *const *layer = core_layers(kind); *layer; layer++)
        tfu_text_printf(out, "%-8s %-*s %-*s %s\n", "layer", name, *layer, version, "built in",
                        tfu_layer_about(*layer)->summary);
}
