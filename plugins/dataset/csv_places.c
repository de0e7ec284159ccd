/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* strdup(), fstatat(), O_DIRECTORY */
#include "csv_places.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, SEARCHES_MAX = 1000 };

/* Of image files; the first means "as it is". */
static const char *const endings[] = {"",      ".jpeg", ".jpg", ".png", ".dcm", ".tif",
                                      ".tiff", ".JPEG", ".JPG", ".PNG", ".DCM", ".TIF"};

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the places of images");
}

const char *csv_places_leaves(const char *path)
{
    if (path[0] == '\0')
        return "it is empty";
    if (path[0] == '/')
        return "it is no path below the root, but begins with a slash";
    if (strlen(path) > 1024)
        return "it is longer than 1024 bytes";
    for (const char *c = path; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return "it has a control character in it";
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return "it leads out of the root";
    }
    return NULL;
}

/* ---- patterns */

static enum tfu_status add_pattern(struct csv_places *p, const char *before, const char *after,
                                   const char *column, size_t field, struct tfu_dataset_host *h)
{
    if (p->patterns == p->room) {
        const size_t room = 2 * p->room + 8;
        struct csv_pattern *larger = realloc(p->pattern, room * sizeof *larger);
        if (!larger)
            return no_memory(h);
        p->pattern = larger;
        p->room = room;
    }
    struct csv_pattern *new = &p->pattern[p->patterns];
    *new = (struct csv_pattern){.before = strdup(before),
                                .after = strdup(after),
                                .column = column ? strdup(column) : NULL,
                                .field = field};
    p->patterns++;
    return new->before &&new->after && (!column || new->column) ? TFU_OK : no_memory(h);
}

/* A path in which no character is special to glob(). */
static void escape(const char *path, char *out, size_t room)
{
    size_t n = 0;
    for (; *path && n + 3 < room; path++) {
        if (strchr("\\*?[]", *path))
            out[n++] = '\\';
        out[n++] = *path;
    }
    out[n] = '\0';
}

/* A pattern for each folder that `before`, with stars, is. */
static enum tfu_status add_folders(struct csv_places *p, const char *before, const char *after,
                                   struct tfu_dataset_host *h)
{
    char path[PATH_ROOM];
    const char *root = p->settings->root;
    glob_t g;
    escape(root, path, sizeof path - strlen(before) - 2);
    const size_t n = strlen(path);
    snprintf(path + n, sizeof path - n, "/%s", before);
    const int code = glob(path, 0, NULL, &g);
    if (code == GLOB_NOMATCH)
        return TFU_OK;
    if (code != 0)
        return code == GLOB_NOSPACE ? no_memory(h)
                                    : h->fail(h, TFU_EIO, "cannot read the folders in '%s'", root);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < g.gl_pathc; i++) {
        struct stat s;
        if (stat(g.gl_pathv[i], &s) == 0 && S_ISDIR(s.st_mode))
            st = add_pattern(p, g.gl_pathv[i] + strlen(root) + 1, after, NULL, 0, h);
    }
    globfree(&g);
    return st;
}

static enum tfu_status bad_pattern(const char *pattern, const char *why, struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_EINVAL,
                   "pattern: '%s' %s; one is as \"train/{}.jpeg\", where {} stands for the image's "
                   "name and {Column} for another field",
                   pattern, why);
}

