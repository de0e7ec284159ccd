/* SPDX-License-Identifier: MIT */
#include "core/data/cut_list.h"

#include <string.h>

#include "core/io/mapped_file.h"

enum { NAME_MAX_BYTES = 4096, SHOWN = 5 };

/* One file in reading. */
struct reading {
    const char *path;
    const struct tfu_name_index *index;
    void (*take)(void *arg, int64_t example);
    void *arg;
    int64_t names, unknown; /* so far */
    int first_unknown;      /* its line */
    struct tfu_text shown;  /* the first of them */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static enum tfu_status refuse_ambiguous(const struct reading *r, int line, const char *name,
                                        const struct tfu_name_found *f, struct tfu_error *e)
{
    return tfu_error_at(e, TFU_EINVAL, r->path, line, 1,
                        "'%s' is the name of %lld examples, for instance of the examples %lld and "
                        "%lld of the dataset; write it with its folder",
                        name, (long long)f->count, (long long)f->some[0], (long long)f->some[1]);
}

static void note_unknown(struct reading *r, int line, const char *name)
{
    if (r->unknown++ == 0)
        r->first_unknown = line;
    if (r->unknown <= SHOWN)
        tfu_text_printf(&r->shown, "%s'%.100s'", r->unknown > 1 ? ", " : "", name);
    else if (r->unknown == SHOWN + 1)
        tfu_text_puts(&r->shown, ", ...");
}

static enum tfu_status read_line(struct reading *r, int line, const char *text, size_t length,
                                 struct tfu_error *e)
{
    char name[NAME_MAX_BYTES];
    while (length && is_space(text[length - 1]))
        length--;
    while (length && is_space(*text)) {
        text++;
        length--;
    }
    if (length == 0)
        return TFU_OK;
    if (length >= sizeof name || memchr(text, '\0', length))
        return tfu_error_at(e, TFU_EINVAL, r->path, line, 1, "%s; it has to have a name a line",
                            length >= sizeof name ? "the line is longer than any name"
                                                  : "there is a byte 0 in the line");
    memcpy(name, text, length);
    name[length] = '\0';
    r->names++;
    const struct tfu_name_found f = tfu_name_index_find(r->index, name, r->take, r->arg);
    if (f.ambiguous)
        return refuse_ambiguous(r, line, name, &f, e);
    if (f.count == 0)
        note_unknown(r, line, name);
    return TFU_OK;
}

static enum tfu_status read_lines(struct reading *r, const char *text, size_t size,
                                  struct tfu_error *e)
{
    int line = 1;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        text += 3;
        size -= 3;
    }
    while (size) {
        const char *end = memchr(text, '\n', size);
        const size_t length = end ? (size_t)(end - text) : size;
        const enum tfu_status st = read_line(r, line++, text, length, e);
        if (st != TFU_OK)
            return st;
        text += length + (end != NULL);
        size -= length + (end != NULL);
    }
    return TFU_OK;
}

static enum tfu_status check_known(const struct reading *r, struct tfu_error *e)
{
    if (r->names == 0)
        return tfu_error_at(e, TFU_EINVAL, r->path, 0, 0, "there is no name in it");
    if (r->unknown == 0)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, r->path, r->first_unknown, 1,
                        "%lld of %lld names are of no example and no group of the dataset: %s",
                        (long long)r->unknown, (long long)r->names, tfu_text_get(&r->shown));
}

enum tfu_status tfu_cut_list_read(const char *path, const struct tfu_name_index *x,
                                  void (*take)(void *arg, int64_t example), void *arg,
                                  struct tfu_error *e)
{
    struct tfu_mapped_file file;
    enum tfu_status st = tfu_mapped_file_open(&file, path, e);
    if (st != TFU_OK)
        return st;
    struct reading r = {.path = path, .index = x, .take = take, .arg = arg, .shown = TFU_TEXT_INIT};
    st = read_lines(&r, file.bytes, file.size, e);
    if (st == TFU_OK)
        st = check_known(&r, e);
    tfu_text_free(&r.shown);
    tfu_mapped_file_close(&file);
    return st;
}
