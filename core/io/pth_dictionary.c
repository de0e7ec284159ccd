/* SPDX-License-Identifier: MIT
 *
 * The dictionaries of tensors that an object has: a state of the network, its moving average, a
 * student and a teacher. One can be asked for by its name.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/io/pth.h"

enum { DEPTH_MAX = 4, LISTED_MAX = 64, PATH_SIZE = 256, PASSES = 8 };

struct search {
    struct tfu_pth *p;
    size_t steps; /* that are left: dictionaries may hold each other, and themselves */
    bool failed;  /* out of memory */
};

/* Tensors of a dictionary and of those in it; *direct: some are its own. */
static size_t count_tensors(struct search *s, const struct tfu_pickle_value *dict, int depth,
                            bool *direct)
{
    size_t count = 0;
    bool deeper;
    for (size_t i = 0; i < dict->count && s->steps > 0; i += 2, s->steps--) {
        const struct tfu_pickle_value *v = dict->item[i + 1];
        if (dict->item[i]->kind != TFU_PICKLE_STRING)
            continue;
        if (tfu_pth_is_tensor(v)) {
            *direct = true;
            count++;
        } else if (v->kind == TFU_PICKLE_DICT && depth < DEPTH_MAX) {
            count += count_tensors(s, v, depth + 1, &deeper);
        }
    }
    return count;
}

static void add(struct search *s, const char *path, size_t tensors)
{
    struct tfu_pth *p = s->p;
    char *copy = tfu_arena_strdup(&p->arena, path);
    if (copy)
        p->dictionary[p->dictionaries++] =
            (struct tfu_reader_dictionary){.path = copy, .tensors = tensors};
    s->failed |= !copy;
}

/* Those in `dict`, whose own path is the first `length` bytes of `path`. One that has tensors of
 * its own is not looked into: what is in it are parts of names. */
static void list(struct search *s, const struct tfu_pickle_value *dict, char path[PATH_SIZE],
                 size_t length, int depth)
{
    for (size_t i = 0; i < dict->count && s->steps > 0; i += 2, s->steps--) {
        const struct tfu_pickle_value *key = dict->item[i], *v = dict->item[i + 1];
        if (v->kind != TFU_PICKLE_DICT || !tfu_pickle_is_printable(key) || !key->count ||
            key->count + length + 2 > PATH_SIZE || s->p->dictionaries == LISTED_MAX)
            continue;
        bool direct = false;
        const size_t tensors = count_tensors(s, v, depth, &direct), end = length + key->count;
        if (!tensors)
            continue;
        memcpy(path + length, key->text, key->count);
        path[end] = '\0';
        add(s, path, tensors);
        path[end] = '.';
        if (!direct && depth < DEPTH_MAX)
            list(s, v, path, end + 1, depth + 1);
    }
}

enum tfu_status tfu_pth_dictionaries_list(struct tfu_pth *p, const struct tfu_pickle_value *root,
                                          size_t bytes, struct tfu_error *e)
{
    struct search s = {.p = p, .steps = PASSES * bytes};
    char path[PATH_SIZE];
    p->dictionary = tfu_arena_array(&p->arena, LISTED_MAX, sizeof *p->dictionary);
    if (p->dictionary)
        list(&s, root, path, 0, 0);
    return p->dictionary && !s.failed ? TFU_OK : tfu_error_memory(e, "reading a PyTorch file", 0);
}

/* The dictionary at `path`, whose keys may have dots in them too. */
static const struct tfu_pickle_value *follow(const struct tfu_pickle_value *dict, const char *path,
                                             int depth)
{
    for (size_t i = 0; i < dict->count && depth < DEPTH_MAX; i += 2) {
        const struct tfu_pickle_value *key = dict->item[i], *v = dict->item[i + 1];
        if (v->kind != TFU_PICKLE_DICT || key->kind != TFU_PICKLE_STRING || !key->count ||
            strncmp(path, key->text, key->count) != 0)
            continue;
        const char *rest = path + key->count;
        const struct tfu_pickle_value *found = NULL;
        if (!*rest)
            found = v;
        else if (*rest == '.')
            found = follow(v, rest + 1, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

enum tfu_status tfu_pth_dictionaries_find(const struct tfu_pth *p,
                                          const struct tfu_pickle_value *root, const char *path,
                                          const struct tfu_pickle_value **out, struct tfu_error *e)
{
    for (size_t i = 0; i < p->dictionaries; i++)
        if (strcmp(p->dictionary[i].path, path) == 0) {
            *out = follow(root, path, 0);
            p->dictionary[i].taken = *out != NULL;
            if (*out)
                return TFU_OK;
        }
    enum { SHOWN = 12 };
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < p->dictionaries && i < SHOWN; i++)
        tfu_text_printf(&text, "%s'%s'", i ? ", " : "", p->dictionary[i].path);
    tfu_error_at(e, TFU_ENOTFOUND, p->path, 0, 0,
                 "it has no dictionary '%.100s' with tensors in it; %s%s%s", path,
                 p->dictionaries ? "there are " : "its tensors are in none that has a name",
                 tfu_text_get(&text), p->dictionaries > SHOWN ? " and more" : "");
    tfu_text_free(&text);
    return TFU_ENOTFOUND;
}

bool tfu_pth_dictionary_at(const void *self, size_t i, struct tfu_reader_dictionary *out)
{
    const struct tfu_pth *p = self;
    if (i >= p->dictionaries)
        return false;
    *out = p->dictionary[i];
    return true;
}