static enum tfu_status read_pattern(struct csv_places *p, const char *text,
                                    const struct csv_reader *r, struct tfu_dataset_host *h)
{
    char before[PATH_ROOM / 2], column[256] = "";
    size_t field = 0;
    const char *name = strstr(text, "{}");
    const size_t n = name ? (size_t)(name - text) : 0;
    if (!name || n + 1 > sizeof before)
        return bad_pattern(text, "has no {} in it", h);
    if (csv_places_leaves(text))
        return bad_pattern(text, csv_places_leaves(text), h);
    memcpy(before, text, n);
    before[n] = '\0';
    if (strpbrk(name + 2, "{}*"))
        return bad_pattern(text, "has braces or a star behind {}", h);
    const char *open = strchr(before, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!open)
        return strchr(before, '*') ? add_folders(p, before, name + 2, h)
                                   : add_pattern(p, before, name + 2, NULL, 0, h);
    if (!close || strpbrk(close + 1, "{}*") || memchr(before, '*', (size_t)(open - before)) ||
        (size_t)(close - open) > sizeof column)
        return bad_pattern(text, "is not understood", h);
    memcpy(column, open + 1, (size_t)(close - open) - 1);
    column[close - open - 1] = '\0';
    const enum tfu_status st = csv_reader_column(r, column, "pattern", &field, h);
    return st == TFU_OK ? add_pattern(p, before, name + 2, column, field, h) : st;
}

enum tfu_status csv_places_begin(struct csv_places *p, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h)
{
    *p = (struct csv_places){.settings = s,
                             .root = open(s->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (p->root < 0)
        return h->fail(h, TFU_EIO, "cannot read the folder '%s': %s", s->root, strerror(errno));
    if (strlen(s->root) > PATH_ROOM / 2 - 8)
        return h->fail(h, TFU_EINVAL, "root is longer than %d bytes", PATH_ROOM / 2 - 8);
    enum tfu_status st = TFU_OK;
    for (uint64_t i = 0; st == TFU_OK && i < s->pattern.count; i++)
        st = read_pattern(p, s->pattern.item[i], r, h);
    if (st == TFU_OK && p->patterns == 0)
        st = h->fail(h, TFU_ENOTFOUND, "pattern: there is no folder in '%s' that fits", s->root);
    return st;
}

enum tfu_status csv_places_row(struct csv_places *p, const struct csv_reader *r, uint32_t *folder,
                               struct tfu_dataset_host *h)
{
    *folder = 0;
    for (size_t i = 0; i < p->patterns; i++) {
        if (!p->pattern[i].column)
            continue;
        const char *text = csv_reader_trimmed(r, p->pattern[i].field);
        const char *why = csv_places_leaves(text);
        if (why)
            return h->fail(h, TFU_EINVAL, "%s:%lld: '%s' is '%.300s'; %s", r->path,
                           (long long)r->row, p->pattern[i].column, text, why);
        return csv_words_add(&p->folders, text, folder) ? TFU_OK : no_memory(h);
    }
    return TFU_OK;
}

/* ---- paths */

static const char *known_ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t k = 1; dot && k < TFU_COUNT(endings); k++)
        if (strcasecmp(dot, endings[k]) == 0)
            return dot;
    return NULL;
}

static const char *leave_out(const char *image, uint32_t folders)
{
    for (; folders; folders--)
        image = strchr(image, '/') + 1;
    return image;
}

static bool put(char *out, size_t room, const char *before, const char *image, uint32_t left_out,
                uint32_t ending, const char *after)
{
    const char *name = leave_out(image, left_out), *dot = ending ? known_ending(name) : NULL;
    const size_t length = dot ? (size_t)(dot - name) : strlen(name);
    const int n =
        snprintf(out, room, "%s%.*s%s%s", before, (int)length, name, endings[ending], after);
    return n >= 0 && (size_t)n < room;
}

/* What comes before the name, with the row's own folder in it. */
static void put_before(const struct csv_places *p, const struct csv_pattern *q, uint32_t folder,
                       char out[PATH_ROOM])
{
    const char *open = q->column ? strchr(q->before, '{') : NULL;
    if (!open)
        snprintf(out, PATH_ROOM, "%s", q->before);
    else
        snprintf(out, PATH_ROOM, "%.*s%s%s", (int)(open - q->before), q->before,
                 csv_words_get(&p->folders, folder), strchr(open, '}') + 1);
}

