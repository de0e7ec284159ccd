/* SPDX-License-Identifier: MIT */
#include "core/index/differ.h"

#include <string.h>

struct side {
    struct tfu_index_leaf *leaf;
    size_t count, at;
};

/* The smallest key that some run has not passed; NULL: all are at their end. */
static const char *next_key(const struct side *side, size_t runs)
{
    const char *key = NULL;
    for (size_t i = 0; i < runs; i++)
        if (side[i].at < side[i].count && (!key || strcmp(side[i].leaf[side[i].at].key, key) < 0))
            key = side[i].leaf[side[i].at].key;
    return key;
}

/* Takes the values of `key` off; are they not all the same? */
static bool take(struct side *side, size_t runs, const char *key, const char **value)
{
    bool differ = false;
    for (size_t i = 0; i < runs; i++) {
        struct side *s = &side[i];
        const bool has = s->at < s->count && strcmp(s->leaf[s->at].key, key) == 0;
        value[i] = has ? s->leaf[s->at++].value : NULL;
        differ |=
            i > 0 && (!value[i] != !value[0] || (value[i] && strcmp(value[i], value[0]) != 0));
    }
    return differ;
}

enum tfu_status tfu_index_differ(struct tfu_index *x, const struct tfu_index_run *const *run,
                                 size_t runs, struct tfu_arena *arena,
                                 struct tfu_index_difference **out, size_t *count,
                                 struct tfu_error *e)
{
    struct side *side = tfu_arena_array(arena, runs + 1, sizeof *side);
    enum tfu_status st = side ? TFU_OK : tfu_error_memory(e, "comparing configurations", 0);
    size_t room = 1;
    *out = NULL;
    *count = 0;
    for (size_t i = 0; st == TFU_OK && i < runs; i++) {
        st = tfu_index_leaves(x, run[i], arena, &side[i].leaf, &side[i].count, e);
        room += side[i].count;
    }
    if (st == TFU_OK)
        *out = tfu_arena_array(arena, room, sizeof **out);
    const char **value = NULL;
    while (st == TFU_OK) {
        const char *key = next_key(side, runs);
        if (!key)
            break;
        if (!value)
            value = tfu_arena_array(arena, runs + 1, sizeof *value);
        if (!value || !*out)
            st = tfu_error_memory(e, "comparing configurations", 0);
        else if (take(side, runs, key, value)) {
            (*out)[(*count)++] = (struct tfu_index_difference){key, value};
            value = NULL;
        }
    }
    return st;
}
