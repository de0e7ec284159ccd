/* SPDX-License-Identifier: MIT
 *
 * PyTorch's format since 1.6: a zip archive of STEM/data.pkl and STEM/data/KEY for each storage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/pth.h"
#include "core/io/zip_file.h"

/* A compressed data.pkl may be larger than the whole file, but not by more than this. */
enum { PICKLE_SLACK = 65536, ENTRY_NAME_SIZE = 4096 };

struct pth_zip {
    struct tfu_pth base;
    struct tfu_zip_file *zip;
    const char *stem; /* "archive/" */
};

static const char data_pkl[] = "data.pkl";

static bool is_data_pkl(const char *name)
{
    const size_t length = strlen(name), tail = sizeof data_pkl - 1;
    return length >= tail && strcmp(name + length - tail, data_pkl) == 0 &&
           (length == tail || name[length - tail - 1] == '/');
}

static enum tfu_status find_data_pkl(struct pth_zip *f, size_t *out, struct tfu_error *e)
{
    *out = SIZE_MAX;
    for (size_t i = 0; i < tfu_zip_file_count(f->zip); i++) {
        if (!is_data_pkl(tfu_zip_file_get(f->zip, i)->name))
            continue;
        if (*out != SIZE_MAX)
            return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                                "the archive has two objects, '%.200s' and '%.200s'; the file is "
                                "damaged",
                                tfu_zip_file_get(f->zip, *out)->name,
                                tfu_zip_file_get(f->zip, i)->name);
        *out = i;
    }
    if (*out == SIZE_MAX)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "the archive has no entry data.pkl; it is not one of PyTorch's");
    const char *name = tfu_zip_file_get(f->zip, *out)->name;
    f->stem = tfu_arena_strndup(&f->base.arena, name, strlen(name) - (sizeof data_pkl - 1));
    return f->stem ? TFU_OK : tfu_error_memory(e, "reading a PyTorch file", 0);
}

/* Index of the entry STEM + folder + name, or SIZE_MAX. */
static size_t find_entry(const struct pth_zip *f, const char *folder, const char *name)
{
    char path[ENTRY_NAME_SIZE];
    const int n = snprintf(path, sizeof path, "%s%s%s", f->stem, folder, name);
    return n > 0 && (size_t)n < sizeof path ? tfu_zip_file_find(f->zip, path) : SIZE_MAX;
}

static enum tfu_status refuse_scripts(const struct pth_zip *f, struct tfu_error *e)
{
    bool script = find_entry(f, "", "constants.pkl") != SIZE_MAX;
    const size_t stem = strlen(f->stem);
    for (size_t i = 0; i < tfu_zip_file_count(f->zip) && !script; i++) {
        const char *name = tfu_zip_file_get(f->zip, i)->name;
        script = strncmp(name, f->stem, stem) == 0 && strncmp(name + stem, "code/", 5) == 0;
    }
    if (!script)
        return TFU_OK;
    return tfu_error_at(e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
                        "the file is a TorchScript archive, a program with its weights; in Python, "
                        "torch.save(torch.jit.load(PATH).state_dict(), NEW) keeps the weights");
}

static enum tfu_status check_byte_order(const struct pth_zip *f, struct tfu_error *e)
{
    char order[8] = "";
    const size_t i = find_entry(f, "", "byteorder");
    if (i == SIZE_MAX) /* older than PyTorch 2.1, which asked no one */
        return TFU_OK;
    const uint64_t size = tfu_zip_file_get(f->zip, i)->size;
    const enum tfu_status st = tfu_zip_file_read(
        f->zip, i, 0, order, size < sizeof order ? (size_t)size : sizeof order - 1, e);
    if (st != TFU_OK || strcmp(order, "little") == 0)
        return st;
    return tfu_error_at(
        e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
        "its numbers are not little-endian; write the file again on such a machine");
}

static enum tfu_status find_storage(const void *self, const char *key, size_t *index,
                                    uint64_t *bytes, struct tfu_error *e)
{
    const struct pth_zip *f = self;
    *index = find_entry(f, "data/", key);
    if (*index == SIZE_MAX)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "storage '%.200s' is not in the archive; the file is damaged", key);
    *bytes = tfu_zip_file_get(f->zip, *index)->size;
    return TFU_OK;
}

static enum tfu_status read_object(struct pth_zip *f, const void *bytes, size_t size,
                                   const char *dictionary, struct tfu_error *e)
{
    struct tfu_arena values;
    struct tfu_pickle pickle;
    const struct tfu_pth_finder finder = {find_storage, f};
    tfu_arena_init(&values, 0);
    enum tfu_status st = tfu_pth_unpickle(&f->base, &pickle, data_pkl, bytes, size, &values, e);
    if (st == TFU_OK && pickle.used != size)
        st = tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                          "%zu bytes follow the object in data.pkl; the file is damaged",
                          size - pickle.used);
    if (st == TFU_OK)
        st = tfu_pth_collect(&f->base, &pickle, &finder, dictionary, e);
    tfu_arena_free(&values);
    return st;
}

