/* SPDX-License-Identifier: MIT
 *
 * probe.h - how well the activations of each node tell the classes: a metric that is fitted to some
 * images and measured on others.
 */
#ifndef TFU_CORE_STUDY_PROBE_H
#define TFU_CORE_STUDY_PROBE_H

#include "core/study/compare.h"

struct tfu_probe_request {
    struct tfu_capture *fit, *test;     /* of one network, with one draw each */
    const struct tfu_node_choice *node; /* of the graph of either */
    size_t count;
    const struct tfu_plugin_choice *metric;
    const struct tfu_experiment *experiment; /* for the task */
    struct tfu_registry *registry;
    struct tfu_threads *threads;
};

/* A pair a node, both of its sides that node; rows are images, maps averaged over positions. */
enum tfu_status tfu_probe(struct tfu_comparison *out, const struct tfu_probe_request *request,
                          struct tfu_error *e);

#endif
