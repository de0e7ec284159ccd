/* SPDX-License-Identifier: MIT
 *
 * child.h - a program started without a shell: what it prints goes to a log, it is asked to end
 * when this process dies, and how it ended is known exactly.
 */
#ifndef TFU_CORE_LAUNCH_CHILD_H
#define TFU_CORE_LAUNCH_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_child_request {
    const char *program;     /* its file */
    const char *const *argv; /* argv[0]: how it is called; ends with NULL */
    const char *log;         /* its stdout and stderr are appended there */
    const char *heading;     /* a line that goes before, without its end */
};

struct tfu_child {
    pid_t pid;         /* 0: there is none */
    int64_t log_begin; /* where in the log what it prints begins */
    double begun;      /* tfu_clock_seconds() */
};

struct tfu_child_end {
    int status;     /* that it left with; -1: a signal ended it */
    int signal;     /* 0: none */
    double seconds; /* between its start and its end */
};

/* Starts it in a process group of its own, so that a terminal's Ctrl-C reaches this process alone,
 * with all signals unblocked. When the *thread* that calls this ends, and with it always when the
 * process is killed, the child gets SIGTERM. A program that cannot be run is an error here. */
enum tfu_status tfu_child_start(struct tfu_child *out, const struct tfu_child_request *request,
                                struct tfu_error *e);
/* Has it ended? Then `*end` says how, and there is none any more. Never waits. */
bool tfu_child_ended(struct tfu_child *c, struct tfu_child_end *end);
/* Sends a signal to it and to what it started. */
void tfu_child_signal(const struct tfu_child *c, int number);

/* What a log says of a failure: the last of the lines behind `begin` that tell of an error, without
 * what a program puts before it, and true; else the last that is not empty, and false. "" when it
 * has none. */
bool tfu_child_last_words(const char *log, int64_t begin, struct tfu_text *out);

#endif
