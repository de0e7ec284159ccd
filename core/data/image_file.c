/* SPDX-License-Identifier: MIT */
#include "core/data/image_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/calling.h"
#include "core/base/checksum.h"
#include "core/base/host.h"
#include "core/data/image_channels.h"
#include "core/data/image_kinds.h"
#include "core/data/image_readers.h"
#include "core/data/image_seen.h"

struct tfu_image_files {
    struct tfu_image_readers readers;
    struct tfu_image_seen seen;
    uint32_t flags; /* of every file */
};

enum tfu_status tfu_image_files_new(struct tfu_image_files **out, struct tfu_registry *r,
                                    const struct tfu_image_files_options *options,
                                    struct tfu_log *log, struct tfu_error *e)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "reading image files", 0);
    tfu_image_readers_init(&(*out)->readers, r, log);
    if (!options)
        return TFU_OK;
    (*out)->readers.given = options->reader;
    (*out)->readers.given_count = options->reader_count;
    (*out)->flags = options->flags;
    return TFU_OK;
}

void tfu_image_files_free(struct tfu_image_files *f)
{
    if (!f)
        return;
    tfu_image_readers_free(&f->readers);
    tfu_image_seen_free(&f->seen);
    free(f);
}

/* ---- the bytes of a file: a copy, as whoever cuts a mapped file short ends the process */

struct bytes {
    unsigned char *data;
    size_t size;
    struct tfu_file_state state; /* before they were read */
    bool settled;                /* and after */
};

/* Another one when the file was written since. */
static uint64_t stamp_of(const struct tfu_file_state *s)
{
    return ((uint64_t)s->modified * UINT64_C(1000000000) + (uint64_t)s->modified_ns) ^ s->size
                                                                                           << 40;
}

static enum tfu_status check_file(int fd, size_t *size, struct tfu_file_state *state,
                                  struct tfu_error *e)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        return tfu_error_set(e, TFU_EIO, "it cannot be read: %s", strerror(errno));
    if (!S_ISREG(s.st_mode))
        return tfu_error_set(e, TFU_EINVAL, "it is %s and no file of an image",
                             S_ISDIR(s.st_mode) ? "a folder" : "a device or a pipe");
    if (s.st_size == 0)
        return tfu_error_set(e, TFU_ECORRUPT, "it is empty; copy or download it again");
    if (s.st_size > TFU_IMAGE_FILE_BYTES)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "it has %lld bytes, and image files have at most %lld",
                             (long long)s.st_size, (long long)TFU_IMAGE_FILE_BYTES);
    *size = (size_t)s.st_size;
    *state = tfu_file_state_of(&s);
    return TFU_OK;
}

static bool is_settled(int fd, const struct tfu_file_state *before)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        return false;
    const struct tfu_file_state after = tfu_file_state_of(&s);
    return memcmp(&after, before, sizeof after) == 0;
}

static enum tfu_status read_open(int fd, struct bytes *b, struct tfu_error *e)
{
    size_t size = 0;
    const enum tfu_status st = check_file(fd, &size, &b->state, e);
    if (st != TFU_OK)
        return st;
    b->data = malloc(size);
    if (!b->data)
        return tfu_error_memory(e, "reading an image file", size);
    while (b->size < size) {
        const ssize_t n = read(fd, b->data + b->size, size - b->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return tfu_error_set(e, TFU_EIO, "it cannot be read: %s", strerror(errno));
        if (n == 0)
            return tfu_error_set(e, TFU_EIO, "it became shorter while it was read");
        b->size += (size_t)n;
    }
    b->settled = is_settled(fd, &b->state);
    return TFU_OK;
}

static enum tfu_status read_bytes(const char *path, struct bytes *b, struct tfu_error *e)
{
    *b = (struct bytes){.data = NULL};
    /* a pipe without a writer must not hold us up */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return tfu_error_set(e, TFU_EIO, "it cannot be opened: %s", strerror(errno));
    const enum tfu_status st = read_open(fd, b, e);
    close(fd);
    return st;
}

/* ---- an image that is open */

struct image {
    struct tfu_image_files *files;
    struct bytes bytes;
    const struct tfu_image_reader *reader;
    struct tfu_reader_source source;
    void *self;
    struct tfu_reader_info info;
    int64_t channels; /* that are wanted */
};

static const struct tfu_calling *begin(const struct image *m, struct tfu_calling *c,
                                       const char *function)
{
    *c = (struct tfu_calling){.kind = "reader",
                              .plugin = m->reader->plugin->name,
                              .function = function,
                              .where = m->source.name};
    return tfu_calling_begin(c);
}

/* A reader's table is the plugin author's word; the host's memory depends on it. */
static enum tfu_status check_info(const struct image *m, struct tfu_error *e)
{
    const struct tfu_reader_info *i = &m->info;
    const char *name = m->reader->plugin->name;
    if (i->dtype != TFU_U8 && i->dtype != TFU_U16 && i->dtype != TFU_F32)
        return tfu_error_set(e, TFU_EINVAL,
                             "reader '%s' gives numbers of type %u; there are TFU_U8, TFU_U16 and "
                             "TFU_F32",
                             name, i->dtype);
    if (i->channels < 1 || i->channels > 4 || i->frames < 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "reader '%s' gives %lld images of %lld channels; there are 1 or more "
                             "of 1 to 4",
                             name, (long long)i->frames, (long long)i->channels);
    if (!tfu_reader_fits(&m->source, i->height, i->width,
                         i->channels > m->channels ? i->channels : m->channels))
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "it has %lld x %lld pixels, which become %lld channels: more than the "
                             "%lld numbers that an image may have",
                             (long long)i->height, (long long)i->width,
                             (long long)(m->channels ? m->channels : i->channels),
                             (long long)m->source.limit);
    return TFU_OK;
}

