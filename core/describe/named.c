/* SPDX-License-Identifier: MIT */
#include "core/describe/named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/layers.h"
#include "core/layer/about.h"

/* The layer of the core that "conv2d" or "layer/conv2d" names, or NULL. */
static const char *core_layer(const char *what)
{
    const char *name = strncmp(what, "layer/", 6) == 0 ? what + 6 : what;
    const struct tfu_layer_about *about = tfu_layer_about(name);
    return about ? about->name : NULL;
}

static bool is_file(const char *what)
{
    const size_t n = strlen(what);
    return n > 3 && strcmp(what + n - 3, ".so") == 0;
}

/* Neither a plugin nor a layer has the name. */
static enum tfu_status report_unknown(const struct tfu_registry_list *l, const char *what,
                                      struct tfu_error *e)
{
    const char *const *layer = tfu_layer_names();
    size_t layers = 0;
    while (layer[layers])
        layers++;
    const char **names = calloc(l->count + layers + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "looking for a plugin", 0);
    for (size_t i = 0; i < l->count; i++)
        names[i] = l->entry[i].name;
    for (size_t i = 0; i < layers; i++)
        names[l->count + i] = layer[i];
    const char *nearest = tfu_text_nearest(what, names, l->count + layers);
    tfu_error_set(e, TFU_ENOTFOUND,
                  "there is no plugin '%s'%s%s%s; `transfuse plugins list` shows what there is",
                  what, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                  nearest ? "'?" : "");
    free(names);
    return TFU_ENOTFOUND;
}

static enum tfu_status find_in_every_kind(struct tfu_named *n, struct tfu_registry *r,
                                          const char *what, struct tfu_error *e)
{
    struct tfu_registry_list l;
    enum tfu_status st = tfu_registry_list(r, 0, &l, e);
    if (st != TFU_OK)
        return st;
    size_t i = 0;
    while (i < l.count && strcmp(l.entry[i].name, what) != 0)
        i++;
    st = i < l.count ? tfu_registry_find(r, l.entry[i].kind, what, NULL, &n->plugin, e)
                     : report_unknown(&l, what, e);
    tfu_registry_list_free(&l);
    return st;
}

static enum tfu_status find(struct tfu_named *n, struct tfu_registry *r, const char *what,
                            struct tfu_error *e)
{
    const char *slash = strchr(what, '/');
    int kind = 0;
    if (is_file(what)) {
        const enum tfu_status st = tfu_plugin_open(what, 0, NULL, &n->file, e);
        n->plugin = n->file.plugin;
        return st;
    }
    if (slash) {
        char name[16];
        snprintf(name, sizeof name, "%.*s", (int)(slash - what), what);
        kind = tfu_kind_from_name(name);
    }
    return kind ? tfu_registry_find(r, (enum tfu_kind)kind, slash + 1, NULL, &n->plugin, e)
                : find_in_every_kind(n, r, what, e);
}

enum tfu_status tfu_named_find(struct tfu_named *out, struct tfu_registry *r, const char *what,
                               struct tfu_error *e)
{
    *out = (struct tfu_named){.layer = core_layer(what)};
    if (out->layer)
        return TFU_OK;
    const enum tfu_status st = find(out, r, what, e);
    if (st != TFU_OK)
        return st;
    out->path = out->file.library ? what : tfu_registry_path(r, out->plugin);
    if (out->file.library) /* a configuration knows a file by a slash in its name */
        tfu_text_printf(&out->written, "%s%s", strchr(what, '/') ? "" : "./", what);
    else
        tfu_text_puts(&out->written, out->plugin->name);
    return out->written.failed ? tfu_error_memory(e, "looking for a plugin", 0) : TFU_OK;
}

void tfu_named_free(struct tfu_named *n)
{
    tfu_plugin_close(&n->file);
    tfu_text_free(&n->written);
}
