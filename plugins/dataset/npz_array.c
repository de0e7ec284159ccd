/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* _SC_PHYS_PAGES */
#include "npz_array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t find(const struct zip_bytes *z, const char *name)
{
    char entry[512];
    const int n = snprintf(entry, sizeof entry, "%s.npy", name);
    return n < 0 || (size_t)n >= sizeof entry ? -1 : zip_bytes_find(z, entry);
}

static enum tfu_status not_there(const struct zip_bytes *z, const char *name,
                                 struct tfu_dataset_host *h)
{
    char all[600] = "";
    size_t n = 0;
    for (int64_t i = 0; i < z->count && n < sizeof all - 100; i++) {
        const char *entry = zip_bytes_name(z, i);
        const size_t length = strlen(entry);
        if (length > 4 && strcmp(entry + length - 4, ".npy") == 0)
            n += (size_t)snprintf(all + n, sizeof all - n, "%s'%.*s'", n ? ", " : "",
                                  length - 4 < 60 ? (int)length - 4 : 60, entry);
    }
    return h->fail(h, TFU_ENOTFOUND, "'%s' has no array '%.200s'; it has %s", z->path, name,
                   n ? all : "none at all");
}

static enum tfu_status refuse(const struct zip_stream *s, const char *why, const char *detail,
                              struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ECORRUPT, "array '%.200s' of '%s': %s%s%s%s", s->name, s->path, why,
                   detail[0] ? " ('" : "", detail, detail[0] ? "')" : "");
}

static enum tfu_status read_header(struct npz_array *a, struct zip_stream *s,
                                   struct tfu_dataset_host *h)
{
    unsigned char begin[NPY_BEGIN];
    char detail[64] = "", text[NPY_MAX_HEADER];
    size_t at = 0, length = 0;
    const size_t first = s->left < sizeof begin ? (size_t)s->left : sizeof begin;
    enum tfu_status st = zip_stream_read(s, begin, first, h);
    if (st != TFU_OK)
        return st;
    const char *why = npy_header_begin(begin, first, &at, &length);
    if (!why && (length < first - at || length - (first - at) > s->left))
        why = "it is cut off inside its header";
    if (why)
        return refuse(s, why, detail, h);
    memcpy(text, begin + at, first - at);
    st = zip_stream_read(s, text + (first - at), length - (first - at), h);
    if (st != TFU_OK)
        return st;
    why = npy_header_read(&a->header, text, length, detail);
    if (!why && a->header.big_endian)
        why = "its numbers are big-endian; save them as the machine has them";
    if (!why && a->header.fortran && a->header.rank > 1)
        why = "it is in Fortran's order; save it in C's (numpy.ascontiguousarray)";
    return why ? refuse(s, why, detail, h) : TFU_OK;
}

static enum tfu_status check_size(struct npz_array *a, const struct zip_stream *s,
                                  struct tfu_dataset_host *h)
{
    const uint64_t promised = a->header.count * a->header.item;
    const uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    if (promised != s->left)
        return h->fail(h, TFU_ECORRUPT,
                       "array '%.200s' of '%s': its header promises %llu bytes of numbers, but "
                       "there are %llu",
                       s->name, s->path, (unsigned long long)promised, (unsigned long long)s->left);
    if (promised > memory)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "array '%.200s' of '%s' has %llu bytes, and the machine %llu of memory; "
                       "take the images of a smaller size",
                       s->name, s->path, (unsigned long long)promised, (unsigned long long)memory);
    a->size = (size_t)promised;
    return TFU_OK;
}

static enum tfu_status read_entry(struct npz_array *a, struct zip_stream *s,
                                  struct tfu_dataset_host *h)
{
    enum tfu_status st = read_header(a, s, h);
    if (st == TFU_OK)
        st = check_size(a, s, h);
    if (st != TFU_OK)
        return st;
    a->data = malloc(a->size);
    if (!a->data)
        return h->fail(h, TFU_ENOMEM, "out of memory for array '%.200s' of '%s': %zu bytes",
                       s->name, s->path, a->size);
    return zip_stream_read(s, a->data, a->size, h);
}

enum tfu_status npz_array_read(struct npz_array *a, const struct zip_bytes *z, const char *name,
                               struct tfu_dataset_host *h)
{
    struct zip_stream s;
    const int64_t index = find(z, name);
    *a = (struct npz_array){.data = NULL};
    if (index < 0)
        return not_there(z, name, h);
    enum tfu_status st = zip_stream_open(&s, z, index, h);
    if (st == TFU_OK)
        st = read_entry(a, &s, h);
    zip_stream_close(&s);
    if (st != TFU_OK)
        npz_array_free(a);
    return st;
}

void npz_array_free(struct npz_array *a)
{
    free(a->data);
    *a = (struct npz_array){.data = NULL};
}
