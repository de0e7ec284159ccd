/* SPDX-License-Identifier: MIT */
#include "core/config/load.h"

#include <stdlib.h>

#include "core/config/build.h"
#include "core/config/check.h"
#include "core/config/compose.h"
#include "core/config/data_root.h"
#include "core/config/document.h"
#include "core/config/drop.h"
#include "core/config/path.h"
#include "core/config/replace.h"

/* The reader of an experiment. */
static void read(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_config *c = arg;
    tfu_data_root_spread(l, root);
    c->root = root;
    tfu_build_experiment(l, root, &c->experiment);
    if (!l->out_of_memory)
        tfu_check_experiment(l, root, &c->experiment);
}

/* Of a file alone: what a sweep puts together may be of use in another of its cases. */
static void read_file(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    tfu_replace_note_idle(l->diagnostics, root);
    read(arg, l, root);
}

static enum tfu_status load(struct tfu_config **out, const struct tfu_document *document,
                            struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_config *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "reading a configuration", 0);
    tfu_arena_init(&c->arena, 0);
    c->experiment.nameless = tfu_path_is_stream(document->path);
    const enum tfu_status st = tfu_document_read(document, &c->arena, read_file, c, d, e);
    if (st == TFU_OK)
        *out = c;
    else
        tfu_config_free(c);
    return st;
}

enum tfu_status tfu_config_compose(struct tfu_config **out, const struct tfu_compose *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_config *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "reading a configuration", 0);
    tfu_arena_init(&c->arena, 0);
    struct tfu_load l = {.arena = &c->arena,
                         .diagnostics = d,
                         .registry = request->registry,
                         .path = request->path,
                         .open = request->path};
    const size_t before = tfu_diagnostics_count(d);
    struct tfu_node *root = request->make(request->arg, &l);
    if (root) {
        tfu_drop_report(&l);
        read(c, &l, root);
    }
    const enum tfu_status st = tfu_document_summarise(&l, before, e);
    if (st == TFU_OK)
        *out = c;
    else
        tfu_config_free(c);
    return st;
}

enum tfu_status tfu_config_load(struct tfu_config **out, const char *path,
                                const char *const *overrides, size_t override_count,
                                struct tfu_registry *r, struct tfu_diagnostics *d,
                                struct tfu_error *e)
{
    const struct tfu_document document = {
        .path = path, .override = overrides, .override_count = override_count, .registry = r};
    return load(out, &document, d, e);
}

enum tfu_status tfu_config_load_text(struct tfu_config **out, const char *path, const char *text,
                                     size_t length, const char *const *overrides,
                                     size_t override_count, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_document document = {.path = path,
                                          .text = text,
                                          .length = length,
                                          .override = overrides,
                                          .override_count = override_count,
                                          .registry = r};
    return load(out, &document, d, e);
}

void tfu_config_free(struct tfu_config *c)
{
    if (!c || c->holders-- > 0)
        return;
    tfu_arena_free(&c->arena);
    free(c);
}

struct tfu_config *tfu_config_hold(struct tfu_config *c)
{
    c->holders++;
    return c;
}

const struct tfu_experiment *tfu_config_experiment(const struct tfu_config *c)
{
    return &c->experiment;
}
