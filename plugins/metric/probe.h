/* SPDX-License-Identifier: MIT
 *
 * probe.h - what probes share: activations and labels of the images to fit on, then, for the images
 * to test on, a score a class from the model that was fitted; accuracy and area under the ROC curve
 * of these.
 */
#ifndef TFU_PLUGINS_METRIC_PROBE_H
#define TFU_PLUGINS_METRIC_PROBE_H

#include "rows.h"

struct probe;

/* How a kind of probe is fitted and asked. */
struct probe_kind {
    const char *name;
    /* 1: scores are logarithms of odds, and their mean loss is reported; 0: scores are the odds
     * themselves, from 0 to infinity. Neither is rounded where an answer is nearly certain. */
    int log_odds;
    /* Learns from p->fit and p->fit_label into p->model, which is fresh. */
    enum tfu_status (*fit)(struct probe *p, struct tfu_metric_host *h);
    /* Scores `rows` rows of activations, which it may change. */
    enum tfu_status (*score)(struct probe *p, double *row, int64_t rows, double *score,
                             struct tfu_metric_host *h);
    /* Reports what is the kind's own, after a fit. */
    void (*report)(const struct probe *p, struct tfu_metric_host *h);
    void (*forget)(void *model); /* frees; NULL is fine */
};

struct probe {
    const struct probe_kind *kind;
    const void *config;
    int64_t outputs, label_columns;
    int classification; /* or else multi_label */
    struct rows fit;
    float *fit_label; /* a row for each of `fit`, with a known label */
    int64_t fit_capacity;
    void *model;  /* NULL: not fitted yet */
    int64_t rows; /* tested, with a known label */
    int64_t seen, capacity;
    double *score; /* rows x outputs */
    float *label;  /* rows x label_columns */
};

enum tfu_status probe_create(void **self, const struct probe_kind *kind, const void *config,
                             struct tfu_metric_host *h);
void probe_destroy(void *self);
enum tfu_status probe_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h);
enum tfu_status probe_finalize(void *self, struct tfu_metric_host *h);
void probe_reset(void *self);

#endif
