/* SPDX-License-Identifier: MIT */
#include "core/cli/sweep_choose.h"

#include <stdlib.h>
#include <string.h>

static bool is_key(const char *pattern)
{
    const size_t n = strlen(pattern);
    return n >= 4 && n < TFU_CASE_KEY_SIZE && strspn(pattern, "0123456789abcdef") == n;
}

/* Marks what one pattern chooses; false: nothing. */
static bool mark(const struct tfu_sweep *s, const char *pattern, bool *chosen)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++) {
        const struct tfu_sweep_case *c = &s->item[i];
        if (tfu_text_glob(pattern, c->name) ||
            (is_key(pattern) && strncmp(c->key, pattern, strlen(pattern)) == 0))
            any = chosen[i] = true;
    }
    return any;
}

int tfu_cli_sweep_choose(const struct tfu_cli_arguments *a, const struct tfu_sweep *s,
                         const struct tfu_string_list *pattern, bool **chosen)
{
    *chosen = NULL;
    if (pattern->count == 0)
        return 0;
    *chosen = calloc(s->count ? s->count : 1, sizeof **chosen);
    if (!*chosen)
        return tfu_cli_out_of_memory();
    for (size_t i = 0; i < pattern->count; i++)
        if (!mark(s, pattern->item[i], *chosen))
            return tfu_cli_usage(a->command,
                                 "no case of '%s' is called '%s', or has a key that begins so",
                                 s->file, pattern->item[i]);
    return 0;
}
