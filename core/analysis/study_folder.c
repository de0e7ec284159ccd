/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/io/mapped_file.h"
#include "core/result/result_files.h"
#include "core/result/result_json.h"

static enum tfu_status write_text(const char *folder, const struct tfu_result *r,
                                  const char *ending, const struct tfu_text *text,
                                  struct tfu_error *e)
{
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_printf(&name, "%s%s", r->stem, ending);
    char *path = name.failed ? NULL : tfu_path_join(folder, tfu_text_get(&name));
    const enum tfu_status st =
        path ? tfu_atomic_write_file(path, tfu_text_get(text), text->length, e)
             : tfu_error_memory(e, "writing down results", 0);
    free(path);
    tfu_text_free(&name);
    return st;
}

/* The JSON is written last: a folder that has it is complete. */
static enum tfu_status remove_json(const char *folder, const struct tfu_result *r,
                                   struct tfu_error *e)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s/%s.json", folder, r->stem);
    enum tfu_status st = TFU_OK;
    if (path.failed)
        st = tfu_error_memory(e, "writing down results", 0);
    else if (unlink(tfu_text_get(&path)) != 0 && errno != ENOENT && errno != ENOTDIR)
        st = tfu_error_errno(e, errno, "cannot replace", tfu_text_get(&path));
    tfu_text_free(&path);
    return st;
}

/* What was asked, beside what it came to. */
#define ASKED ".asked.yaml"

static enum tfu_status write_asked(const char *folder, const struct tfu_result *r,
                                   const struct tfu_study_file *f,
                                   const struct tfu_study_item *item, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_study_file_print_item(f, item, &text, e);
    if (st == TFU_OK)
        st = write_text(folder, r, ASKED, &text, e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status write_all(const char *folder, const struct tfu_study_file *f,
                                 const struct tfu_study_item *item, const struct tfu_result *r,
                                 const struct tfu_text *text, struct tfu_log *log,
                                 struct tfu_error *e)
{
    struct tfu_text json = TFU_TEXT_INIT;
    enum tfu_status st = remove_json(folder, r, e);
    if (st == TFU_OK)
        st = tfu_result_write(r, folder, log, NULL, e);
    if (st == TFU_OK && text->length)
        st = write_text(folder, r, ".txt", text, e);
    if (st == TFU_OK)
        st = write_asked(folder, r, f, item, e);
    if (st == TFU_OK)
        st = tfu_result_json(r, &json, e);
    if (st == TFU_OK)
        st = write_text(folder, r, ".json", &json, e);
    tfu_text_free(&json);
    return st;
}

enum tfu_status tfu_study_write_result(const struct tfu_study_file *f,
                                       const struct tfu_study_item *item,
                                       const struct tfu_result *r, const struct tfu_text *text,
                                       struct tfu_log *log, struct tfu_error *e)
{
    char *folder = tfu_path_join(f->output, item->name);
    const enum tfu_status st = folder ? write_all(folder, f, item, r, text, log, e)
                                      : tfu_error_memory(e, "writing down results", 0);
    free(folder);
    return st;
}

/* Is the text in "<stem>.asked.yaml"? */
static bool was_asked(const char *stem, const struct tfu_text *text)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s%s", stem, ASKED);
    const bool same = !path.failed &&
                      tfu_mapped_file_holds(tfu_text_get(&path), tfu_text_get(text), text->length);
    tfu_text_free(&path);
    return same;
}

enum tfu_status tfu_study_find_result(char **stem, bool *other, const struct tfu_study_file *f,
                                      const struct tfu_study_item *item, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    *stem = NULL;
    *other = false;
    enum tfu_status st = tfu_study_file_print_item(f, item, &text, e);
    char *folder = tfu_path_join(f->output, item->name);
    if (st == TFU_OK && !folder)
        st = tfu_error_memory(e, "looking for results", 0);
    DIR *dir = st == TFU_OK ? opendir(folder) : NULL;
    for (const struct dirent *d; dir && !*stem && (d = readdir(dir));) {
        const size_t n = strlen(d->d_name);
        if (n <= 5 || d->d_name[0] == '.' || strcmp(d->d_name + n - 5, ".json") != 0)
            continue;
        char *found = tfu_path_join(folder, d->d_name);
        if (!found) {
            st = tfu_error_memory(e, "looking for results", 0);
            break;
        }
        found[strlen(found) - 5] = '\0';
        if (was_asked(found, &text))
            *stem = found;
        else
            free(found);
        *other |= !*stem;
    }
    if (dir)
        closedir(dir);
    free(folder);
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_study_write_resolved(const struct tfu_study_file *f, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_study_file_print(f, NULL, &text, e);
    char *path = tfu_path_join(f->output, "study.yaml");
    if (st == TFU_OK && !path)
        st = tfu_error_memory(e, "writing down results", 0);
    if (st == TFU_OK)
        st = tfu_folder_make(f->output, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, tfu_text_get(&text), text.length, e);
    free(path);
    tfu_text_free(&text);
    return st;
}
