/* SPDX-License-Identifier: MIT */
#include "core/config/replace.h"

void tfu_replace_note_idle(struct tfu_diagnostics *d, const struct tfu_node *n)
{
    if (!n)
        return;
    if (n->replaces && !*n->replaces)
        tfu_diagnostics_note(d,
                             "%s:%d: '!replace' does nothing here: there is no mapping %s%s%sthat "
                             "this one would be laid over",
                             n->mark.source, n->mark.line, n->key ? "'" : "", n->key ? n->key : "",
                             n->key ? "' " : "");
    for (const struct tfu_node *child = n->first; child; child = child->next)
        tfu_replace_note_idle(d, child);
}
