/* SPDX-License-Identifier: MIT
 *
 * excerpt.h - how much of a long text, as an analysis prints it, a report shows.
 */
#ifndef TFU_CORE_REPORT_EXCERPT_H
#define TFU_CORE_REPORT_EXCERPT_H

#include <stddef.h>

enum {
    TFU_PRINTED_FOLDED = 15, /* lines beyond which a page that can fold it does */
    TFU_PRINTED_MOST = 40    /* lines that are shown where nothing folds */
};

struct tfu_excerpt {
    size_t lines; /* of all of the text */
    size_t bytes; /* of its first lines that are shown, the last line's end too */
    size_t shown;
};

struct tfu_excerpt tfu_excerpt(const char *text, size_t most);

#endif
