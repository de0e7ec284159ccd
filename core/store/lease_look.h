/* SPDX-License-Identifier: MIT
 *
 * lease_look.h - who has a folder, by the lease in it: lease.h.
 */
#ifndef TFU_CORE_STORE_LEASE_LOOK_H
#define TFU_CORE_STORE_LEASE_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/process.h"

enum { TFU_LEASE_STALE_AFTER = 60 }; /* seconds without a beat */

enum tfu_lease_state {
    TFU_LEASE_FREE, /* nobody has it: it was given back, or there never was one */
    TFU_LEASE_HELD,
    TFU_LEASE_STALE /* somebody had it who shows no life any more */
};

struct tfu_lease_seen {
    enum tfu_lease_state state;
    uint64_t token;           /* N; 0: there never was one */
    char host[TFU_HOST_SIZE]; /* of the holder, or the last one; "": not known, the file is torn */
    long pid;                 /* 0: not known */
    int64_t since;            /* unix seconds by the holder's clock; 0: not known */
    double age;               /* seconds since the last beat; 0: FREE */
    int64_t step, steps;      /* 0: not known */
    bool runs;                /* HELD by a process that is seen to run: its age decides nothing */
};

/* Who has `folder`. Waits for nobody. Leaves nothing in the folder, but where an age decides it
 * makes a file there for a moment, to read the time of the file server; in a folder that cannot be
 * written this host's clock has to do. A folder that is not there is FREE. [any thread] */
enum tfu_status tfu_lease_look(struct tfu_lease_seen *out, const char *folder, struct tfu_error *e);

/* As tfu_lease_look(), for those who are about to take the lease. `now`: the time by the file
 * server's clock, read before this call; NaN: not known, so no age decides anything. `stale`: the
 * age that does, in seconds. */
enum tfu_status tfu_lease_look_as(struct tfu_lease_seen *out, const char *folder,
                                  const struct tfu_process *self, double now, double stale,
                                  struct tfu_error *e);

/* "process 4711 on node3, since 2026-03-01 14:05:12"; "another process", where the file is torn. */
void tfu_lease_who(const struct tfu_lease_seen *seen, char *text, size_t size);

#endif
