/* SPDX-License-Identifier: MIT */
#include "core/plugin/blas.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/plugin/blas_core.h"

static const char core_variable[] = "OPENBLAS_CORETYPE";
static const char threads_variable[] = "OPENBLAS_NUM_THREADS";

const char *tfu_blas_how_name(enum tfu_blas_how how)
{
    static const char *const names[] = {"none", "other",  "fixed", "library",
                                        "user", "fitted", "stuck"};
    return names[how];
}

const char *tfu_blas_parallel_name(int parallel)
{
    static const char *const names[] = {"none", "pthreads", "OpenMP"};
    return parallel >= 0 && parallel < (int)TFU_COUNT(names) ? names[parallel] : "";
}

void tfu_blas_find(void *library, const char *symbol, void *out)
{
    void *at = dlsym(RTLD_DEFAULT, symbol);
    if (!at)
        at = dlsym(library, symbol);
    memcpy(out, &at, sizeof at);
}

static const char *ask_text(void *library, const char *symbol)
{
    char *(*ask)(void) = NULL;
    tfu_blas_find(library, symbol, &ask);
    const char *text = ask ? ask() : NULL;
    return text ? text : "";
}

static int ask_number(void *library, const char *symbol)
{
    int (*ask)(void) = NULL;
    tfu_blas_find(library, symbol, &ask);
    return ask ? ask() : 0;
}

static void find_file(void *library, struct tfu_blas *b)
{
    static const char *const symbols[] = {"openblas_get_config", "cblas_dgemm", "dgemm_"};
    Dl_info info;
    void *at = NULL;
    for (size_t i = 0; !at && i < sizeof symbols / sizeof *symbols; i++)
        tfu_blas_find(library, symbols[i], &at);
    if (!at || !dladdr(at, &info) || !info.dli_fname)
        return;
    b->how = TFU_BLAS_OTHER;
    char *real = realpath(info.dli_fname, NULL);
    snprintf(b->file, sizeof b->file, "%s", real ? real : info.dli_fname);
    free(real);
}

static void look(void *library, struct tfu_blas *b)
{
    b->how = TFU_BLAS_NONE;
    find_file(library, b);
    snprintf(b->core, sizeof b->core, "%s", ask_text(library, "openblas_get_corename"));
    snprintf(b->config, sizeof b->config, "%s", ask_text(library, "openblas_get_config"));
    b->threads = ask_number(library, "openblas_get_num_threads");
    b->parallel = ask_number(library, "openblas_get_parallel");
    if (b->how == TFU_BLAS_OTHER && b->core[0])
        b->how = strstr(b->config, "DYNAMIC_ARCH") ? TFU_BLAS_LIBRARY : TFU_BLAS_FIXED;
}

/* Has the library kernels of this core type? They are tables called gotoblas_HASWELL and so on. */
static bool has_core(void *library, const char *core)
{
    char symbol[64];
    int n = snprintf(symbol, sizeof symbol, "gotoblas_%s", core);
    for (int i = 9; i < n && i < (int)sizeof symbol; i++)
        symbol[i] = (char)toupper((unsigned char)symbol[i]);
    return dlsym(library, symbol) != NULL;
}

/* A variable of the environment, changed for a while. */
struct loan {
    const char *name;
    char *before; /* NULL: it was not set */
    bool lent;
};

/* False: out of memory. */
static bool lend(struct loan *l, const char *name, const char *value)
{
    const char *before = getenv(name);
    *l = (struct loan){.name = name, .before = before ? strdup(before) : NULL};
    l->lent = (!before || l->before) && setenv(name, value, 1) == 0;
    return l->lent;
}

static void take_back(struct loan *l)
{
    if (l->lent && l->before)
        setenv(l->name, l->before, 1);
    else if (l->lent)
        unsetenv(l->name);
    free(l->before);
}

