/* SPDX-License-Identifier: MIT */
#include "core/study/find.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/store/run_folder.h"
#include "core/study/pattern.h"

enum { DIGITS = TFU_RUN_ID_SIZE - 1, DIGITS_MIN = 4, LISTED = 8 };

/* ---- a list of networks */

void tfu_found_free(struct tfu_found *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->item[i].spec);
        free(f->item[i].run);
    }
    free(f->item);
    *f = (struct tfu_found){NULL, 0};
}

/* `path` in a state, or as it is where `state` is NULL; `run` may be NULL. */
static enum tfu_status add(struct tfu_found *f, const char *path, const char *state,
                           const char *run, struct tfu_error *e)
{
    struct tfu_text spec = TFU_TEXT_INIT;
    tfu_text_printf(&spec, "%s%s%s", path, state ? "@" : "", state ? state : "");
    char *copy = run ? strdup(run) : NULL;
    struct tfu_found_one *more = realloc(f->item, (f->count + 1) * sizeof *more);
    if (more)
        f->item = more;
    if (!more || spec.failed || (run && !copy)) {
        tfu_text_free(&spec);
        free(copy);
        return tfu_error_memory(e, "looking for runs", 0);
    }
    f->item[f->count++] = (struct tfu_found_one){spec.data, copy};
    return TFU_OK;
}

static bool is_run(const char *path)
{
    return tfu_run_state(path) != TFU_RUN_ABSENT;
}

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Folders that fit a pattern, of which only runs stay. */
static enum tfu_status list_runs(struct tfu_paths *out, const char *pattern, size_t *folders,
                                 struct tfu_error *e)
{
    const enum tfu_status st = tfu_pattern_expand(out, pattern, is_run, e);
    size_t kept = 0;
    *folders = out->count;
    for (size_t i = 0; i < out->count; i++)
        if (is_run(out->item[i]))
            out->item[kept++] = out->item[i];
        else
            free(out->item[i]);
    out->count = kept;
    return st;
}

/* ---- by pattern */

static enum tfu_status find_pattern(struct tfu_found *out, const char *pattern, const char *state,
                                    struct tfu_error *e)
{
    struct tfu_paths path;
    size_t folders;
    enum tfu_status st = list_runs(&path, pattern, &folders, e);
    if (st == TFU_OK && path.count == 0)
        st = tfu_error_set(e, TFU_ENOTFOUND,
                           "none of the %zu folders that fit '%s' is that of a run, which has a "
                           "config.yaml; runs lie in NAME/ID, so that '%s%s*' may be meant",
                           folders, pattern, pattern,
                           pattern[strlen(pattern) - 1] == '/' ? "" : "/");
    for (size_t i = 0; st == TFU_OK && i < path.count; i++)
        st = add(out, path.item[i], state, path.item[i], e);
    tfu_paths_free(&path);
    return st;
}

/* ---- by id */

static bool is_hex(const char *s)
{
    return s[strspn(s, "0123456789abcdefABCDEF")] == '\0';
}

/* Is it some first digits of an id? */
static bool is_id(const char *name)
{
    return strlen(name) >= DIGITS_MIN && strlen(name) <= DIGITS && is_hex(name);
}

static bool begins_with(const char *path, const char *digits)
{
    const char *id = tfu_path_last(path);
    return strlen(id) == DIGITS && is_hex(id) && strncasecmp(id, digits, strlen(digits)) == 0;
}

static void put_path(struct tfu_text *out, size_t *listed, const char *path)
{
    if (++*listed <= LISTED)
        tfu_text_printf(out, "%s%s", *listed > 1 ? ", " : "", path);
}

static enum tfu_status several(const char *digits, const char *folder, const struct tfu_paths *runs,
                               struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    size_t listed = 0;
    for (size_t i = 0; i < runs->count; i++)
        if (begins_with(runs->item[i], digits))
            put_path(&list, &listed, runs->item[i]);
    if (listed > LISTED)
        tfu_text_printf(&list, " and %zu more", listed - LISTED);
    const enum tfu_status st =
        list.failed
            ? tfu_error_memory(e, "looking for runs", 0)
            : tfu_error_set(e, TFU_EINVAL,
                            "%zu runs in '%s' have an id that begins with '%s': %s; give more "
                            "digits",
                            listed, folder, digits, tfu_text_get(&list));
    tfu_text_free(&list);
    return st;
}

/* The runs whose ids have most digits in common with what was written, where that is not one off.
 */
static const char *nearest_run(const char *digits, const struct tfu_paths *runs)
{
    const size_t n = strlen(digits);
    for (size_t i = 0; i < runs->count; i++) {
        const char *id = tfu_path_last(runs->item[i]);
        size_t wrong = 0;
        for (size_t k = 0; k < n && id[k]; k++)
            wrong += tolower((unsigned char)id[k]) != tolower((unsigned char)digits[k]);
        if (strlen(id) == DIGITS && wrong <= 1)
            return runs->item[i];
    }
    return NULL;
}

