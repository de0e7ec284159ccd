/* SPDX-License-Identifier: MIT
 *
 * environment.h - env.json: what a run ran on. One object a session, so that a resumed run shows
 * all machines that it has seen.
 */
#ifndef TFU_CORE_STORE_ENVIRONMENT_H
#define TFU_CORE_STORE_ENVIRONMENT_H

#include "core/store/provenance.h"

/* A split of the data and the digest of the bytes behind it. */
struct tfu_environment_data {
    const char *split, *fingerprint;
    const char *list; /* SHA-256 of the list of its examples' names; NULL: not known */
};

struct tfu_environment {
    /* What it is made with; what of it changed since the session before is noted as well. */
    const struct tfu_provenance *provenance;
    const struct tfu_blas *blas; /* the one that its plugins use, if any does */
    uint32_t threads;
    const struct tfu_environment_data *data;
    size_t data_count;
    int64_t step;  /* at which this session begins */
    bool accepted; /* nothing is trained: that something changed is accepted for a finished run */
};

/* Adds this session to `path`, which is begun anew at step 0 or when it cannot be read. */
enum tfu_status tfu_environment_write(const char *path, const struct tfu_environment *env,
                                      struct tfu_error *e);

#endif
