/* SPDX-License-Identifier: MIT */
#include "core/conformance/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/reference.h"

#include <transfuse/backend.h>

enum tfu_status tfu_check_skip(struct tfu_check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->note, sizeof c->note, fmt, args);
    va_end(args);
    c->skipped = true;
    return TFU_OK;
}

void tfu_check_note(struct tfu_check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->note, sizeof c->note, fmt, args);
    va_end(args);
}

enum tfu_status tfu_check_manners(enum tfu_status st, const struct tfu_error *said,
                                  const char *function, struct tfu_error *e)
{
    if (st == TFU_OK && said->status != TFU_OK)
        return tfu_error_set(e, TFU_EINVAL, "%s() called fail() (%s) and then returned TFU_OK",
                             function, said->text);
    /* the second: where the host noticed it first, and has put it into words */
    if (st != TFU_OK &&
        (said->status == TFU_OK || strstr(said->text, "without saying why") != NULL))
        return tfu_error_set(e, TFU_EINVAL, "%s() failed (%s) without saying why; call fail()",
                             function, tfu_status_text(st));
    if (st != TFU_OK && !said->text[0])
        return tfu_error_set(e, TFU_EINVAL, "%s() called fail() with an empty text", function);
    return TFU_OK;
}

/* ---- options at their bounds */

/* How many values of an option are worth a try: both bounds, or each choice. */
static int bound_count(const struct tfu_option *o)
{
    int choices = 0;
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
    case TFU_INT:
    case TFU_FLOAT:
        return 2;
    case TFU_ENUM:
        while (o->choices[choices])
            choices++;
        return choices;
    default:
        return 0;
    }
}

/* Puts value `which` into the option's field; its text into `text`. */
static void set_bound(const struct tfu_option *o, int which, char *config, char *text, size_t size)
{
    const int64_t whole = which ? o->imax : o->imin;
    const double real = which ? o->fmax : o->fmin;
    const int32_t narrow = o->type == TFU_ENUM ? which : (int32_t)whole;
    switch ((enum tfu_type)o->type) {
    case TFU_INT:
        memcpy(config + o->offset, &whole, sizeof whole);
        snprintf(text, size, "%lld", (long long)whole);
        break;
    case TFU_FLOAT:
        memcpy(config + o->offset, &real, sizeof real);
        snprintf(text, size, "%.17g", real);
        break;
    case TFU_ENUM:
        memcpy(config + o->offset, &narrow, sizeof narrow);
        snprintf(text, size, "%s", o->choices[which]);
        break;
    default:
        memcpy(config + o->offset, &narrow, sizeof narrow);
        snprintf(text, size, "%s", narrow ? "true" : "false");
    }
}

enum tfu_status tfu_check_bounds(struct tfu_check *c,
                                 enum tfu_status (*attempt)(const struct tfu_check *c,
                                                            const void *config,
                                                            struct tfu_error *said),
                                 const char *function, struct tfu_error *e)
{
    const struct tfu_plugin *p = c->plugin;
    char *config = malloc((size_t)p->config_size + 1);
    if (!config)
        return tfu_error_memory(e, "checking a plugin", p->config_size);
    int tried = 0, refused = 0;
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        for (int which = 0; st == TFU_OK && which < bound_count(o); which++) {
            char text[64];
            struct tfu_error said = TFU_ERROR_INIT;
            memcpy(config, c->config, p->config_size);
            set_bound(o, which, config, text, sizeof text);
            const enum tfu_status result = attempt(c, config, &said);
            st = tfu_check_manners(result, &said, function, e);
            if (st != TFU_OK)
                tfu_error_prefix(e, "%s: %s", o->name, text);
            refused += result != TFU_OK;
            tried++;
        }
    }
    free(config);
    if (st == TFU_OK && tried == 0)
        return tfu_check_skip(c, "it has no options with bounds or choices");
    tfu_check_note(c, "%d values, %d of them refused in words", tried, refused);
    return st;
}

/* ---- options that stand beside keys of the host */

/* Is `name` ("limit", or "limit.of") under a key of the table? */
static bool is_taken(const struct tfu_options_table *t, const char *name)
{
    const size_t n = strcspn(name, ".");
    for (size_t i = 0; i < t->count; i++) {
        const char *key = tfu_options_get(t, i)->name;
        if (strlen(key) == n && strncmp(key, name, n) == 0)
            return true;
    }
    return false;
}

enum tfu_status tfu_check_names(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_plugin *p = c->plugin;
    const struct tfu_options_table own = {
        .option = p->options, .count = p->option_count, .stride = p->option_size};
    struct tfu_reference_section section;
    if (!tfu_reference_of_kind((int)p->kind, &section))
        return tfu_check_skip(c, "no configuration chooses a plugin of this kind");
    for (size_t i = 0; i < own.count; i++) {
        const char *name = tfu_options_get(&own, i)->name;
        if (is_taken(&section.table, name) || is_taken(&section.more, name))
            return tfu_error_set(
                e, TFU_EINVAL,
                "its option '%s' has the name of a key of the program's own, which "
                "stands in the same place; call it something else",
                name);
    }
    return TFU_OK;
}

/* ---- a backend of no kernels */

static enum tfu_status open_nothing(void **dev, const void *config,
                                    const struct tfu_backend_host *host)
{
    (void)config, (void)host;
    *dev = NULL;
    return TFU_OK;
}

static void close_nothing(void *dev)
{
    (void)dev;
}

static const struct tfu_backend_ops definitions = {
    .struct_size = sizeof definitions,
    .dtypes = TFU_TAKES_F32 | TFU_TAKES_F64,
    .place = TFU_HOST,
    .kernel_size = sizeof(struct tfu_kernel),
    .open = open_nothing,
    .close = close_nothing,
};

const struct tfu_plugin tfu_check_definitions = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),      .name = "definitions",          .version = "1",
    .summary = "the layers' own definitions", .ops_size = sizeof definitions, .ops = &definitions,
};