static enum tfu_status open_reader(struct image *m, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(m, &calling, "open");
    const enum tfu_status st =
        m->reader->ops->open(&m->self, m->reader->config, &m->source,
                             tfu_host_call_init(&call, m->files->readers.log, &error));
    tfu_calling_end(outer);
    if (st != TFU_OK) {
        m->self = NULL;
        tfu_host_check(st, m->reader->plugin->name, "open", &error);
        return tfu_error_set(e, st, "%s", error.text);
    }
    outer = begin(m, &calling, "info");
    const struct tfu_reader_info *info = m->reader->ops->info(m->self);
    if (info)
        memcpy(&m->info, info,
               info->struct_size < sizeof m->info ? info->struct_size : sizeof m->info);
    tfu_calling_end(outer);
    if (!info)
        return tfu_error_set(e, TFU_EINVAL, "reader '%s' cannot describe what it opened",
                             m->reader->plugin->name);
    return check_info(m, e);
}

static void close_image(struct image *m)
{
    if (m->self) {
        struct tfu_calling calling;
        const struct tfu_calling *outer = begin(m, &calling, "close");
        m->reader->ops->close(m->self);
        tfu_calling_end(outer);
    }
    free(m->bytes.data);
}

/* To be closed, also after a failure. */
static enum tfu_status open_image(struct tfu_image_files *f, const char *path,
                                  const struct tfu_image_file_want *want, struct image *m,
                                  struct tfu_error *e)
{
    assert(want->channels == 0 || want->channels == 1 || want->channels == 3);
    *m = (struct image){.files = f, .channels = want->channels};
    enum tfu_status st = read_bytes(path, &m->bytes, e);
    if (st == TFU_OK)
        st = tfu_image_readers_find(&f->readers, m->bytes.data, m->bytes.size, &m->reader, e);
    if (st != TFU_OK)
        return st;
    m->source = (struct tfu_reader_source){.struct_size = sizeof m->source,
                                           .flags = want->flags | f->flags,
                                           .name = path,
                                           .bytes = m->bytes.data,
                                           .size = m->bytes.size,
                                           .wanted_height = want->wanted_height,
                                           .wanted_width = want->wanted_width,
                                           .limit = TFU_IMAGE_FILE_NUMBERS};
    return open_reader(m, e);
}

static struct tfu_image_file_info info_of(const struct image *m)
{
    return (struct tfu_image_file_info){.dtype = m->info.dtype,
                                        .height = m->info.height,
                                        .width = m->info.width,
                                        .channels = m->channels ? m->channels : m->info.channels};
}

/* The sentence of `why`, behind the file's name. */
static enum tfu_status fail(const char *path, const struct tfu_error *why, struct tfu_error *e)
{
    return tfu_error_set(e, why->status, "image '%s': %s", path, why->text);
}

/* ---- pixels */

static enum tfu_status check_floats(const struct image *m, const float *x, struct tfu_error *e)
{
    const int64_t n = m->info.height * m->info.width * m->info.channels;
    for (int64_t i = 0; m->info.dtype == TFU_F32 && i < n; i++)
        if (!isfinite(x[i]))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "its pixel at row %lld, column %lld is %g; no network can compute "
                                 "with that",
                                 (long long)(i / m->info.channels / m->info.width),
                                 (long long)(i / m->info.channels % m->info.width), (double)x[i]);
    return TFU_OK;
}

static enum tfu_status read_pixels(const struct image *m, void *pixels, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(m, &calling, "read");
    const enum tfu_status st = m->reader->ops->read(
        m->self, 0, pixels, tfu_host_call_init(&call, m->files->readers.log, &error));
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return check_floats(m, pixels, e);
    tfu_host_check(st, m->reader->plugin->name, "read", &error);
    return tfu_error_set(e, st, "%s", error.text);
}

