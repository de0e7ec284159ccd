/* SPDX-License-Identifier: MIT
 *
 * blas.h - the BLAS that came with a plugin: which it is, and the core type of an OpenBLAS, chosen
 * again where it does not know the processor.
 *
 * OpenBLAS takes the kernels of a core type when it is loaded. It knows processors by their number;
 * on one that is newer than itself it may fall back to kernels of twenty years ago, at a quarter of
 * the speed. What it took can only be asked once it is there, and only be changed by
 * OPENBLAS_CORETYPE before it is. So a plugin that brings such a BLAS along is opened, closed
 * before any of its functions is called, and opened once more with that variable set meanwhile.
 */
#ifndef TFU_CORE_PLUGIN_BLAS_H
#define TFU_CORE_PLUGIN_BLAS_H

#include "core/base/error.h"
#include "core/base/text.h"

enum tfu_blas_how {
    TFU_BLAS_NONE,    /* the plugin uses none */
    TFU_BLAS_OTHER,   /* it is not OpenBLAS */
    TFU_BLAS_FIXED,   /* built for one core type */
    TFU_BLAS_LIBRARY, /* the library's choice */
    TFU_BLAS_USER,    /* OPENBLAS_CORETYPE is set, and left alone */
    TFU_BLAS_FITTED,  /* ours: the library did not know the processor */
    TFU_BLAS_STUCK,   /* it did not, and nothing could be done */
};
/* "library", "user"...: a word for files */
const char *tfu_blas_how_name(enum tfu_blas_how how);

struct tfu_blas {
    enum tfu_blas_how how;
    char file[512];   /* its shared object; "" */
    char config[160]; /* what OpenBLAS says of itself: "OpenBLAS 0.3.21 DYNAMIC_ARCH ..." */
    char core[32];    /* core type in use, as OpenBLAS calls it; "" */
    char took[32];    /* what the library took by itself; "" where the user chose */
    char wanted[32];  /* what the user or we asked for; "" */
    int threads;      /* that one product may use */
    int parallel;     /* how it makes threads */
};
/* OpenBLAS's numbers for that */
enum { TFU_BLAS_SERIAL = 0, TFU_BLAS_PTHREADS = 1, TFU_BLAS_OPENMP = 2 };

/* "none", "pthreads", "OpenMP"; "" for another number */
const char *tfu_blas_parallel_name(int parallel);

/* Opens a shared object; `arg` as given to tfu_blas_open(). */
typedef enum tfu_status tfu_blas_opener(const char *path, void **library, struct tfu_error *e);

/* Opens `path` by `open`, once more where that is needed, and says in `out` what BLAS came with it.
 * OpenBLAS makes no threads of its own meanwhile. Changes the environment for as long as it takes.
 * [one thread] */
enum tfu_status tfu_blas_open(const char *path, tfu_blas_opener *open, void **library,
                              struct tfu_blas *out, struct tfu_error *e);

/* Loads a BLAS by its name, without a plugin, and the rest as above. */
enum tfu_status tfu_blas_load(const char *name, void **library, struct tfu_blas *out,
                              struct tfu_error *e);

/* A function of the library as a plugin finds it: the program's own libraries and preloaded ones
 * first. `out` is where the pointer to it goes; NULL where there is none. */
void tfu_blas_find(void *library, const char *symbol, void *out);

/* What a user should know: one sentence, the caller's; false where there is nothing to say.
 * `warning`: something of the user's is wrong. */
bool tfu_blas_note(const struct tfu_blas *b, struct tfu_text *out, bool *warning);

#endif
