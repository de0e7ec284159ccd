/* SPDX-License-Identifier: MIT */
#include "core/base/difference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 4000 };

struct lines {
    const char *start[LINES_MAX];
    size_t length[LINES_MAX];
    size_t count;
};

static void split(struct lines *out, const char *text)
{
    for (out->count = 0; *text && out->count < LINES_MAX; out->count++) {
        const size_t n = strcspn(text, "\n");
        out->start[out->count] = text;
        out->length[out->count] = n;
        text += text[n] ? n + 1 : n;
    }
}

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
    return a->length[i] == b->length[j] && memcmp(a->start[i], b->start[j], a->length[i]) == 0;
}

static void put(struct tfu_text *out, char sign, const struct lines *l, size_t i)
{
    tfu_text_printf(out, "%s  %c %.*s", out->length ? "\n" : "", sign, (int)l->length[i],
                    l->start[i]);
}

/* Walks along a longest common subsequence; common[i][j] is its length from lines i and j on. */
static void compare(struct tfu_text *out, const struct lines *a, const struct lines *b,
                    uint16_t *common)
{
    const size_t width = b->count + 1;
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            const uint16_t down = common[(i + 1) * width + j], right = common[i * width + j + 1];
            common[i * width + j] = same(a, i, b, j)
                                        ? (uint16_t)(common[(i + 1) * width + j + 1] + 1)
                                        : (down > right ? down : right);
        }
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        if (i < a->count && j < b->count && same(a, i, b, j)) {
            i++;
            j++;
        } else if (j == b->count ||
                   (i < a->count && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            put(out, '-', a, i++);
        } else {
            put(out, '+', b, j++);
        }
    }
}

void tfu_text_difference(struct tfu_text *out, const char *before, const char *after)
{
    struct lines *lines = calloc(2, sizeof *lines);
    uint16_t *common = NULL;
    if (lines) {
        split(&lines[0], before);
        split(&lines[1], after);
        common = calloc((lines[0].count + 1) * (lines[1].count + 1), sizeof *common);
    }
    if (common)
        compare(out, &lines[0], &lines[1], common);
    else
        out->failed = true;
    free(common);
    free(lines);
}
