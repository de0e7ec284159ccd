/* SPDX-License-Identifier: MIT
 *
 * process.h - which process something was done by, so that another one can tell whether it still
 * runs.
 */
#ifndef TFU_CORE_BASE_PROCESS_H
#define TFU_CORE_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

enum { TFU_HOST_SIZE = 65, TFU_BOOT_SIZE = 65 };

struct tfu_process {
    char host[TFU_HOST_SIZE]; /* letters, digits, '.', '-' and '_' */
    /* The start of the machine, and which numbers of processes are meant: containers on one machine
     * have their own. "": not known. */
    char boot[TFU_BOOT_SIZE];
    long pid;
    uint64_t start; /* when it started, in ticks of the machine; 0: not known */
};

/* The calling process. [any thread] */
void tfu_process_self(struct tfu_process *p);
enum tfu_process_state {
    TFU_PROCESS_UNKNOWN, /* on another machine, or of before this one was started: who knows */
    TFU_PROCESS_GONE,
    TFU_PROCESS_STOPPED, /* by a signal or a debugger; it may go on */
    TFU_PROCESS_RUNS
};

/* What has become of `p`, as far as `self` can know. A number that another process has by now is no
 * sign of life. [any thread] */
enum tfu_process_state tfu_process_look(const struct tfu_process *p,
                                        const struct tfu_process *self);

#endif
