/* SPDX-License-Identifier: MIT
 *
 * run_folder.h - <output>/<name>/<id>/: where it is, in what state it is, and who has it.
 *
 * A run is finished when summary.json is there, which is written last; begun when config.yaml is
 * there. Whoever writes to the folder has its lease (lease.h) and, where the file system has locks,
 * one on the file .lock in it: by that alone programs of before there were leases know each other.
 */
#ifndef TFU_CORE_STORE_RUN_FOLDER_H
#define TFU_CORE_STORE_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/io/atomic_file.h"

enum { TFU_RUN_ID_SIZE = 13 };
enum tfu_run_state { TFU_RUN_ABSENT, TFU_RUN_BEGUN, TFU_RUN_FINISHED };

/* The first 12 hex digits of SHA-256 of the configuration's identity. */
void tfu_run_id(const char *identity, char id[TFU_RUN_ID_SIZE]);
enum tfu_run_state tfu_run_state(const char *path);

struct tfu_run_folder;

/* Creates what is missing of the path and takes lease and lock; a folder in use by another process
 * is an error that names it. One that shows no life for a minute is in use no more, even if it is
 * still there. */
enum tfu_status tfu_run_folder_open(struct tfu_run_folder **out, const char *path,
                                    struct tfu_error *e);
/* Gives the folder back. */
void tfu_run_folder_close(struct tfu_run_folder *f);
/* Who has the folder open just now: "process 4711 on node3, since 2026-03-01 14:05:12"; false, and
 * "", when nobody has. */
bool tfu_run_folder_in_use(const char *path, char *who, size_t size);
const char *tfu_run_folder_path(const struct tfu_run_folder *f);

/* ---- while it is open: it may be lost to another process, if this one was stopped or cut off */

/* How far the run is, for those who look. [any thread] */
void tfu_run_folder_progress(struct tfu_run_folder *f, int64_t step, int64_t steps);
/* Is it still ours? TFU_EIO: it is lost, or was removed, and nothing more must be written there.
 * The first one looks; the second only if there is a reason, and is for every step. [any thread] */
enum tfu_status tfu_run_folder_check(struct tfu_run_folder *f, struct tfu_error *e);
enum tfu_status tfu_run_folder_check_soon(struct tfu_run_folder *f, struct tfu_error *e);
/* Was it found to be lost? [any thread] */
bool tfu_run_folder_is_lost(struct tfu_run_folder *f);
/* The check, for files that are put into their place there. Lives as long as the folder is open. */
const struct tfu_atomic_guard *tfu_run_folder_guard(const struct tfu_run_folder *f);

/* Removes what a run writes, and nothing else that somebody put there. */
enum tfu_status tfu_run_folder_clear(struct tfu_run_folder *f, struct tfu_error *e);

/* Writes a whole file `name` in the folder, if that is still ours. */
enum tfu_status tfu_run_folder_write(struct tfu_run_folder *f, const char *name, const char *text,
                                     struct tfu_error *e);

#endif
