/* SPDX-License-Identifier: MIT */
#include "core/index/groups.h"

#include <string.h>

#include "core/index/column.h"
#include "core/index/differ.h"

struct work {
    struct tfu_arena *arena;
    const struct tfu_index_run *const *run;
    size_t runs;
    const char *const *over;
    size_t overs;
    struct tfu_index_difference *key; /* that make groups */
    size_t keys;
};

/* "train.optimizer.lr" is under "train.optimizer" and itself. */
static bool is_under(const char *key, const char *section)
{
    const size_t n = strlen(section);
    return strncmp(key, section, n) == 0 && (!key[n] || key[n] == '.');
}

static bool makes_groups(const struct work *w, const char *key)
{
    static const char *const idle[] = {"name",    "output",       "threads",
                                       "timings", "data.workers", "train.checkpoint"};
    for (size_t i = 0; i < TFU_COUNT(idle); i++)
        if (is_under(key, idle[i]))
            return false;
    for (size_t i = 0; i < w->overs; i++)
        if (is_under(key, w->over[i]))
            return false;
    return true;
}

static bool same(const struct work *w, size_t a, size_t b)
{
    for (size_t k = 0; k < w->keys; k++) {
        const char *x = w->key[k].value[a], *y = w->key[k].value[b];
        if (!x != !y || (x && strcmp(x, y) != 0))
            return false;
    }
    return true;
}

/* ---- their names */

/* Where the last name of a key begins, and its length: "lr" of train.optimizer.lr, "arch" of
 * arch.plugin, "init" of init.0.plugin. */
static const char *last_name(const char *key, size_t *length)
{
    static const char plugin[] = ".plugin";
    size_t end = strlen(key);
    if (end > sizeof plugin - 1 && strcmp(key + end - (sizeof plugin - 1), plugin) == 0)
        end -= sizeof plugin - 1;
    size_t digits = end;
    while (digits > 0 && key[digits - 1] >= '0' && key[digits - 1] <= '9')
        digits--;
    if (digits < end && digits > 1 && key[digits - 1] == '.')
        end = digits - 1;
    size_t at = end;
    while (at > 0 && key[at - 1] != '.')
        at--;
    *length = end - at;
    return key + at;
}

/* Appends the last name, or the whole key where another chosen one has the same. */
static void put_name(struct tfu_text *out, const struct work *w, const bool *chosen, size_t key)
{
    size_t n, other;
    const char *name = last_name(w->key[key].key, &n);
    for (size_t k = 0; k < w->keys; k++) {
        const char *rival = last_name(w->key[k].key, &other);
        if (k != key && chosen[k] && other == n && strncmp(rival, name, n) == 0) {
            tfu_text_puts(out, w->key[key].key);
            return;
        }
    }
    tfu_text_append(out, name, n);
}

/* Does the key tell apart two groups that the chosen ones do not? */
static bool tells_more(const struct work *w, const size_t *first, size_t groups, const bool *chosen,
                       size_t key)
{
    for (size_t i = 0; i < groups; i++)
        for (size_t j = i + 1; j < groups; j++) {
            bool apart = false;
            for (size_t k = 0; k < w->keys && !apart; k++) {
                const char *x = w->key[k].value[first[i]], *y = w->key[k].value[first[j]];
                apart = chosen[k] && (!x != !y || (x && strcmp(x, y) != 0));
            }
            const char *x = w->key[key].value[first[i]], *y = w->key[key].value[first[j]];
            if (!apart && (!x != !y || (x && strcmp(x, y) != 0)))
                return true;
        }
    return false;
}

/* Keys that people think in come first. */
static int rank_of(const char *key)
{
    static const char *const first[] = {
        "arch.plugin", "init.*.plugin", "data.*.limit", "train.optimizer.*",
        "arch.*",      "init.*.source", "train.*"};
    for (int i = 0; i < (int)TFU_COUNT(first); i++)
        if (tfu_text_glob(first[i], key))
            return i;
    return (int)TFU_COUNT(first);
}

static enum tfu_status name_groups(const struct work *w, struct tfu_run_group *group,
                                   const size_t *first, size_t groups, struct tfu_error *e)
{
    bool *chosen = tfu_arena_array(w->arena, w->keys + 1, sizeof *chosen);
    if (!chosen)
        return tfu_error_memory(e, "grouping runs", 0);
    for (int rank = 0; rank <= 8; rank++)
        for (size_t k = 0; k < w->keys; k++)
            if (rank_of(w->key[k].key) == rank && tells_more(w, first, groups, chosen, k))
                chosen[k] = true;
    for (size_t g = 0; g < groups; g++) {
        struct tfu_text text = TFU_TEXT_INIT;
        for (size_t k = 0; k < w->keys; k++)
            if (chosen[k]) {
                tfu_text_puts(&text, text.length ? " " : "");
                put_name(&text, w, chosen, k);
                tfu_text_printf(&text, "=%s",
                                w->key[k].value[first[g]] ? w->key[k].value[first[g]] : "(none)");
            }
        group[g].label = tfu_arena_strdup(w->arena, text.length ? tfu_text_get(&text) : "all");
        const bool failed = text.failed || !group[g].label;
        tfu_text_free(&text);
        if (failed)
            return tfu_error_memory(e, "grouping runs", 0);
    }
    return TFU_OK;
}

