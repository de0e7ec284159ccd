/* SPDX-License-Identifier: MIT
 *
 * transfuse/abi.h - the frozen part of the plugin ABI, and what every kind of plugin shares.
 *
 * A plugin is one shared object that exports exactly one symbol, the constant `tfu_plugin`. The
 * first 24 bytes of struct tfu_plugin never change: they tell the host whether it may read the
 * rest. A plugin links to nothing of transfuse; what it needs from the host comes in as tables of
 * functions.
 *
 * Rules that hold in every header of this folder:
 *  - Letters: N batch, H W height and width, C channels in, K channels out, R S kernel height and
 *    width. Activations are N,H,W,C in memory (channels innermost), weights K,C,R,S.
 *  - The promise: a plugin built against 2.x loads into every host of 2.x and later of major 2. Not
 *    the other way round: a host refuses a plugin of a later minor than its own, in words.
 *  - Structs only ever grow at their end, and what is there never changes its meaning. Each starts
 *    with its own size, written by the side that made it; a field that was added later says "since
 *    2.n", and the host asks TFU_HAS() before it reads one that a plugin wrote. A plugin need not
 *    ask: its host is never the older one.
 *  - An array of structs that the host hands to a plugin is an array of pointers to them. One that
 *    a plugin writes as a table (options, attributes, kernels) travels with its stride, the sizeof
 *    of a row. A struct that may grow is never a member of another one by value.
 *  - A plugin writes into no struct of the host; what it has to say of itself it returns as a
 *    pointer to a constant struct of its own.
 *  - Fields called `reserved` are 0.
 *  - A pointer handed to a function is valid until that function returns, unless its comment says
 *    more. What a plugin allocates the plugin frees.
 *  - Threads: [one thread] the host never makes two such calls on the same instance at a time;
 *    [any thread] calls on the same instance may run at the same time.
 *  - A function that can fail returns enum tfu_status. On failure it has called fail() of the host
 *    table it was given, once, with a sentence that names the value, what it collides with and what
 *    to do. TFU_OK is 0.
 */
#ifndef TFU_ABI_H
#define TFU_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TFU_ABI_MAGIC 0x31554654u /* "TFU1" in memory on a little-endian machine */
#define TFU_ABI_MAJOR 2u          /* bumped when an old plugin can no longer be loaded */
#define TFU_ABI_MINOR 1u          /* bumped when fields, flags or kinds were added */

#define TFU_PLUGIN_SYMBOL "tfu_plugin"

#if defined(__GNUC__)
#define TFU_EXPORT            __attribute__((visibility("default")))
#define TFU_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define TFU_NODISCARD         __attribute__((warn_unused_result))
#else
#define TFU_EXPORT
#define TFU_PRINTF(fmt, args)
#define TFU_NODISCARD
#endif

#define TFU_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* True when `field` lies inside the struct that the other side compiled: for fields "since 2.n". */
#define TFU_HAS(ptr, type, field)                                                                  \
    ((ptr)->struct_size >= offsetof(type, field) + sizeof((ptr)->field))

enum tfu_kind {
    TFU_KIND_ARCH = 1,
    TFU_KIND_INIT = 2,
    TFU_KIND_METRIC = 3,
    TFU_KIND_DATASET = 4,
    TFU_KIND_OPTIM = 5,
    TFU_KIND_BACKEND = 6,
    TFU_KIND_LAYER = 7,
    TFU_KIND_READER = 8,
    TFU_KIND_TRANSFORM = 9
};

/* Every status, its stable number and what it means in a word or two. */
#define TFU_STATUS_LIST(X)                                                                         \
    X(TFU_OK, 0, "ok")                                                                             \
    X(TFU_ENOMEM, -1, "out of memory")                                                             \
    X(TFU_EINVAL, -2, "unacceptable value")                                                        \
    X(TFU_ENOTFOUND, -3, "not found")                                                              \
    X(TFU_EABI, -4, "plugin and program do not fit")                                               \
    X(TFU_EIO, -5, "input or output failed")                                                       \
    X(TFU_ESHAPE, -6, "shapes do not agree")                                                       \
    X(TFU_EUNSUPPORTED, -7, "not supported")                                                       \
    X(TFU_ECORRUPT, -8, "file is damaged")                                                         \
    X(TFU_EINTERRUPTED, -9, "interrupted")                                                         \
    X(TFU_ENUMERIC, -10, "not a finite number")

enum tfu_status {
#define TFU_STATUS_ENUMERATOR(name, number, text) name = number,
    TFU_STATUS_LIST(TFU_STATUS_ENUMERATOR)
#undef TFU_STATUS_ENUMERATOR
};

/* What the host lends to any call. [any thread] */
struct tfu_host {
    uint32_t struct_size;
    uint32_t threads; /* workers that parallel() uses, the caller among them: 1 or more */
    void *host;       /* the host's own; do not touch */

    /* Records why the call fails and returns `st`, so that `return h->fail(h, TFU_EINVAL, ...)`
     * reads well. The text is copied. The first failure of a call is kept, later ones are dropped.
     */
    enum tfu_status (*fail)(struct tfu_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);
    /* Adds a line to the run's log. The text is copied. */
    void (*warn)(struct tfu_host *h, const char *fmt, ...) TFU_PRINTF(2, 3);

    /* Runs task(arg, index, worker) for index 0..tasks-1 and returns when all are done. Which
     * worker (0..threads-1) runs an index, and in which order, is not defined: work is split by its
     * shapes alone and partial results are added in the order of the index, so that bits do not
     * depend on `threads`. `worker` only selects scratch memory. A task calls no function of `h`
     * but this one, which then runs its tasks one after the other. */
    void (*parallel)(struct tfu_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg);
};

struct tfu_option; /* transfuse/option.h */

struct tfu_plugin {
    uint32_t magic;       /* TFU_ABI_MAGIC */
    uint16_t abi_major;   /* TFU_ABI_MAJOR of the header compiled against */
    uint16_t abi_minor;   /* TFU_ABI_MINOR, likewise */
    uint32_t struct_size; /* sizeof(struct tfu_plugin), likewise */
    uint32_t kind;        /* enum tfu_kind */
    uint64_t reserved;    /* 0 */
    /* ---- end of the frozen prefix; append only below ---- */
    const char *name;                 /* equals the file name without .so; [a-z0-9_]+ */
    const char *version;              /* the plugin's own; goes in the run record */
    const char *summary;              /* one line, shown by `transfuse plugins list` */
    const struct tfu_option *options; /* NULL when option_count is 0 */
    uint32_t option_count;
    uint32_t option_size; /* sizeof(struct tfu_option): the array's stride */
    uint32_t config_size; /* sizeof the plugin's config struct; the host allocates and fills it */
    uint32_t ops_size;    /* sizeof the struct behind `ops` */
    const void *ops;      /* struct tfu_<kind>_ops */
};

/* The fields that are the same in every plugin: `{TFU_PLUGIN_HEADER(TFU_KIND_ARCH), .name = ...}`.
 */
#define TFU_PLUGIN_HEADER(kind_)                                                                   \
    .magic = TFU_ABI_MAGIC, .abi_major = TFU_ABI_MAJOR, .abi_minor = TFU_ABI_MINOR,                \
    .struct_size = sizeof(struct tfu_plugin), .kind = (kind_)

extern TFU_EXPORT const struct tfu_plugin tfu_plugin;

#ifdef __cplusplus
}
#endif
#endif
