/* SPDX-License-Identifier: MIT */
#include "core/plugin/open.h"

#include <ctype.h>
#include <dlfcn.h>
#include <fenv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"
#include "core/plugin/elf.h"
#include "core/plugin/kernel.h"
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
        return tfu_error_set(e, TFU_EABI, "it calls itself '%s'; a name is made of [a-z0-9_]",
                             p->name ? p->name : "");
    if (name && strcmp(name, p->name) != 0)
        return tfu_error_set(
            e, TFU_EABI,
            "it calls itself '%s' and its file '%s'; let .name equal the file's name "
            "without .so",
            p->name, name);
    if (!p->version || !p->version[0] || !p->summary || !p->summary[0])
        return tfu_error_set(e, TFU_EABI, "it has no %s; every plugin gives one",
                             !p->version || !p->version[0] ? "version" : "summary");
    return TFU_OK;
}

static enum tfu_status check_table(const struct tfu_plugin *p, struct tfu_error *e)
{
    const char *kind = tfu_kind_name((int)p->kind);
    const size_t size = tables[p->kind].size;
    if (!p->ops)
        return tfu_error_set(e, TFU_EABI, "it has no function table (.ops is NULL)");
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
            return tfu_error_set(
                e, TFU_EABI, "its function table has no %s(), which every plugin of kind %s needs",
                n->name, kind);
    }
    return TFU_OK;
}

static enum tfu_status check_kernels(const struct tfu_backend_ops *b, struct tfu_error *e)
{
    if (b->kernel_count && (!b->kernels || b->kernel_size < offsetof(struct tfu_kernel, then)))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u kernels in rows of %u bytes; set .kernels, "
                             ".kernel_count and .kernel_size",
                             b->kernel_count, b->kernel_size);
    for (uint32_t i = 0; i < b->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(b, i);
        if (!k->op || !k->algorithm || !k->run || k->direction > TFU_RECOMPUTE)
            return tfu_error_set(e, TFU_EABI,
                                 "its kernel number %u lacks .op, .algorithm or .run, or has no "
                                 "known direction (%u)",
                                 i, k->direction);
    }
    return TFU_OK;
}

static const struct tfu_attr_info *attr_at(const struct tfu_layer_ops *l, uint32_t i)
{
    return (const struct tfu_attr_info *)((const char *)l->attrs + (size_t)i * l->attr_size);
}

static enum tfu_status check_attr(const struct tfu_layer_ops *l, uint32_t i, struct tfu_error *e)
{
    const struct tfu_attr_info *a = attr_at(l, i);
    if (!name_valid(a->name) || !a->help || !a->help[0])
        return tfu_error_set(e, TFU_EABI,
                             "its attribute number %u ('%s') has no help text, or a name that is "
                             "not made of [a-z0-9_]",
                             i, a->name ? a->name : "");
    if (a->type != TFU_INT && a->type != TFU_FLOAT)
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' is neither TFU_INT nor TFU_FLOAT",
                             a->name);
    if (!(a->min <= a->max) ||
        (!(a->flags & TFU_OPT_REQUIRED) && !(a->def >= a->min && a->def <= a->max)))
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' has the default %g outside %g to %g",
                             a->name, a->def, a->min, a->max);
    for (uint32_t k = 0; k < i; k++)
        if (strcmp(attr_at(l, k)->name, a->name) == 0)
            return tfu_error_set(e, TFU_EABI, "its attribute '%s' is in its table twice", a->name);
    return TFU_OK;
}

static enum tfu_status check_layer(const struct tfu_layer_ops *l, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (l->attr_count && (!l->attrs || l->attr_size < sizeof(struct tfu_attr_info)))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u attributes in rows of %u bytes; set .attrs, "
                             ".attr_count and .attr_size",
                             l->attr_count, l->attr_size);
    if (l->min_inputs < 1 || l->max_inputs < l->min_inputs)
        return tfu_error_set(e, TFU_EABI, "it takes %u to %u inputs; a layer takes at least one",
                             l->min_inputs, l->max_inputs);
    for (uint32_t i = 0; st == TFU_OK && i < l->attr_count; i++)
        st = check_attr(l, i, e);
    return st;
}

static enum tfu_status check_slots(const struct tfu_optim_ops *o, struct tfu_error *e)
{
    if (o->slot_count > 8 || (o->slot_count && !o->slot_names))
        return tfu_error_set(e, TFU_EABI, "it claims %u slots; there can be 8, with names",
                             o->slot_count);
    for (uint32_t i = 0; i < o->slot_count; i++)
        if (!name_valid(o->slot_names[i]))
            return tfu_error_set(e, TFU_EABI, "its slot %u has no name made of [a-z0-9_]", i);
    return TFU_OK;
}

static enum tfu_status check_dtypes(uint32_t dtypes, struct tfu_error *e)
{
    if (dtypes & (TFU_TAKES_F32 | TFU_TAKES_F64))
        return TFU_OK;
    return tfu_error_set(e, TFU_EABI,
                         "its .dtypes names no type of number; set TFU_TAKES_F32, TFU_TAKES_F64 or "
                         "both");
}

/* What a table says beyond its functions. */
static enum tfu_status check_contents(const struct tfu_plugin *p, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (p->kind == TFU_KIND_BACKEND) {
        const struct tfu_backend_ops *b = p->ops;
        st = check_dtypes(b->dtypes, e);
        return st == TFU_OK ? check_kernels(b, e) : st;
    }
    if (p->kind == TFU_KIND_LAYER) {
        const struct tfu_layer_ops *l = p->ops;
        st = check_dtypes(l->dtypes, e);
        return st == TFU_OK ? check_layer(l, e) : st;
    }
    return p->kind == TFU_KIND_OPTIM ? check_slots(p->ops, e) : TFU_OK;
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
        st = check_contents(p, e);
    return st;
}

/* A name without a slash would send the linker along its own path. */
static enum tfu_status open_library(const char *path, void **library, struct tfu_error *e)
{
    struct tfu_text file = TFU_TEXT_INIT;
    tfu_text_printf(&file, "%s%s", strchr(path, '/') ? "" : "./", path);
    const struct tfu_calling *outer =
        tfu_calling_begin(&(struct tfu_calling){.kind = "opened", .plugin = path});
    fenv_t numbers;
    fegetenv(&numbers); /* what is compiled with -ffast-math has start-up code that changes it */
    *library = file.failed ? NULL : dlopen(file.data, RTLD_NOW | RTLD_LOCAL);
    fesetenv(&numbers);
    tfu_calling_end(outer);
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
    st = tfu_blas_open(path, open_library, &library, &out->blas, e);
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
    out->library = library;
    out->plugin = p;
    return TFU_OK;
}

/* Its destructors are the plugin's code too. The name goes with the library. */
static void close_library(struct tfu_plugin_file *f)
{
    char name[64];
    snprintf(name, sizeof name, "%s", f->plugin->name);
    const struct tfu_calling *outer =
        tfu_calling_begin(&(struct tfu_calling){.kind = "closed", .plugin = name});
    dlclose(f->library);
    tfu_calling_end(outer);
}

void tfu_plugin_close(struct tfu_plugin_file *f)
{
    if (f->library)
        close_library(f);
    *f = (struct tfu_plugin_file){.library = NULL};
}
