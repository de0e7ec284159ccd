/* SPDX-License-Identifier: MIT
 *
 * transfuse/init.h - an initializer fills one named parameter at a time.
 *
 * A configuration lists rules (`init:`); each names an initializer and the parameters it is for.
 * Later rules win. Declaring a layer never draws its weights: that is what makes initialisation a
 * subject of experiment here.
 */
#ifndef TFU_INIT_H
#define TFU_INIT_H

#include <transfuse/layer.h>
#include <transfuse/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parameter to fill. */
struct tfu_param {
    uint32_t struct_size;
    uint32_t role;           /* enum tfu_role */
    const char *name;        /* "layer1.0.conv2.weight" */
    const char *op;          /* "conv2d" */
    const char *stage;       /* "block1" */
    int64_t fan_in, fan_out; /* 0 where they mean nothing */
    uint32_t stage_index;    /* 0 is closest to the input; the head is the last one */
    uint32_t stage_count;
    uint32_t layer_index; /* of the layers that have parameters */
    uint32_t layer_count;
};

/* What the host lends for the time of one call. [one thread] */
struct tfu_init_host {
    uint32_t struct_size;
    uint32_t reserved;
    void *host;

    /* The next draw of the stream that belongs to (the run's seed, this parameter's name): neither
     * the order of parameters, nor other layers, nor threads can change what a parameter gets.
     * Uniform in [0, 1) with 53 bits; standard normal. Only in fill(). */
    double (*uniform)(struct tfu_init_host *h);
    double (*normal)(struct tfu_init_host *h);

    /* The tensor `name` of a source network, float32 in host memory, whatever its shape, or NULL
     * when there is none. `source` is a file of weights, as an option of type TFU_PATH gives it.
     * Valid until the call returns. A file that cannot be read makes the call fail by itself. For a
     * look at a source; what becomes of a parameter goes through take(). */
    const struct tfu_tensor *(*source)(struct tfu_init_host *h, const char *source,
                                       const char *name);

    /* Says, for the report, what was done with this parameter: "normal, deviation 0.0589". */
    void (*note)(struct tfu_init_host *h, const char *fmt, ...) TFU_PRINTF(2, 3);

    enum tfu_status (*fail)(struct tfu_init_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);

    /* The source's tensor for parameter `p`, as source() gives it, or NULL when the
     * parameter is to be filled in another way. The host keeps account: a parameter that the source
     * lacks, or has in another shape (unless `flags` has TFU_TAKE_ANY_SHAPE), fails the
     * initialisation in the end, with all such names at once, except where the rule's keys
     * (`allow_missing`, `allow_mismatched`, `head: reinit`) let it pass. Only in fill(). */
    const struct tfu_tensor *(*take)(struct tfu_init_host *h, const char *source,
                                     const struct tfu_param *p, uint32_t flags);

    /* Has another initializer (an option of type TFU_INNER, never NULL) fill `dst`, with
     * the draws that it would have as a rule of its own. Only in fill(). */
    enum tfu_status (*fill_inner)(struct tfu_init_host *h, const struct tfu_inner *inner,
                                  const struct tfu_param *p, const struct tfu_tensor *dst);

    /* The number of the network's stage `name`, as in struct tfu_param; fails the call,
     * naming the stages that there are. */
    enum tfu_status (*find_stage)(struct tfu_init_host *h, const char *name, uint32_t *index);

    /* Has the network a parameter whose name matches `pattern` (* any run, ? one
     * character)? Fails the call where it has none, with the nearest name. */
    enum tfu_status (*find_param)(struct tfu_init_host *h, const char *pattern);
};

/* Flags of take(). STATISTICS: of the numbers only such things as their mean
 * matter, not the order in which they lie. */
enum { TFU_TAKE_ANY_SHAPE = 1u << 0, TFU_TAKE_STATISTICS = 1u << 1 };

struct tfu_init_ops {
    uint32_t struct_size;
    uint32_t reserved;

    /* Makes an instance. `config` stays valid until destroy(). */
    enum tfu_status (*create)(void **self, const void *config, struct tfu_init_host *h);
    void (*destroy)(void *self);

    /* Writes every element of `dst` (float32, host memory, shape as declared), which holds nothing
     * useful before. [any thread, for different parameters] */
    enum tfu_status (*fill)(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
