/* SPDX-License-Identifier: MIT */
#include "core/io/npy_write.h"

#include <assert.h>

#include "core/base/text.h"
#include "core/io/npy.h"

static enum tfu_status add(struct tfu_npy_writer *w, const void *bytes, size_t n,
                           struct tfu_error *e)
{
    tfu_hash_add(w->hash, bytes, n);
    return tfu_atomic_write(&w->file, bytes, n, e);
}

static enum tfu_status begin(struct tfu_npy_writer *w, const struct tfu_text *header,
                             struct tfu_error *e)
{
    if (header->failed)
        return tfu_error_memory(e, "writing an array", 0);
    const enum tfu_status st = tfu_hash_new(&w->hash, e);
    return st == TFU_OK ? add(w, tfu_text_get(header), header->length, e) : st;
}

enum tfu_status tfu_npy_writer_open(struct tfu_npy_writer *w, const char *path,
                                    enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                    struct tfu_error *e)
{
    struct tfu_text header = TFU_TEXT_INIT;
    *w = (struct tfu_npy_writer){.left = tfu_stored_type_size(type)};
    for (size_t i = 0; i < rank; i++)
        w->left *= (uint64_t)dim[i];
    const bool known = tfu_npy_header_print(&header, type, rank, dim);
    assert(known);
    (void)known;
    enum tfu_status st = tfu_atomic_open(&w->file, path, e);
    if (st == TFU_OK)
        st = begin(w, &header, e);
    tfu_text_free(&header);
    if (st != TFU_OK)
        tfu_npy_writer_abandon(w);
    return st;
}

enum tfu_status tfu_npy_writer_add(struct tfu_npy_writer *w, const void *numbers, size_t bytes,
                                   struct tfu_error *e)
{
    assert(bytes <= w->left);
    w->left -= bytes;
    return add(w, numbers, bytes, e);
}

enum tfu_status tfu_npy_writer_commit(struct tfu_npy_writer *w, char hex[TFU_HASH_HEX],
                                      struct tfu_error *e)
{
    assert(w->left == 0);
    enum tfu_status st = tfu_hash_hex(w->hash, hex, e);
    if (st == TFU_OK)
        st = tfu_atomic_commit(&w->file, e);
    tfu_npy_writer_abandon(w);
    return st;
}

void tfu_npy_writer_abandon(struct tfu_npy_writer *w)
{
    if (w->file.path)
        tfu_atomic_abandon(&w->file);
    tfu_hash_free(w->hash);
    *w = (struct tfu_npy_writer){.left = 0};
    w->file.fd = -1;
}
