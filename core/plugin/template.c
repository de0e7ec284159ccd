/* SPDX-License-Identifier: MIT */
#include "core/plugin/template.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/plugin/registry.h"

enum { MAX_FILE = 1 << 20, MAX_NAME = 64 };

static bool name_valid(const char *name)
{
    if (!islower((unsigned char)name[0]))
        return false;
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return strlen(name) <= MAX_NAME;
}

/* What stands for the new plugin's name and kind in the templates. */
struct plugin_words {
    const char *name, *kind;
};

/* Appends `text` with the placeholders replaced. */
static void replace(struct tfu_text *out, const char *text, const struct plugin_words *words)
{
    static const char name[] = "@NAME@", kind[] = "@KIND@";
    for (const char *at; (at = strchr(text, '@'));) {
        tfu_text_append(out, text, (size_t)(at - text));
        if (strncmp(at, name, strlen(name)) == 0) {
            tfu_text_puts(out, words->name);
            text = at + strlen(name);
        } else if (strncmp(at, kind, strlen(kind)) == 0) {
            tfu_text_puts(out, words->kind);
            text = at + strlen(kind);
        } else {
            tfu_text_append(out, at, 1);
            text = at + 1;
        }
    }
    tfu_text_puts(out, text);
}

static enum tfu_status read_file(const char *path, struct tfu_text *out, struct tfu_error *e)
{
    FILE *f = fopen(path, "r");
    if (!f)
        return tfu_error_errno(e, errno, "cannot open", path);
    char piece[4096];
    size_t n;
    while (out->length <= MAX_FILE && (n = fread(piece, 1, sizeof piece, f)) > 0)
        tfu_text_append(out, piece, n);
    const int failed = ferror(f) ? errno : 0;
    fclose(f);
    if (failed)
        return tfu_error_errno(e, failed, "cannot read", path);
    if (out->length > MAX_FILE || strlen(tfu_text_get(out)) != out->length)
        return tfu_error_set(e, TFU_EINVAL, "the template '%s' is no text of at most %d bytes",
                             path, MAX_FILE);
    return out->failed ? tfu_error_memory(e, "reading a template", 0) : TFU_OK;
}

static enum tfu_status write_file(const char *path, const char *text, struct tfu_error *e)
{
    FILE *f = fopen(path, "wx");
    if (!f)
        return tfu_error_errno(e, errno, "cannot make", path);
    const bool failed = fputs(text, f) < 0;
    if (fclose(f) != 0 || failed)
        return tfu_error_errno(e, errno, "cannot write", path);
    return TFU_OK;
}

static enum tfu_status copy_file(const char *from_folder, const char *to_folder, const char *file,
                                 const struct plugin_words *words, struct tfu_error *e)
{
    struct tfu_text from = TFU_TEXT_INIT, to = TFU_TEXT_INIT;
    struct tfu_text in = TFU_TEXT_INIT, out = TFU_TEXT_INIT;
    tfu_text_printf(&from, "%s/%s", from_folder, file);
    tfu_text_printf(&to, "%s/", to_folder);
    replace(&to, file, words);
    enum tfu_status st = from.failed || to.failed ? tfu_error_memory(e, "reading a template", 0)
                                                  : read_file(from.data, &in, e);
    if (st == TFU_OK) {
        replace(&out, tfu_text_get(&in), words);
        st = out.failed ? tfu_error_memory(e, "reading a template", 0)
                        : write_file(to.data, tfu_text_get(&out), e);
    }
    tfu_text_free(&from);
    tfu_text_free(&to);
    tfu_text_free(&in);
    tfu_text_free(&out);
    return st;
}

/* Takes away what a failed copy has made. */
static void remove_folder(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *f; d && (f = readdir(d));)
        if (f->d_name[0] != '.')
            unlinkat(dirfd(d), f->d_name, 0);
    if (d)
        closedir(d);
    rmdir(folder);
}

/* Every file of <templates>/<part>/. */
static enum tfu_status copy_files(const char *templates, const char *part, const char *to,
                                  const struct plugin_words *words, struct tfu_error *e)
{
    struct tfu_text from = TFU_TEXT_INIT;
    tfu_text_printf(&from, "%s/%s", templates, part);
    if (from.failed) {
        tfu_text_free(&from);
        return tfu_error_memory(e, "reading a template", 0);
    }
    enum tfu_status st = TFU_OK;
    DIR *d = opendir(from.data);
    if (!d)
        st = tfu_error_set(e, TFU_ENOTFOUND,
                           "cannot open the templates '%s': %s; name the folder that holds '%s' in "
                           "$TRANSFUSE_TEMPLATES",
                           from.data, strerror(errno), part);
    for (struct dirent *f; st == TFU_OK && (f = readdir(d));)
        if (f->d_name[0] != '.')
            st = copy_file(from.data, to, f->d_name, words, e);
    if (d)
        closedir(d);
    tfu_text_free(&from);
    return st;
}

enum tfu_status tfu_template_copy(const char *templates, int kind, const char *name, const char *to,
                                  struct tfu_error *e)
{
    if (!name_valid(name))
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' is no name for a plugin; names are [a-z][a-z0-9_]*, at most %d "
                             "characters",
                             name, MAX_NAME);
    if (mkdir(to, 0777) != 0)
        return errno == EEXIST ? tfu_error_set(e, TFU_EIO,
                                               "'%s' exists already; choose another name or "
                                               "--output",
                                               to)
                               : tfu_error_errno(e, errno, "cannot make the folder", to);
    const struct plugin_words words = {name, tfu_kind_name(kind)};
    enum tfu_status st = copy_files(templates, "common", to, &words, e);
    if (st == TFU_OK)
        st = copy_files(templates, words.kind, to, &words, e);
    if (st != TFU_OK)
        remove_folder(to);
    return st;
}
