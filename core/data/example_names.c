/* SPDX-License-Identifier: MIT */
#include "core/data/example_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 20 };

void tfu_example_names_free(struct tfu_example_names *n)
{
    free(n->name);
    free(n->numbers);
    *n = (struct tfu_example_names){.count = 0};
}

/* How many bytes of `a`, of its first `size`, are folders that `b` begins with too. */
static size_t common(const char *a, size_t size, const char *b)
{
    size_t folders = 0;
    for (size_t i = 0; i < size && a[i] == b[i]; i++)
        if (a[i] == '/')
            folders = i + 1;
    return folders;
}

static void leave_out_folders(struct tfu_example_names *n)
{
    size_t size = strlen(n->name[0]);
    for (int64_t i = 0; size && i < n->count; i++)
        size = common(n->name[0], size, n->name[i]);
    for (int64_t i = 0; i < n->count; i++)
        n->name[i] += size;
}

enum tfu_status tfu_example_names_read(struct tfu_example_names *n, const struct tfu_source *s,
                                       struct tfu_error *e)
{
    *n = (struct tfu_example_names){.count = s->info.count};
    n->name = calloc((size_t)n->count, sizeof *n->name);
    if (!n->name)
        return tfu_error_memory(e, "naming examples", 0);
    n->given = true;
    for (int64_t i = 0; i < n->count && n->given; i++) {
        n->name[i] = tfu_source_name(s, i);
        n->given = n->name[i] && n->name[i][0];
    }
    if (n->given) {
        leave_out_folders(n);
        return TFU_OK;
    }
    n->numbers = malloc((size_t)n->count * NUMBER_SIZE);
    if (!n->numbers) {
        tfu_example_names_free(n);
        return tfu_error_memory(e, "naming examples", 0);
    }
    for (int64_t i = 0; i < n->count; i++) {
        char *text = n->numbers + i * NUMBER_SIZE;
        snprintf(text, NUMBER_SIZE, "%" PRId64, i);
        n->name[i] = text;
    }
    return TFU_OK;
}
