/* SPDX-License-Identifier: MIT */
#include "core/run/capture_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/io/folder.h"

enum tfu_status tfu_capture_files_init(struct tfu_capture_files *f, const char *folder, bool force,
                                       size_t most, struct tfu_error *e)
{
    *f = (struct tfu_capture_files){.folder = folder, .force = force};
    f->file = calloc(most + 1, sizeof *f->file);
    return f->file ? tfu_folder_make(folder, e) : tfu_error_memory(e, "writing arrays", 0);
}

/* A name of a node may be a path to a file system. */
static char *file_name(const char *stem)
{
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_printf(&name, "%s.npy", stem);
    for (char *p = name.data; p && *p; p++)
        if (*p == '/')
            *p = '_';
    if (name.failed)
        tfu_text_free(&name);
    return name.data;
}

enum tfu_status tfu_capture_files_add(struct tfu_capture_files *f, const char *stem, size_t *index,
                                      struct tfu_error *e)
{
    struct tfu_capture_file *file = &f->file[f->count];
    *index = f->count++;
    file->name = file_name(stem);
    file->path = file->name ? tfu_path_join(f->folder, file->name) : NULL;
    if (!file->path)
        return tfu_error_memory(e, "writing arrays", 0);
    for (size_t i = 0; i + 1 < f->count; i++)
        if (strcmp(f->file[i].name, file->name) == 0)
            return tfu_error_set(e, TFU_EINVAL,
                                 "two arrays would be written to '%s'; choose one of them by "
                                 "`nodes`",
                                 file->path);
    file->existed = access(file->path, F_OK) == 0;
    if (file->existed && !f->force)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' is there already; name another folder, or `force` to write "
                             "over it",
                             file->path);
    return TFU_OK;
}

enum tfu_status tfu_capture_files_begin(struct tfu_capture_files *f, size_t i,
                                        enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                        struct tfu_error *e)
{
    struct tfu_capture_file *file = &f->file[i];
    file->rank = rank;
    memcpy(file->dim, dim, rank * sizeof *dim);
    const enum tfu_status st = tfu_npy_writer_open(&file->writer, file->path, type, rank, dim, e);
    file->begun = st == TFU_OK;
    return st;
}

enum tfu_status tfu_capture_files_write(struct tfu_capture_files *f, size_t i,
                                        enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                        const void *numbers, struct tfu_error *e)
{
    size_t bytes = tfu_stored_type_size(type);
    for (size_t k = 0; k < rank; k++)
        bytes *= (size_t)dim[k];
    const enum tfu_status st = tfu_capture_files_begin(f, i, type, rank, dim, e);
    return st == TFU_OK ? tfu_npy_writer_add(&f->file[i].writer, numbers, bytes, e) : st;
}

enum tfu_status tfu_capture_files_commit(struct tfu_capture_files *f, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < f->count; i++) {
        struct tfu_capture_file *file = &f->file[i];
        file->begun = false;
        st = tfu_npy_writer_commit(&file->writer, file->sha256, e);
        file->placed = st == TFU_OK;
    }
    return st;
}

void tfu_capture_files_revoke(struct tfu_capture_files *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->file[i].placed && !f->file[i].existed)
            unlink(f->file[i].path);
}

void tfu_capture_files_abandon(struct tfu_capture_files *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->file[i].begun)
            tfu_npy_writer_abandon(&f->file[i].writer);
        free(f->file[i].name);
        free(f->file[i].path);
    }
    free(f->file);
    *f = (struct tfu_capture_files){.file = NULL};
}
