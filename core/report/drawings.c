/* SPDX-License-Identifier: MIT */
#include "core/report/drawings.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/io/atomic_file.h"
#include "core/io/mapped_file.h"

static enum tfu_status out_of_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing the figures of a report", 0);
}

static bool put_ending(char path[PATH_MAX], const char *stem, size_t i)
{
    const int n = snprintf(path, PATH_MAX, "%s.%s", stem, tfu_figure_endings[i].ending);
    return n > 0 && n < PATH_MAX;
}

static enum tfu_status put_one(struct tfu_output_folder *o, struct tfu_report_picture *d, size_t i,
                               const void *bytes, size_t n, struct tfu_error *e)
{
    char name[PATH_MAX];
    if (!put_ending(name, d->base, i))
        return tfu_error_set(e, TFU_EIO, "the name of the figure '%s' is too long", d->base);
    const enum tfu_status st = tfu_output_folder_put(o, name, bytes, n, e);
    d->has[i] = st == TFU_OK;
    if (st != TFU_OK || i != TFU_FIGURE_SVG)
        return st;
    d->svg = tfu_arena_strndup(&o->arena, bytes, n);
    d->svg_length = n;
    return d->svg ? TFU_OK : out_of_memory(e);
}

/* Those of the files `stem`.svg and so on that are there, of the first of the endings. */
static enum tfu_status take_files(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                  const char *stem, size_t endings, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < endings; i++) {
        char path[PATH_MAX];
        struct tfu_mapped_file file;
        if (!put_ending(path, stem, i) || access(path, F_OK) != 0)
            continue;
        st = tfu_mapped_file_open(&file, path, e);
        if (st == TFU_OK) {
            st = put_one(o, d, i, file.bytes, file.size, e);
            tfu_mapped_file_close(&file);
        }
    }
    return st;
}

static enum tfu_status put_caption(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                   const struct tfu_report_figure *f, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (d->has[TFU_FIGURE_TXT] || !f->caption)
        return TFU_OK;
    tfu_text_printf(&text, "%s\n", f->caption);
    const enum tfu_status st =
        text.failed ? out_of_memory(e) : put_one(o, d, TFU_FIGURE_TXT, text.data, text.length, e);
    tfu_text_free(&text);
    return st;
}

/* ---- drawn in a folder of their own, then brought to their place */

