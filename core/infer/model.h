/* SPDX-License-Identifier: MIT
 *
 * model.h - a network as one file: its graph without what training alone needs, its weights, how
 * images are prepared, what its outputs are called and where it comes from. It is a safetensors
 * file with two notes (docs/deploy.md): `transfuse.model` is JSON, `transfuse.model.sha256` the
 * digest of that and of the weights.
 */
#ifndef TFU_CORE_INFER_MODEL_H
#define TFU_CORE_INFER_MODEL_H

#include "core/base/arena.h"
#include "core/graph/network.h"

enum {
    TFU_MODEL_VERSION = 1,
    TFU_MODEL_CHANNELS_MAX = 4, /* of images that are prepared by the file */
    TFU_MODEL_NODES_MAX = 10000,
    TFU_MODEL_SIDE_MAX = 16384 /* of an image, in pixels */
};

/* An output, and so an activation, has at most so many numbers an image. */
#define TFU_MODEL_NUMBERS_MAX (INT64_C(1) << 28)

/* What is done to an image on its way to the network, in this order: its numbers are floats from 0
 * to 1, it gets its size, channels are repeated or reversed, and each number becomes
 * (x - mean) / deviation. */
struct tfu_model_prepare {
    int64_t channels;        /* that are read: 1 or 3; 0: nothing is said of how to prepare */
    int64_t height, width;   /* it is resized to this; 0: images have the network's size */
    bool bicubic;            /* else bilinear, both with antialiasing */
    bool reverse, normalise; /* blue first; numbers are changed at all */
    double mean[TFU_MODEL_CHANNELS_MAX], deviation[TFU_MODEL_CHANNELS_MAX];
    const char *why; /* channels is 0: what there is in the way */
};

/* How scores follow from the outputs, by the name of the task's loss. */
enum tfu_model_scores {
    TFU_MODEL_SOFTMAX = 0, /* one of the outputs is right */
    TFU_MODEL_SIGMOID = 1, /* each by itself is there or not */
    TFU_MODEL_SQUARED = 2  /* numbers as they are */
};
extern const char *const tfu_model_scores_names[];

/* Texts may be NULL. */
struct tfu_model_source {
    const char *arch, *run, *checkpoint, *data;
    int64_t step; /* -1: unknown */
};

/* What is to be written. */
struct tfu_model_draft {
    const struct tfu_graph *graph;
    const struct tfu_network *network; /* with the weights */
    struct tfu_model_prepare prepare;
    enum tfu_model_scores scores;
    const char *const *names; /* of the outputs; NULL: they have none */
    struct tfu_model_source source;
};
/* Writes a whole file in place of `path`, or leaves what was there. The same draft gives the same
 * bytes. TFU_EUNSUPPORTED for a layer of a plugin, and for a head that is no linear layer. */
enum tfu_status tfu_model_write(const char *path, const struct tfu_model_draft *draft,
                                struct tfu_error *e);

/* One that was read. */
struct tfu_model {
    struct tfu_safetensors *file;
    struct tfu_arena arena; /* of all texts */
    struct tfu_graph *graph;
    struct tfu_model_prepare prepare;
    enum tfu_model_scores scores;
    const char *const *names; /* or NULL */
    struct tfu_model_source source;
    const char *sha256;
};

/* Maps and checks the whole file, its digest too, and builds the graph for batches of `batch`:
 * every parameter is in the file in its shape, before any memory is taken for it. Each refusal
 * names the file. */
enum tfu_status tfu_model_read(struct tfu_model **out, const char *path, int64_t batch,
                               struct tfu_error *e);
/* The same over bytes in memory, which must outlive the model; `name` is for messages. */
enum tfu_status tfu_model_parse(struct tfu_model **out, const char *name, const void *bytes,
                                size_t n, int64_t batch, struct tfu_error *e);
void tfu_model_free(struct tfu_model *m);
/* Fills a network of its graph. */
enum tfu_status tfu_model_load(const struct tfu_model *m, struct tfu_network *network,
                               struct tfu_error *e);

#endif
