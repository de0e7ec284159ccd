/* SPDX-License-Identifier: MIT
 *
 * machine.h - what a process has to work with, as the system tells: processors, caches, memory,
 * the system itself. What the processor is, is in processor.h; how fast it all is, in speed.h.
 */
#ifndef TFU_CORE_BASE_MACHINE_H
#define TFU_CORE_BASE_MACHINE_H

#include <stdint.h>

struct tfu_cache {
    uint32_t level;
    char type[16]; /* "Data", "Instruction", "Unified" */
    uint64_t bytes;
    uint32_t line;   /* bytes */
    uint32_t shared; /* processors that share it */
};

enum { TFU_CACHES = 8 };

/* 0 and "" stand for what the system does not tell. */
struct tfu_machine {
    uint32_t sockets, cores, threads; /* of the machine */
    uint32_t allowed;                 /* threads that the affinity mask allows */
    uint32_t available;               /* also by the control group's quota, rounded up */
    struct tfu_cache cache[TFU_CACHES];
    uint32_t cache_count;
    uint64_t memory, memory_free; /* bytes */
    double load;                  /* processes that wanted to run, over the last minute */
    char system[128];             /* "Debian GNU/Linux 12 (bookworm)" */
    char kernel[128];             /* "Linux 6.1.0 x86_64" */
    char libc[64];                /* "glibc 2.36" */
    char clock[32];               /* what the kernel's clock counts: "tsc" */
};
void tfu_machine_read(struct tfu_machine *m);

#endif
