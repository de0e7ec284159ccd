/* SPDX-License-Identifier: MIT */
#include "tests/support/choice.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct tfu_registry *open_registry(void)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    struct tfu_registry *r = NULL;
    ck_assert_int_eq(tfu_registry_new(&r, path ? path : "stage", NULL), TFU_OK);
    return r;
}

static int choice_index(const struct tfu_option *o, const char *word)
{
    for (int i = 0; o->choices[i]; i++)
        if (strcmp(o->choices[i], word) == 0)
            return i;
    ck_abort_msg("option '%s' has no choice '%s'", o->name, word);
    return -1;
}

/* Writes an option's value, or its default when `text` is NULL. */
static void set_option(const struct tfu_option *o, const char *text, char *config)
{
    void *field = config + o->offset;
    const double f = text ? strtod(text, NULL) : o->fdef;
    const int64_t i = text ? strtoll(text, NULL, 10) : o->idef;
    const int32_t narrow = (int32_t)i;
    const char *string;
    const int32_t index = o->type == TFU_ENUM ? choice_index(o, text ? text : o->sdef) : 0;
    switch ((enum tfu_type)o->type) {
    case TFU_FLOAT:
        memcpy(field, &f, sizeof f);
        break;
    case TFU_INT:
        memcpy(field, &i, sizeof i);
        break;
    case TFU_BOOL:
        memcpy(field, &narrow, sizeof narrow);
        break;
    case TFU_ENUM:
        memcpy(field, &index, sizeof index);
        break;
    case TFU_STRING:
        string = text ? text : o->sdef ? o->sdef : "";
        memcpy(field, &string, sizeof string);
        break;
    default:
        if (!text && o->type == TFU_FLOAT_LIST)
            break; /* empty: all 0 */
        ck_abort_msg("option '%s' has a type that these tests do not set", o->name);
    }
}

static const struct tfu_option *find_option(const struct tfu_plugin *p, const char *name)
{
    for (uint32_t i = 0; i < p->option_count; i++)
        if (strcmp(p->options[i].name, name) == 0)
            return &p->options[i];
    ck_abort_msg("plugin '%s' has no option '%s'", p->name, name);
    return NULL;
}

struct tfu_plugin_choice choose(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                const char *options)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_plugin_choice c = {.name = name};
    tfu_registry_find(r, kind, name, NULL, &c.plugin, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    /* texts in the config struct point to the words, which lie behind it */
    char *config = calloc(1, c.plugin->config_size + strlen(options) + 1);
    ck_assert_ptr_nonnull(config);
    char *words = memcpy(config + c.plugin->config_size, options, strlen(options) + 1);
    for (uint32_t i = 0; i < c.plugin->option_count; i++)
        set_option(&c.plugin->options[i], NULL, config);
    char *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        ck_assert_ptr_nonnull(value);
        *value++ = '\0';
        set_option(find_option(c.plugin, word), value, config);
    }
    c.config = config;
    return c;
}

void choice_free(struct tfu_plugin_choice *c)
{
    free((void *)(uintptr_t)c->config);
    c->config = NULL;
}
