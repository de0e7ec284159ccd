/* SPDX-License-Identifier: MIT
 *
 * lease_file.h - the files of leases: their names, what one says, and which of them counts. Who may
 * write one is lease.h.
 */
#ifndef TFU_CORE_STORE_LEASE_FILE_H
#define TFU_CORE_STORE_LEASE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/process.h"

/* One line of JSON, filled up with blanks: it is written over in place. */
enum { TFU_LEASE_FILE_SIZE = 512 };

struct tfu_lease_content {
    struct tfu_process holder;
    int64_t since, step, steps;
    bool released;
};

/* Allocates nothing. */
void tfu_lease_file_print(const struct tfu_lease_content *c, char text[TFU_LEASE_FILE_SIZE]);
/* False: the text is none of a lease, or a part of one. */
bool tfu_lease_file_parse(struct tfu_lease_content *c, const char *text, size_t n);

/* Its path; TFU_EINVAL: the system has none as long. */
enum tfu_status tfu_lease_file_path(char path[PATH_MAX], const char *folder, uint64_t token,
                                    struct tfu_error *e);
/* The largest N of a .lease.N; 0: there is none, or no folder. */
enum tfu_status tfu_lease_file_newest(uint64_t *token, const char *folder, struct tfu_error *e);
/* Removes those of a smaller N, as far as that goes: they do not count any more. */
void tfu_lease_file_remove_older(const char *folder, uint64_t token);

struct tfu_lease_file {
    bool there;
    bool torn; /* there, and it says nothing */
    struct tfu_lease_content content;
    double time; /* of its last beat, by the file server's clock */
};
enum tfu_status tfu_lease_file_read(struct tfu_lease_file *out, const char *folder, uint64_t token,
                                    struct tfu_error *e);

/* A new file in the folder, of a name that nobody else has; `path` gets it. -1: errno says why. */
int tfu_lease_file_make(char path[PATH_MAX], const char *folder, const struct tfu_process *self);
/* The time of a file, set to now by the file server's clock. False: errno says why. */
bool tfu_lease_file_touch(int fd, double *time);
/* Writes it over in place, and touches it. False: errno says why. */
bool tfu_lease_file_write(int fd, const struct tfu_lease_content *c, double *time);

#endif
