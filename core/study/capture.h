/* SPDX-License-Identifier: MIT
 *
 * capture.h - activations of a network over a set of images, sampled while the images go through:
 * what is kept is draws x rows x channels a node, whatever the size of its maps.
 */
#ifndef TFU_CORE_STUDY_CAPTURE_H
#define TFU_CORE_STUDY_CAPTURE_H

#include "core/data/dataset.h"
#include "core/study/sample.h"
#include "core/study/subject.h"

/* One activation to keep. */
struct tfu_capture_want {
    const char *node;      /* a node's or a stage's name: it keys the draw of channels */
    uint32_t value;        /* of the graph */
    int64_t height, width; /* of the grid of rows: at most the map's; cells are means over it */
    int64_t rows;          /* 0: as the sampling says */
};

struct tfu_capture_request {
    const struct tfu_subject *subject;
    const struct tfu_dataset *data; /* its images, as the subject prepares them */
    /* Of the images that `init:` of the subject was for; NULL: those of `data`. */
    const struct tfu_preprocessing *preprocessing;
    int64_t images; /* the first so many of a permutation by the seed */
    struct tfu_sampling sampling;
    bool maps; /* whole maps of the sampled channels instead of rows: the grid is the map's */
    void *arg; /* of the calls below, each of which may be NULL */
    void (*progress)(void *arg, int64_t done, int64_t total);
    bool (*interrupted)(void *arg);
    /* Instead of keeping a want's rows (of one draw) they are handed on in their order, those of
     * each batch: `rows` begins with number `first`, and is valid during the call. */
    enum tfu_status (*emit)(void *arg, size_t want, int64_t first, const struct tfu_tensor *rows,
                            struct tfu_error *e);
};

struct tfu_capture;

/* Builds the subject's network for these images and fills it with its state. */
enum tfu_status tfu_capture_new(struct tfu_capture **out, const struct tfu_capture_request *request,
                                struct tfu_error *e);
void tfu_capture_free(struct tfu_capture *c);
/* To choose wants from; lives as long as the capture. */
const struct tfu_graph *tfu_capture_graph(const struct tfu_capture *c);

int64_t tfu_capture_draws(const struct tfu_capture *c);
uint64_t tfu_capture_seed(const struct tfu_capture *c);

/* Bytes that run() will hold for these. */
size_t tfu_capture_bytes(const struct tfu_capture *c, const struct tfu_capture_want *want,
                         size_t count);
/* What one batch of these values' maps takes in a network that keeps them; each counts once. */
size_t tfu_capture_kept_bytes(const struct tfu_capture *c, const uint32_t *value, size_t count);
/* These values, too, will be wanted: from now on a network is built that keeps them all, so that
 * runs for some of them at a time need no other one. */
enum tfu_status tfu_capture_foresee(struct tfu_capture *c, const uint32_t *value, size_t count,
                                    struct tfu_error *e);
/* How many networks were built and filled so far. */
size_t tfu_capture_networks(const struct tfu_capture *c);
/* From now on each run is of the parameters and running statistics that `network`, of the same
 * graph but for the batch, has at that time, not of the subject's. It may be trained in between. */
void tfu_capture_feed(struct tfu_capture *c, const struct tfu_network *network);
/* Frees what only a run needs: the images that are read ahead, and the network, unless it is fed.
 * What was captured stays. */
void tfu_capture_rest(struct tfu_capture *c);
/* A network with the subject's state, and nothing that was captured any more; valid until the next
 * run. */
enum tfu_status tfu_capture_network(struct tfu_capture *c, const struct tfu_network **out,
                                    struct tfu_error *e);
/* Sends the images through. Replaces what was captured before; the very same wants again cost
 * nothing. */
enum tfu_status tfu_capture_run(struct tfu_capture *c, const struct tfu_capture_want *want,
                                size_t count, struct tfu_error *e);

/* Of want number `want` and a draw: rows x channels, or images x H x W x channels of maps; float32.
 * Valid until the next run. */
struct tfu_tensor tfu_capture_get(const struct tfu_capture *c, size_t want, int64_t draw);
/* Label columns of every image, in the order of rows of a 1 x 1 grid with as many rows as images.
 */
const float *tfu_capture_labels(const struct tfu_capture *c, int64_t *columns);

/* How many rows a want has, known from the first emit() on, and which, ascending: number of the
 * image times the cells of the grid plus that of the cell; of maps the image. */
const int64_t *tfu_capture_rows(const struct tfu_capture *c, size_t want, int64_t draw,
                                int64_t *count);
/* The channels that are kept, ascending. */
const int64_t *tfu_capture_channels(const struct tfu_capture *c, size_t want, int64_t draw,
                                    int64_t *count);
/* Of every image, in the same order as labels: its index in the dataset itself. */
const int64_t *tfu_capture_examples(const struct tfu_capture *c, int64_t *count);

/* The image that row `row` of the want and draw lies in. */
int64_t tfu_capture_image(const struct tfu_capture *c, size_t want, int64_t draw, int64_t row);

#endif
