/* SPDX-License-Identifier: MIT */
#include "core/config/value.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/hint.h"
#include "core/config/path.h"

/* ---- what is expected */

static const char *join_choices(struct tfu_load *l, const struct tfu_option *o)
{
    const char *s = o->choices[0];
    for (size_t i = 1; s && o->choices[i]; i++)
        s = tfu_load_printf(l, o->choices[i + 1] ? "%s, %s" : "%s or %s", s, o->choices[i]);
    return s ? s : "";
}

static const char *integer_range(struct tfu_load *l, const struct tfu_option *o)
{
    const char *s = "";
    if (o->imin != INT64_MIN && o->imax != INT64_MAX)
        s = tfu_load_printf(l, " from %" PRId64 " to %" PRId64, o->imin, o->imax);
    else if (o->imin != INT64_MIN)
        s = tfu_load_printf(l, " of at least %" PRId64, o->imin);
    else if (o->imax != INT64_MAX)
        s = tfu_load_printf(l, " of at most %" PRId64, o->imax);
    return s ? s : "";
}

static const char *number_range(struct tfu_load *l, const struct tfu_option *o)
{
    const bool low = o->fmin > -DBL_MAX, high = o->fmax < DBL_MAX;
    const char *s = "";
    char min[TFU_NUMBER_SIZE], max[TFU_NUMBER_SIZE];
    tfu_number_text(o->fmin, min);
    tfu_number_text(o->fmax, max);
    if (low && high)
        s = tfu_load_printf(l, " from %s to %s", min, max);
    else if (low)
        s = tfu_load_printf(l, " of at least %s", min);
    else if (high)
        s = tfu_load_printf(l, " of at most %s", max);
    return s ? s : "";
}

const char *tfu_value_expected(struct tfu_load *l, const struct tfu_option *o)
{
    const char *s = "";
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        return "true or false";
    case TFU_INT:
        s = tfu_load_printf(l, "an integer%s%s%s", integer_range(l, o), o->choices ? ", or " : "",
                            o->choices ? o->choices[0] : "");
        break;
    case TFU_FLOAT:
        s = tfu_load_printf(l, "a number%s", number_range(l, o));
        break;
    case TFU_STRING:
        return "a text";
    case TFU_ENUM:
        return join_choices(l, o);
    case TFU_PATH:
        return "a path";
    case TFU_INT_LIST:
        s = tfu_load_printf(l, "a list of integers%s", integer_range(l, o));
        break;
    case TFU_FLOAT_LIST:
        s = tfu_load_printf(l, "a list of numbers%s", number_range(l, o));
        break;
    case TFU_STRING_LIST:
        return "a list of texts";
    case TFU_INNER:
        return "a plugin, as in {plugin: NAME}";
    }
    return s ? s : "";
}

/* The finding that every wrong value ends in; `hint` goes behind it. */
static bool refuse(struct tfu_load *l, const char *path, const struct tfu_option *o,
                   const struct tfu_node *n, const char *hint)
{
    if (!hint)
        hint = tfu_node_is_null(n) ? "; give it a value, or leave the key out" : "";
    tfu_diagnostics_add(l->diagnostics, n->mark, "%s: expected %s, got %s%s", path,
                        tfu_value_expected(l, o), tfu_node_describe(l, n), hint);
    return false;
}

/* ---- numbers */

static bool read_integer(struct tfu_load *l, const char *path, const struct tfu_option *o,
                         const struct tfu_node *n, int64_t *value)
{
    /* a word of the program's own keys, which stands for what is below the least number */
    if (o->choices && n->kind == TFU_NODE_SCALAR && strcmp(n->text, o->choices[0]) == 0) {
        *value = o->imin - 1;
        return true;
    }
    if (n->kind != TFU_NODE_SCALAR || n->quoted || !tfu_hint_is_integer(n->text))
        return refuse(l, path, o, n, tfu_hint_number(l, n, true));
    const char *digits = n->text + strspn(n->text, "+-");
    if (digits[0] == '0' && digits[1])
        return refuse(l, path, o, n, "; write it without leading zeros: nothing is octal here");
    errno = 0;
    const long long v = strtoll(n->text, NULL, 10);
    if (errno == ERANGE || v < o->imin || v > o->imax)
        return refuse(l, path, o, n, NULL);
    *value = v;
    return true;
}

