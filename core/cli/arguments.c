/* SPDX-License-Identifier: MIT */
#include "core/cli/arguments.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/config/value.h"
#include "core/describe/flag_text.h"

/* ---- names */

/* Is "nodes-b" the row's name? */
static bool is_named(const struct tfu_option *o, const char *flag, size_t length)
{
    if (strlen(o->name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (flag[i] != (o->name[i] == '_' ? '-' : o->name[i]))
            return false;
    return true;
}

/* A row, where its field is, and its number among all rows. */
struct row {
    const struct tfu_option *option;
    void *field;
    size_t number;
};

static bool next_row(const struct tfu_cli_arguments *a, struct row *r)
{
    size_t k = r->option ? r->number + 1 : 0;
    r->number = k;
    for (size_t t = 0; t < a->table_count; k -= a->table[t++].count)
        if (k < a->table[t].count) {
            r->option = tfu_options_get(&a->table[t], k);
            r->field = (char *)a->table[t].config + r->option->offset;
            return true;
        }
    return false;
}

static bool find_row(const struct tfu_cli_arguments *a, const char *flag, size_t length,
                     struct row *r)
{
    *r = (struct row){.option = NULL};
    while (next_row(a, r))
        if (is_named(r->option, flag, length))
            return true;
    return false;
}

/* ---- values */

int tfu_cli_out_of_memory(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_error_memory(&e, "reading the command line", 0);
    return tfu_cli_error(&e);
}

static int read_integer(const struct tfu_cli_arguments *a, const char *flag,
                        const struct tfu_option *o, const char *text, int64_t *out)
{
    int status = 0;
    tfu_cli_number(a->command, flag, text, o->imin, o->imax, out, &status);
    return status;
}

static int read_number(const struct tfu_cli_arguments *a, const char *flag,
                       const struct tfu_option *o, const char *text, double *out)
{
    char *end;
    const double v = strtod(text, &end);
    const bool fits = end != text && !*end && isfinite(v) && v >= o->fmin && v <= o->fmax;
    if (!fits && o->fmax >= FLT_MAX) /* no bound that means anything */
        return tfu_cli_usage(a->command, "%s needs a number of at least %g, not '%s'", flag,
                             o->fmin, text);
    if (!fits)
        return tfu_cli_usage(a->command, "%s needs a number from %g to %g, not '%s'", flag, o->fmin,
                             o->fmax, text);
    *out = v;
    return 0;
}

static int read_choice(const struct tfu_cli_arguments *a, const char *flag,
                       const struct tfu_option *o, const char *text, int32_t *out)
{
    for (int32_t i = 0; o->choices[i]; i++)
        if (text[0] && strcmp(o->choices[i], text) == 0) {
            *out = i;
            return 0;
        }
    struct tfu_text choices = TFU_TEXT_INIT;
    tfu_option_put_choices(&choices, o);
    const int status =
        tfu_cli_usage(a->command, "%s is %s, not '%s'", flag, tfu_text_get(&choices), text);
    tfu_text_free(&choices);
    return status;
}

/* ---- lists */

/* Where the item that `s` begins with ends. */
static size_t item_length(const char *s)
{
    int depth = 0;
    char quote = '\0';
    size_t n = 0;
    for (; s[n] && (s[n] != ',' || depth > 0 || quote); n++) {
        if (quote)
            quote = s[n] == quote ? '\0' : quote;
        else if (s[n] == '"' || s[n] == '\'')
            quote = s[n];
        else
            depth += s[n] == '[' || s[n] == '{' ? 1 : s[n] == ']' || s[n] == '}' ? -1 : 0;
    }
    return n;
}

static size_t item_size(uint32_t type)
{
    return type == TFU_STRING_LIST  ? sizeof(const char *)
           : type == TFU_FLOAT_LIST ? sizeof(double)
                                    : sizeof(int64_t);
}

static int read_item(const struct tfu_cli_arguments *a, const char *flag,
                     const struct tfu_option *o, char *text, void *to)
{
    if (o->type == TFU_INT_LIST)
        return read_integer(a, flag, o, text, to);
    if (o->type == TFU_FLOAT_LIST)
        return read_number(a, flag, o, text, to);
    *(const char **)to = text;
    return 0;
}

/* All lists have the same layout: items, and how many. */
static int append(struct tfu_cli_arguments *a, const char *flag, const struct tfu_option *o,
                  const char *text, struct tfu_string_list *list)
{
    const size_t size = item_size(o->type);
    size_t room = list->count + 1;
    for (const char *c = text; *c; c++)
        room += *c == ',';
    char *item = tfu_arena_array(&a->arena, room, size);
    if (!item)
        return tfu_cli_out_of_memory();
    if (list->count)
        memcpy(item, list->item, list->count * size);
    int status = 0;
    for (const char *s = text; status == 0 && *s; s += *s == ',') {
        const size_t n = item_length(s);
        char *one = tfu_arena_strndup(&a->arena, s, n);
        if (!one)
            return tfu_cli_out_of_memory();
        if (n)
            status = read_item(a, flag, o, one, item + size * list->count++);
        s += n;
    }
    list->item = (const void *)item;
    return status;
}

/* ---- one option */

static int read_value(struct tfu_cli_arguments *a, const char *flag, const struct row *r,
                      const char *text)
{
    const struct tfu_option *o = r->option;
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        return tfu_cli_usage(a->command, "%s takes no value", flag);
    case TFU_INT:
        return read_integer(a, flag, o, text, r->field);
    case TFU_FLOAT:
        return read_number(a, flag, o, text, r->field);
    case TFU_STRING:
    case TFU_PATH:
        *(const char **)r->field = text;
        return 0;
    case TFU_ENUM:
        return read_choice(a, flag, o, text, r->field);
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        return append(a, flag, o, text, r->field);
    case TFU_INNER:
        a->inner = text;
        return 0;
    }
    return 0;
}

static int take_option(struct tfu_cli_arguments *a, const struct row *r, int argc, char **argv,
                       int *i)
{
    const char *equals = strchr(argv[*i], '=');
    struct tfu_text flag = TFU_TEXT_INIT;
    tfu_flag_put_name(&flag, r->option->name);
    int status = 0;
    a->given[r->number] = true;
    if (r->option->type == TFU_BOOL && !equals)
        *(int32_t *)r->field = 1;
    else if (equals)
        status = read_value(a, tfu_text_get(&flag), r, equals + 1);
    else if (*i + 1 < argc)
        status = read_value(a, tfu_text_get(&flag), r, argv[++*i]);
    else
        status = tfu_cli_usage(a->command, "%s needs a value", tfu_text_get(&flag));
    tfu_text_free(&flag);
    return status;
}

static int unknown_option(const struct tfu_cli_arguments *a, const char *argument)
{
    const size_t n = strcspn(argument, "=");
    const char *names[64];
    size_t count = 0;
    struct row r = {.option = NULL};
    while (count < TFU_COUNT(names) && next_row(a, &r))
        names[count++] = r.option->name;
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)(n > 2 ? n - 2 : 0), n > 2 ? argument + 2 : "");
    for (char *c = text; *c; c++)
        *c = *c == '-' ? '_' : *c;
    const char *nearest = text[0] ? tfu_text_nearest(text, names, count) : NULL;
    if (!nearest)
        return tfu_cli_usage(a->command, "unknown option '%s'", argument);
    struct tfu_text flag = TFU_TEXT_INIT;
    tfu_flag_put_name(&flag, nearest);
    const int status = tfu_cli_usage(a->command, "unknown option '%s'; did you mean '%s'?",
                                     argument, tfu_text_get(&flag));
    tfu_text_free(&flag);
    return status;
}