/* ---- making them */

static enum tfu_status keep_keys(struct tfu_index *x, struct work *w, struct tfu_error *e)
{
    const enum tfu_status st = tfu_index_differ(x, w->run, w->runs, w->arena, &w->key, &w->keys, e);
    size_t kept = 0;
    for (size_t k = 0; st == TFU_OK && k < w->keys; k++)
        if (makes_groups(w, w->key[k].key))
            w->key[kept++] = w->key[k];
    w->keys = kept;
    return st;
}

/* "seed=3" */
static enum tfu_status over_of(struct tfu_index *x, const struct work *w,
                               const struct tfu_index_run *run, const char **out,
                               struct tfu_error *e)
{
    const size_t place = (size_t)(run - tfu_index_run(x, 0));
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < w->overs; i++) {
        const struct tfu_index_column *c;
        char value[TFU_INDEX_TIME_SIZE];
        st = tfu_index_column(x, w->over[i], &c, e);
        if (st == TFU_OK)
            tfu_text_printf(&text, "%s%s=%s", i ? " " : "", w->over[i],
                            tfu_index_value_text(c, place, value));
    }
    *out = st == TFU_OK ? tfu_arena_strdup(w->arena, tfu_text_get(&text)) : NULL;
    if (st == TFU_OK && (text.failed || !*out))
        st = tfu_error_memory(e, "grouping runs", 0);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status add(struct tfu_index *x, const struct work *w, struct tfu_run_group *g,
                           const struct tfu_index_run *run, struct tfu_error *e)
{
    const enum tfu_status st = over_of(x, w, run, &g->over[g->count], e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->over[i], g->over[g->count]) == 0)
            return tfu_error_set(e, TFU_EINVAL,
                                 "the runs %s and %s differ in nothing that decides a result but "
                                 "have both %s; leave one of them out",
                                 g->run[i]->path, run->path, g->over[i]);
    g->run[g->count++] = run;
    return TFU_OK;
}

enum tfu_status tfu_index_group(struct tfu_index *x, const struct tfu_index_run *const *run,
                                size_t runs, const char *const *over, size_t overs, size_t most,
                                struct tfu_arena *arena, struct tfu_run_group **out, size_t *count,
                                struct tfu_error *e)
{
    struct work w = {arena, run, runs, over, overs, NULL, 0};
    enum tfu_status st = keep_keys(x, &w, e);
    *count = 0;
    *out = tfu_arena_array(arena, runs + 1, sizeof **out);
    size_t *first = tfu_arena_array(arena, runs + 1, sizeof *first);
    if (st == TFU_OK && (!*out || !first))
        st = tfu_error_memory(e, "grouping runs", 0);
    for (size_t i = 0; st == TFU_OK && i < runs; i++) {
        size_t g = 0;
        while (g < *count && !same(&w, first[g], i))
            g++;
        struct tfu_run_group *group = &(*out)[g];
        if (g == *count) {
            first[(*count)++] = i;
            if (*count > most)
                return TFU_OK;
            group->run = tfu_arena_array(arena, runs + 1, sizeof *group->run);
            group->over = tfu_arena_array(arena, runs + 1, sizeof *group->over);
            if (!group->run || !group->over)
                st = tfu_error_memory(e, "grouping runs", 0);
        }
        if (st == TFU_OK)
            st = add(x, &w, group, run[i], e);
    }
    return st == TFU_OK ? name_groups(&w, *out, first, *count, e) : st;
}

enum tfu_status tfu_groups_pair(struct tfu_index *x, const struct tfu_run_group *one,
                                const struct tfu_run_group *other, const char *series, double *a,
                                double *b, size_t *pairs, struct tfu_error *e)
{
    const struct tfu_index_column *c;
    const enum tfu_status st = tfu_index_column(x, series, &c, e);
    *pairs = 0;
    for (size_t i = 0; st == TFU_OK && i < one->count; i++)
        for (size_t k = 0; k < other->count; k++) {
            if (strcmp(one->over[i], other->over[k]) != 0)
                continue;
            a[*pairs] = c->value[one->run[i] - tfu_index_run(x, 0)].number;
            b[(*pairs)++] = c->value[other->run[k] - tfu_index_run(x, 0)].number;
        }
    return st;
}
