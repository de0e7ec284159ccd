/* SPDX-License-Identifier: MIT
 *
 * side.h - one side of a comparison: a network, the images that it sees, the nodes that are looked
 * at and what was captured of them. And the metric that compares.
 */
#ifndef TFU_CORE_ANALYSIS_SIDE_H
#define TFU_CORE_ANALYSIS_SIDE_H

#include "core/analysis/context.h"
#include "core/study/compare.h"

/* The metric of an analysis, and what follows from it. */
struct tfu_yardstick {
    struct tfu_analysis_context *context;
    const struct tfu_plugin_choice *metric;
    uint32_t needs; /* the metric's */
    int64_t rows;   /* of a draw: as asked for, else 10000 or the metric's own limit */
    int64_t draws;
    bool same_rows; /* draws are of channels only; false unless it is set after opening */
};

/* Of the option `metric`; starts the threads. */
enum tfu_status tfu_yardstick_open(struct tfu_yardstick *y, struct tfu_analysis_context *c,
                                   struct tfu_error *e);

struct tfu_side {
    const struct tfu_subject *subject;
    const struct tfu_dataset *data;
    enum tfu_split split;
    struct tfu_capture *capture;
    struct tfu_node_choice *node;
    size_t node_count;
    const struct tfu_analysis_context *context; /* for progress */
};

struct tfu_side_request {
    struct tfu_state_request network;
    const struct tfu_string_list *nodes; /* patterns; NULL or none: the stages */
    const char *split;                   /* NULL: as the options say */
    const struct tfu_side *other; /* opened before: has to see the same images; NULL: there is none
                                   */
};

/* Opens the network, its images and the capture. To be closed in any case, and not to be moved. */
enum tfu_status tfu_side_open(struct tfu_side *s, const struct tfu_yardstick *y,
                              const struct tfu_side_request *request, struct tfu_error *e);
void tfu_side_close(struct tfu_side *s);
/* Two that see the same images, of the network that `data` says; `other` of the requests is not
 * looked at. */
enum tfu_status tfu_sides_open(struct tfu_side *a, struct tfu_side *b,
                               const struct tfu_yardstick *y,
                               const struct tfu_side_request *request_a,
                               const struct tfu_side_request *request_b, struct tfu_error *e);
/* The metric over nodes of two sides. */
enum tfu_status tfu_sides_compare(struct tfu_comparison *out, const struct tfu_yardstick *y,
                                  const struct tfu_side *a, const struct tfu_side *b, bool matrix,
                                  bool noise, struct tfu_error *e);

/* "200 rows, 64 channels, 5 draws": what every number rests on, for captions. */
void tfu_yardstick_describe(const struct tfu_yardstick *y, const struct tfu_comparison *r,
                            struct tfu_text *out);
/* Layers that were looked at in different numbers of rows or channels: how to hold them equal.
 * Nothing, when they are. */
void tfu_yardstick_advise(const struct tfu_yardstick *y, const struct tfu_comparison *r,
                          struct tfu_text *out);

#endif
