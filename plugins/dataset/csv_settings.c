/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* strdup(), strndup() */
#include "csv_settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void csv_list_text(const struct tfu_string_list *list, char *out, size_t room)
{
    size_t n = 0;
    out[0] = '\0';
    for (uint64_t i = 0; i < list->count && n < room; i++) {
        const int more = snprintf(out + n, room - n, "%s%s", i ? ", " : "", list->item[i]);
        n += more < 0 ? room : (size_t)more;
    }
}

/* `none` is for what a preset has and is not wanted. */
static const char *text_of(const char *option, const char *preset)
{
    const char *text = option[0] ? option : preset;
    return text && text[0] && strcmp(text, "none") != 0 ? text : NULL;
}

static struct tfu_string_list list_of(const struct tfu_string_list *option,
                                      const struct tfu_string_list *preset)
{
    struct tfu_string_list list = option->count ? *option : *preset;
    if (list.count == 1 && strcmp(list.item[0], "none") == 0)
        list.count = 0;
    return list;
}

/* ---- the table's file */

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the dataset csv_images");
}

static bool is_there(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}

static enum tfu_status look_for(struct csv_settings *s, const char *name,
                                struct tfu_dataset_host *h)
{
    static const char *const endings[] = {"", ".gz", ".zip"};
    const size_t room = strlen(s->root) + strlen(name) + 8;
    char *path = malloc(room);
    if (!path)
        return no_memory(h);
    for (size_t k = 0; k < TFU_COUNT(endings); k++) {
        snprintf(path, room, "%s/%s%s", s->root, name, endings[k]);
        if (is_there(path)) {
            s->table = path;
            return TFU_OK;
        }
    }
    free(path);
    return TFU_OK;
}

static enum tfu_status find_table(struct csv_settings *s, struct tfu_dataset_host *h)
{
    const struct tfu_string_list *names = &s->preset->part[s->config->part].table;
    if (!names->count)
        return h->fail(h, TFU_EINVAL, "table is missing: the file with a line for each image");
    for (uint64_t i = 0; i < names->count && !s->table; i++) {
        const enum tfu_status st = look_for(s, names->item[i], h);
        if (st != TFU_OK)
            return st;
    }
    if (s->table)
        return TFU_OK;
    char text[400];
    csv_list_text(names, text, sizeof text);
    return h->fail(h, TFU_ENOTFOUND,
                   "'%s' has no table %s%s (also not with .gz or .zip); it holds %s. Put it there, "
                   "or say by `table` where it is",
                   s->root, names->count > 1 ? "of these names: " : "", text, s->preset->holds);
}

/* The folder that a file lies in. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static enum tfu_status find_files(struct csv_settings *s, struct tfu_dataset_host *h)
{
    const struct csv_config *c = s->config;
    struct stat about;
    if (!c->root[0] && !c->table[0])
        return h->fail(h, TFU_EINVAL, "root is missing: the folder of the images%s",
                       s->preset->holds ? " and the table"
                                        : "; and table, the file that lists them");
    s->root = c->root[0] ? strdup(c->root) : folder_of(c->table);
    if (!s->root)
        return no_memory(h);
    if (stat(s->root, &about) != 0 || !S_ISDIR(about.st_mode))
        return h->fail(h, TFU_ENOTFOUND, "root: there is no folder '%s'", s->root);
    if (!c->table[0])
        return find_table(s, h);
    s->table = strdup(c->table);
    return s->table ? TFU_OK : no_memory(h);
}

static enum tfu_status read_delimiter(struct csv_settings *s, struct tfu_dataset_host *h)
{
    const char *d = s->config->delimiter;
    s->delimiter = strcmp(d, "\\t") == 0 || strcmp(d, "tab") == 0 ? '\t' : d[0];
    if (s->delimiter != '\t' && (strlen(d) != 1 || strchr("\"\r\n", d[0])))
        return h->fail(h, TFU_EINVAL,
                       "delimiter: '%s' is not one character that may stand between fields; write "
                       "\",\", \";\" or tab",
                       d);
    return TFU_OK;
}

enum tfu_status csv_settings_make(struct csv_settings *s, const struct csv_config *c,
                                  struct tfu_dataset_host *h)
{
    const struct csv_preset *p = csv_preset_get(c->preset);
    *s = (struct csv_settings){
        .config = c,
        .preset = p,
        .image = text_of(c->image, p->image),
        .label_list = text_of(c->label_list, p->label_list),
        .group = text_of(c->group, p->group),
        .sex = text_of(c->sex, p->sex),
        .age = text_of(c->age, p->age),
        .pattern = list_of(&c->pattern, &p->part[c->part].pattern),
        .where = list_of(&c->where, &p->where),
        .labels = list_of(&c->labels, &p->labels),
        .values = list_of(&c->values, &p->values),
        .view = list_of(&c->view, &p->view),
        .boxes = list_of(&c->boxes, &p->boxes),
        .kind = c->kind != CSV_AUTO ? c->kind : p->kind,
        .rows = c->rows != CSV_ROWS_AUTO ? c->rows : p->rows,
    };
    /* values of a preset are for its own labels */
    if (c->labels.count && !c->values.count)
        s->values.count = 0;
    if (s->rows == CSV_ROWS_AUTO)
        s->rows = CSV_ROWS_ONE;
    enum tfu_status st = read_delimiter(s, h);
    if (st == TFU_OK && !s->image)
        st = h->fail(h, TFU_EINVAL,
                     "image is missing: the column with the images' names (or take a preset)");
    if (st == TFU_OK)
        st = find_files(s, h);
    if (st != TFU_OK)
        csv_settings_free(s);
    return st;
}

void csv_settings_free(struct csv_settings *s)
{
    free(s->root);
    free(s->table);
    s->root = s->table = NULL;
}
