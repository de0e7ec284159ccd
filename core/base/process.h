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
/* Does `p` run no more? True only where `self` can know: on the same start of the same machine. A
 * number that another process has by now is no sign of life. [any thread] */
bool tfu_process_gone(const struct tfu_process *p, const struct tfu_process *self);

#endif
