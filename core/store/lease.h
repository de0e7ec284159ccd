/* SPDX-License-Identifier: MIT
 *
 * lease.h - who has a folder: one process at a time, on whatever hosts share the file system, which
 * needs no locks for it.
 *
 * A lease is a file .lease.N in the folder; the one with the largest N counts. Taking the next one
 * is a link() to .lease.N+1, which one process alone can make; a lease that was given back says so
 * and stays, so N never falls. The holder shows that it lives by a beat every ten seconds. A lease
 * is stale, and may be taken, once its process is gone, as others on that host see at once, or once
 * its last beat is a minute old, by the clock of the file server alone, and nobody on that host
 * sees its process run. So clocks of hosts that differ or jump do not matter. A holder that could
 * not beat for 45 seconds, stopped or cut off, has to take the next number before it goes on; where
 * somebody else has it by then, the lease is lost.
 */
#ifndef TFU_CORE_STORE_LEASE_H
#define TFU_CORE_STORE_LEASE_H

#include "core/store/lease_look.h"

struct tfu_lease;

/* Takes the lease of `folder`, which has to be there; a stale one is taken over. TFU_OK with `*out`
 * NULL: another process has it, and `*by` says which. With a lease, `*by` (may be NULL) says whose
 * it was before: FREE, or STALE of a process that did not end well. From here to the end of the
 * lease a thread of its own beats; it catches no signals and allocates nothing.
 *
 * The process that forks and does not exec has no part in it. */
enum tfu_status tfu_lease_take(struct tfu_lease **out, struct tfu_lease_seen *by,
                               const char *folder, struct tfu_error *e);

/* How far the holder is; others see it within a second or two. [any thread] */
void tfu_lease_progress(struct tfu_lease *l, int64_t step, int64_t steps);

/* Before something is made visible: is the lease still held? Looks into the folder. TFU_EIO: it is
 * lost for good, to whom the error says, or the folder is gone; nothing must be written there any
 * more. [any thread] */
enum tfu_status tfu_lease_check(struct tfu_lease *l, struct tfu_error *e);
/* Likewise, but looks into the folder only if the last beat was too long ago: for every step. */
enum tfu_status tfu_lease_check_soon(struct tfu_lease *l, struct tfu_error *e);
/* Was it found to be lost, by a beat or a check? [any thread] */
bool tfu_lease_is_lost(struct tfu_lease *l);

/* N: larger than that of any holder before. [any thread] */
uint64_t tfu_lease_token(struct tfu_lease *l);

/* Gives it back, unless it is lost. NULL is fine. */
void tfu_lease_free(struct tfu_lease *l);

/* For tests: with other times than 10, 45 and 60 seconds. */
struct tfu_lease_times {
    double beat;  /* between two */
    double lost;  /* without a beat the holder has to take it anew */
    double stale; /* without a beat others may take it; more than `lost` */
};
enum tfu_status tfu_lease_take_timed(struct tfu_lease **out, struct tfu_lease_seen *by,
                                     const char *folder, const struct tfu_lease_times *times,
                                     struct tfu_error *e);

#endif
