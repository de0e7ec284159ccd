/* SPDX-License-Identifier: MIT */
#include "core/config/print.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/base/utf8.h"

void tfu_value_print_number(struct tfu_text *out, double v)
{
    char s[TFU_NUMBER_SIZE];
    tfu_number_text(v, s);
    const size_t whole = strcspn(s, ".e");
    if (s[whole] == '.')
        tfu_text_puts(out, s);
    else /* 3 -> 3.0, 1e-05 -> 1.0e-05 */
        tfu_text_printf(out, "%.*s.0%s", (int)whole, s, s + whole);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Would every reader take it for a text as it is? */
static bool is_plain(const char *s)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n"};
    if (!is_letter(s[0]) && s[0] != '/' && s[0] != '_')
        return false;
    for (size_t i = 0; s[i]; i++)
        if (!is_letter(s[i]) && (s[i] < '0' || s[i] > '9') && !strchr("_/.+-*", s[i]))
            return false;
    for (size_t i = 0; i < TFU_COUNT(words); i++)
        if (strcasecmp(s, words[i]) == 0)
            return false;
    return true;
}

void tfu_value_print_text(struct tfu_text *out, const char *s)
{
    if (is_plain(s)) {
        tfu_text_puts(out, s);
        return;
    }
    tfu_text_puts(out, "\"");
    for (size_t n = strlen(s), used; n > 0; s += used, n -= used) {
        uint32_t code;
        used = tfu_utf8_decode(s, n, &code);
        used = used ? used : 1;
        if (*s == '"' || *s == '\\')
            tfu_text_printf(out, "\\%c", *s);
        else if (tfu_utf8_printable(code))
            tfu_text_append(out, s, used);
        else
            tfu_text_printf(out, "\\u%04" PRIX32, code);
    }
    tfu_text_puts(out, "\"");
}

void tfu_value_print(struct tfu_text *out, const struct tfu_option *o, const void *field)
{
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        tfu_text_puts(out, *(const int32_t *)field ? "true" : "false");
        break;
    case TFU_INT:
        if (o->choices && *(const int64_t *)field < o->imin)
            tfu_text_puts(out, o->choices[0]);
        else
            tfu_text_printf(out, "%" PRId64, *(const int64_t *)field);
        break;
    case TFU_FLOAT:
        tfu_value_print_number(out, *(const double *)field);
        break;
    case TFU_STRING:
    case TFU_PATH:
        tfu_value_print_text(out, *(const char *const *)field);
        break;
    case TFU_ENUM:
        tfu_value_print_text(out, o->choices[*(const int32_t *)field]);
        break;
    case TFU_INT_LIST: {
        const struct tfu_int_list *list = field;
        for (uint64_t i = 0; i < list->count; i++)
            tfu_text_printf(out, "%s%" PRId64, i ? ", " : "[", list->item[i]);
        tfu_text_puts(out, list->count ? "]" : "[]");
        break;
    }
    case TFU_FLOAT_LIST: {
        const struct tfu_float_list *list = field;
        for (uint64_t i = 0; i < list->count; i++) {
            tfu_text_puts(out, i ? ", " : "[");
            tfu_value_print_number(out, list->item[i]);
        }
        tfu_text_puts(out, list->count ? "]" : "[]");
        break;
    }
    case TFU_STRING_LIST: {
        const struct tfu_string_list *list = field;
        for (uint64_t i = 0; i < list->count; i++) {
            tfu_text_puts(out, i ? ", " : "[");
            tfu_value_print_text(out, list->item[i]);
        }
        tfu_text_puts(out, list->count ? "]" : "[]");
        break;
    }
    case TFU_INNER: /* print_option() makes it a section */
        break;
    }
}
