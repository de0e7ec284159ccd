/* SPDX-License-Identifier: MIT
 *
 * lease_claim.h - the next lease of a folder: written under a name that does not count, then given
 * its number, which one process alone can do.
 */
#ifndef TFU_CORE_STORE_LEASE_CLAIM_H
#define TFU_CORE_STORE_LEASE_CLAIM_H

#include "core/store/lease_file.h"

struct tfu_lease_claim {
    char path[PATH_MAX];
    int fd;      /* of the lease, once it has its number */
    double time; /* when it was written, by the file server's clock */
};

/* Writes it. On failure there is nothing to end. */
enum tfu_status tfu_lease_claim_begin(struct tfu_lease_claim *c, const char *folder,
                                      const struct tfu_lease_content *content, struct tfu_error *e);
/* Makes it number `token`, unless somebody was faster; `*taken` says. Then the older ones are gone,
 * and `fd` is the caller's to keep: it takes it out, and puts -1 there. */
enum tfu_status tfu_lease_claim_number(struct tfu_lease_claim *c, const char *folder,
                                       uint64_t token, const struct tfu_lease_content *content,
                                       bool *taken, struct tfu_error *e);
/* Removes what has no number, and closes `fd`. [path ""] and [fd -1] are fine. */
void tfu_lease_claim_end(struct tfu_lease_claim *c);

#endif
