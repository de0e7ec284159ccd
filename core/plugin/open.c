/* SPDX-License-Identifier: MIT */
#include "core/plugin/open.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"
#include "core/plugin/contents_check.h"
#include "core/plugin/elf.h"
#include "core/plugin/options_check.h"
#include "core/plugin/registry.h"

#include <transfuse/arch.h>
#include <transfuse/backend.h>
#include <transfuse/dataset.h>
#include <transfuse/init.h>
#include <transfuse/metric.h>
#include <transfuse/optim.h>

/* The prefix that every version of the ABI shares. */
enum { FROZEN_PREFIX = offsetof(struct tfu_plugin, name) };

/* A function that a kind cannot do without. */
struct need {
    size_t offset;
    const char *name;
};
#define NEED(type, function)                                                                       \
    {                                                                                              \
        offsetof(struct type, function), #function                                                 \
    }

static const struct need arch_needs[] = {NEED(tfu_arch_ops, build)};
static const struct need init_needs[] = {NEED(tfu_init_ops, create), NEED(tfu_init_ops, destroy),
                                         NEED(tfu_init_ops, fill)};
static const struct need metric_needs[] = {
    NEED(tfu_metric_ops, create), NEED(tfu_metric_ops, destroy), NEED(tfu_metric_ops, update),
    NEED(tfu_metric_ops, finalize), NEED(tfu_metric_ops, reset)};
static const struct need dataset_needs[] = {
    NEED(tfu_dataset_ops, open), NEED(tfu_dataset_ops, close), NEED(tfu_dataset_ops, info),
    NEED(tfu_dataset_ops, get)};
static const struct need optim_needs[] = {NEED(tfu_optim_ops, step)};
static const struct need backend_needs[] = {NEED(tfu_backend_ops, open),
                                            NEED(tfu_backend_ops, close)};
static const struct need layer_needs[] = {NEED(tfu_layer_ops, infer), NEED(tfu_layer_ops, forward),
                                          NEED(tfu_layer_ops, backward)};

static const struct {
    size_t size; /* of the table in ABI 1.0 */
    const struct need *need;
    size_t count;
} tables[] = {
    [TFU_KIND_ARCH] = {sizeof(struct tfu_arch_ops), arch_needs, TFU_COUNT(arch_needs)},
    [TFU_KIND_INIT] = {sizeof(struct tfu_init_ops), init_needs, TFU_COUNT(init_needs)},
    [TFU_KIND_METRIC] = {sizeof(struct tfu_metric_ops), metric_needs, TFU_COUNT(metric_needs)},
    [TFU_KIND_DATASET] = {sizeof(struct tfu_dataset_ops), dataset_needs, TFU_COUNT(dataset_needs)},
    [TFU_KIND_OPTIM] = {sizeof(struct tfu_optim_ops), optim_needs, TFU_COUNT(optim_needs)},
    [TFU_KIND_BACKEND] = {sizeof(struct tfu_backend_ops), backend_needs, TFU_COUNT(backend_needs)},
    [TFU_KIND_LAYER] = {sizeof(struct tfu_layer_ops), layer_needs, TFU_COUNT(layer_needs)},
};

static enum tfu_status check_prefix(const struct tfu_plugin *p, struct tfu_error *e)
{
    if (p->magic != TFU_ABI_MAGIC)
        return tfu_error_set(e, TFU_EABI,
                             "its tfu_plugin begins with 0x%08x, not with TFU_ABI_MAGIC (0x%08x); "
                             "start the descriptor with TFU_PLUGIN_HEADER(kind)",
                             p->magic, TFU_ABI_MAGIC);
    if (p->abi_major != TFU_ABI_MAJOR)
        return tfu_error_set(
            e, TFU_EABI, "it is built for plugin ABI %u.%u and this program has %u.%u; %s",
            p->abi_major, p->abi_minor, TFU_ABI_MAJOR, TFU_ABI_MINOR,
            p->abi_major < TFU_ABI_MAJOR ? "rebuild the plugin against the installed headers"
                                         : "update transfuse, or rebuild the plugin against its "
                                           "headers");
    if (p->struct_size < FROZEN_PREFIX || p->struct_size < sizeof(struct tfu_plugin))
        return tfu_error_set(e, TFU_EABI,
                             "its descriptor has %u bytes where ABI 1.0 has %zu; set it with "
                             "TFU_PLUGIN_HEADER(kind)",
                             p->struct_size, sizeof(struct tfu_plugin));
    if (!tfu_kind_name((int)p->kind))
        return tfu_error_set(
            e, TFU_EABI,
            "it says that it is of kind %u, which this program does not know; update "
            "transfuse, or check the argument of TFU_PLUGIN_HEADER",
            p->kind);
    return TFU_OK;
}