/* Is it 0 as it is written, all its digits before the exponent being 0? */
static bool is_zero(const char *number)
{
    const char first_other = number[strspn(number, "+-0.")];
    return first_other == '\0' || first_other == 'e' || first_other == 'E';
}

static bool read_number(struct tfu_load *l, const char *path, const struct tfu_option *o,
                        const struct tfu_node *n, double *value)
{
    if (n->kind != TFU_NODE_SCALAR || n->quoted || !tfu_hint_is_number(n->text))
        return refuse(l, path, o, n, tfu_hint_number(l, n, false));
    const double v = strtod(n->text, NULL);
    if (isinf(v))
        return refuse(l, path, o, n, "; it is too large for a double");
    if (v == 0 && !is_zero(n->text))
        return refuse(l, path, o, n, "; it is too small for a double");
    if (v < o->fmin || v > o->fmax)
        return refuse(l, path, o, n, NULL);
    *value = v;
    return true;
}

/* ---- words */

/* The words of YAML 1.1 and 1.2: 1 and 0; -1 when it is none of them. */
static int boolean_of(const char *s)
{
    static const char *const words[2][9] = {
        {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"},
        {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"},
    };
    for (int value = 0; value < 2; value++)
        for (size_t i = 0; i < TFU_COUNT(words[value]); i++)
            if (strcmp(s, words[value][i]) == 0)
                return value;
    return -1;
}

static bool read_boolean(struct tfu_load *l, const char *path, const struct tfu_option *o,
                         const struct tfu_node *n, int32_t *value)
{
    if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n))
        return refuse(l, path, o, n, NULL);
    const int v = boolean_of(n->text);
    if (v < 0)
        return refuse(l, path, o, n, tfu_hint_boolean(n->text));
    if (n->quoted)
        return refuse(l, path, o, n, "; in quotes it is a text: write it without them");
    *value = v;
    return true;
}

static bool read_choice(struct tfu_load *l, const char *path, const struct tfu_option *o,
                        const struct tfu_node *n, int32_t *value)
{
    if (n->kind != TFU_NODE_SCALAR)
        return refuse(l, path, o, n, NULL);
    size_t count = 0;
    for (; o->choices[count]; count++)
        if (strcmp(n->text, o->choices[count]) == 0) {
            *value = (int32_t)count;
            return true;
        }
    const char *nearest = tfu_text_nearest(n->text, o->choices, count);
    return refuse(l, path, o, n,
                  nearest ? tfu_load_printf(l, "; did you mean '%s'?", nearest) : NULL);
}

static bool read_string(struct tfu_load *l, const char *path, const struct tfu_option *o,
                        const struct tfu_node *n, const char **value)
{
    if (tfu_node_is_null(n))
        return refuse(l, path, o, n,
                      n->text[0]
                          ? "; leave the key out for its default; a text that reads like this "
                            "has to be in quotes"
                          : "; write \"\" for the empty text");
    if (n->kind != TFU_NODE_SCALAR)
        return refuse(l, path, o, n, NULL);
    *value = n->text;
    return true;
}

static bool read_path(struct tfu_load *l, const char *path, const struct tfu_option *o,
                      const struct tfu_node *n, const char **value)
{
    const char *text;
    if (!read_string(l, path, o, n, &text))
        return false;
    if (text[0] == '~')
        return refuse(l, path, o, n, "; write out the home folder: ~ is not expanded");
    if (!text[0] && o->flags & TFU_OPT_REQUIRED)
        return refuse(l, path, o, n, NULL);
    *value = text[0] ? tfu_path_absolute(l, n->mark, text) : "";
    return *value;
}

/* ---- lists */

/* The option of one item: the list's own, of the type of its items. */
static struct tfu_option item_option(const struct tfu_option *list)
{
    struct tfu_option o = *list;
    o.type = list->type == TFU_INT_LIST     ? TFU_INT
             : list->type == TFU_FLOAT_LIST ? TFU_FLOAT
                                            : TFU_STRING;
    return o;
}