static enum tfu_status no_id(const char *digits, const char *folder, const struct tfu_paths *runs,
                             struct tfu_error *e)
{
    const char *nearest = nearest_run(digits, runs);
    if (nearest)
        return tfu_error_set(e, TFU_ENOTFOUND,
                             "none of the %zu runs in '%s' has an id that begins with '%s'; did "
                             "you mean '%s'?",
                             runs->count, folder, digits, nearest);
    return tfu_error_set(e, TFU_ENOTFOUND,
                         "there is no '%s', and none of the %zu runs in '%s' has an id that begins "
                         "so; a network is the folder of a run, a configuration, a checkpoint, or "
                         "the first digits of a run's id",
                         digits, runs->count, folder);
}

static enum tfu_status choose_id(struct tfu_found *out, const char *digits, const char *state,
                                 const char *folder, const struct tfu_paths *runs,
                                 struct tfu_error *e)
{
    const char *found = NULL;
    for (size_t i = 0; i < runs->count; i++) {
        if (!begins_with(runs->item[i], digits))
            continue;
        if (found)
            return several(digits, folder, runs, e);
        found = runs->item[i];
    }
    return found ? add(out, found, state, found, e) : no_id(digits, folder, runs, e);
}

/* In `folder` and below; what has letters of a pattern in its name is no pattern here. */
static enum tfu_status list_below(struct tfu_paths *out, const char *folder, struct tfu_error *e)
{
    struct tfu_text pattern = TFU_TEXT_INIT;
    size_t folders;
    for (const char *c = folder; *c; c++) {
        if (strchr("*?[\\", *c))
            tfu_text_puts(&pattern, "\\");
        tfu_text_append(&pattern, c, 1);
    }
    tfu_text_puts(&pattern, "/**");
    *out = (struct tfu_paths){NULL, 0};
    const enum tfu_status st = pattern.failed ? tfu_error_memory(e, "looking for runs", 0)
                                              : list_runs(out, tfu_text_get(&pattern), &folders, e);
    tfu_text_free(&pattern);
    return st;
}

/* "3fa2" or "NAME/3fa2": NAME is a folder, or one in `folder`. */
static enum tfu_status find_id(struct tfu_found *out, const char *what, const char *state,
                               const char *folder, struct tfu_error *e)
{
    const char *digits = tfu_path_last(what);
    const size_t before = digits > what ? (size_t)(digits - what) - 1 : 0;
    char *given = strndup(what, before);
    char *in = given && before ? (is_folder(given) ? strdup(given) : tfu_path_join(folder, given))
                               : strdup(folder);
    struct tfu_paths runs = {NULL, 0};
    enum tfu_status st = given && in ? TFU_OK : tfu_error_memory(e, "looking for runs", 0);
    if (st == TFU_OK && !is_folder(in))
        st = tfu_error_set(e, TFU_ENOTFOUND,
                           "there is no '%s', and no folder '%s' in which a run could have an id "
                           "that begins with '%s'",
                           what, in, digits);
    if (st == TFU_OK)
        st = list_below(&runs, in, e);
    if (st == TFU_OK)
        st = choose_id(out, digits, state, in, &runs, e);
    tfu_paths_free(&runs);
    free(given);
    free(in);
    return st;
}

/* ---- all ways */

static enum tfu_status find(struct tfu_found *out, char *where, const char *what,
                            const char *folder, struct tfu_error *e)
{
    if (exists(what))
        return add(out, what, NULL, is_run(what) ? what : NULL, e);
    /* "RUN@best": the last name may have a state behind it */
    char *at = strrchr(where, '@');
    if (at && (strchr(at, '/') || tfu_pattern_is(at)))
        at = NULL;
    if (at)
        *at++ = '\0';
    if (exists(where))
        return add(out, what, NULL, is_run(where) ? where : NULL, e);
    if (tfu_pattern_is(where))
        return find_pattern(out, where, at, e);
    if (is_id(tfu_path_last(where)))
        return find_id(out, where, at, folder, e);
    return add(out, what, NULL, NULL, e);
}

enum tfu_status tfu_find(struct tfu_found *out, const char *what, const char *folder,
                         struct tfu_error *e)
{
    char *where = strdup(what);
    *out = (struct tfu_found){NULL, 0};
    const enum tfu_status st = where ? find(out, where, what, folder ? folder : TFU_FIND_FOLDER, e)
                                     : tfu_error_memory(e, "looking for runs", 0);
    free(where);
    if (st != TFU_OK)
        tfu_found_free(out);
    return st;
}
