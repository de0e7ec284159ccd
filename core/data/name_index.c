/* SPDX-License-Identifier: MIT */
#include "core/data/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"

enum { DEPTH = 4 }; /* of files with more folders so many components are looked up */

/* A name by the hash of its last components: as many as `depth` says, 0: all of it. */
struct entry {
    uint64_t hash;
    int32_t example;
};

struct tfu_name_index {
    const struct tfu_source *source;
    const struct tfu_example_names *names;
    struct entry *entry; /* sorted */
    size_t count;
    struct tfu_words groups;
    int32_t *first; /* per group's word, or -1: its examples, ascending */
    int32_t *next;  /* per example, or -1 */
};

void tfu_name_index_free(struct tfu_name_index *x)
{
    if (!x)
        return;
    tfu_words_free(&x->groups);
    free(x->entry);
    free(x->first);
    free(x->next);
    free(x);
}

/* ---- names of files */

static const char *last_component(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* The length of a file's name without its ending, which is not all of it. */
static size_t stem_length(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot && dot > file ? (size_t)(dot - file) : strlen(file);
}

/* Do the folders of the one end with those of the other? */
static bool folders_fit(const char *a, size_t a_size, const char *b, size_t b_size)
{
    while (a_size && *a == '/') {
        a++;
        a_size--;
    }
    while (b_size && *b == '/') {
        b++;
        b_size--;
    }
    const size_t n = a_size < b_size ? a_size : b_size;
    if (n == 0)
        return true;
    if (memcmp(a + a_size - n, b + b_size - n, n) != 0)
        return false;
    return (a_size == n || a[a_size - n - 1] == '/') && (b_size == n || b[b_size - n - 1] == '/');
}

/* Is `said` in a list the file `name`? */
static bool is_name(const char *name, const char *said)
{
    const char *file = last_component(name), *said_file = last_component(said);
    const size_t stem = stem_length(file);
    const bool same = strcmp(file, said_file) == 0 ||
                      (strlen(said_file) == stem && memcmp(file, said_file, stem) == 0);
    return same && folders_fit(name, (size_t)(file - name), said, (size_t)(said_file - said));
}

/* The whole of a name in lists, with or without its ending. */
static bool is_whole_name(const char *name, const char *said)
{
    const char *file = last_component(name);
    const size_t size = (size_t)(file - name) + stem_length(file);
    return strcmp(name, said) == 0 || (strlen(said) == size && memcmp(name, said, size) == 0);
}

/* ---- making */

/* Where the last `depth` components of a name begin; NULL: it has fewer. */
static const char *last_components(const char *name, int depth)
{
    const char *s = name + strlen(name);
    while (depth > 0) {
        if (s == name)
            return NULL;
        for (s--; s > name && s[-1] != '/';)
            s--;
        depth--;
        if (depth > 0 && s > name)
            s--;
        else if (depth > 0)
            return NULL;
    }
    return s;
}

static int count_components(const char *name)
{
    int depth = 0;
    while (depth < DEPTH && last_components(name, depth + 1))
        depth++;
    return depth;
}

static uint64_t hash(const char *s, size_t n, int depth)
{
    return tfu_fnv1a(TFU_FNV1A_BEGIN + (uint64_t)depth, s, n);
}

/* The length of a name without its ending. */
static size_t length_of(const char *name)
{
    const char *file = last_component(name);
    return (size_t)(file - name) + stem_length(file);
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->example < y->example ? -1 : x->example > y->example;
}

/* The name as the dataset gives it, with all folders. */
static const char *full_name(const struct tfu_name_index *x, int64_t i)
{
    return x->names->given ? tfu_source_name(x->source, i) : x->names->name[i];
}

static void add_name(struct tfu_name_index *x, int64_t i)
{
    const char *name = full_name(x, i), *end = name + length_of(name);
    while (*name == '/')
        name++;
    x->entry[x->count++] = (struct entry){hash(name, (size_t)(end - name), 0), (int32_t)i};
    for (int depth = 1; depth <= DEPTH; depth++) {
        const char *s = last_components(name, depth);
        if (!s)
            break;
        x->entry[x->count++] = (struct entry){hash(s, (size_t)(end - s), depth), (int32_t)i};
    }
}

static bool fill(struct tfu_name_index *x, const struct tfu_example_groups *groups)
{
    const size_t count = (size_t)x->names->count;
    x->entry = malloc(count * (DEPTH + 1) * sizeof *x->entry);
    x->first = malloc(count * sizeof *x->first);
    x->next = malloc(count * sizeof *x->next);
    if (!x->entry || !x->first || !x->next)
        return false;
    for (int64_t i = x->names->count - 1; i >= 0; i--) {
        const char *group = groups->count ? groups->name[groups->of[i]] : NULL;
        const int64_t before = x->groups.count, k = group ? tfu_words_add(&x->groups, group) : -1;
        add_name(x, i);
        if (group && k < 0)
            return false;
        x->next[i] = group && k < before ? x->first[k] : -1;
        if (group)
            x->first[k] = (int32_t)i;
    }
    qsort(x->entry, x->count, sizeof *x->entry, by_hash);
    return true;
}

enum tfu_status tfu_name_index_new(struct tfu_name_index **out, const struct tfu_source *s,
                                   const struct tfu_example_names *names,
                                   const struct tfu_example_groups *groups, struct tfu_error *e)
{
    struct tfu_name_index *x = calloc(1, sizeof *x);
    *out = x;
    if (x) {
        x->source = s;
        x->names = names;
        if (fill(x, groups))
            return TFU_OK;
    }
    tfu_name_index_free(x);
    *out = NULL;
    return tfu_error_memory(e, "looking up names", 0);
}

/* ---- finding */

static void count_one(const struct tfu_name_index *x, int64_t i, struct tfu_name_found *f)
{
    if (f->count++ == 0)
        f->some[0] = i;
    else if (!f->ambiguous && strcmp(full_name(x, i), full_name(x, f->some[0])) != 0) {
        f->some[1] = i;
        f->ambiguous = true;
    }
}

/* How a name is looked up: by its components, `depth` of them, of `length` bytes. */
struct query {
    const struct tfu_name_index *index;
    const char *said;
    bool whole; /* it is to be the whole of a name in lists */
    void (*take)(void *arg, int64_t example);
    void *arg;
};

/* The examples with the hash of `s` whose names fit: they are counted, or taken. */
static void look(const struct query *q, const char *s, size_t length, int depth,
                 struct tfu_name_found *f)
{
    const struct tfu_name_index *x = q->index;
    const uint64_t wanted = hash(s, length, depth);
    size_t low = 0, high = x->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (x->entry[middle].hash < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < x->count && x->entry[low].hash == wanted; low++) {
        const int64_t i = x->entry[low].example;
        if (!(q->whole ? is_whole_name(x->names->name[i], q->said)
                       : is_name(full_name(x, i), q->said)))
            continue;
        if (q->take)
            q->take(q->arg, i);
        count_one(x, i, f);
    }
}

/* With its last ending as a part of the name, and without. */
static void look_both(const struct query *q, const char *s, int depth, struct tfu_name_found *f)
{
    const size_t all = strlen(s), stem = length_of(s);
    look(q, s, all, depth, f);
    if (stem != all)
        look(q, s, stem, depth, f);
}

static void look_everywhere(const struct query *q, struct tfu_name_found *f)
{
    const int depth = count_components(q->said);
    if (depth > 0)
        look_both(q, last_components(q->said, depth), depth, f);
    if (q->whole || f->count)
        return;
    /* names that are shorter than what was said */
    for (const char *s = q->said; (s = strchr(s, '/')) && !f->count;)
        look_both(q, ++s, 0, f);
}

static struct tfu_name_found find_group(const struct tfu_name_index *x, const char *said,
                                        void (*take)(void *arg, int64_t example), void *arg)
{
    struct tfu_name_found f = {.count = 0};
    const int64_t group = tfu_words_find(&x->groups, said);
    for (int32_t i = group < 0 ? -1 : x->first[group]; i >= 0; i = x->next[i]) {
        f.some[0] = f.count++ ? f.some[0] : i;
        take(arg, i);
    }
    return f;
}

struct tfu_name_found tfu_name_index_find(const struct tfu_name_index *x, const char *name,
                                          void (*take)(void *arg, int64_t example), void *arg)
{
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    struct tfu_name_found f = {.count = 0};
    struct query q = {.index = x, .said = name, .whole = true};
    look_everywhere(&q, &f);
    if (!f.count || f.ambiguous) {
        f = (struct tfu_name_found){.count = 0};
        q.whole = false;
        look_everywhere(&q, &f);
    }
    if (f.count && !f.ambiguous) {
        struct tfu_name_found taken = {.count = 0};
        q.take = take;
        q.arg = arg;
        look_everywhere(&q, &taken);
    }
    if (f.count && !f.ambiguous)
        return f;
    const struct tfu_name_found group = find_group(x, name, take, arg);
    return group.count ? group : f;
}