static size_t item_size(const struct tfu_option *list)
{
    return list->type == TFU_INT_LIST     ? sizeof(int64_t)
           : list->type == TFU_FLOAT_LIST ? sizeof(double)
                                          : sizeof(const char *);
}

static void set_list(const struct tfu_option *o, void *items, size_t count, void *field)
{
    if (o->type == TFU_INT_LIST)
        *(struct tfu_int_list *)field = (struct tfu_int_list){items, count};
    else if (o->type == TFU_FLOAT_LIST)
        *(struct tfu_float_list *)field = (struct tfu_float_list){items, count};
    else
        *(struct tfu_string_list *)field = (struct tfu_string_list){items, count};
}

static bool read_list(struct tfu_load *l, const char *path, const struct tfu_option *o,
                      const struct tfu_node *n, void *field)
{
    const struct tfu_option item = item_option(o);
    const size_t size = item_size(o);
    const bool single = n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n);
    if (single && (o->flags & TFU_VALUE_SINGLE)) {
        void *one = tfu_load_array(l, 1, size);
        const bool ok = one && tfu_value_read(l, path, &item, n, one);
        if (ok)
            set_list(o, one, 1, field);
        return ok;
    }
    if (n->kind != TFU_NODE_SEQUENCE)
        return refuse(l, path, o, n, single ? "; put it in brackets: a list of one is [x]" : NULL);
    char *items = n->count ? tfu_load_array(l, n->count, size) : NULL;
    if (n->count && !items)
        return false;
    bool ok = true;
    size_t i = 0;
    for (const struct tfu_node *child = n->first; child; child = child->next, i++) {
        const char *name = tfu_load_printf(l, "%s.%zu", path, i);
        ok &= name && tfu_value_read(l, name, &item, child, items + i * size);
    }
    if (ok)
        set_list(o, items, n->count, field);
    return ok;
}

bool tfu_value_read(struct tfu_load *l, const char *path, const struct tfu_option *o,
                    const struct tfu_node *n, void *field)
{
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        return read_boolean(l, path, o, n, field);
    case TFU_INT:
        return read_integer(l, path, o, n, field);
    case TFU_FLOAT:
        return read_number(l, path, o, n, field);
    case TFU_STRING:
        return read_string(l, path, o, n, field);
    case TFU_ENUM:
        return read_choice(l, path, o, n, field);
    case TFU_PATH:
        return read_path(l, path, o, n, field);
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        return read_list(l, path, o, n, field);
    case TFU_INNER: /* not a value: options.h has its reader */
        break;
    }
    return refuse(l, path, o, n, "; the plugin's table has an option of a type that is not known");
}

/* ---- defaults */

static int32_t default_choice(const struct tfu_option *o)
{
    for (int32_t i = 0; o->sdef && o->choices[i]; i++)
        if (strcmp(o->choices[i], o->sdef) == 0)
            return i;
    return 0;
}

void tfu_value_default_as_is(const struct tfu_option *o, void *field)
{
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        *(int32_t *)field = o->idef != 0;
        break;
    case TFU_INT:
        *(int64_t *)field = o->idef;
        break;
    case TFU_FLOAT:
        *(double *)field = o->fdef;
        break;
    case TFU_STRING:
    case TFU_PATH:
        *(const char **)field = o->sdef ? o->sdef : "";
        break;
    case TFU_ENUM:
        *(int32_t *)field = default_choice(o);
        break;
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        set_list(o, NULL, 0, field);
        break;
    case TFU_INNER:
        *(const struct tfu_inner **)field = NULL;
        break;
    }
}

void tfu_value_default(struct tfu_load *l, const struct tfu_option *o, void *field)
{
    tfu_value_default_as_is(o, field);
    const char **path = field;
    if (o->type != TFU_PATH || !(*path)[0])
        return;
    *path = tfu_path_absolute(l, (struct tfu_mark){.source = TFU_LOAD_COMMAND_LINE}, *path);
    if (!*path)
        *path = "";
}
