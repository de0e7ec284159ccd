/* SPDX-License-Identifier: MIT
 *
 * What the tensors of a file of weights are called: prefixes that go, modules that are renamed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/io/weights_opened.h"

/* What frameworks put before every name. */
static const char *const wrappers[] = {"module.",   "_orig_mod.", "model.",
                                       "backbone.", "encoder.",   "net."};

static bool begins_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static void say_unwrapped(struct tfu_weights *w, const char *what, const char *name)
{
    tfu_text_printf(&w->unwrapped, "%s%s '%s'", w->unwrapped.length ? ", " : "", what, name);
}

/* The count of updates that torch.optim.swa_utils.AveragedModel keeps beside "module.*". */
static bool is_update_count(const char *name)
{
    return strcmp(name, "n_averaged") == 0;
}

/* Every name has it and something behind it. */
static bool have_all(const struct tfu_weights *w, const char *prefix)
{
    const size_t n = strlen(prefix);
    size_t with = 0;
    for (size_t i = 0; i < w->count; i++) {
        const char *name = w->entry[i].tensor.name;
        if (strncmp(name, prefix, n) == 0 && name[n])
            with++;
        else if (!is_update_count(name))
            return false;
    }
    return with > 0;
}

/* Tensors without the prefix go. */
static void take_off(struct tfu_weights *w, const char *prefix)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++)
        if (begins_with(w->entry[i].tensor.name, prefix)) {
            w->entry[kept] = w->entry[i];
            w->entry[kept++].tensor.name += strlen(prefix);
        }
    if (kept < w->count)
        say_unwrapped(w, "count of updates", "n_averaged");
    w->count = kept;
    say_unwrapped(w, "prefix", prefix);
}

void tfu_weights_unwrap(struct tfu_weights *w)
{
    for (size_t i = 0; i < TFU_COUNT(wrappers);)
        if (have_all(w, wrappers[i])) {
            take_off(w, wrappers[i]);
            i = 0;
        } else {
            i++;
        }
}

enum tfu_status tfu_weights_strip(struct tfu_weights *w, const char *prefix, bool *found,
                                  struct tfu_error *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++) {
        const char *name = w->entry[i].tensor.name;
        if (begins_with(name, prefix) && name[strlen(prefix)])
            w->entry[kept++] = w->entry[i];
    }
    *found = kept > 0;
    if (kept == 0)
        return tfu_error_at(e, TFU_ENOTFOUND, w->path, 0, 0,
                            "none of its %zu tensors begins with '%.200s', as `strip` says; they "
                            "are such as '%.200s'",
                            w->count, prefix, w->count ? w->entry[0].tensor.name : "");
    w->count = kept;
    take_off(w, prefix);
    return TFU_OK;
}

static int by_name(const void *left, const void *right)
{
    const struct tfu_weights_entry *a = left, *b = right;
    return strcmp(a->tensor.name, b->tensor.name);
}

enum tfu_status tfu_weights_sort(struct tfu_weights *w, struct tfu_error *e)
{
    qsort(w->entry, w->count, sizeof *w->entry, by_name);
    for (size_t i = 1; i < w->count; i++)
        if (by_name(&w->entry[i - 1], &w->entry[i]) == 0)
            return tfu_error_at(e, TFU_ECORRUPT, w->path, 0, 0,
                                "two tensors have the name '%.200s'", w->entry[i].tensor.name);
    return TFU_OK;
}

bool tfu_weights_is_counter(const char *name)
{
    static const char end[] = "num_batches_tracked";
    const size_t n = strlen(name), m = sizeof end - 1;
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* NULL: out of memory. */
static const char *renamed(struct tfu_weights *w, const char *name, size_t length, const char *to)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "%s%s", to, name + length);
    char *copy = text.failed ? NULL : tfu_arena_strdup(&w->names, tfu_text_get(&text));
    tfu_text_free(&text);
    return copy;
}

enum tfu_status tfu_weights_rename_modules(struct tfu_weights *w, const char *const *from,
                                           const char *const *to, size_t count, struct tfu_error *e)
{
    for (size_t k = 0; k < w->count; k++) {
        const char **name = &w->entry[k].tensor.name;
        size_t i = 0;
        while (i < count && !(begins_with(*name, from[i]) && (*name)[strlen(from[i])] == '.'))
            i++;
        if (i < count)
            *name = renamed(w, *name, strlen(from[i]), to[i]);
        if (!*name)
            return tfu_error_memory(e, "naming the tensors of a file", 0);
    }
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(&w->unwrapped, "%s'%s.' for '%s.'", w->unwrapped.length ? ", " : "",
                        from[i], to[i]);
    return w->unwrapped.failed ? tfu_error_memory(e, "naming the tensors of a file", 0)
                               : tfu_weights_sort(w, e);
}

size_t tfu_weights_find(const struct tfu_weights *w, const char *name)
{
    const struct tfu_weights_entry key = {.tensor.name = name};
    const struct tfu_weights_entry *found =
        w->count ? bsearch(&key, w->entry, w->count, sizeof key, by_name) : NULL;
    return found ? (size_t)(found - w->entry) : SIZE_MAX;
}
