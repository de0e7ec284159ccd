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

    /* The parameter `name` of a source network, float32 in host memory, or NULL when there is none.
     * `source` is a weights file's path, as an option of type TFU_PATH gives it. Valid until the
     * initializer is destroyed. A file that cannot be read makes the call fail by itself. */
    const struct tfu_tensor *(*source)(struct tfu_init_host *h, const char *source,
                                       const char *name);

    /* Says, for the report, what was done with this parameter: "normal, deviation 0.0589". */
    void (*note)(struct tfu_init_host *h, const char *fmt, ...) TFU_PRINTF(2, 3);

    enum tfu_status (*fail)(struct tfu_init_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);
};

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
