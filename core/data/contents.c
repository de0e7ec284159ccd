/* SPDX-License-Identifier: MIT */
#include "core/data/contents.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/data/image_file.h"

static enum tfu_status host_fail(struct tfu_dataset_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    struct tfu_contents *c = h->host;
    char text[1024];
    va_list args;
    va_start(args, fmt);
    if (c->refused) {
        vsnprintf(text, sizeof text, fmt, args);
        tfu_error_prefix(c->error, "%s", text);
    } else {
        tfu_error_set_v(c->error, st, fmt, args);
    }
    va_end(args);
    c->refused = false;
    return st;
}

static void host_warn(struct tfu_dataset_host *h, const char *fmt, ...)
{
    const struct tfu_contents *c = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_log_write_v(c->log, TFU_LOG_WARNING, fmt, args);
    va_end(args);
}

static enum tfu_status begin(struct tfu_contents *c)
{
    if (!c->opening)
        return tfu_error_set(c->error, TFU_EINVAL,
                             "something is added to the fingerprint outside of open()");
    return c->hash ? TFU_OK : tfu_hash_new(&c->hash, c->error);
}

/* Each piece with its size before it: what lies where between two pieces counts. */
static void add(struct tfu_contents *c, const void *bytes, size_t size)
{
    char text[32];
    const int n = snprintf(text, sizeof text, "%zu\n", size);
    tfu_hash_add(c->hash, text, (size_t)n);
    if (size)
        tfu_hash_add(c->hash, bytes, size);
}

static enum tfu_status host_add_bytes(struct tfu_dataset_host *h, const void *bytes, size_t size)
{
    struct tfu_contents *c = h->host;
    const enum tfu_status st = begin(c);
    if (st == TFU_OK)
        add(c, bytes, size);
    return st;
}

static enum tfu_status host_add_file(struct tfu_dataset_host *h, const char *path)
{
    struct tfu_contents *c = h->host;
    char hex[TFU_HASH_HEX];
    enum tfu_status st = begin(c);
    if (st == TFU_OK)
        st = tfu_hash_file(path, hex, c->error);
    c->refused = st != TFU_OK;
    if (st == TFU_OK)
        add(c, hex, strlen(hex));
    return st;
}

static enum tfu_status host_add_image(struct tfu_dataset_host *h, const char *path,
                                      int64_t channels)
{
    struct tfu_contents *c = h->host;
    const struct tfu_image_file_want want = {.channels = channels};
    struct tfu_image_file_info info;
    char hex[TFU_HASH_HEX];
    enum tfu_status st = begin(c);
    if (st == TFU_OK)
        st = tfu_image_files_look(c->files, path, &want, &info, hex, c->error);
    c->refused = st != TFU_OK;
    if (st != TFU_OK)
        return st;
    add(c, hex, strlen(hex));
    const int64_t numbers = info.height * info.width * info.channels;
    c->largest = numbers > c->largest ? numbers : c->largest;
    const bool first = c->images++ == 0;
    c->height = first || c->height == info.height ? info.height : 0;
    c->width = first || c->width == info.width ? info.width : 0;
    c->channels = first || c->channels == info.channels ? info.channels : 0;
    return TFU_OK;
}

void tfu_contents_init(struct tfu_contents *c, struct tfu_image_files *files, struct tfu_log *log)
{
    *c = (struct tfu_contents){.files = files, .log = log};
}

struct tfu_dataset_host *tfu_contents_host(struct tfu_contents *c, bool opening,
                                           struct tfu_error *e)
{
    c->opening = opening;
    c->refused = false;
    c->error = e;
    c->host = (struct tfu_dataset_host){.struct_size = sizeof c->host,
                                        .host = c,
                                        .fail = host_fail,
                                        .warn = host_warn,
                                        .add_file = host_add_file,
                                        .add_image = host_add_image,
                                        .add_bytes = host_add_bytes};
    return &c->host;
}

enum tfu_status tfu_contents_fingerprint(struct tfu_contents *c, char hex[TFU_HASH_HEX],
                                         struct tfu_error *e)
{
    hex[0] = '\0';
    if (!c->hash)
        return TFU_OK;
    const enum tfu_status st = tfu_hash_hex(c->hash, hex, e);
    tfu_contents_free(c);
    return st;
}

void tfu_contents_free(struct tfu_contents *c)
{
    tfu_hash_free(c->hash);
    c->hash = NULL;
}
