/* SPDX-License-Identifier: MIT */
#include "core/report/section_declared.h"

#include <string.h>

/* Is there the word in a section `cases`, as an axis or as one of its values? */
static bool has_word(const struct tfu_node *cases, const char *word)
{
    for (const struct tfu_node *a = cases ? cases->first : NULL; a; a = a->next) {
        const struct tfu_node *described = tfu_node_at(a, "values");
        const size_t n = strlen(a->key);
        const char *of = strncmp(word, a->key, n) == 0 && word[n] == '=' ? word + n + 1 : word;
        if (strcmp(a->key, word) == 0)
            return true;
        for (const struct tfu_node *v = described ? described->first : a->first; v; v = v->next)
            if (tfu_report_same_value(v->key ? v->key : v->text ? v->text : "", of))
                return true;
    }
    return false;
}

bool tfu_section_declares(const struct tfu_section_reader *r, const char *word)
{
    bool found = has_word(r->declared, word);
    for (const struct tfu_node *p = r->profiles ? r->profiles->first : NULL; p && !found;
         p = p->next)
        found = has_word(tfu_node_at(p, "cases"), word);
    return found;
}
