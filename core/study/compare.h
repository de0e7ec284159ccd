/* SPDX-License-Identifier: MIT
 *
 * compare.h - a metric over pairs of activations of two networks, draw by draw.
 */
#ifndef TFU_CORE_STUDY_COMPARE_H
#define TFU_CORE_STUDY_COMPARE_H

#include "core/base/arena.h"
#include "core/study/capture.h"
#include "core/study/nodes.h"
#include "core/train/score.h"

struct tfu_compare_request {
    struct tfu_capture *a, *b; /* of equally many images; they may be the same one */
    const struct tfu_plugin_choice *metric;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    const struct tfu_node_choice *node_a, *node_b; /* of the captures' graphs */
    size_t count_a, count_b;
    bool matrix;   /* every node of a with every one of b; else the i-th with the i-th */
    bool pooled;   /* rows are images: maps are averaged over positions */
    bool noise;    /* instead of b's activations Gaussian noise of their mean and covariance */
    size_t memory; /* bytes that captured activations may take at once; 0: no limit */
};

/* One number that the metric reported of a pair, in one draw. */
struct tfu_compare_score {
    const char *key;
    double value;     /* NaN: not defined */
    const char *note; /* why; else NULL */
};

struct tfu_compare_draw {
    int64_t rows, columns_a, columns_b;
    const struct tfu_compare_score *score;
    size_t count;
    const char *refusal; /* the metric's, with nothing reported; else NULL */
};

struct tfu_compare_pair {
    size_t a, b; /* indices of the nodes */
    struct tfu_compare_draw *draw;
};

struct tfu_comparison {
    struct tfu_arena arena; /* owns everything below */
    struct tfu_compare_pair *pair;
    size_t pair_count;
    int64_t draws;
};

/* Captures what is needed, in as many passes as the memory allows, and runs the metric. A pair that
 * the metric refuses keeps the refusal; when it refuses all, that is the error. */
enum tfu_status tfu_compare(struct tfu_comparison *out, const struct tfu_compare_request *request,
                            struct tfu_error *e);
/* Bytes of activations that it would hold at once without a limit. */
enum tfu_status tfu_compare_bytes(size_t *out, const struct tfu_compare_request *request,
                                  struct tfu_error *e);
void tfu_comparison_free(struct tfu_comparison *c);

/* NULL: no such key. */
const struct tfu_compare_score *tfu_compare_find(const struct tfu_compare_draw *d, const char *key);
/* The values of a key over the draws of a pair where it is defined; returns how many. `value` has
 * room for all draws. */
size_t tfu_compare_values(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                          const char *key, double *value);
/* Why a pair has no value of the key: a refusal or a note; never NULL. */
const char *tfu_compare_reason(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                               const char *key);

#endif
