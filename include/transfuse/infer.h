/* SPDX-License-Identifier: MIT
 *
 * transfuse/infer.h - runs a network that `transfuse export` wrote, in a program of one's own:
 * link with libtransfuse-infer. Nothing else is needed at run time: no plugins, no configuration,
 * no data; the graph, the weights and what is done to images are in the one file. The kernels are
 * those of the backend `cpu`, linked in.
 *
 * A model is opened for batches of a size. Its memory is planned and taken then; running takes
 * none. It is used by one thread at a time; different models are independent of each other, and
 * but for OpenBLAS there are no globals. The bits of what comes out depend on the batch that it was
 * opened for and on the processor, not on the number of threads.
 *
 * A function that can fail returns a status, TFU_OK being 0, and writes a sentence into `error`
 * (NULL: nobody reads it). Nothing is printed, and no signal is touched.
 *
 * Kernels call OpenBLAS, which is loaded with this library (the variables of the environment that
 * begin with OPENBLAS_ are others meanwhile) and set to one thread for the whole process when a
 * model is opened: a program that uses it, too, is not to set it to more while a model runs. Of
 * one that a program has loaded before the kernels for the processor cannot be chosen any more.
 *
 * Not part of the plugin ABI: it grows by new functions and at the end of its structs, each of
 * which begins with its size. Of what a program hands in `struct_size` is to be set: a struct that
 * is smaller than that of the first version is refused.
 */
#ifndef TFU_INFER_H
#define TFU_INFER_H

#include <transfuse/abi.h>
#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tfu_infer_model;

/* Room for an error's text. */
struct tfu_infer_error {
    char text[2560];
};

struct tfu_infer_options {
    uint32_t struct_size;
    uint32_t threads; /* workers, the caller among them; 0: all processors */
    int64_t batch;    /* images that run() takes at most; 0: 1 */
};

/* What the outputs mean. */
enum tfu_infer_scores {
    TFU_INFER_CLASSES = 0, /* one is right: scores are probabilities that add up to 1 */
    TFU_INFER_LABELS = 1,  /* each by itself is there or not: scores are their probabilities */
    TFU_INFER_NUMBERS = 2  /* numbers: scores are the outputs */
};

/* Lives as long as the model. Texts may be NULL, where they are not known. */
struct tfu_infer_info {
    uint32_t struct_size;
    uint32_t scores;                 /* enum tfu_infer_scores */
    int64_t height, width, channels; /* of the network's input */
    int64_t outputs;
    const char *const *names;   /* of the outputs, or NULL */
    const char *arch;           /* the architecture */
    const char *run;            /* the id of the run that it is from */
    const char *sha256;         /* of the model: its graph and weights */
    int64_t step;               /* of the training; -1: unknown */
    const char *not_preparable; /* why prepare() cannot be used; NULL: it can */
};

/* An image, H,W,C in C order: 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha. */
struct tfu_infer_image {
    uint32_t struct_size;
    uint32_t dtype; /* TFU_U8 and TFU_U16 stand for 0 to 1; or TFU_F32 */
    int64_t height, width, channels;
    const void *pixels;
};

/* Reads and checks the whole file, its digest too. `options` may be NULL. On failure *out is NULL.
 */
TFU_EXPORT enum tfu_status tfu_infer_open(struct tfu_infer_model **out, const char *path,
                                          const struct tfu_infer_options *options,
                                          struct tfu_infer_error *error);
TFU_EXPORT void tfu_infer_close(struct tfu_infer_model *m);
TFU_EXPORT const struct tfu_infer_info *tfu_infer_get_info(const struct tfu_infer_model *m);

/* An image as the network takes it: its channels, its size, its numbers, as in the evaluation of
 * the run. `input` has room for height x width x channels of the info. [any thread] */
TFU_EXPORT enum tfu_status tfu_infer_prepare(const struct tfu_infer_model *m,
                                             const struct tfu_infer_image *image, float *input,
                                             struct tfu_infer_error *error);

/* What the network says of `count` images, 1 to the batch: `input` is count x height x width x
 * channels, as prepare() makes them; `scores` gets count x outputs, and `logits` (NULL: not wanted)
 * the outputs themselves. [one thread] */
TFU_EXPORT enum tfu_status tfu_infer_run(struct tfu_infer_model *m, int64_t count,
                                         const float *input, float *scores, float *logits,
                                         struct tfu_infer_error *error);

#ifdef __cplusplus
}
#endif
#endif