/* Opens the plugin and looks at what came with it. `core`: NULL, or the core type that a library
 * which is loaded meanwhile is to take. The threads that it would make would wait for work all the
 * time: it is used from tasks of ours, each in its own thread. */
static enum tfu_status open_with(const char *path, const char *core, tfu_blas_opener *open,
                                 void **library, struct tfu_blas *b, struct tfu_error *e)
{
    struct loan threads, type = {.before = NULL};
    const bool lent =
        lend(&threads, threads_variable, "1") && (!core || lend(&type, core_variable, core));
    const enum tfu_status st =
        lent ? open(path, library, e) : tfu_error_memory(e, "opening a plugin", 0);
    if (st == TFU_OK)
        look(*library, b);
    take_back(&type);
    take_back(&threads);
    return st;
}

/* Core types better than b->core that are worth trying. What a library shows no table for it does
 * not have, if it shows any. */
static size_t list_better(const struct tfu_processor *p, void *library, const struct tfu_blas *b,
                          const char *better[TFU_BLAS_CORES])
{
    const size_t count = tfu_blas_core_better(p, b->core, better);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!has_core(library, b->core) || has_core(library, better[i]))
            better[kept++] = better[i];
    return kept;
}

static enum tfu_status try_core(const struct tfu_processor *p, const char *core, const char *path,
                                tfu_blas_opener *open, void **library, struct tfu_blas *b,
                                struct tfu_error *e)
{
    const char *better[TFU_BLAS_CORES];
    snprintf(b->wanted, sizeof b->wanted, "%s", core);
    dlclose(*library);
    *library = NULL;
    const enum tfu_status st = open_with(path, core, open, library, b, e);
    if (st == TFU_OK)
        b->how = tfu_blas_core_better(p, b->core, better) == 0 ? TFU_BLAS_FITTED : TFU_BLAS_STUCK;
    return st;
}

/* The library took b->core: can it do better? It may have kernels and not know their name (0.3.10
 * to 0.3.18 do not know Cooperlake), so the answer is looked at. */
static enum tfu_status fit(const struct tfu_processor *p, const char *path, tfu_blas_opener *open,
                           void **library, struct tfu_blas *b, struct tfu_error *e)
{
    const char *better[TFU_BLAS_CORES];
    const size_t count = list_better(p, *library, b, better);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count && b->how != TFU_BLAS_FITTED; i++)
        st = try_core(p, better[i], path, open, library, b, e);
    /* it may have taken one and not say so: then let it be the best */
    if (st == TFU_OK && b->how == TFU_BLAS_STUCK && count > 1)
        st = try_core(p, better[0], path, open, library, b, e);
    return st;
}

enum tfu_status tfu_blas_open(const char *path, tfu_blas_opener *open, void **library,
                              struct tfu_blas *out, struct tfu_error *e)
{
    *out = (struct tfu_blas){.how = TFU_BLAS_NONE};
    const enum tfu_status st = open_with(path, NULL, open, library, out, e);
    if (st != TFU_OK || out->how != TFU_BLAS_LIBRARY)
        return st;
    const char *user = tfu_blas_core_of_user(environ);
    if (user) {
        snprintf(out->wanted, sizeof out->wanted, "%s", user);
        out->how = TFU_BLAS_USER;
        return TFU_OK;
    }
    struct tfu_processor p;
    tfu_processor_read(&p);
    snprintf(out->took, sizeof out->took, "%s", out->core);
    return fit(&p, path, open, library, out, e);
}

static enum tfu_status open_alone(const char *name, void **library, struct tfu_error *e)
{
    *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (*library)
        return TFU_OK;
    const char *why = dlerror();
    return tfu_error_set(e, TFU_ENOTFOUND, "the BLAS cannot be loaded: %s; install OpenBLAS",
                         why ? why : name);
}

enum tfu_status tfu_blas_load(const char *name, void **library, struct tfu_blas *out,
                              struct tfu_error *e)
{
    return tfu_blas_open(name, open_alone, library, out, e);
}