static enum tfu_status open_all(struct pth_zip *f, const char *path, const void *bytes, size_t size,
                                const char *dictionary, struct tfu_error *e)
{
    size_t i;
    enum tfu_status st = tfu_pth_begin(&f->base, path, e);
    if (st == TFU_OK)
        st = tfu_zip_file_open(&f->zip, path, bytes, size, e);
    if (st == TFU_OK)
        st = find_data_pkl(f, &i, e);
    if (st == TFU_OK)
        st = refuse_scripts(f, e);
    if (st == TFU_OK)
        st = check_byte_order(f, e);
    if (st != TFU_OK)
        return st;
    const uint64_t length = tfu_zip_file_get(f->zip, i)->size;
    if (length > size && length - size > PICKLE_SLACK)
        return tfu_error_at(e, TFU_ECORRUPT, path, 0, 0,
                            "data.pkl has %llu bytes in a file of %zu; such files are made to do "
                            "harm",
                            (unsigned long long)length, size);
    void *object = malloc((size_t)length + 1);
    if (!object)
        return tfu_error_memory(e, "reading a PyTorch file", (size_t)length);
    st = tfu_zip_file_read(f->zip, i, 0, object, (size_t)length, e);
    if (st == TFU_OK)
        st = read_object(f, object, (size_t)length, dictionary, e);
    free(object);
    return st;
}

static enum tfu_status say_trailing(struct pth_zip *f, struct tfu_error *e)
{
    const char *before = f->base.unwrapped;
    const size_t trailing = tfu_zip_file_trailing(f->zip);
    if (trailing)
        f->base.unwrapped = tfu_arena_printf(&f->base.arena, "%s%s%zu bytes behind the archive",
                                             before, *before ? ", " : "", trailing);
    return f->base.unwrapped ? TFU_OK : tfu_error_memory(e, "reading a PyTorch file", 0);
}

static void close_zip(void *self)
{
    struct pth_zip *f = self;
    tfu_zip_file_close(f->zip);
    tfu_pth_end(&f->base);
    free(f);
}

/* A tensor that is all of its storage is read where it is wanted. */
static enum tfu_status read_tensor(const void *self, size_t i, void *to, struct tfu_error *e)
{
    const struct pth_zip *f = self;
    const struct tfu_pth_tensor *t = &f->base.tensor[i];
    if (!t->count)
        return TFU_OK;
    if (t->contiguous && t->storage_bytes == tfu_pth_tensor_bytes(t))
        return tfu_zip_file_read(f->zip, t->storage, 0, to, (size_t)t->storage_bytes, e);
    void *storage = malloc((size_t)t->storage_bytes + 1);
    if (!storage)
        return tfu_error_memory(e, "reading a tensor", (size_t)t->storage_bytes);
    const enum tfu_status st =
        tfu_zip_file_read(f->zip, t->storage, 0, storage, (size_t)t->storage_bytes, e);
    if (st == TFU_OK)
        tfu_pth_tensor_gather(t, storage, to);
    free(storage);
    return st;
}

/* One that is all of its storage: its end is the storage's, where the checksum is looked at. */
static bool in_pieces(const void *self, size_t i)
{
    const struct pth_zip *f = self;
    const struct tfu_pth_tensor *t = &f->base.tensor[i];
    return t->contiguous && t->count && t->storage_bytes == tfu_pth_tensor_bytes(t) &&
           tfu_zip_file_get(f->zip, t->storage)->stored;
}

static enum tfu_status read_piece(const void *self, size_t i, size_t at, void *to, size_t n,
                                  struct tfu_error *e)
{
    const struct pth_zip *f = self;
    return tfu_zip_file_read(f->zip, f->base.tensor[i].storage, at, to, n, e);
}

static const void *borrow_tensor(const void *self, size_t i)
{
    (void)self;
    (void)i;
    return NULL; /* its checksum has to be checked, or it is compressed */
}

enum tfu_status tfu_pth_zip_open(struct tfu_weights_reader *out, const char *path,
                                 const void *bytes, size_t size, const char *dictionary,
                                 struct tfu_error *e)
{
    static const struct tfu_weights_reader_ops ops = {
        .format = "PyTorch zip",
        .close = close_zip,
        .count = tfu_pth_count,
        .get = tfu_pth_get,
        .read = read_tensor,
        .borrow = borrow_tensor,
        .in_pieces = in_pieces,
        .read_piece = read_piece,
        .unwrapped = tfu_pth_unwrapped,
        .dictionary_at = tfu_pth_dictionary_at,
    };
    *out = (struct tfu_weights_reader){0};
    struct pth_zip *f = calloc(1, sizeof *f);
    if (!f)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    enum tfu_status st = open_all(f, path, bytes, size, dictionary, e);
    if (st == TFU_OK)
        st = say_trailing(f, e);
    if (st == TFU_OK)
        *out = (struct tfu_weights_reader){&ops, f};
    else
        close_zip(f);
    return st;
}
