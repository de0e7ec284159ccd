/* SPDX-License-Identifier: MIT
 *
 * failure.h - failure.json: why a run failed, in its folder, until it goes on or begins anew. A run
 * that was interrupted, or killed, has none.
 */
#ifndef TFU_CORE_STORE_FAILURE_H
#define TFU_CORE_STORE_FAILURE_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/process.h"

#define TFU_FAILURE_FILE "failure.json"

/* Most are "other": once the reason is gone, the run goes on. One that diverged would again. */
enum tfu_failure_kind { TFU_FAILURE_OTHER, TFU_FAILURE_DIVERGED, TFU_FAILURE_KINDS };

struct tfu_failure {
    enum tfu_failure_kind kind;
    char error[2048];  /* what went wrong, in words */
    char source[256];  /* the file that it is about, or "" */
    int line;          /* in it; 0: about no line */
    int exit_status;   /* of the process; -1: it has none, a signal ended it */
    int signal_number; /* 0: none ended it */
    char host[TFU_HOST_SIZE];
    long pid;
    int64_t time; /* unix seconds */
    int64_t step; /* at which it failed; -1: it had not begun to train, or nobody knows */
};

/* An error of the calling process, which is to leave with `exit_status`; of now, on this host. */
void tfu_failure_of(struct tfu_failure *f, const struct tfu_error *why, int exit_status,
                    int64_t step);
/* Writes `folder`/failure.json, whole or not at all; over one that is there. */
enum tfu_status tfu_failure_write(const char *folder, const struct tfu_failure *f,
                                  struct tfu_error *e);
/* TFU_ENOTFOUND: there is none. TFU_ECORRUPT: it is no JSON, or has no
 * "error"; other keys may be missing, and are as of a failure of which nothing is known. */
enum tfu_status tfu_failure_read(struct tfu_failure *out, const char *folder, struct tfu_error *e);
/* Removes it, where it is. */
enum tfu_status tfu_failure_remove(const char *folder, struct tfu_error *e);

#endif
