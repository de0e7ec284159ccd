/* SPDX-License-Identifier: MIT
 *
 * captured.h - what a capture writes: the rows of every node into its file, what belongs to them
 * (images, labels, places), and capture.json, which says what they are of.
 */
#ifndef TFU_CORE_RUN_CAPTURED_H
#define TFU_CORE_RUN_CAPTURED_H

#include <jansson.h>

#include "core/run/capture_files.h"
#include "core/study/capture.h"
#include "core/study/nodes.h"

struct tfu_captured {
    const char *spec; /* of the network, as it was given */
    struct tfu_subject *subject;
    struct tfu_dataset *data;
    enum tfu_split split;
    struct tfu_capture *capture;
    struct tfu_node_choice *node;
    size_t node_count;
    struct tfu_capture_want *want; /* of each node, with its rows */
    bool maps;
    /* begin() makes these */
    struct tfu_capture_files files;
    size_t *rows_file; /* a node's file, and that of its rows; SIZE_MAX: row i is image i */
    size_t *data_file;
    size_t examples, labels;
    char *json_path;
    bool force;
    json_t *json; /* what capture.json has; finish() makes it */
};

/* Names all files and looks whether they may be written. */
enum tfu_status tfu_captured_begin(struct tfu_captured *c, const char *folder, bool force,
                                   struct tfu_error *e);
/* Rows of a node, in their order: emit() of a capture. */
enum tfu_status tfu_captured_add(struct tfu_captured *c, size_t want, int64_t first,
                                 const struct tfu_tensor *rows, struct tfu_error *e);
/* After the last: writes the rest and puts all in place. */
enum tfu_status tfu_captured_finish(struct tfu_captured *c, struct tfu_error *e);
/* The file with a node's rows. */
const struct tfu_capture_file *tfu_captured_file(const struct tfu_captured *c, size_t node);
/* Removes what was not finished, and closes the network too. */
void tfu_captured_free(struct tfu_captured *c);

#endif
