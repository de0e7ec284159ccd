/* SPDX-License-Identifier: MIT */
#include "core/plugin/options_check.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "core/plugin/option.h"
#include "core/plugin/sizes.h"

enum { MAX_OPTIONS = 1024, MAX_CONFIG = 1 << 20, MAX_ROW = 1 << 12 };

/* Bytes and alignment of the field that holds an option; 0 for a number that is no type. */
static size_t field_size(uint32_t type, size_t *align)
{
    switch ((enum tfu_type)type) {
    case TFU_BOOL:
    case TFU_ENUM:
        *align = _Alignof(int32_t);
        return sizeof(int32_t);
    case TFU_INT:
        *align = _Alignof(int64_t);
        return sizeof(int64_t);
    case TFU_FLOAT:
        *align = _Alignof(double);
        return sizeof(double);
    case TFU_STRING:
    case TFU_PATH:
    case TFU_INNER:
        *align = _Alignof(const char *);
        return sizeof(const char *);
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        *align = _Alignof(struct tfu_int_list);
        return sizeof(struct tfu_int_list);
    }
    return 0;
}

static enum tfu_status refuse(struct tfu_error *e, const struct tfu_option *o, const char *what)
{
    return tfu_error_set(e, TFU_EABI, "its option '%s' %s", o->name, what);
}

/* Parts of [a-z][a-z0-9_]* with dots between. */
static bool name_valid(const char *name)
{
    bool first = true; /* of a part */
    for (const char *c = name ? name : ""; *c; c++) {
        if (first ? !islower((unsigned char)*c)
                  : !islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_' &&
                        *c != '.')
            return false;
        first = *c == '.';
    }
    return !first;
}

/* Is `whole` a mapping that `part` lies in, as "slim" is of "slim.from"? */
static bool lies_in(const char *part, const char *whole)
{
    const size_t n = strlen(whole);
    return strncmp(part, whole, n) == 0 && part[n] == '.';
}

static enum tfu_status check_default(const struct tfu_option *o, struct tfu_error *e)
{
    const bool required = o->flags & TFU_OPT_REQUIRED;
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
    case TFU_INT:
        if (o->imin > o->imax)
            return refuse(e, o, "has a least value above its largest");
        if (!required && (o->idef < o->imin || o->idef > o->imax))
            return refuse(e, o, "has a default outside its own bounds");
        break;
    case TFU_FLOAT:
        if (!(o->fmin <= o->fmax))
            return refuse(e, o, "has a least value above its largest");
        if (!required && !(o->fdef >= o->fmin && o->fdef <= o->fmax))
            return refuse(e, o, "has a default outside its own bounds");
        break;
    case TFU_INT_LIST:
        if (o->imin > o->imax)
            return refuse(e, o, "has a least value above its largest");
        break;
    case TFU_FLOAT_LIST:
        if (!(o->fmin <= o->fmax))
            return refuse(e, o, "has a least value above its largest");
        break;
    case TFU_ENUM: {
        if (!o->choices || !o->choices[0])
            return refuse(e, o, "is an enumeration without choices");
        bool found = false;
        for (size_t i = 0; o->choices[i]; i++)
            found = found || (o->sdef && strcmp(o->choices[i], o->sdef) == 0);
        if (!required && !found)
            return refuse(e, o, "has a default that is none of its choices");
        break;
    }
    case TFU_STRING:
    case TFU_PATH:
    case TFU_STRING_LIST:
    case TFU_INNER:
        break;
    }
    return TFU_OK;
}

static enum tfu_status check_option(const struct tfu_plugin *p, uint32_t i, struct tfu_error *e)
{
    const struct tfu_option *o = tfu_plugin_option(p, i);
    if (!name_valid(o->name))
        return tfu_error_set(
            e, TFU_EABI,
            "its option number %u is called '%s'; names are made of a to z, 0 to 9 "
            "and _ and begin with a letter, with dots between the keys of mappings",
            i + 1, o->name ? o->name : "");
    if (!o->help || !o->help[0])
        return refuse(e, o, "has no help text");
    size_t align = 1;
    const size_t size = field_size(o->type, &align);
    if (size == 0)
        return tfu_error_set(
            e, TFU_EABI,
            "its option '%s' has the unknown type %u; update transfuse, or rebuild "
            "the plugin against the installed headers",
            o->name, o->type);
    if (o->offset % align != 0)
        return tfu_error_set(e, TFU_EABI,
                             "its option '%s' lies at byte %u of the config struct, which is no "
                             "multiple of %zu; set .offset with offsetof",
                             o->name, o->offset, align);
    if (size > p->config_size || o->offset > p->config_size - size)
        return tfu_error_set(
            e, TFU_EABI, "its option '%s' lies at bytes %u to %zu of a config struct of %u bytes",
            o->name, o->offset, o->offset + size, p->config_size);
    for (uint32_t k = 0; k < i; k++) {
        const struct tfu_option *other = tfu_plugin_option(p, k);
        size_t other_align;
        if (strcmp(other->name, o->name) == 0)
            return refuse(e, o, "is in its table twice");
        if (lies_in(o->name, other->name) || lies_in(other->name, o->name))
            return tfu_error_set(e, TFU_EABI,
                                 "its options '%s' and '%s' make one key a value and a mapping; "
                                 "rename one",
                                 other->name, o->name);
        if (o->offset < other->offset + field_size(other->type, &other_align) &&
            other->offset < o->offset + size)
            return tfu_error_set(e, TFU_EABI, "its options '%s' and '%s' lie in the same bytes",
                                 other->name, o->name);
    }
    return check_default(o, e);
}

enum tfu_status tfu_plugin_options_check(const struct tfu_plugin *p, struct tfu_error *e)
{
    if (p->option_count > MAX_OPTIONS || p->config_size > MAX_CONFIG)
        return tfu_error_set(e, TFU_EABI, "it claims %u options in a struct of %u bytes",
                             p->option_count, p->config_size);
    if (p->option_count == 0)
        return TFU_OK;
    if (!p->options)
        return tfu_error_set(e, TFU_EABI, "it claims %u options and has no table", p->option_count);
    if (p->option_size < TFU_OPTION_2_0 || p->option_size > MAX_ROW ||
        p->option_size % _Alignof(struct tfu_option) != 0)
        return tfu_error_set(
            e, TFU_EABI,
            "its option table has rows of %u bytes, where rows have at least %u and "
            "a multiple of %zu; set .option_size with TFU_OPTIONS",
            p->option_size, (unsigned)TFU_OPTION_2_0, _Alignof(struct tfu_option));
    for (uint32_t i = 0; i < p->option_count; i++) {
        const enum tfu_status st = check_option(p, i, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}