/* Whatever is in it: a figure has files that a report does not take. */
static void remove_drawn(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' || entry->d_name[1])
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

/* ---- pictures of an earlier report, where there is no gnuplot */

/* Has the folder this file, as it is to be now? */
static bool is_as_before(const char *stem_before, const char *stem, size_t i)
{
    char before[PATH_MAX], now[PATH_MAX];
    struct tfu_mapped_file a, b;
    if (!put_ending(before, stem_before, i) || !put_ending(now, stem, i) ||
        tfu_mapped_file_open(&a, before, NULL) != TFU_OK)
        return false;
    bool same = tfu_mapped_file_open(&b, now, NULL) == TFU_OK;
    if (same) {
        same = a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
        tfu_mapped_file_close(&b);
    }
    tfu_mapped_file_close(&a);
    return same;
}

/* Those of the same numbers, drawn by the same script, stay. False: there are none. */
static enum tfu_status keep_pictures(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                     const char *stem, bool *kept, struct tfu_error *e)
{
    char before[PATH_MAX], path[PATH_MAX];
    *kept = false;
    if (!tfu_path_put(before, o->folder, d->base) || !is_as_before(before, stem, TFU_FIGURE_CSV) ||
        !is_as_before(before, stem, TFU_FIGURE_GP) || !put_ending(path, before, TFU_FIGURE_SVG) ||
        access(path, F_OK) != 0)
        return TFU_OK;
    *kept = true;
    return take_files(o, d, before, TFU_FIGURE_PICTURES, e);
}

/* Of a figure of pictures that an analysis made: they lie beside its own files. */
static enum tfu_status bring_images(const struct tfu_report_figure *f, const char *folder,
                                    struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    const char *beside = f->stem ? tfu_path_last(f->stem) : NULL;
    for (size_t i = 0; st == TFU_OK && beside && i < f->figure->panel_count; i++) {
        const char *name = f->figure->panel[i].image.file;
        char from[PATH_MAX], to[PATH_MAX];
        struct tfu_mapped_file file;
        if (!name || strchr(name, '/'))
            continue;
        const int n = snprintf(from, sizeof from, "%.*s%s", (int)(beside - f->stem), f->stem, name);
        if (n < 0 || n >= (int)sizeof from || !tfu_path_put(to, folder, name))
            return tfu_error_set(e, TFU_EIO, "the name of the picture '%s' is too long", name);
        st = tfu_mapped_file_open(&file, from, e);
        if (st == TFU_OK) {
            st = tfu_atomic_write_file(to, file.bytes, file.size, e);
            tfu_mapped_file_close(&file);
        }
    }
    return st;
}

static enum tfu_status draw_one(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                const struct tfu_report_figure *f, size_t *missing,
                                struct tfu_error *e)
{
    char folder[PATH_MAX], stem[PATH_MAX];
    const char *place = getenv("TMPDIR");
    if (!tfu_path_put(folder, place && place[0] ? place : "/tmp", "transfuse-drawing-XXXXXX") ||
        !mkdtemp(folder))
        return tfu_error_set(e, TFU_EIO, "cannot make a folder in '%s' to draw in",
                             place && place[0] ? place : "/tmp");
    if (!tfu_path_put(stem, folder, tfu_path_last(d->base))) {
        rmdir(folder);
        return tfu_error_set(e, TFU_EIO, "the name of the figure '%s' is too long", d->base);
    }
    struct tfu_error own = TFU_ERROR_INIT;
    enum tfu_status st = bring_images(f, folder, &own);
    if (st == TFU_OK)
        st = tfu_figure_write(f->figure, stem, &own);
    const bool undrawn = st == TFU_ENOTFOUND;
    bool kept = false;
    if (undrawn)
        st = keep_pictures(o, d, stem, &kept, e);
    else if (st != TFU_OK)
        *e = own;
    if (undrawn && !kept)
        (*missing)++;
    if (st == TFU_OK)
        st = take_files(o, d, stem, TFU_FIGURE_FILES, e);
    remove_drawn(folder);
    return st;
}

static enum tfu_status bring(struct tfu_output_folder *o, struct tfu_report_picture *d,
                             const struct tfu_report_figure *f, size_t *missing,
                             struct tfu_error *e)
{
    struct tfu_text base = TFU_TEXT_INIT;
    if (f->hole)
        return TFU_OK;
    tfu_text_puts(&base, "figures/");
    tfu_report_put_name(&base, f->name);
    /* a script names the table beside it: what an analysis called its files they stay called */
    if (f->stem)
        tfu_text_printf(&base, "/%s", tfu_path_last(f->stem));
    d->base = base.failed ? NULL : tfu_arena_strdup(&o->arena, base.data);
    tfu_text_free(&base);
    if (!d->base)
        return out_of_memory(e);
    enum tfu_status st = TFU_OK;
    if (f->figure)
        st = draw_one(o, d, f, missing, e);
    else if (f->stem)
        st = take_files(o, d, f->stem, TFU_FIGURE_FILES, e);
    return st == TFU_OK ? put_caption(o, d, f, e) : st;
}

/* Figures without pictures. */
static enum tfu_status say_missing(const struct tfu_output_folder *o,
                                   const struct tfu_report_picture *d, const struct tfu_report *r,
                                   struct tfu_error *e)
{
    struct tfu_text names = TFU_TEXT_INIT;
    for (size_t i = 0; i < r->blocks; i++)
        if (r->block[i].kind == TFU_REPORT_FIGURE && r->block[i].figure->figure && d[i].base &&
            !d[i].svg)
            tfu_text_printf(&names, "%s'%s.gp'", names.length ? ", " : "",
                            tfu_path_last(d[i].base));
    const enum tfu_status st =
        names.failed ? out_of_memory(e)
                     : tfu_error_set(e, TFU_ENOTFOUND,
                                     "gnuplot was not found, so what is in '%s/figures' is not "
                                     "drawn: %s; install gnuplot-nox, and write the report again",
                                     o->folder, tfu_text_get(&names));
    tfu_text_free(&names);
    return st;
}

enum tfu_status tfu_report_draw(struct tfu_report_picture **out, struct tfu_output_folder *o,
                                const struct tfu_report *r, const struct tfu_report_writing *w,
                                struct tfu_error *e)
{
    size_t missing = 0;
    enum tfu_status st = TFU_OK;
    *out = tfu_arena_array(&o->arena, r->blocks + 1, sizeof **out);
    if (!*out)
        return out_of_memory(e);
    for (size_t i = 0; st == TFU_OK && i < r->blocks; i++) {
        if (r->block[i].kind != TFU_REPORT_FIGURE)
            continue;
        if (w->interrupted && w->interrupted(w->arg))
            st = tfu_error_set(e, TFU_EINTERRUPTED, "interrupted; the folder is as it was");
        else
            st = bring(o, &(*out)[i], r->block[i].figure, &missing, e);
    }
    return st == TFU_OK && missing > 0 ? say_missing(o, *out, r, e) : st;
}
