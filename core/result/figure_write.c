/* SPDX-License-Identifier: MIT */
#include "core/result/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/io/atomic_file.h"
#include "core/result/figure_table.h"
#include "core/result/gnuplot.h"
#include "core/result/label.h"
#include "core/result/pdf_date.h"
#include "core/result/script.h"

static const char *const drawing[] = {"svg", "png", "pdf"};

static enum tfu_status write_beside(const char *stem, const char *extension, const void *bytes,
                                    size_t n, struct tfu_error *e)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s.%s", stem, extension);
    const enum tfu_status st = path.failed ? tfu_error_memory(e, "writing a figure", 0)
                                           : tfu_atomic_write_file(path.data, bytes, n, e);
    tfu_text_free(&path);
    return st;
}

static enum tfu_status write_table(const struct tfu_figure *f, const char *stem,
                                   struct tfu_error *e)
{
    struct tfu_text table = TFU_TEXT_INIT;
    enum tfu_status st = tfu_figure_table_text(&table, f, e);
    if (st == TFU_OK)
        st = write_beside(stem, "csv", tfu_text_get(&table), table.length, e);
    tfu_text_free(&table);
    return st;
}

static enum tfu_status write_script(const struct tfu_figure *f, const char *stem, const char *name,
                                    struct tfu_error *e)
{
    struct tfu_layout layout;
    struct tfu_text script = TFU_TEXT_INIT;
    enum tfu_status st = tfu_layout_make(&layout, f, e);
    if (st == TFU_OK) {
        tfu_figure_script(&script, f, &layout, name);
        st = script.failed ? tfu_error_memory(e, "the script of a figure", 0)
                           : write_beside(stem, "gp", script.data, script.length, e);
    }
    tfu_text_free(&script);
    tfu_layout_free(&layout);
    return st;
}

static void remove_beside(const char *stem, const char *extension)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s.%s", stem, extension);
    if (!path.failed)
        unlink(path.data);
    tfu_text_free(&path);
}

/* In one line, which whoever sets a page breaks as it likes. One of an older figure goes. */
static enum tfu_status write_caption(const struct tfu_figure *f, const char *stem,
                                     struct tfu_error *e)
{
    if (!tfu_figure_said(f->caption)) {
        remove_beside(stem, "caption.txt");
        return TFU_OK;
    }
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_label_clean(&text, f->caption, SIZE_MAX);
    tfu_text_puts(&text, "\n");
    const enum tfu_status st = text.failed
                                   ? tfu_error_memory(e, "the caption of a figure", 0)
                                   : write_beside(stem, "caption.txt", text.data, text.length, e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status fix_date(const char *stem, struct tfu_error *e)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s.pdf", stem);
    const enum tfu_status st =
        path.failed ? tfu_error_memory(e, "drawing a figure", 0) : tfu_pdf_fix_date(path.data, e);
    tfu_text_free(&path);
    return st;
}

static enum tfu_status draw(const char *stem, const char *name, struct tfu_error *e)
{
    struct tfu_text folder = TFU_TEXT_INIT, script = TFU_TEXT_INIT;
    if (name > stem)
        tfu_text_append(&folder, stem, (size_t)(name - stem));
    else
        tfu_text_puts(&folder, ".");
    tfu_text_printf(&script, "./%s.gp", name);
    enum tfu_status st = folder.failed || script.failed
                             ? tfu_error_memory(e, "drawing a figure", 0)
                             : tfu_gnuplot_run(folder.data, script.data, e);
    if (st == TFU_OK)
        st = fix_date(stem, e);
    /* half of a drawing, or one of older numbers, is none of these */
    for (size_t i = 0; st != TFU_OK && i < TFU_COUNT(drawing); i++)
        remove_beside(stem, drawing[i]);
    tfu_text_free(&folder);
    tfu_text_free(&script);
    return st;
}

enum tfu_status tfu_figure_write(const struct tfu_figure *f, const char *stem, struct tfu_error *e)
{
    const char *slash = strrchr(stem, '/');
    const char *name = slash ? slash + 1 : stem;
    enum tfu_status st = write_table(f, stem, e);
    if (st == TFU_OK)
        st = write_caption(f, stem, e);
    if (st == TFU_OK)
        st = write_script(f, stem, name, e);
    if (st == TFU_OK)
        st = draw(stem, name, e);
    return st;
}
