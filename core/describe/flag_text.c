/* SPDX-License-Identifier: MIT */
#include "core/describe/flag_text.h"

#include <string.h>

#include "core/describe/option_text.h"

void tfu_flag_put_name(struct tfu_text *out, const char *name)
{
    tfu_text_puts(out, "--");
    for (const char *c = name; *c; c++)
        tfu_text_append(out, *c == '_' ? "-" : c, 1);
}

void tfu_option_put_choices(struct tfu_text *out, const struct tfu_option *o)
{
    for (size_t i = 0; o->choices[i]; i++)
        if (o->choices[i][0]) /* "" is what was not chosen */
            tfu_text_printf(out, "%s%s",
                            !out->length        ? ""
                            : o->choices[i + 1] ? ", "
                                                : " or ",
                            o->choices[i]);
}

static const char *placeholder(const struct tfu_option *o)
{
    static const char *const names[] = {[TFU_BOOL] = "",
                                        [TFU_INT] = " N",
                                        [TFU_FLOAT] = " X",
                                        [TFU_STRING] = " TEXT",
                                        [TFU_ENUM] = " NAME",
                                        [TFU_PATH] = " PATH",
                                        [TFU_INT_LIST] = " N,...",
                                        [TFU_FLOAT_LIST] = " X,...",
                                        [TFU_STRING_LIST] = " NAME,...",
                                        [TFU_INNER] = " NAME"};
    return names[o->type];
}

static void put_explanation(struct tfu_text *out, const struct tfu_option *o)
{
    struct tfu_text standard = TFU_TEXT_INIT;
    tfu_text_puts(out, o->help);
    if (o->type == TFU_ENUM) {
        struct tfu_text choices = TFU_TEXT_INIT;
        tfu_option_put_choices(&choices, o);
        tfu_text_printf(out, ": %s", tfu_text_get(&choices));
        tfu_text_free(&choices);
    }
    if (o->type == TFU_INNER)
        tfu_text_puts(&standard, o->sdef ? o->sdef : "");
    else if (o->type != TFU_BOOL && o->type < TFU_INT_LIST && !(o->flags & TFU_OPT_REQUIRED) &&
             !(o->type == TFU_INT && o->idef < o->imin)) /* which stands for nothing said */
        tfu_option_put_default(&standard, o);
    if (standard.length && strcmp(tfu_text_get(&standard), "\"\"") != 0)
        tfu_text_printf(out, "; default %s", tfu_text_get(&standard));
    tfu_text_free(&standard);
}

void tfu_flags_put_help(struct tfu_text *out, const struct tfu_options_table *table)
{
    enum { INDENT = 22, WIDTH = 96 };
    for (size_t i = 0; i < table->count; i++) {
        const struct tfu_option *o = tfu_options_get(table, i);
        struct tfu_text head = TFU_TEXT_INIT, rest = TFU_TEXT_INIT;
        tfu_flag_put_name(&head, o->name);
        tfu_text_puts(&head, placeholder(o));
        put_explanation(&rest, o);
        tfu_text_printf(out, "  %-*s", INDENT - 3, tfu_text_get(&head));
        size_t column = head.length + 2 < INDENT ? INDENT - 1 : head.length + 2;
        const char *s = tfu_text_get(&rest);
        for (size_t n; *s; s += n + strspn(s + n, " ")) {
            n = strcspn(s, " ");
            const bool breaks = column + 1 + n > WIDTH;
            tfu_text_printf(out, breaks ? "\n%*s%.*s" : " %*s%.*s", breaks ? INDENT : 0, "", (int)n,
                            s);
            column = breaks ? INDENT + n : column + 1 + n;
        }
        tfu_text_puts(out, "\n");
        tfu_text_free(&head);
        tfu_text_free(&rest);
    }
}
