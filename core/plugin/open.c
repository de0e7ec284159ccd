/* SPDX-License-Identifier: MIT */
#include "core/plugin/open.h"

#include <dlfcn.h>
#include <fenv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"
#include "core/plugin/elf.h"
#include "core/plugin/kind.h"
#include "core/plugin/options_check.h"
#include "core/plugin/sizes.h"
#include "core/plugin/tables.h"

/* The prefix that every version of the ABI shares. */
enum { FROZEN_PREFIX = offsetof(struct tfu_plugin, name) };

/* A plugin of a later minor might call what is not there. */
static enum tfu_status check_version(const struct tfu_plugin *p, struct tfu_error *e)
{
    const bool older = p->abi_major < TFU_ABI_MAJOR;
    if (p->abi_major == TFU_ABI_MAJOR && p->abi_minor <= TFU_ABI_MINOR)
        return TFU_OK;
    return tfu_error_set(e, TFU_EABI,
                         "it is built for plugin ABI %u.%u and this program has %u.%u; %s",
                         p->abi_major, p->abi_minor, TFU_ABI_MAJOR, TFU_ABI_MINOR,
                         older ? "rebuild the plugin against the installed headers"
                               : "update transfuse, or rebuild the plugin against its headers");
}

static enum tfu_status check_prefix(const struct tfu_plugin *p, struct tfu_error *e)
{
    if (p->magic != TFU_ABI_MAGIC)
        return tfu_error_set(e, TFU_EABI,
                             "its tfu_plugin begins with 0x%08x, not with TFU_ABI_MAGIC (0x%08x); "
                             "start the descriptor with TFU_PLUGIN_HEADER(kind)",
                             p->magic, TFU_ABI_MAGIC);
    const enum tfu_status st = check_version(p, e);
    if (st != TFU_OK)
        return st;
    if (p->struct_size < FROZEN_PREFIX || p->struct_size < TFU_PLUGIN_2_0)
        return tfu_error_set(e, TFU_EABI,
                             "its descriptor has %u bytes, and no version of the ABI has one of "
                             "less than %u; set its size with TFU_PLUGIN_HEADER(kind)",
                             p->struct_size, (unsigned)TFU_PLUGIN_2_0);
    if (!tfu_kind_row((int)p->kind))
        return tfu_error_set(
            e, TFU_EABI,
            "it says that it is of kind %u, which this program does not know; update "
            "transfuse, or check the argument of TFU_PLUGIN_HEADER",
            p->kind);
    return TFU_OK;
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
    if (!tfu_table_is_name(p->name))
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
    const struct tfu_kind_row *row = tfu_kind_row((int)p->kind);
    if (!p->ops)
        return tfu_error_set(e, TFU_EABI, "it has no function table (.ops is NULL)");
    uint32_t said; /* every table starts with its size */
    memcpy(&said, p->ops, sizeof said);
    if (p->ops_size < row->table_size || said < row->table_size)
        return tfu_error_set(
            e, TFU_EABI,
            "its function table has %u bytes, and no version of struct tfu_%s_ops has less "
            "than %zu; set .ops_size and .struct_size to its sizeof",
            p->ops_size < said ? p->ops_size : said, row->name, row->table_size);
    for (size_t i = 0; i < row->function_count; i++) {
        void (*function)(void);
        memcpy(&function, (const char *)p->ops + row->function[i].offset, sizeof function);
        if (!function)
            return tfu_error_set(
                e, TFU_EABI, "its function table has no %s(), which every plugin of kind %s needs",
                row->function[i].name, row->name);
    }
    return row->contents ? row->contents(p->ops, e) : TFU_OK;
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
