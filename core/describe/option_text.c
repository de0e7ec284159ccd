/* SPDX-License-Identifier: MIT */
#include "core/describe/option_text.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const type_names[] = {[TFU_BOOL] = "boolean",
                                         [TFU_INT] = "whole number",
                                         [TFU_FLOAT] = "number",
                                         [TFU_STRING] = "text",
                                         [TFU_ENUM] = "choice",
                                         [TFU_PATH] = "path",
                                         [TFU_INT_LIST] = "list of whole numbers",
                                         [TFU_FLOAT_LIST] = "list of numbers",
                                         [TFU_STRING_LIST] = "list of texts",
                                         [TFU_INNER] = "plugin"};

static const char *type_name(const struct tfu_option *o)
{
    return o->type >= TFU_BOOL && o->type <= TFU_INNER ? type_names[o->type] : "unknown";
}

bool tfu_option_is_path(const struct tfu_option *o)
{
    return o->type == TFU_PATH;
}

struct tfu_option_view tfu_option_view(const struct tfu_option *o)
{
    return (struct tfu_option_view){
        .section = "", .name = o->name, .help = o->help ? o->help : "", .option = o};
}

/* ---- type, range, default */

static void put_number(struct tfu_text *out, double v)
{
    char s[TFU_NUMBER_SIZE];
    if (fabs(v) < 1e6 && v == floor(v))
        tfu_text_printf(out, "%.0f", v); /* 100, not 1e+02 */
    else
        tfu_text_puts(out, tfu_number_text(v, s));
}

void tfu_option_put_default(struct tfu_text *out, const struct tfu_option *o)
{
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        tfu_text_puts(out, o->idef ? "true" : "false");
        break;
    case TFU_INT:
        tfu_text_printf(out, "%" PRId64, o->idef);
        break;
    case TFU_FLOAT:
        put_number(out, o->fdef);
        break;
    case TFU_ENUM:
        tfu_text_puts(out, o->sdef ? o->sdef : "");
        break;
    case TFU_STRING:
    case TFU_PATH:
        tfu_text_printf(out, "\"%s\"", o->sdef ? o->sdef : "");
        break;
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        tfu_text_puts(out, "[]");
        break;
    case TFU_INNER:
        if (o->sdef && o->sdef[0])
            tfu_text_printf(out, "{plugin: %s}", o->sdef);
        else
            tfu_text_puts(out, "none");
        break;
    }
}

static void put_real_range(struct tfu_text *out, double min, double max)
{
    const bool low = min > -FLT_MAX, high = max < FLT_MAX; /* what every float meets is none */
    if (low) {
        tfu_text_puts(out, high ? " from " : " of at least ");
        put_number(out, min);
    }
    if (high) {
        tfu_text_puts(out, low ? " to " : " of at most ");
        put_number(out, max);
    }
}

static void put_whole_range(struct tfu_text *out, int64_t min, int64_t max)
{
    const bool low = min != INT64_MIN, high = max != INT64_MAX;
    if (low)
        tfu_text_printf(out, "%s%" PRId64, high ? " from " : " of at least ", min);
    if (high)
        tfu_text_printf(out, "%s%" PRId64, low ? " to " : " of at most ", max);
}

static void put_range(struct tfu_text *out, const struct tfu_option *o, const char *between)
{
    if (o->type == TFU_INT || o->type == TFU_INT_LIST)
        put_whole_range(out, o->imin, o->imax);
    else if (o->type == TFU_FLOAT || o->type == TFU_FLOAT_LIST)
        put_real_range(out, o->fmin, o->fmax);
    else if (o->type == TFU_ENUM)
        for (size_t i = 0; o->choices && o->choices[i]; i++)
            tfu_text_printf(out, "%s%s", i ? between : ": ", o->choices[i]);
}

/* "default 32", "required" */
static void put_standard(struct tfu_text *out, const struct tfu_option_view *v, const char *before)
{
    if (v->standard) {
        tfu_text_printf(out, "%s%s", before, v->standard);
    } else if (v->option->flags & TFU_OPT_REQUIRED) {
        tfu_text_puts(out, "required");
    } else {
        tfu_text_puts(out, before);
        tfu_option_put_default(out, v->option);
    }
}

static void put_name(struct tfu_text *out, const struct tfu_option_view *v)
{
    tfu_text_printf(out, "%s%s%s", v->section, v->section[0] ? "." : "", v->name);
}

/* ---- text */

