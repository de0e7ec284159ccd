/* SPDX-License-Identifier: MIT
 *
 * predictor.h - a network in one of its states, and what it says of files of images that are in no
 * dataset. They are prepared as those of the split are that is evaluated, and what comes out is
 * what an evaluation says of the same images in batches of the same size, to the last bit.
 */
#ifndef TFU_CORE_RUN_PREDICTOR_H
#define TFU_CORE_RUN_PREDICTOR_H

#include "core/data/preparer.h"
#include "core/run/eval_state.h"

struct tfu_predictor_request {
    struct tfu_target_request target;
    const char *checkpoint; /* as struct tfu_evaluation_request has it */
    int64_t batch;          /* images that go through at once; 0: as many as in an evaluation */

    void *arg; /* of this, which may be NULL */
    void (*loaded)(void *arg, const char *account);
};

struct tfu_predictor {
    struct tfu_target target;
    struct tfu_eval_state state;
    struct tfu_context context;
    enum tfu_split split; /* whose transforms they go through */
    struct tfu_preparer *preparer;
    struct tfu_graph *graph;
    struct tfu_network *network;
    int64_t batch, outputs, positions; /* of an image, in the output */
    const char *const *names;          /* of the outputs, or NULL */
    /* the rest is private */
    struct tfu_text class_text; /* the state's, a line each */
    const char **class_name;
    float *pixels, *logits, *labels, *scores; /* of a batch */
    double *losses;
    struct tfu_error *failure;
    size_t *row;
    struct tfu_preparer_times *times;
};

/* What is wrong in the configuration is in `d`. The data are opened only where the configuration
 * alone does not say what size and channels images have. */
enum tfu_status tfu_predictor_open(struct tfu_predictor **out,
                                   const struct tfu_predictor_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_predictor_close(struct tfu_predictor *p);

/* What is said of one image; points into the predictor, until the next call. */
struct tfu_prediction {
    enum tfu_status status;        /* not TFU_OK: there is nothing else but */
    const struct tfu_error *error; /* which names the file */
    const float *logits, *scores;  /* positions x outputs */
    struct tfu_preparer_times times;
};
/* Of `count` images, at most as many as in a batch, which are read by all threads; `network` gets
 * the seconds of the forward pass, and may be NULL. An image that cannot be read, or of which the
 * network says no numbers, is no failure of the call. */
enum tfu_status tfu_predictor_run(struct tfu_predictor *p, const char *const *path, size_t count,
                                  struct tfu_prediction *out, double *network, struct tfu_error *e);

#endif
