/* SPDX-License-Identifier: MIT */
#include "tests/plugins/dataset/plain_options.h"

#include <stdlib.h>
#include <string.h>

static void *field_of(void *config, const struct tfu_option *o)
{
    return (char *)config + o->offset;
}

static bool set_enum(const struct tfu_option *o, const char *text, void *field)
{
    for (int32_t i = 0; o->choices[i]; i++)
        if (strcmp(o->choices[i], text) == 0) {
            memcpy(field, &i, sizeof i);
            return true;
        }
    return false;
}

/* Arrays that are as long as the text, which is more than enough; all lists are alike in memory. */
static bool set_list(const struct tfu_option *o, char *text, void *field)
{
    struct tfu_string_list list = {.count = 0};
    union {
        const char *text;
        int64_t whole;
        double number;
    } *item = calloc(strlen(text) + 1, sizeof *item);
    char *rest = NULL;
    for (char *word = strtok_r(text, ";", &rest); word; word = strtok_r(NULL, ";", &rest)) {
        if (o->type == TFU_STRING_LIST)
            item[list.count].text = word;
        else if (o->type == TFU_INT_LIST)
            item[list.count].whole = strtoll(word, NULL, 10);
        else
            item[list.count].number = strtod(word, NULL);
        list.count++;
    }
    list.item = (const char *const *)item;
    memcpy(field, &list, sizeof list);
    return item != NULL;
}

static bool set(const struct tfu_option *o, char *text, void *field)
{
    const int64_t whole = strtoll(text, NULL, 10);
    const double number = strtod(text, NULL);
    const int32_t narrow = (int32_t)whole;
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        memcpy(field, &narrow, sizeof narrow);
        return true;
    case TFU_INT:
        memcpy(field, &whole, sizeof whole);
        return true;
    case TFU_FLOAT:
        memcpy(field, &number, sizeof number);
        return true;
    case TFU_ENUM:
        return set_enum(o, text, field);
    case TFU_STRING:
    case TFU_PATH:
        memcpy(field, &text, sizeof text);
        return true;
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        return set_list(o, text, field);
    case TFU_INNER:
        break;
    }
    return false;
}

void plain_options_begin(void *config)
{
    memset(config, 0, tfu_plugin.config_size);
    for (uint32_t i = 0; i < tfu_plugin.option_count; i++) {
        const struct tfu_option *o = &tfu_plugin.options[i];
        void *field = field_of(config, o);
        const char *text = o->sdef ? o->sdef : "";
        if (o->type == TFU_STRING || o->type == TFU_PATH)
            memcpy(field, &text, sizeof text);
        else if (o->type == TFU_ENUM)
            set_enum(o, text, field);
        else if (o->type == TFU_INT)
            memcpy(field, &o->idef, sizeof o->idef);
        else if (o->type == TFU_FLOAT)
            memcpy(field, &o->fdef, sizeof o->fdef);
    }
}

bool plain_options_set(void *config, char *text)
{
    char *equals = strchr(text, '=');
    for (uint32_t i = 0; equals && i < tfu_plugin.option_count; i++) {
        const struct tfu_option *o = &tfu_plugin.options[i];
        if (strlen(o->name) == (size_t)(equals - text) &&
            strncmp(o->name, text, (size_t)(equals - text)) == 0)
            return set(o, equals + 1, field_of(config, o));
    }
    return false;
}

void plain_options_free(void *config)
{
    for (uint32_t i = 0; i < tfu_plugin.option_count; i++) {
        const struct tfu_option *o = &tfu_plugin.options[i];
        if (o->type >= TFU_INT_LIST && o->type <= TFU_STRING_LIST)
            free(*(void **)field_of(config, o));
    }
}