static enum tfu_status read_image(const struct image *m, void *pixels, struct tfu_error *e)
{
    const enum tfu_status st = read_pixels(m, pixels, e);
    if (st == TFU_OK && m->channels)
        tfu_image_channels(pixels, m->info.dtype, m->info.height * m->info.width, m->info.channels,
                           m->channels);
    return st;
}

/* ---- looking */

/* To be thrown away. */
static enum tfu_status decode(const struct image *m, struct tfu_error *e)
{
    const size_t bytes =
        (size_t)(m->info.height * m->info.width * m->info.channels) * tfu_dtype_size(m->info.dtype);
    void *pixels = malloc(bytes);
    const enum tfu_status st =
        pixels ? read_pixels(m, pixels, e) : tfu_error_memory(e, "decoding an image", bytes);
    free(pixels);
    return st;
}

enum tfu_status tfu_image_files_look(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want, bool decodes,
                                     struct tfu_image_look *out, struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct image m;
    enum tfu_status st = open_image(f, path, want, &m, &why);
    if (st == TFU_OK && decodes)
        st = decode(&m, &why);
    if (st == TFU_OK) {
        *out =
            (struct tfu_image_look){.state = m.bytes.state,
                                    .info = info_of(&m),
                                    .traits = tfu_image_traits(&m.info, m.channels, m.source.flags),
                                    .whole = decodes,
                                    .settled = m.bytes.settled};
        tfu_hash_bytes(m.bytes.data, m.bytes.size, out->digest);
    }
    close_image(&m);
    return st == TFU_OK ? TFU_OK : fail(path, &why, e);
}

static void short_digest(const uint8_t digest[TFU_HASH_SIZE], uint64_t out[2])
{
    memcpy(out, digest, 2 * sizeof *out);
    out[0] |= out[0] == 0 && out[1] == 0; /* which is said of what is bad */
}

enum tfu_status tfu_image_files_remember(struct tfu_image_files *f, const char *path,
                                         const struct tfu_image_look *look, struct tfu_error *e)
{
    struct tfu_image_seen_file file = {.path = tfu_image_seen_hash(path)};
    if (look) {
        file.stamp = stamp_of(&look->state);
        short_digest(look->digest, file.digest);
    }
    return tfu_image_seen_add(&f->seen, &file, e);
}

const struct tfu_image_seen_file *tfu_image_files_seen(const struct tfu_image_files *f,
                                                       const char *path)
{
    return tfu_image_seen_find(&f->seen, path);
}

enum tfu_status tfu_image_files_how(struct tfu_image_files *f,
                                    const struct tfu_image_file_want *want, uint64_t *how,
                                    struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_image_readers_text(&f->readers, &text, e);
    tfu_text_printf(&text, "%lld %u %lld %lld", (long long)want->channels, want->flags | f->flags,
                    (long long)want->wanted_height, (long long)want->wanted_width);
    if (st == TFU_OK && text.failed)
        st = tfu_error_memory(e, "looking at image files", 0);
    if (st == TFU_OK)
        *how = tfu_checksum(text.data, text.length);
    tfu_text_free(&text);
    return st;
}

/* ---- reading */

/* Is it what it was when it was looked at? Its contents count where somebody but touched it. */
static enum tfu_status check_seen(const struct tfu_image_files *f, const char *path,
                                  const struct bytes *b, struct tfu_error *e)
{
    const struct tfu_image_seen_file *seen = tfu_image_seen_find(&f->seen, path);
    uint8_t digest[TFU_HASH_SIZE];
    uint64_t is[2];
    if (!seen || seen->stamp == stamp_of(&b->state))
        return TFU_OK;
    tfu_hash_bytes(b->data, b->size, digest);
    short_digest(digest, is);
    if (is[0] == seen->digest[0] && is[1] == seen->digest[1])
        return TFU_OK;
    return tfu_error_set(e, TFU_EIO,
                         "it was changed since the data were opened, and what files hold decides "
                         "which run it is; put it back, or begin anew with the changed data");
}

enum tfu_status tfu_image_files_read(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info,
                                     void *(*alloc)(void *arg, size_t bytes), void *arg,
                                     void **pixels, struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct image m;
    bool has_memory = true;
    *pixels = NULL;
    enum tfu_status st = open_image(f, path, want, &m, &why);
    if (st == TFU_OK)
        st = check_seen(f, path, &m.bytes, &why);
    if (st == TFU_OK) {
        const int64_t channels = m.channels > m.info.channels ? m.channels : m.info.channels;
        *info = info_of(&m);
        *pixels = alloc(arg, (size_t)(m.info.height * m.info.width * channels) *
                                 tfu_dtype_size(m.info.dtype));
        has_memory = *pixels != NULL;
        st = has_memory ? read_image(&m, *pixels, &why) : TFU_ENOMEM;
    }
    close_image(&m);
    if (st != TFU_OK)
        *pixels = NULL;
    return st == TFU_OK || !has_memory ? st : fail(path, &why, e);
}
