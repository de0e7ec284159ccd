/* SPDX-License-Identifier: MIT
 *
 * The section as it was read, with what profiles and overrides laid over it: YAML again.
 */
#include <string.h>

#include "core/config/print.h"
#include "core/report/section.h"

/* Can it stand in brackets as it is? */
static bool is_plain(const char *text)
{
    return text[0] && strcspn(text, ",[]{}:#&*!|>'\"%@`\n") == strlen(text);
}

static void put_value(struct tfu_text *out, const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_SCALAR) {
        if (!n->quoted && tfu_node_is_null(n))
            tfu_text_puts(out, "null");
        else if (!n->quoted && is_plain(n->text)) /* a number in quotes would be none */
            tfu_text_puts(out, n->text);
        else
            tfu_value_print_text(out, n->text);
        return;
    }
    const bool list = n->kind == TFU_NODE_SEQUENCE;
    tfu_text_puts(out, list ? "[" : "{");
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        tfu_text_puts(out, k == n->first ? "" : ", ");
        if (!list) {
            tfu_value_print_text(out, k->key);
            tfu_text_puts(out, ": ");
        }
        put_value(out, k);
    }
    tfu_text_puts(out, list ? "]" : "}");
}

void tfu_report_section_print(const struct tfu_report_section *s, struct tfu_text *out)
{
    tfu_text_puts(out, s->count ? "report:\n" : "");
    for (size_t i = 0; i < s->count; i++) {
        tfu_text_puts(out, "  - ");
        tfu_value_print_text(out, s->item[i].node->key);
        tfu_text_puts(out, ": ");
        if (s->item[i].text)
            tfu_value_print_text(out, s->item[i].text);
        else
            put_value(out, s->item[i].node);
        tfu_text_puts(out, "\n");
    }
}
