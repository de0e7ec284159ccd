/* SPDX-License-Identifier: MIT
 *
 * The SHA-256 that a file of weights has, of an index that of all its files.
 */
#include <stdlib.h>
#include <string.h>

#include "core/io/weights_opened.h"

/* Of an index the files come behind it. */
static const struct tfu_mapped_file *file_at(const struct tfu_weights *w, size_t i)
{
    const struct tfu_weights_reader_ops *ops = w->reader.ops;
    if (i == 0)
        return &w->file;
    return ops->file_at ? ops->file_at(w->reader.self, i - 1) : NULL;
}

static enum tfu_status compute_digest(struct tfu_weights *w, struct tfu_error *e)
{
    struct tfu_hash *h;
    enum tfu_status st = tfu_hash_new(&h, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_mapped_file *f;
    for (size_t i = 0; (f = file_at(w, i)); i++)
        tfu_hash_add(h, f->bytes, f->size);
    st = tfu_hash_hex(h, w->sha256, e);
    tfu_hash_free(h);
    return st;
}

/* It may be known. */
static enum tfu_status find_digest(struct tfu_weights *w, struct tfu_error *e)
{
    size_t count = 0;
    while (file_at(w, count))
        count++;
    struct tfu_file_state *state = calloc(count, sizeof *state);
    if (!state)
        return tfu_error_memory(e, "reading a file of weights", 0);
    for (size_t i = 0; i < count; i++)
        state[i] = file_at(w, i)->state;
    enum tfu_status st = TFU_OK;
    if (!tfu_digests_find(w->digests, TFU_DIGEST_OF_BYTES, state, count, w->sha256)) {
        st = compute_digest(w, e);
        if (st == TFU_OK)
            st = tfu_digests_add(w->digests, TFU_DIGEST_OF_BYTES, state, count, w->sha256, e);
    }
    free(state);
    return st;
}

enum tfu_status tfu_weights_sha256(struct tfu_weights *w, char hex[TFU_HASH_HEX],
                                   struct tfu_error *e)
{
    const enum tfu_status st = w->sha256[0] ? TFU_OK : find_digest(w, e);
    memcpy(hex, w->sha256, sizeof w->sha256);
    return st;
}

enum tfu_status tfu_weights_file_sha256(const char *path, char hex[TFU_HASH_HEX],
                                        struct tfu_error *e)
{
    struct tfu_weights w = {.path = strdup(path)};
    if (!w.path)
        return tfu_error_memory(e, "reading a file of weights", 0);
    enum tfu_status st = tfu_mapped_file_open(&w.file, path, e);
    if (st == TFU_OK) {
        st = tfu_weights_reader_open(&w.reader, path, w.file.bytes, w.file.size, NULL, e);
        if (st == TFU_OK)
            st = tfu_weights_sha256(&w, hex, e);
        if (w.reader.ops)
            w.reader.ops->close(w.reader.self);
        tfu_mapped_file_close(&w.file);
    }
    free(w.path);
    return st;
}
