/* SPDX-License-Identifier: MIT
 *
 * What a pickle's values say of themselves.
 */
#include <string.h>

#include "core/io/pickle.h"

const char *tfu_pickle_kind_text(enum tfu_pickle_kind kind)
{
    static const char *const text[] = {
        [TFU_PICKLE_NONE] = "None",
        [TFU_PICKLE_BOOL] = "a bool",
        [TFU_PICKLE_INT] = "an integer",
        [TFU_PICKLE_FLOAT] = "a number",
        [TFU_PICKLE_STRING] = "a string",
        [TFU_PICKLE_BYTES] = "bytes",
        [TFU_PICKLE_TUPLE] = "a tuple",
        [TFU_PICKLE_LIST] = "a list",
        [TFU_PICKLE_SET] = "a set",
        [TFU_PICKLE_DICT] = "a dictionary",
        [TFU_PICKLE_BIG] = "an integer of more than 64 bits",
        [TFU_PICKLE_GLOBAL] = "a name",
        [TFU_PICKLE_PERSISTENT] = "a storage",
        [TFU_PICKLE_OBJECT] = "an object",
    };
    return text[kind];
}

bool tfu_pickle_is_string(const struct tfu_pickle_value *v, const char *text)
{
    return v->kind == TFU_PICKLE_STRING && v->count == strlen(text) && strcmp(v->text, text) == 0;
}

bool tfu_pickle_is_printable(const struct tfu_pickle_value *v)
{
    if (v->kind != TFU_PICKLE_STRING)
        return false;
    for (size_t i = 0; i < v->count; i++)
        if ((unsigned char)v->text[i] < ' ' || v->text[i] == 127)
            return false;
    return true;
}

const struct tfu_pickle_value *tfu_pickle_get(const struct tfu_pickle_value *dict, const char *key)
{
    if (dict->kind != TFU_PICKLE_DICT)
        return NULL;
    for (size_t i = dict->count; i > 0; i -= 2)
        if (tfu_pickle_is_string(dict->item[i - 2], key))
            return dict->item[i - 1];
    return NULL;
}
