/* SPDX-License-Identifier: MIT
 *
 * notes.h - what is said below tables and figures of their numbers. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_NOTES_H
#define TFU_CORE_REPORT_NOTES_H

#include <stdbool.h>

#include "core/base/arena.h"

/* The lines of a text, each a note; those that say the same of several numbers are one. The memory
 * is the arena's; false: there is none. */
bool tfu_report_notes(struct tfu_arena *arena, const char *text, const char *const **out,
                      size_t *notes);

#endif