/* ---- the whole line */

static int check_required(const struct tfu_cli_arguments *a)
{
    struct row r = {.option = NULL};
    while (next_row(a, &r)) {
        if (!(r.option->flags & TFU_OPT_REQUIRED) || a->given[r.number])
            continue;
        struct tfu_text flag = TFU_TEXT_INIT;
        tfu_flag_put_name(&flag, r.option->name);
        const int status =
            tfu_cli_usage(a->command, "%s is missing: %s", tfu_text_get(&flag), r.option->help);
        tfu_text_free(&flag);
        return status;
    }
    return 0;
}

static int take_argument(struct tfu_cli_arguments *a, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    struct row r;
    int status = 0;
    if (argument[0] != '-' || !argument[1]) { /* "-" is standard input */
        if (!a->no_pairs && tfu_cli_is_pair(argument))
            a->pair[a->pair_count++] = argument;
        else
            a->positional[a->positional_count++] = argument;
    } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        a->help = true;
    } else if (argument[1] == '-' && find_row(a, argument + 2, strcspn(argument + 2, "="), &r)) {
        status = take_option(a, &r, argc, argv, i);
    } else if (!a->other || !a->other(a->arg, argc, argv, i, &status)) {
        status = unknown_option(a, argument);
    }
    return status;
}

int tfu_cli_arguments_read(struct tfu_cli_arguments *a, int argc, char **argv)
{
    size_t rows = 0;
    for (size_t t = 0; t < a->table_count; t++)
        rows += a->table[t].count;
    tfu_arena_init(&a->arena, 0);
    a->positional = tfu_arena_array(&a->arena, (size_t)argc + 1, sizeof *a->positional);
    a->pair = tfu_arena_array(&a->arena, (size_t)argc + 1, sizeof *a->pair);
    a->given = tfu_arena_array(&a->arena, rows + 1, sizeof *a->given);
    if (!a->positional || !a->pair || !a->given)
        return tfu_cli_out_of_memory();
    struct row r = {.option = NULL};
    while (next_row(a, &r))
        tfu_value_default_as_is(r.option, r.field);
    int status = 0;
    for (int i = 1; status == 0 && i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            while (++i < argc)
                a->positional[a->positional_count++] = argv[i];
            break;
        }
        status = take_argument(a, argc, argv, &i);
    }
    return status != 0 || a->help ? status : check_required(a);
}

void tfu_cli_arguments_free(struct tfu_cli_arguments *a)
{
    tfu_arena_free(&a->arena);
}

bool tfu_cli_arguments_given(const struct tfu_cli_arguments *a, const char *name)
{
    struct row r = {.option = NULL};
    while (next_row(a, &r))
        if (strcmp(r.option->name, name) == 0)
            return a->given[r.number];
    return false;
}

const char *tfu_cli_arguments_shift(struct tfu_cli_arguments *a)
{
    if (a->positional_count == 0)
        return NULL;
    a->positional_count--;
    return *a->positional++;
}

int tfu_cli_arguments_print_help(const char *head, const struct tfu_options_table *table,
                                 size_t count)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < count; i++)
        tfu_flags_put_help(&text, &table[i]);
    fputs(head, stdout);
    fputs(tfu_text_get(&text), stdout);
    const bool failed = text.failed;
    tfu_text_free(&text);
    return failed ? tfu_cli_out_of_memory() : TFU_EXIT_OK;
}
