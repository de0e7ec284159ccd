/* SPDX-License-Identifier: MIT */
#include "core/config/document.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/drop.h"
#include "core/config/include.h"
#include "core/config/override.h"
#include "core/config/path.h"

enum tfu_status tfu_document_summarise(const struct tfu_load *l, size_t before, struct tfu_error *e)
{
    const size_t n = tfu_diagnostics_count(l->diagnostics) - before;
    if (l->out_of_memory || tfu_diagnostics_failed(l->diagnostics))
        return tfu_error_memory(e, "reading a configuration", 0);
    if (n == 0)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, l->path, 0, 0, "%zu error%s in the configuration", n,
                        n == 1 ? "" : "s");
}

enum tfu_status tfu_document_look_beside(struct tfu_registry *r, const char *path,
                                         struct tfu_error *e)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX], real[PATH_MAX];
    const int n = slash ? (int)(slash - path) + 1 : 1;
    snprintf(folder, sizeof folder, "%.*s", n, slash ? path : ".");
    return realpath(folder, real) ? tfu_registry_look_in(r, real, e) : TFU_OK;
}

void tfu_document_keep_stream(struct tfu_document *document, const struct tfu_diagnostics *d)
{
    if (tfu_path_is_stream(document->path) && !document->text)
        document->text = tfu_diagnostics_source_text(d, TFU_LOAD_STREAM, &document->length);
}

enum tfu_status tfu_document_read(const struct tfu_document *document, struct tfu_arena *arena,
                                  void (*read)(void *arg, struct tfu_load *l,
                                               struct tfu_node *root),
                                  void *arg, struct tfu_diagnostics *d, struct tfu_error *e)
{
    if (tfu_document_look_beside(document->registry, document->path, e) != TFU_OK)
        return TFU_ENOMEM;
    struct tfu_load l = {.arena = arena,
                         .diagnostics = d,
                         .registry = document->registry,
                         .open = document->path,
                         .roots = document->roots};
    const size_t before = tfu_diagnostics_count(d);
    const bool stream = tfu_path_is_stream(document->path);
    l.path = tfu_load_printf(&l, "%s", stream ? TFU_LOAD_STREAM : document->path);
    struct tfu_document kept = *document;
    tfu_document_keep_stream(&kept, d);
    struct tfu_node *root = l.path ? tfu_include_compose(&l, kept.text, kept.length) : NULL;
    if (root) {
        if (document->prepare)
            document->prepare(arg, &l, root, document);
        tfu_override_apply(&l, root, document->override, document->override_count);
        tfu_drop_report(&l);
        if (!l.incomplete)
            read(arg, &l, root);
    }
    return tfu_document_summarise(&l, before, e);
}
