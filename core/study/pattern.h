/* SPDX-License-Identifier: MIT
 *
 * pattern.h - folders by a pattern of their paths, as a shell has it: * ? [...] stand for letters
 * of one name, and a whole name ** for any number of folders.
 */
#ifndef TFU_CORE_STUDY_PATTERN_H
#define TFU_CORE_STUDY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct tfu_paths {
    char **item;
    size_t count;
};

/* Has it anything that stands for something else? */
bool tfu_pattern_is(const char *text);

/* The folders that fit, sorted by bytes; hidden ones only where the pattern has the dot. What
 * is_end() says yes to (may be NULL) is not looked into for **, nor are links. TFU_ENOTFOUND, when
 * there is none, says in which folder it ended and what lies there. */
enum tfu_status tfu_pattern_expand(struct tfu_paths *out, const char *pattern,
                                   bool (*is_end)(const char *path), struct tfu_error *e);
void tfu_paths_free(struct tfu_paths *p);

#endif
