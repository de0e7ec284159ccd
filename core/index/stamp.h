/* SPDX-License-Identifier: MIT
 *
 * stamp.h - what tells a run's folder, and that nothing changed in it since it was read, without
 * reading any file. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_STAMP_H
#define TFU_CORE_INDEX_STAMP_H

#include <stdbool.h>
#include <stdint.h>

/* Is the folder NAME/ID below the store worth a row? One that is called like a run, or has a
 * configuration. */
bool tfu_stamp_is_run(int store, const char *path);
bool tfu_stamp_finished(int store, const char *path);

/* Another number when one of its files is another, or was written to. Of a finished one only what
 * is still touched then is looked at. `*young` (may be NULL): something was written so shortly ago
 * that the next change might have the same time. */
uint64_t tfu_stamp_of_files(int store, const char *path, bool finished, bool *young);

/* The same of one file; 0: there is none. */
uint64_t tfu_stamp_of_file(int store, const char *path, const char *name, bool *young);

/* Makes what else matters a part of it. */
void tfu_stamp_mix(uint64_t *h, uint64_t v);
void tfu_stamp_mix_text(uint64_t *h, const char *text);

#endif
