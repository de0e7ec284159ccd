/* SPDX-License-Identifier: MIT */
#include "core/io/zip_memory.h"

#include <string.h>

static zip_int64_t read_bytes(struct tfu_zip_memory *m, void *to, zip_uint64_t n)
{
    if (n > m->size - m->position)
        n = m->size - m->position;
    if (n)
        memcpy(to, m->bytes + m->position, n);
    m->last = m->position;
    m->position += n;
    return (zip_int64_t)n;
}

static zip_int64_t seek(struct tfu_zip_memory *m, void *request, zip_uint64_t n)
{
    const zip_int64_t to =
        zip_source_seek_compute_offset(m->position, m->size, request, n, &m->error);
    if (to < 0)
        return -1;
    m->position = (uint64_t)to;
    return 0;
}

static zip_int64_t describe(const struct tfu_zip_memory *m, zip_stat_t *stat)
{
    zip_stat_init(stat);
    stat->size = m->size;
    stat->comp_size = m->size;
    stat->comp_method = ZIP_CM_STORE;
    stat->encryption_method = ZIP_EM_NONE;
    stat->valid =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    return sizeof *stat;
}

static zip_int64_t command(void *self, void *data, zip_uint64_t n, zip_source_cmd_t cmd)
{
    struct tfu_zip_memory *m = self;
    switch (cmd) {
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    case ZIP_SOURCE_OPEN:
        m->position = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_bytes(m, data, n);
    case ZIP_SOURCE_SEEK:
        return seek(m, data, n);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)m->position;
    case ZIP_SOURCE_STAT:
        return describe(m, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&m->error, data, n);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    default:
        zip_error_set(&m->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

zip_source_t *tfu_zip_memory_source(struct tfu_zip_memory *m, const void *bytes, uint64_t size,
                                    zip_error_t *error)
{
    *m = (struct tfu_zip_memory){.bytes = bytes, .size = size};
    zip_error_init(&m->error);
    return zip_source_function_create(command, m, error);
}