static bool is_file(const struct csv_places *p, const struct csv_try *t, const char *image,
                    uint32_t folder)
{
    char before[PATH_ROOM], path[PATH_ROOM];
    struct stat s;
    const struct csv_pattern *q = &p->pattern[t->pattern];
    put_before(p, q, folder, before);
    return put(path, sizeof path, before, image, t->left_out, t->ending, q->after) &&
           fstatat(p->root, path, &s, 0) == 0 && S_ISREG(s.st_mode);
}

static uint32_t slashes_of(const char *image)
{
    uint32_t n = 0;
    for (; *image; image++)
        n += *image == '/';
    return n;
}

static bool search(const struct csv_places *p, struct csv_try *t, const char *image,
                   uint32_t folder)
{
    const uint32_t slashes = slashes_of(image);
    for (t->pattern = 0; t->pattern < p->patterns; t->pattern++) {
        const uint32_t count = p->pattern[t->pattern].after[0] ? 1 : TFU_COUNT(endings);
        for (t->left_out = 0; t->left_out <= slashes; t->left_out++)
            for (t->ending = 0; t->ending < count; t->ending++)
                if (is_file(p, t, image, folder))
                    return true;
    }
    return false;
}

/* The number of a place, which is added when it is new. */
static bool number_place(struct csv_places *p, const struct csv_try *t, uint32_t folder,
                         uint32_t *place)
{
    char before[PATH_ROOM], key[PATH_ROOM + 64];
    const struct csv_pattern *q = &p->pattern[t->pattern];
    put_before(p, q, folder, before);
    snprintf(key, sizeof key, "%zu %u %u %s", t->pattern, t->left_out, t->ending, before);
    if (!csv_words_add(&p->keys, key, place))
        return false;
    if (*place < p->places)
        return true;
    if (p->places == p->place_room) {
        const size_t room = 2 * p->place_room + 16;
        struct csv_place *larger = realloc(p->place, room * sizeof *larger);
        if (!larger)
            return false;
        p->place = larger;
        p->place_room = room;
    }
    struct csv_place *new = &p->place[p->places++];
    *new = (struct csv_place){.left_out = t->left_out, .ending = t->ending, .after = q->after};
    return csv_words_add(&p->texts, before, &new->before);
}

enum tfu_status csv_places_find(struct csv_places *p, const char *image, uint32_t folder,
                                bool *found, uint32_t *place, struct tfu_dataset_host *h)
{
    struct csv_try t = p->last;
    *found = t.left_out <= slashes_of(image) && is_file(p, &t, image, folder);
    if (!*found && p->searches < SEARCHES_MAX) {
        *found = search(p, &t, image, folder);
        p->searches += !*found;
    }
    if (*found)
        p->last = t;
    else
        t = p->last;
    if (t.left_out > slashes_of(image))
        t = (struct csv_try){0};
    return number_place(p, &t, folder, place) ? TFU_OK : no_memory(h);
}

bool csv_places_path(const struct csv_places *p, const char *image, uint32_t place, char *out,
                     size_t room)
{
    const struct csv_place *q = &p->place[place];
    const int n = snprintf(out, room, "%s/", p->settings->root);
    return n >= 0 && (size_t)n < room &&
           put(out + n, room - (size_t)n, csv_words_get(&p->texts, q->before), image, q->left_out,
               q->ending, q->after);
}

void csv_places_end(struct csv_places *p)
{
    csv_words_free(&p->keys);
    csv_words_free(&p->folders);
    csv_words_finish(&p->texts);
    if (p->root >= 0)
        close(p->root);
    p->root = -1;
}

void csv_places_free(struct csv_places *p)
{
    if (p->settings)
        csv_places_end(p);
    for (size_t i = 0; i < p->patterns; i++) {
        free(p->pattern[i].before);
        free(p->pattern[i].after);
        free(p->pattern[i].column);
    }
    free(p->pattern);
    free(p->place);
    csv_words_free(&p->texts);
    *p = (struct csv_places){.root = -1};
}
