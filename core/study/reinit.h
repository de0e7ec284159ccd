/* SPDX-License-Identifier: MIT
 *
 * reinit.h - re-initialisation robustness (Zhang 2019, Matsoukas 2022): one part of a trained
 * network back to values it had before training, all else kept, scored again.
 */
#ifndef TFU_CORE_STUDY_REINIT_H
#define TFU_CORE_STUDY_REINIT_H

#include "core/study/assess.h"

enum tfu_reinit_to {
    TFU_REINIT_INITIAL, /* the rules of `init:` with the run's own seed */
    TFU_REINIT_FRESH    /* the same rules with seeds of the study's own */
};

struct tfu_reinit_request {
    const struct tfu_subject *subject;
    struct tfu_assessor *assessor; /* made for it */
    enum tfu_reinit_to to;
    size_t draws;   /* of fresh values; 1 for initial ones */
    bool by_layers; /* each layer with parameters; else each stage */
};

/* A part of the network, its running statistics included. The last is all of it. */
struct tfu_reinit_part {
    const char *name;            /* as long as the assessor; "" for all of it */
    int64_t values;              /* parameters and running statistics in it */
    bool drawn;                  /* fresh values differ from the initial ones */
    struct tfu_measure *measure; /* draws x measures, the loss first */
};

struct tfu_reinit {
    size_t measures, draws, parts;
    struct tfu_measure *trained; /* measures: nothing reset */
    struct tfu_reinit_part *part;
};

enum tfu_status tfu_reinit(struct tfu_reinit *out, const struct tfu_reinit_request *request,
                           struct tfu_error *e);
void tfu_reinit_free(struct tfu_reinit *r);

/* A measure's values over the draws where it is defined; returns how many. `value` has room for all
 * draws. */
size_t tfu_reinit_values(const struct tfu_reinit *r, const struct tfu_reinit_part *part,
                         size_t measure, double *value);

#endif
