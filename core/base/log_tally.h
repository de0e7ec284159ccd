/* SPDX-License-Identifier: MIT
 *
 * log_tally.h - notes that are true of several runs, said once with of how many.
 */
#ifndef TFU_CORE_BASE_LOG_TALLY_H
#define TFU_CORE_BASE_LOG_TALLY_H

#include "core/base/error.h"
#include "core/base/log.h"

/* Makes `own` a log that keeps notes and passes all else on to `to`, which outlives it. To be
 * destroyed. */
void tfu_log_keep_notes(struct tfu_log *own, struct tfu_log *to);

struct tfu_log_tally {
    struct tfu_tallied {
        char *note;
        size_t runs;
    } * item;
    size_t count, room;
    bool failed; /* memory ran out */
};

/* The notes that `log` kept are true of one run more. */
void tfu_log_tally_add(struct tfu_log_tally *t, const struct tfu_log *log);
/* Writes each to `log`, where it is of several runs with their number; and frees all. */
enum tfu_status tfu_log_tally_write(struct tfu_log_tally *t, struct tfu_log *log,
                                    struct tfu_error *e);

#endif
