/* SPDX-License-Identifier: MIT */
#include "core/index/select.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MIN = 4, LISTED = 6 };

/* ---- by name */

/* "demo/1f0c" of "runs/demo/1f0c/", "./runs/demo/1f0c", and of any path that leads into the store;
 * else the word itself without slashes at its end. */
static void below_store(const struct tfu_index *x, const char *word, char out[PATH_MAX])
{
    char *store = realpath(tfu_index_store(x), NULL), *path = realpath(word, NULL);
    const size_t n = store ? strlen(store) : 0;
    if (store && path && strncmp(path, store, n) == 0 && path[n] == '/')
        snprintf(out, PATH_MAX, "%s", path + n + 1);
    else
        snprintf(out, PATH_MAX, "%s", word);
    free(store);
    free(path);
    for (size_t k = strlen(out); k > 1 && out[k - 1] == '/'; k--)
        out[k - 1] = '\0';
}

static bool is_hex(const char *s)
{
    return s[strspn(s, "0123456789abcdef")] == '\0';
}

/* How a word may mean a run, from the strictest on. */
enum way { PATH, NAME, PATTERN, DIGITS, NAME_AND_DIGITS, WAYS };

static bool means(const struct tfu_index_run *r, const char *word, enum way way)
{
    const char *slash = strrchr(word, '/');
    const size_t n = slash ? (size_t)(slash - word) : 0;
    switch (way) {
    case PATH:
        return strcmp(r->path, word) == 0;
    case NAME:
        return strcmp(r->name, word) == 0;
    case PATTERN:
        return strpbrk(word, "*?") && tfu_text_glob(word, slash ? r->path : r->name);
    case DIGITS:
        return !slash && strlen(word) >= DIGITS_MIN && is_hex(word) &&
               strncmp(r->id, word, strlen(word)) == 0;
    case NAME_AND_DIGITS:
        return slash && slash[1] && strlen(r->name) == n && strncmp(r->name, word, n) == 0 &&
               strncmp(r->id, slash + 1, strlen(slash + 1)) == 0;
    case WAYS:
        break;
    }
    return false;
}

static enum tfu_status several(const struct tfu_index *x, const char *word, const char *path,
                               enum way way, struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    size_t count = 0;
    for (size_t i = 0; i < tfu_index_count(x); i++)
        if (means(tfu_index_run(x, i), path, way) && count++ < LISTED)
            tfu_text_printf(&list, "%s%s", count > 1 ? ", " : "", tfu_index_run(x, i)->path);
    if (count > LISTED)
        tfu_text_printf(&list, " and %zu more", count - LISTED);
    tfu_error_set(e, TFU_EINVAL, "'%s' is %zu runs of '%s': %s; name one of them", word, count,
                  tfu_index_store(x), tfu_text_get(&list));
    tfu_text_free(&list);
    return TFU_EINVAL;
}

static enum tfu_status none(const struct tfu_index *x, const char *word, struct tfu_error *e)
{
    const size_t count = tfu_index_count(x);
    const char **name = calloc(2 * count + 1, sizeof *name);
    if (!name)
        return tfu_error_memory(e, "looking for runs", 0);
    for (size_t i = 0; i < count; i++) {
        name[2 * i] = strchr(word, '/') ? tfu_index_run(x, i)->path : tfu_index_run(x, i)->name;
        name[2 * i + 1] = tfu_index_run(x, i)->id;
    }
    const char *near = tfu_text_nearest(word, name, 2 * count);
    if (near)
        tfu_error_set(e, TFU_ENOTFOUND, "the store '%s' has no run '%s'; did you mean '%s'?",
                      tfu_index_store(x), word, near);
    else
        tfu_error_set(e, TFU_ENOTFOUND,
                      "the store '%s' has no run '%s' among its %zu; a run is NAME/ID, the first "
                      "digits of its id, or the name of an experiment for all its runs",
                      tfu_index_store(x), word, count);
    free(name);
    return TFU_ENOTFOUND;
}

/* A run whose name has a sign of comparison in it. */
static bool is_run(const struct tfu_index *x, const char *word)
{
    char path[PATH_MAX];
    below_store(x, word, path);
    for (size_t i = 0; i < tfu_index_count(x); i++)
        if (means(tfu_index_run(x, i), path, PATH) || means(tfu_index_run(x, i), path, NAME))
            return true;
    return false;
}

/* Adds the runs that a word means to those that are there already. */
static enum tfu_status add_named(struct tfu_run_selection *s, const struct tfu_index *x,
                                 const char *word, bool *there, struct tfu_error *e)
{
    char path[PATH_MAX];
    size_t found = 0;
    below_store(x, word, path);
    for (enum way way = PATH; way < WAYS && !found; way++) {
        for (size_t i = 0; i < tfu_index_count(x); i++) {
            if (!means(tfu_index_run(x, i), path, way))
                continue;
            found++;
            if (!there[i])
                s->run[s->count++] = i;
            there[i] = true;
        }
        if (found > 1 && (way == DIGITS || way == NAME_AND_DIGITS))
            return several(x, word, path, way, e);
    }
    return found ? TFU_OK : none(x, word, e);
}

/* ---- all words */

const char *tfu_run_selection_sweep(const struct tfu_run_selection *s)
{
    const char *sweep = NULL;
    for (size_t i = 0; i < s->filters; i++) {
        const struct tfu_index_filter *f = &s->filter[i];
        if (strcmp(f->key, "sweep") != 0 || f->sign != TFU_FILTER_EQUAL)
            continue;
        if (sweep || f->values != 1 || strpbrk(f->value[0], "*?"))
            return NULL;
        sweep = f->value[0];
    }
    return sweep;
}

enum tfu_status tfu_index_select(struct tfu_run_selection *out, struct tfu_index *x,
                                 const char *const *word, size_t words, int64_t now,
                                 struct tfu_arena *arena, struct tfu_error *e)
{
    struct tfu_run_selection *s = out;
    const size_t count = tfu_index_count(x);
    *s = (struct tfu_run_selection){.run = tfu_arena_array(arena, count + 1, sizeof *s->run),
                                    .filter = tfu_arena_array(arena, words + 1, sizeof *s->filter)};
    bool *there = tfu_arena_array(arena, count + 1, sizeof *there);
    if (!s->run || !s->filter || !there)
        return tfu_error_memory(e, "choosing runs", 0);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < words; i++) {
        if (tfu_filter_is(word[i]) && !is_run(x, word[i])) {
            st = tfu_filter_parse(&s->filter[s->filters++], word[i], now, arena, e);
        } else {
            s->named = true;
            st = add_named(s, x, word[i], there, e);
        }
    }
    for (size_t i = 0; st == TFU_OK && !s->named && i < count; i++) {
        s->run[s->count++] = i;
        there[i] = true;
    }
    if (st == TFU_OK)
        st = tfu_index_ask_sweep(x, tfu_run_selection_sweep(s), e);
    for (size_t i = 0; st == TFU_OK && count && i < s->filters; i++)
        st = tfu_filter_apply(x, &s->filter[i], there, e);
    size_t kept = 0;
    for (size_t i = 0; st == TFU_OK && i < s->count; i++)
        if (there[s->run[i]])
            s->run[kept++] = s->run[i];
    s->count = kept;
    return st;
}
