/* SPDX-License-Identifier: MIT
 *
 * run_folder.h - <output>/<name>/<id>/: where it is, in what state it is, and who has it.
 *
 * A run is finished when summary.json is there, which is written last; begun when config.yaml is
 * there. Whoever writes to the folder holds a lock on the file .lock in it.
 */
#ifndef TFU_CORE_STORE_RUN_FOLDER_H
#define TFU_CORE_STORE_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

enum { TFU_RUN_ID_SIZE = 13 };
enum tfu_run_state { TFU_RUN_ABSENT, TFU_RUN_BEGUN, TFU_RUN_FINISHED };

/* The first 12 hex digits of SHA-256 of the configuration's identity. */
void tfu_run_id(const char *identity, char id[TFU_RUN_ID_SIZE]);
enum tfu_run_state tfu_run_state(const char *path);

struct tfu_run_folder;

/* Creates what is missing of the path and takes the lock; a folder in use by another process is an
 * error that names it. */
enum tfu_status tfu_run_folder_open(struct tfu_run_folder **out, const char *path,
                                    struct tfu_error *e);
void tfu_run_folder_close(struct tfu_run_folder *f);
/* Who has the folder open just now: "process 4711 on node3"; false, and "", when nobody has. */
bool tfu_run_folder_in_use(const char *path, char *who, size_t size);
const char *tfu_run_folder_path(const struct tfu_run_folder *f);
/* Removes what a run writes, and nothing else that somebody put there. */
enum tfu_status tfu_run_folder_clear(struct tfu_run_folder *f, struct tfu_error *e);

/* Writes a whole file `name` in the folder. */
enum tfu_status tfu_run_folder_write(struct tfu_run_folder *f, const char *name, const char *text,
                                     struct tfu_error *e);

#endif
