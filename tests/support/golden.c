/* SPDX-License-Identifier: MIT */
#include "tests/support/golden.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void golden_read(const char *path, char *text, size_t size)
{
    FILE *f = fopen(path, "r");
    text[f ? fread(text, 1, size - 1, f) : 0] = '\0';
    if (f)
        fclose(f);
}

void golden_beside(const char *path, const char *ending, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.*s.%s", (int)(strlen(path) - strlen(".yaml")), path, ending);
}

void golden_read_overrides(const char *path, struct golden_overrides *o)
{
    char name[PATH_MAX];
    golden_beside(path, "args", name);
    golden_read(name, o->text, sizeof o->text);
    o->count = 0;
    for (char *line = o->text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        o->item[o->count++] = line;
    }
}

void golden_hide(struct tfu_text *text, const char *folder, const char *word)
{
    struct tfu_text out = TFU_TEXT_INIT;
    const char *s = tfu_text_get(text);
    for (const char *found; (found = strstr(s, folder)); s = found + strlen(folder)) {
        tfu_text_append(&out, s, (size_t)(found - s));
        tfu_text_puts(&out, word);
    }
    tfu_text_puts(&out, s);
    tfu_text_free(text);
    *text = out;
}

static void put_path(const struct golden_folder *f, char path[PATH_MAX])
{
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, PATH_MAX, "%s/%s", top ? top : ".", f->path);
}

static int is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

void golden_list(struct golden_folder *f)
{
    char path[PATH_MAX];
    struct dirent **entry;
    put_path(f, path);
    f->count = scandir(path, &entry, is_yaml, alphasort);
    if (f->count <= 0 || f->count > GOLDEN_FILES) {
        fprintf(stderr, "no cases in %s: set TOP_SRCDIR to the source folder\n", path);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < f->count; i++) {
        snprintf(f->item[i], sizeof f->item[i], "%s", entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
}

void golden_enter(const struct golden_folder *f)
{
    char path[PATH_MAX];
    put_path(f, path);
    ck_assert_int_eq(chdir(path), 0);
}
