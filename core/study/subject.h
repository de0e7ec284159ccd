/* SPDX-License-Identifier: MIT
 *
 * subject.h - a network in one of its states: one side of a comparison. A run at its best, at a
 * step or before its first; a configuration's initial state; a file of weights.
 */
#ifndef TFU_CORE_STUDY_SUBJECT_H
#define TFU_CORE_STUDY_SUBJECT_H

#include <stdbool.h>

#include "core/config/experiment.h"
#include "core/train/assemble.h"

struct tfu_subject_request {
    /* RUN              a run's folder: best.safetensors where its configuration chooses one, else
     *                  final.safetensors
     * RUN@STATE        STATE: best, final, initial, or the number of a step with a checkpoint
     * CONFIG.yaml      the initial state of a configuration
     * FILE             a checkpoint that lies in the folder of its run, or with `config` a file of
     *                  weights in any format */
    const char *spec;
    const char *config;          /* a configuration that FILE belongs to; NULL: its run's */
    const char *name;            /* what labels call it; NULL: as its configuration says */
    bool initial;                /* not the state of the spec, but that before its first step */
    const char *const *override; /* KEY=VALUE on top of the configuration */
    size_t override_count;
    struct tfu_registry *registry; /* must outlive the subject, as must threads and log */
    struct tfu_threads *threads;
    struct tfu_log *log;         /* may be NULL */
    struct tfu_digests *digests; /* of files that were read before; must outlive it; may be NULL */
};

struct tfu_subject {
    struct tfu_config *config;
    const struct tfu_experiment *experiment;
    struct tfu_context context; /* for tfu_assemble_...() */
    char *folder;               /* of the run; NULL: there is none */
    char *path;                 /* of the file with its state; NULL: `init:` is run */
    int64_t step;               /* of the checkpoint; 0: initial; -1: unknown */
    char *label;                /* "cbr_tiny at step 1200": for tables and captions */
};

/* Finds and checks everything, a checkpoint's digest too. What is wrong in a configuration is in
 * `d`. */
enum tfu_status tfu_subject_open(struct tfu_subject **out,
                                 const struct tfu_subject_request *request,
                                 struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_subject_close(struct tfu_subject *s);

/* An override for the configuration of a run that is not trained on: what early stopping goes by is
 * then no matter, whatever older versions had it go by. */
#define TFU_SUBJECT_NO_TRAINING "train.early_stopping.patience=0"

/* The override that makes a configuration begin with a file of weights, and with nothing else. */
enum tfu_status tfu_subject_override(struct tfu_text *out, const char *path, struct tfu_error *e);

/* Fills a network of the subject's architecture with its state. A checkpoint of another
 * architecture is an error that lists what differs. `preprocessing` of the images to come may be
 * NULL. */
enum tfu_status tfu_subject_load(const struct tfu_subject *s, struct tfu_network *network,
                                 const struct tfu_preprocessing *preprocessing,
                                 struct tfu_error *e);

#endif
