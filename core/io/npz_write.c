/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/io/npz.h"

/* 1 January 1980, the first day that a zip archive knows. */
enum { DATE = 0x21, TIME = 0 };

/* What is written to and what it is for. */
struct target {
    zip_t *archive;
    const char *path; /* for messages */
};

static enum tfu_status libzip_error(const struct target *t, zip_error_t *error, struct tfu_error *e)
{
    if (zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return tfu_error_memory(e, "writing an npz file", 0);
    return tfu_error_at(e, TFU_EIO, t->path, 0, 0, "cannot write the archive: %s",
                        zip_error_strerror(error));
}

/* A name that a reader of archives may refuse, ours among them. */
static bool is_safe(const char *name)
{
    if (!name[0] || name[0] == '/' || strchr(name, '\\'))
        return false;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            return false;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return false;
    }
    return true;
}

static size_t tensor_bytes(const struct tfu_safetensors_tensor *t)
{
    size_t bytes = tfu_stored_type_size(t->dtype);
    for (size_t i = 0; i < t->rank; i++)
        bytes *= (size_t)t->dim[i];
    return bytes;
}

/* The archive takes `header` and frees it; the numbers it reads when it is closed. */
static enum tfu_status add_entry(const struct target *t, const char *name, char *header,
                                 size_t header_size, const struct tfu_safetensors_tensor *tensor,
                                 struct tfu_error *e)
{
    zip_buffer_fragment_t piece[] = {
        {(zip_uint8_t *)header, header_size},
        {(zip_uint8_t *)tensor->data, tensor_bytes(tensor)},
    };
    zip_source_t *source =
        zip_source_buffer_fragment(t->archive, piece, piece[1].length ? 2 : 1, 0);
    if (!source)
        return libzip_error(t, zip_get_error(t->archive), e);
    const zip_int64_t i = zip_file_add(t->archive, name, source, ZIP_FL_ENC_UTF_8);
    if (i < 0 && zip_error_code_zip(zip_get_error(t->archive)) == ZIP_ER_EXISTS) {
        zip_source_free(source);
        return tfu_error_at(e, TFU_EINVAL, t->path, 0, 0, "two tensors have the name '%.200s'",
                            tensor->name);
    }
    if (i < 0) {
        zip_source_free(source);
        return libzip_error(t, zip_get_error(t->archive), e);
    }
    if (zip_set_file_compression(t->archive, (zip_uint64_t)i, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(t->archive, (zip_uint64_t)i, TIME, DATE, 0) != 0)
        return libzip_error(t, zip_get_error(t->archive), e);
    return TFU_OK;
}

static enum tfu_status add_tensor(const struct target *t,
                                  const struct tfu_safetensors_tensor *tensor, char **header,
                                  struct tfu_error *e)
{
    if (!is_safe(tensor->name))
        return tfu_error_at(e, TFU_EINVAL, t->path, 0, 0,
                            "the tensor name '%.200s' cannot be that of an entry of an archive: it "
                            "is empty, leads out of it or has control characters; rename it",
                            tensor->name);
    struct tfu_text text = TFU_TEXT_INIT, name = TFU_TEXT_INIT;
    if (!tfu_npy_header_print(&text, tensor->dtype, tensor->rank, tensor->dim))
        return tfu_error_at(e, TFU_EUNSUPPORTED, t->path, 0, 0,
                            "tensor '%.200s' is of type %s, which numpy lacks; convert it to F32",
                            tensor->name, tfu_stored_type_name(tensor->dtype));
    tfu_text_printf(&name, "%s.npy", tensor->name);
    *header = text.data;
    const enum tfu_status st =
        text.failed || name.failed
            ? tfu_error_memory(e, "writing an npz file", 0)
            : add_entry(t, tfu_text_get(&name), text.data, text.length, tensor, e);
    tfu_text_free(&name);
    return st;
}

static enum tfu_status write_archive(const struct target *t,
                                     const struct tfu_safetensors_tensor *tensor, size_t count,
                                     struct tfu_error *e)
{
    /* libzip reads headers and numbers when it closes the archive, not before */
    char **header = calloc(count + 1, sizeof *header);
    enum tfu_status st = header ? TFU_OK : tfu_error_memory(e, "writing an npz file", 0);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = add_tensor(t, &tensor[i], &header[i], e);
    const bool closed = st == TFU_OK && zip_close(t->archive) == 0;
    if (st == TFU_OK && !closed)
        st = libzip_error(t, zip_get_error(t->archive), e);
    if (!closed)
        zip_discard(t->archive);
    for (size_t i = 0; header && i < count; i++)
        free(header[i]);
    free(header);
    return st;
}

enum tfu_status tfu_npz_write(const char *path, const struct tfu_safetensors_tensor *tensor,
                              size_t count, struct tfu_error *e)
{
    if (count == 0) /* libzip would remove the file */
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0, "there is no tensor to write");
    struct tfu_atomic_file f;
    enum tfu_status st = tfu_atomic_open(&f, path, e);
    if (st != TFU_OK)
        return st;
    struct target t = {.path = path};
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_file_create(f.temporary, 0, -1, &error);
    if (source)
        t.archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (!t.archive) {
        st = libzip_error(&t, &error, e);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    if (st == TFU_OK)
        st = write_archive(&t, tensor, count, e);
    if (st == TFU_OK)
        st = tfu_atomic_reopen(&f, e);
    if (st == TFU_OK)
        st = tfu_atomic_commit(&f, e);
    tfu_atomic_abandon(&f);
    return st;
}
