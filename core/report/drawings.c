/* SPDX-License-Identifier: MIT */
#include "core/report/drawings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
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

/* Those of the files `stem`.svg and so on that are there. */
static enum tfu_status take_files(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                  const char *stem, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_FIGURE_FILES; i++) {
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

static void remove_drawn(const char *folder, const char *stem)
{
    for (size_t i = 0; i < TFU_FIGURE_FILES; i++) {
        char path[PATH_MAX];
        if (put_ending(path, stem, i))
            unlink(path);
    }
    rmdir(folder);
}

static enum tfu_status draw_one(struct tfu_output_folder *o, struct tfu_report_picture *d,
                                const struct tfu_report_figure *f, struct tfu_error *missing,
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
    enum tfu_status st = tfu_figure_write(f->figure, stem, &own);
    if (st == TFU_ENOTFOUND) {
        *missing = own;
        st = TFU_OK;
    } else if (st != TFU_OK) {
        *e = own;
    }
    if (st == TFU_OK)
        st = take_files(o, d, stem, e);
    remove_drawn(folder, stem);
    return st;
}

static enum tfu_status bring(struct tfu_output_folder *o, struct tfu_report_picture *d,
                             const struct tfu_report_figure *f, struct tfu_error *missing,
                             struct tfu_error *e)
{
    struct tfu_text base = TFU_TEXT_INIT;
    if (f->hole)
        return TFU_OK;
    tfu_text_puts(&base, "figures/");
    tfu_report_put_name(&base, f->name);
    /* a script names the table beside it: what an analysis called its files they stay called */
    if (!f->figure && f->stem)
        tfu_text_printf(&base, "/%s", tfu_path_last(f->stem));
    d->base = base.failed ? NULL : tfu_arena_strdup(&o->arena, base.data);
    tfu_text_free(&base);
    if (!d->base)
        return out_of_memory(e);
    enum tfu_status st = TFU_OK;
    if (f->figure)
        st = draw_one(o, d, f, missing, e);
    else if (f->stem)
        st = take_files(o, d, f->stem, e);
    return st == TFU_OK ? put_caption(o, d, f, e) : st;
}

enum tfu_status tfu_report_draw(struct tfu_report_picture **out, struct tfu_output_folder *o,
                                const struct tfu_report *r, struct tfu_error *e)
{
    struct tfu_error missing = TFU_ERROR_INIT;
    enum tfu_status st = TFU_OK;
    *out = tfu_arena_array(&o->arena, r->blocks + 1, sizeof **out);
    if (!*out)
        return out_of_memory(e);
    for (size_t i = 0; st == TFU_OK && i < r->blocks; i++)
        if (r->block[i].kind == TFU_REPORT_FIGURE)
            st = bring(o, &(*out)[i], r->block[i].figure, &missing, e);
    if (st == TFU_OK && missing.status != TFU_OK) {
        *e = missing;
        st = missing.status;
    }
    return st;
}