/* Words in lines of at most 96 columns, six blanks in front. */
static void put_wrapped(struct tfu_text *out, const char *s)
{
    enum { INDENT = 6, WIDTH = 96 };
    size_t column = WIDTH;
    for (size_t n; *s; s += n + strspn(s + n, " ")) {
        n = strcspn(s, " ");
        const bool breaks = column + 1 + n > WIDTH;
        tfu_text_printf(out, breaks ? "\n%*s%.*s" : " %*s%.*s", breaks ? INDENT : 0, "", (int)n, s);
        column = breaks ? INDENT + n : column + 1 + n;
    }
    tfu_text_puts(out, "\n");
}

void tfu_option_put_text(struct tfu_text *out, const struct tfu_option_view *v)
{
    tfu_text_puts(out, "  ");
    put_name(out, v);
    tfu_text_printf(out, ": %s", v->type ? v->type : type_name(v->option));
    if (!v->type)
        put_range(out, v->option, " | ");
    tfu_text_puts(out, "; ");
    put_standard(out, v, "default ");
    put_wrapped(out, v->help);
}

/* ---- Markdown */

void tfu_option_put_markdown(struct tfu_text *out, const char *s)
{
    bool code = false;
    for (; *s; s++) {
        code ^= *s == '`';
        if (*s == '|' || (!code && strchr("*<", *s)))
            tfu_text_puts(out, "\\");
        tfu_text_append(out, s, 1);
    }
}

void tfu_option_put_table_head(struct tfu_text *out, const char *what)
{
    tfu_text_printf(out, "| %s | type | default | meaning |\n| --- | --- | --- | --- |\n", what);
}

void tfu_option_put_table_line(struct tfu_text *out, const struct tfu_option_view *v)
{
    const bool plain = v->standard || v->option->flags & TFU_OPT_REQUIRED;
    struct tfu_text cell = TFU_TEXT_INIT;
    tfu_text_puts(out, "| `");
    put_name(out, v);
    tfu_text_puts(out, "` | ");
    tfu_text_puts(&cell, v->type ? v->type : type_name(v->option));
    if (!v->type)
        put_range(&cell, v->option, ", ");
    tfu_option_put_markdown(out, tfu_text_get(&cell));
    tfu_text_puts(out, plain ? " | " : " | `");
    put_standard(out, v, "");
    tfu_text_puts(out, plain ? " | " : "` | ");
    tfu_option_put_markdown(out, v->help);
    tfu_text_puts(out, " |\n");
    out->failed |= cell.failed;
    tfu_text_free(&cell);
}

/* ---- JSON */

/* A bound; null where there is none. */
static json_t *bound(double v)
{
    return fabs(v) < DBL_MAX ? json_real(v) : json_null();
}

static json_t *whole_bound(int64_t v)
{
    return v == INT64_MIN || v == INT64_MAX ? json_null() : json_integer(v);
}

static json_t *default_json(const struct tfu_option *o)
{
    if (o->type == TFU_BOOL)
        return json_boolean(o->idef);
    if (o->type == TFU_INT)
        return json_integer(o->idef);
    if (o->type == TFU_FLOAT)
        return isfinite(o->fdef) ? json_real(o->fdef) : json_null();
    if (o->type >= TFU_INT_LIST && o->type <= TFU_STRING_LIST)
        return json_array();
    return json_string(o->sdef ? o->sdef : "");
}

json_t *tfu_option_json(const struct tfu_option_view *v)
{
    const struct tfu_option *o = v->option;
    struct tfu_text name = TFU_TEXT_INIT;
    put_name(&name, v);
    json_t *j = json_pack("{s:s, s:s, s:s, s:b}", "name", tfu_text_get(&name), "type",
                          v->type ? v->type : type_name(o), "help", v->help, "required",
                          (o->flags & TFU_OPT_REQUIRED) != 0);
    tfu_text_free(&name);
    if (o->type == TFU_INT || o->type == TFU_INT_LIST) {
        json_object_set_new(j, "min", whole_bound(o->imin));
        json_object_set_new(j, "max", whole_bound(o->imax));
    } else if (o->type == TFU_FLOAT || o->type == TFU_FLOAT_LIST) {
        json_object_set_new(j, "min", bound(o->fmin));
        json_object_set_new(j, "max", bound(o->fmax));
    } else if (o->type == TFU_ENUM) {
        json_t *choices = json_array();
        for (size_t i = 0; choices && o->choices && o->choices[i]; i++)
            json_array_append_new(choices, json_string(o->choices[i]));
        json_object_set_new(j, "choices", choices);
    }
    if (v->standard)
        json_object_set_new(j, "default_in_words", json_string(v->standard));
    else if (!(o->flags & TFU_OPT_REQUIRED))
        json_object_set_new(j, "default", default_json(o));
    return j;
}
