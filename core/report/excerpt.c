/* SPDX-License-Identifier: MIT */
#include "core/report/excerpt.h"

#include <string.h>

struct tfu_excerpt tfu_excerpt(const char *text, size_t most)
{
    struct tfu_excerpt x = {.lines = 0};
    for (const char *at = text; *at; x.lines++) {
        const char *end = strchr(at, '\n');
        const char *next = end ? end + 1 : at + strlen(at);
        if (x.lines < most) {
            x.bytes = (size_t)(next - text);
            x.shown = x.lines + 1;
        }
        at = next;
    }
    return x;
}
