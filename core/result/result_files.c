/* SPDX-License-Identifier: MIT */
#include "core/result/result_files.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/path.h"
#include "core/io/csv.h"
#include "core/io/folder.h"
#include "core/io/npz.h"

/* "<folder>/<stem><ending>", to be freed. */
static enum tfu_status make_path(char **out, const struct tfu_result *r, const char *folder,
                                 const char *ending, struct tfu_error *e)
{
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_printf(&name, "%s%s", r->stem, ending);
    *out = name.failed ? NULL : tfu_path_join(folder, tfu_text_get(&name));
    tfu_text_free(&name);
    return *out ? TFU_OK : tfu_error_memory(e, "writing down results", 0);
}

/* ---- tables */

static void put_cell(struct tfu_csv *csv, const struct tfu_cell *c)
{
    if (c->kind == TFU_CELL_WHOLE)
        tfu_csv_int(csv, c->whole);
    else if (c->kind == TFU_CELL_NUMBER)
        tfu_csv_number(csv, c->number, 17);
    else
        tfu_csv_text(csv, c->kind == TFU_CELL_TEXT ? c->text : "");
}

static void put_table(struct tfu_csv *csv, const struct tfu_result_table *t)
{
    for (size_t k = 0; k < t->columns; k++)
        tfu_csv_text(csv, t->column[k].name);
    tfu_csv_end_line(csv);
    for (size_t i = 0; i < t->count; i++) {
        put_cell(csv, &t->cell[i]);
        if ((i + 1) % t->columns == 0)
            tfu_csv_end_line(csv);
    }
}

static enum tfu_status write_table(const struct tfu_result *r, const char *folder,
                                   const struct tfu_result_table *t, struct tfu_error *e)
{
    struct tfu_text ending = TFU_TEXT_INIT;
    char *path = NULL;
    tfu_text_printf(&ending, "-%s.csv", t->name);
    enum tfu_status st = ending.failed ? tfu_error_memory(e, "writing down results", 0)
                                       : make_path(&path, r, folder, tfu_text_get(&ending), e);
    tfu_text_free(&ending);
    if (st != TFU_OK)
        return st;
    struct tfu_csv csv = {.file = fopen(path, "we")};
    if (!csv.file) {
        st = tfu_error_errno(e, errno, "cannot create", path);
    } else {
        put_table(&csv, t);
        const bool failed = ferror(csv.file) != 0;
        if (fclose(csv.file) != 0 || failed)
            st = tfu_error_errno(e, errno, "cannot write", path);
    }
    free(path);
    return st;
}

/* ---- figures, images, arrays */

static enum tfu_status write_figure(const struct tfu_result *r, const char *folder,
                                    const struct tfu_figure *f, struct tfu_log *log,
                                    struct tfu_text *said, struct tfu_error *e)
{
    char *stem;
    enum tfu_status st = make_path(&stem, r, folder, "", e);
    if (st != TFU_OK)
        return st;
    struct tfu_error own = TFU_ERROR_INIT;
    st = tfu_figure_write(f, stem, &own);
    const bool drawn = st == TFU_OK;
    if (st == TFU_ENOTFOUND) {
        tfu_log_write(log, TFU_LOG_WARNING, "%s", own.text);
        st = TFU_OK;
    } else if (st != TFU_OK) {
        *e = own;
    }
    if (st == TFU_OK && said)
        tfu_text_printf(said, "wrote %s.csv, .gp%s%s\n", stem, drawn ? ", .svg, .png, .pdf" : "",
                        tfu_figure_said(f->caption) ? ", .caption.txt" : "");
    free(stem);
    return st;
}

static enum tfu_status write_image(const struct tfu_result_image *i, const char *folder,
                                   struct tfu_error *e)
{
    char *path = tfu_path_join(folder, i->file);
    const enum tfu_status st =
        path ? tfu_image_write(&i->image, path, e) : tfu_error_memory(e, "writing an image", 0);
    free(path);
    return st;
}

static enum tfu_status write_arrays(const struct tfu_result *r, const char *folder,
                                    struct tfu_error *e)
{
    char *path;
    enum tfu_status st = make_path(&path, r, folder, ".npz", e);
    struct tfu_safetensors_tensor *tensor = calloc(r->arrays + 1, sizeof *tensor);
    if (st == TFU_OK && !tensor)
        st = tfu_error_memory(e, "writing arrays", 0);
    for (size_t i = 0; st == TFU_OK && i < r->arrays; i++)
        tensor[i] = (struct tfu_safetensors_tensor){.name = r->array[i].name,
                                                    .dtype = TFU_STORED_F32,
                                                    .rank = r->array[i].rank,
                                                    .dim = r->array[i].dim,
                                                    .data = r->array[i].number};
    if (st == TFU_OK)
        st = tfu_npz_write(path, tensor, r->arrays, e);
    free(tensor);
    free(path);
    return st;
}

enum tfu_status tfu_result_write(const struct tfu_result *r, const char *folder,
                                 struct tfu_log *log, struct tfu_text *said, struct tfu_error *e)
{
    enum tfu_status st = tfu_folder_make(folder, e);
    for (size_t i = 0; st == TFU_OK && i < r->images; i++)
        st = write_image(&r->image[i], folder, e);
    if (st == TFU_OK && r->arrays)
        st = write_arrays(r, folder, e);
    for (size_t i = 0; st == TFU_OK && i < r->parts; i++) {
        const struct tfu_result_part *p = &r->part[i];
        if (p->table && p->table->uses & TFU_TABLE_FILE)
            st = write_table(r, folder, p->table, e);
        else if (p->figure)
            st = write_figure(r, folder, p->figure, log, said, e);
    }
    if (st == TFU_OK && said && said->failed)
        return tfu_error_memory(e, "writing down results", 0);
    return st;
}
