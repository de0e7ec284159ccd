/* SPDX-License-Identifier: MIT
 *
 * loading.h - what the steps of one loading share: where memory comes from, where findings go, and
 * the bounds that keep a hostile file from taking long. The steps follow each other in load.c.
 */
#ifndef TFU_CORE_CONFIG_LOADING_H
#define TFU_CORE_CONFIG_LOADING_H

#include "core/base/arena.h"
#include "core/config/diagnostic.h"

enum {
    TFU_LOAD_FILE_BYTES = 1 << 20,
    TFU_LOAD_DEPTH = 64,
    TFU_LOAD_NODES = 100000, /* of all files together, aliases expanded */
    TFU_LOAD_KEYS = 512,     /* of one mapping */
    TFU_LOAD_ANCHORS = 100,  /* of one file */
    TFU_LOAD_INCLUDE_DEPTH = 16,
    TFU_LOAD_INCLUDES = 64 /* of all files together */
};

/* The `source` of marks in overrides. */
#define TFU_LOAD_COMMAND_LINE "command line"
/* The `source` of marks in a main file that comes through a pipe: the same each time, and in no
 * folder, so that what is relative is so to the current one. */
#define TFU_LOAD_STREAM "stdin"

struct tfu_drop;
struct tfu_registry;

struct tfu_load {
    int inner_depth;         /* plugins around the one that is being read */
    struct tfu_arena *arena; /* of the configuration: what is made lives as long as it */
    struct tfu_diagnostics *diagnostics;
    struct tfu_registry *registry;
    const char *path;         /* of the main file, as marks have it */
    const char *open;         /* what is opened for it: "-" is descriptor 0 */
    const char *const *roots; /* keys of the file itself; NULL: an experiment's */
    size_t nodes;             /* made so far */
    size_t includes;
    struct tfu_drop *drops, *last_drop; /* what another plugin has no use for, oldest first */
    bool incomplete;    /* parts of the tree could not be had, which was said: none is read */
    bool out_of_memory; /* sticky: the result is not complete */
};

/* tfu_arena_alloc() and so on, with failure noted in out_of_memory. */
void *tfu_load_alloc(struct tfu_load *l, size_t bytes) TFU_NODISCARD;
void *tfu_load_array(struct tfu_load *l, size_t count, size_t size) TFU_NODISCARD;
char *tfu_load_printf(struct tfu_load *l, const char *fmt, ...) TFU_PRINTF(2, 3) TFU_NODISCARD;

/* "the file as a whole". */
struct tfu_mark tfu_load_mark(const struct tfu_load *l);

#endif
