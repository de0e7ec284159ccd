/* SPDX-License-Identifier: MIT */
#include "core/config/load.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/build.h"
#include "core/config/check.h"
#include "core/config/drop.h"
#include "core/config/include.h"
#include "core/config/override.h"
#include "core/config/path.h"

static void load(struct tfu_load *l, struct tfu_config *c, const char *text, size_t length,
                 const char *const *overrides, size_t override_count)
{
    c->root = tfu_include_compose(l, text, length);
    if (!c->root)
        return;
    tfu_override_apply(l, c->root, overrides, override_count);
    tfu_drop_report(l);
    tfu_build_experiment(l, c->root, &c->experiment);
    if (!l->out_of_memory)
        tfu_check_experiment(l, c->root, &c->experiment);
}

static enum tfu_status summarise(const struct tfu_load *l, size_t before, struct tfu_error *e)
{
    const size_t n = tfu_diagnostics_count(l->diagnostics) - before;
    if (l->out_of_memory || tfu_diagnostics_failed(l->diagnostics))
        return tfu_error_memory(e, "reading a configuration", 0);
    if (n == 0)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, l->path, 0, 0, "%zu error%s in the configuration", n,
                        n == 1 ? "" : "s");
}

/* Plugins that plugins need may lie beside the configuration. */
static enum tfu_status look_beside(struct tfu_registry *r, const char *path, struct tfu_error *e)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX], real[PATH_MAX];
    const int n = slash ? (int)(slash - path) + 1 : 1;
    snprintf(folder, sizeof folder, "%.*s", n, slash ? path : ".");
    return realpath(folder, real) ? tfu_registry_look_in(r, real, e) : TFU_OK;
}

static enum tfu_status load_config(struct tfu_config **out, const char *path, const char *text,
                                   size_t length, const char *const *overrides,
                                   size_t override_count, struct tfu_registry *r,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    if (look_beside(r, path, e) != TFU_OK)
        return TFU_ENOMEM;
    struct tfu_config *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "reading a configuration", 0);
    tfu_arena_init(&c->arena, 0);
    struct tfu_load l = {.arena = &c->arena, .diagnostics = d, .registry = r};
    const size_t before = tfu_diagnostics_count(d);
    l.open = path;
    c->experiment.nameless = tfu_path_is_stream(path);
    l.path = tfu_load_printf(&l, "%s", c->experiment.nameless ? TFU_LOAD_STREAM : path);
    if (l.path)
        load(&l, c, text, length, overrides, override_count);
    const enum tfu_status st = summarise(&l, before, e);
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
    return load_config(out, path, NULL, 0, overrides, override_count, r, d, e);
}

enum tfu_status tfu_config_load_text(struct tfu_config **out, const char *path, const char *text,
                                     size_t length, const char *const *overrides,
                                     size_t override_count, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    return load_config(out, path, text, length, overrides, override_count, r, d, e);
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
