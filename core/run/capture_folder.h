/* SPDX-License-Identifier: MIT
 *
 * capture_folder.h - activations, features and logits of a network as arrays of numpy in a folder,
 * as a call. The folder is whole or not there.
 */
#ifndef TFU_CORE_RUN_CAPTURE_FOLDER_H
#define TFU_CORE_RUN_CAPTURE_FOLDER_H

#include "core/run/captured.h"

struct tfu_capture_folder_request {
    const char *spec;            /* of the network, as in core/study/subject.h */
    const char *config;          /* that a file of weights belongs to; NULL: its run's */
    const char *const *override; /* KEY=VALUE */
    size_t override_count;
    struct tfu_registry *registry; /* must outlive the result */
    struct tfu_threads *threads;   /* likewise */
    struct tfu_log *log;           /* may be NULL */

    const char *folder;
    bool force;               /* write over what is there */
    const char *split;        /* NULL: test, else valid */
    const char *const *nodes; /* patterns, as tfu_nodes_choose() takes them */
    size_t node_count;
    bool maps;        /* whole maps instead of rows */
    bool image_rows;  /* a row is an image, the mean over its positions; else a position */
    int64_t rows;     /* drawn of each node; 0: 10000 of positions, all of images */
    int64_t channels; /* drawn of each node; 0: all */
    int64_t images;   /* that go through the network, drawn by the seed; 0: all */
    uint64_t seed;

    void *arg; /* of the calls, each of which may be NULL */
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
    bool (*interrupted)(void *arg); /* true: stop with TFU_EINTERRUPTED; nothing is left behind */
};

/* What is wrong in the network's configuration is in `d`. The result is to be freed in any case, by
 * tfu_captured_free(). */
enum tfu_status tfu_capture_folder(struct tfu_captured *out,
                                   const struct tfu_capture_folder_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e);

#endif
