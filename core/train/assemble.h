/* SPDX-License-Identifier: MIT
 *
 * assemble.h - what training and evaluation both make of an experiment: its data, opened and
 * checked against the task, and its network.
 */
#ifndef TFU_CORE_TRAIN_ASSEMBLE_H
#define TFU_CORE_TRAIN_ASSEMBLE_H

#include "core/base/digests.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/graph/network.h"

/* An experiment in use, and what it works with. Everything is borrowed. */
struct tfu_context {
    const struct tfu_experiment *experiment;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_log *log;         /* may be NULL */
    struct tfu_digests *digests; /* of files that were read before; may be NULL */
};

enum tfu_split { TFU_SPLIT_TRAIN, TFU_SPLIT_VALID, TFU_SPLIT_TEST, TFU_SPLIT_COUNT };

/* "train", "valid", "test". */
const char *tfu_split_name(enum tfu_split split);
const struct tfu_data_split *tfu_experiment_split(const struct tfu_experiment *x,
                                                  enum tfu_split split);

/* The split of that name; for NULL test, or valid where there is no test. */
enum tfu_status tfu_split_choose(const struct tfu_experiment *x, const char *name,
                                 enum tfu_split *out, struct tfu_error *e);
/* For what is shown and not measured, so that any will do: for NULL the first that there is of
 * test, valid and train. */
enum tfu_status tfu_split_choose_any(const struct tfu_experiment *x, const char *name,
                                     enum tfu_split *out, struct tfu_error *e);

/* Are the labels of an opened split what the task needs? Without `needed` it may have none. */
enum tfu_status tfu_assemble_check_labels(const struct tfu_dataset *d, const struct tfu_context *c,
                                          enum tfu_split split, bool needed, struct tfu_error *e);
/* Opens a split, and does not look at its labels. */
enum tfu_status tfu_assemble_open(struct tfu_dataset **out, const struct tfu_context *c,
                                  enum tfu_split split, struct tfu_error *e);
/* Opens a split for its images: it may have no labels, else they are what the task needs. */
enum tfu_status tfu_assemble_images(struct tfu_dataset **out, const struct tfu_context *c,
                                    enum tfu_split split, struct tfu_error *e);
/* Opens a split and checks that it has labels, and that they are what the task needs. */
enum tfu_status tfu_assemble_data(struct tfu_dataset **out, const struct tfu_context *c,
                                  enum tfu_split split, struct tfu_error *e);

/* The same, or without a look at labels, after `other`, with which it may share what both are parts
 * of; NULL: nothing. */
enum tfu_status tfu_assemble_open_beside(struct tfu_dataset **out, const struct tfu_context *c,
                                         enum tfu_split split, const struct tfu_dataset *other,
                                         struct tfu_error *e);
enum tfu_status tfu_assemble_data_beside(struct tfu_dataset **out, const struct tfu_context *c,
                                         enum tfu_split split, const struct tfu_dataset *other,
                                         struct tfu_error *e);

/* Two splits of one experiment have images of one size. */
enum tfu_status tfu_assemble_same_size(const struct tfu_dataset *a, const char *a_name,
                                       const struct tfu_dataset *b, const char *b_name,
                                       struct tfu_error *e);

/* A class index means the same in both, where both name their classes. */
enum tfu_status tfu_assemble_same_classes(const struct tfu_dataset *a, const char *a_name,
                                          const struct tfu_dataset *b, const char *b_name,
                                          struct tfu_error *e);

/* The names of the classes, or labels, of data, a line each; nothing where there are none. */
void tfu_assemble_put_classes(const struct tfu_dataset_info *info, struct tfu_text *out);
/* Are those of the data what they were when `classes` was put out? NULL, on either side: nobody
 * knows. */
enum tfu_status tfu_assemble_check_classes(const struct tfu_dataset_info *info, const char *name,
                                           const char *classes, struct tfu_error *e);

/* The names of the outputs: of the configuration, else of the data; NULL: there are none. */
const char *const *tfu_assemble_class_names(const struct tfu_experiment *x,
                                            const struct tfu_dataset_info *info);

/* The names of the data's own classes or labels, whatever the network has: of the configuration
 * where it has as many, else of the data; NULL: there are none. */
const char *const *tfu_assemble_label_names(const struct tfu_experiment *x,
                                            const struct tfu_dataset_info *info);

/* The graph for batches of `batch` of these examples. */
enum tfu_status tfu_assemble_graph(struct tfu_graph **out, const struct tfu_context *c,
                                   const struct tfu_dataset_info *info, int64_t batch,
                                   struct tfu_error *e);

/* The same graph, but of which a training pass computes what an inference pass does: it normalises
 * with the running statistics and drops nothing. For gradients of a network that is not trained. A
 * layer plugin has to know the attribute `frozen` (layer.h) to do so. */
enum tfu_status tfu_assemble_steady_graph(struct tfu_graph **out, const struct tfu_context *c,
                                          const struct tfu_dataset_info *info, int64_t batch,
                                          struct tfu_error *e);

struct tfu_assemble_options {
    bool training;
    bool constant;        /* parameters hardly ever change: as in struct tfu_network_request */
    const uint32_t *keep; /* values of the graph that stay readable after a forward pass */
    size_t keep_count;
};

/* The network of a graph on the configured backend. */
enum tfu_status tfu_assemble_network(struct tfu_network **out, const struct tfu_graph *graph,
                                     const struct tfu_context *c,
                                     const struct tfu_assemble_options *options,
                                     struct tfu_error *e);
/* What it would take, with nothing allocated: tfu_network_plan(). */
enum tfu_status tfu_assemble_plan(struct tfu_network_memory *out, const struct tfu_graph *graph,
                                  const struct tfu_context *c,
                                  const struct tfu_assemble_options *options, struct tfu_error *e);

#endif
