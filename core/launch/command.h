/* SPDX-License-Identifier: MIT
 *
 * command.h - a program that is run to its end for what it prints: those of a queueing system.
 * Programs that compute are children (child.h).
 */
#ifndef TFU_CORE_LAUNCH_COMMAND_H
#define TFU_CORE_LAUNCH_COMMAND_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_command {
    const char *const *argv;  /* argv[0] is looked for along PATH; ends with NULL */
    const char *const *unset; /* variables that it is not to have; ends with NULL, or is NULL */
    double seconds;           /* how long it may take */
};

struct tfu_command_end {
    struct tfu_text out, err; /* what it printed */
    int status;               /* that it left with; -1: a signal ended it */
    bool late;                /* it took too long, and was ended */
};

/* TFU_ENOTFOUND: there is no such program. `*end` is to be freed in any case. */
enum tfu_status tfu_command_run(const struct tfu_command *c, struct tfu_command_end *end,
                                struct tfu_error *e);
void tfu_command_end_free(struct tfu_command_end *end);

/* What it said about a failure, as one line: its stderr, else its stdout, else how it ended. */
void tfu_command_put_words(struct tfu_text *t, const struct tfu_command_end *end);

#endif
