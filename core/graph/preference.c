/* SPDX-License-Identifier: MIT */
#include "core/graph/preference.h"

#include <string.h>

static bool is_word(const struct tfu_preference *p, const char *name)
{
    return strlen(name) == p->length && strncmp(p->name, name, p->length) == 0;
}

bool tfu_preference_next(const char **at, struct tfu_preference *out)
{
    static const char blank[] = " \t";
    if (!*at)
        return false;
    const char *s = *at + strspn(*at, blank);
    size_t n = strcspn(s, ",");
    *at = s[n] ? s + n + 1 : NULL;
    while (n > 0 && strchr(blank, s[n - 1]))
        n--;
    *out = (struct tfu_preference){.name = s, .length = n};
    if (n > 4 && strncmp(s, "not", 3) == 0 && strchr(blank, s[3])) {
        const size_t skip = 3 + strspn(s + 3, blank);
        *out = (struct tfu_preference){.name = s + skip, .length = n - skip, .excluded = true};
    }
    out->any = !out->excluded && is_word(out, "any");
    return true;
}

bool tfu_preference_at(const char *list, size_t rank, struct tfu_preference *out)
{
    size_t count = 0;
    for (const char *at = list; tfu_preference_next(&at, out);)
        if (!out->excluded && count++ == rank)
            return true;
    *out = (struct tfu_preference){.name = "", .any = true};
    return count == 0 && rank == 0;
}

bool tfu_preference_takes(const char *list, const struct tfu_preference *p, const char *name)
{
    if (!p->any)
        return is_word(p, name);
    struct tfu_preference item;
    for (const char *at = list; tfu_preference_next(&at, &item);)
        if (item.excluded && is_word(&item, name))
            return false;
    return true;
}
