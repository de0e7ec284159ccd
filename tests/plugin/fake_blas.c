/* SPDX-License-Identifier: MIT
 *
 * A plugin with a BLAS in it that behaves as OpenBLAS does when it is loaded: it takes the core
 * type that OPENBLAS_CORETYPE names, or Prescott, as on a processor that it does not know.
 *
 * TABLES: shows tables of kernels, but none for SapphireRapids, as 0.3.21 of Debian.
 * OLD:    knows no name later than Haswell.
 * KNOWS:  takes Haswell by itself.
 * FIXED:  built for one core type.
 * STAYS:  is not unloaded when it is closed.
 * LIES:   says Prescott whatever it took.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <transfuse/init.h>

static const char *const names[] = {"Prescott", "Sandybridge", "Zen",
                                    "Haswell",  "SkylakeX",    "Cooperlake"};
#ifdef OLD
enum { NAMES = 4 };
#else
enum { NAMES = 6 };
#endif
static const char *core;
static int threads;

__attribute__((constructor)) static void load(void)
{
    const char *wanted = getenv("OPENBLAS_CORETYPE");
    core = names[0];
#ifdef KNOWS
    if (!wanted)
        wanted = "Haswell";
#endif
    for (int i = 0; wanted && i < NAMES; i++)
        if (strcasecmp(wanted, names[i]) == 0)
            core = names[i];
    threads = getenv("OPENBLAS_NUM_THREADS") ? atoi(getenv("OPENBLAS_NUM_THREADS")) : 64;
#ifdef STAYS
    Dl_info info;
    dladdr(names, &info);
    dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

TFU_EXPORT const char *openblas_get_corename(void)
{
#ifdef LIES
    return names[0];
#endif
    return core;
}

/* What it computes with. */
TFU_EXPORT const char *cblas_core(void)
{
    return core;
}

TFU_EXPORT const char *openblas_get_config(void)
{
#ifdef FIXED
    return "OpenBLAS 0.0.1 Prescott MAX_THREADS=64";
#endif
    return "OpenBLAS 0.0.1 DYNAMIC_ARCH MAX_THREADS=64";
}

TFU_EXPORT int openblas_get_num_threads(void)
{
    return threads;
}

#ifdef TABLES
TFU_EXPORT const int gotoblas_PRESCOTT = 1, gotoblas_SANDYBRIDGE = 1, gotoblas_ZEN = 1,
                     gotoblas_HASWELL = 1, gotoblas_SKYLAKEX = 1, gotoblas_COOPERLAKE = 1;
#endif

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)config;
    (void)h;
    *self = NULL;
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    (void)self;
    (void)p;
    (void)dst;
    (void)h;
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),      .name = "fake_blas",    .version = "1.0",
    .summary = "an initializer for tests", .ops_size = sizeof ops, .ops = &ops,
};