static bool name_valid(const char *name)
{
    if (!name || !name[0])
        return false;
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

static enum tfu_status check_identity(const struct tfu_plugin *p, int kind, const char *name,
                                      struct tfu_error *e)
{
    if (kind && p->kind != (uint32_t)kind)
        return tfu_error_set(
            e, TFU_EABI,
            "it is of kind %s where one of kind %s is wanted; put it in the folder "
            "%s/, or name it in the part of the configuration that is for %s",
            tfu_kind_name((int)p->kind), tfu_kind_name(kind), tfu_kind_name((int)p->kind),
            tfu_kind_name((int)p->kind));
    if (!name_valid(p->name))
        return tfu_error_set(e, TFU_EABI,
                             "it calls itself '%s'; let .name be made of a to z, 0 to 9 and _",
                             p->name ? p->name : "");
    if (name && strcmp(name, p->name) != 0)
        return tfu_error_set(
            e, TFU_EABI,
            "it calls itself '%s' and its file '%s'; let .name equal the file's name "
            "without .so",
            p->name, name);
    const char *what = !p->version || !p->version[0]   ? "version"
                       : !p->summary || !p->summary[0] ? "summary"
                                                       : NULL;
    if (what)
        return tfu_error_set(e, TFU_EABI, "it has no %s; set .%s to a short text", what, what);
    return TFU_OK;
}

static enum tfu_status check_table(const struct tfu_plugin *p, struct tfu_error *e)
{
    const char *kind = tfu_kind_name((int)p->kind);
    const size_t size = tables[p->kind].size;
    if (!p->ops)
        return tfu_error_set(
            e, TFU_EABI,
            "it has no function table (.ops is NULL); set .ops to its struct tfu_%s_ops", kind);
    uint32_t said; /* every table starts with its size */
    memcpy(&said, p->ops, sizeof said);
    if (p->ops_size < size || said < size)
        return tfu_error_set(
            e, TFU_EABI,
            "its function table has %u bytes where struct tfu_%s_ops of ABI 1.0 has "
            "%zu; set .ops_size and .struct_size to its sizeof",
            p->ops_size < said ? p->ops_size : said, kind, size);
    for (size_t i = 0; i < tables[p->kind].count; i++) {
        const struct need *n = &tables[p->kind].need[i];
        void (*function)(void);
        memcpy(&function, (const char *)p->ops + n->offset, sizeof function);
        if (!function)
            return tfu_error_set(e, TFU_EABI,
                                 "its function table has no %s(), which a plugin of kind %s needs",
                                 n->name, kind);
    }
    return TFU_OK;
}

static enum tfu_status check_plugin(const struct tfu_plugin *p, int kind, const char *name,
                                    struct tfu_error *e)
{
    enum tfu_status st = check_prefix(p, e);
    if (st == TFU_OK)
        st = check_identity(p, kind, name, e);
    if (st == TFU_OK)
        st = tfu_plugin_options_check(p, e);
    if (st == TFU_OK)
        st = check_table(p, e);
    if (st == TFU_OK)
        st = tfu_plugin_contents_check(p, e);
    return st;
}

/* A name without a slash would send the linker along its own path. */
static enum tfu_status open_library(const char *path, void **library, struct tfu_error *e)
{
    struct tfu_text file = TFU_TEXT_INIT;
    tfu_text_printf(&file, "%s%s", strchr(path, '/') ? "" : "./", path);
    *library = file.failed ? NULL : dlopen(file.data, RTLD_NOW | RTLD_LOCAL);
    const bool failed = file.failed;
    tfu_text_free(&file);
    if (failed)
        return tfu_error_memory(e, "opening a plugin", 0);
    if (*library)
        return TFU_OK;
    const char *text = dlerror();
    return tfu_error_set(e, TFU_EABI,
                         "the dynamic linker refuses '%s': %s; link the plugin with what it uses "
                         "(-Wl,-z,defs shows what is missing)",
                         path, text ? text : "no reason given");
}

enum tfu_status tfu_plugin_open(const char *path, int kind, const char *name,
                                struct tfu_plugin_file *out, struct tfu_error *e)
{
    *out = (struct tfu_plugin_file){.library = NULL};
    struct tfu_error why = TFU_ERROR_INIT;
    enum tfu_status st = tfu_elf_check(path, e);
    if (st != TFU_OK)
        return st;
    void *library;
    st = open_library(path, &library, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_plugin *p = dlsym(library, TFU_PLUGIN_SYMBOL);
    if (!p)
        st = tfu_error_set(&why, TFU_EABI,
                           "it does not export " TFU_PLUGIN_SYMBOL "; define the constant "
                           "`const struct tfu_plugin tfu_plugin` and export it (TFU_EXPORT)");
    else
        st = check_plugin(p, kind, name, &why);
    if (st != TFU_OK) {
        /* the text is complete before the plugin's strings go away */
        tfu_error_set(e, st, "plugin '%s' cannot be used: %s", path, why.text);
        dlclose(library);
        return st;
    }
    *out = (struct tfu_plugin_file){.library = library, .plugin = p};
    return TFU_OK;
}

void tfu_plugin_close(struct tfu_plugin_file *f)
{
    if (f->library)
        dlclose(f->library);
    *f = (struct tfu_plugin_file){.library = NULL};
}
