/* SPDX-License-Identifier: MIT */
#include "core/conformance/reader_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/random.h"
#include "core/conformance/hooks.h"

enum { MOST = 1 << 26 }; /* bytes of a sample */
static const int64_t limit = INT64_C(1) << 28;

/* ---- the sample */

static enum tfu_status read_sample(FILE *f, const char *path, struct tfu_check_sample *s,
                                   struct tfu_error *e)
{
    const long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (size < 1 || size > MOST)
        return tfu_error_set(e, TFU_EINVAL, "the sample '%s' has to be a file of 1 to %d bytes",
                             path, MOST);
    rewind(f);
    s->bytes = malloc((size_t)size);
    if (!s->bytes)
        return tfu_error_memory(e, "checking a plugin", (size_t)size);
    s->size = fread(s->bytes, 1, (size_t)size, f);
    return s->size == (size_t)size ? TFU_OK
                                   : tfu_error_errno(e, errno, "cannot read the sample", path);
}

enum tfu_status tfu_check_sample(struct tfu_check *c, struct tfu_check_sample *s,
                                 struct tfu_error *e)
{
    *s = (struct tfu_check_sample){.bytes = NULL};
    if (!c->file)
        return tfu_check_skip(c, "give it a file of its format: --file FILE");
    FILE *f = fopen(c->file, "rb");
    if (!f)
        return tfu_error_errno(e, errno, "cannot open the sample", c->file);
    const enum tfu_status st = read_sample(f, c->file, s, e);
    fclose(f);
    return st;
}

void tfu_check_draw(uint64_t key, unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 4) {
        const uint32_t word = tfu_philox(key, i / 4).word[0];
        memcpy(bytes + i, &word, size - i < 4 ? size - i : 4);
    }
}

/* ---- what the header asks for */

static enum tfu_status check_refusal(enum tfu_status st, const struct tfu_error *said,
                                     const char *function, struct tfu_error *e)
{
    const enum tfu_status manners = tfu_check_manners(st, said, function, e);
    if (manners != TFU_OK || st == TFU_OK || st == TFU_ECORRUPT || st == TFU_EUNSUPPORTED)
        return manners;
    return tfu_error_set(e, TFU_EINVAL,
                         "%s() refuses a file with '%s' (%s); damaged is TFU_ECORRUPT, and what it "
                         "does not read TFU_EUNSUPPORTED",
                         function, tfu_status_text(st), said->text);
}

static enum tfu_status check_size(const struct tfu_reader_source *s,
                                  const struct tfu_reader_info *i, struct tfu_error *e)
{
    if (!tfu_reader_fits(s, i->height, i->width, i->channels))
        return tfu_error_set(e, TFU_EINVAL,
                             "its info has %" PRId64 "x%" PRId64 "x%" PRId64
                             " numbers; open() is to refuse more than the limit of %" PRId64
                             ", and less than one",
                             i->height, i->width, i->channels, s->limit);
    if (i->full_height < i->height || i->full_width < i->width)
        return tfu_error_set(e, TFU_EINVAL,
                             "its info has %" PRId64 "x%" PRId64 " pixels of a file of %" PRId64
                             "x%" PRId64,
                             i->height, i->width, i->full_height, i->full_width);
    const bool all = s->wanted_height < 1 || s->wanted_width < 1;
    if ((i->height < i->full_height && (all || i->height < s->wanted_height)) ||
        (i->width < i->full_width && (all || i->width < s->wanted_width)))
        return tfu_error_set(e, TFU_EINVAL,
                             "it gives %" PRId64 "x%" PRId64 " of %" PRId64 "x%" PRId64
                             " pixels where %" PRId64 "x%" PRId64 " are wanted (0: all)",
                             i->height, i->width, i->full_height, i->full_width, s->wanted_height,
                             s->wanted_width);
    return TFU_OK;
}

static enum tfu_status check_info(const struct tfu_reader_source *s,
                                  const struct tfu_reader_info *i, struct tfu_error *e)
{
    if (!i)
        return tfu_error_set(e, TFU_EINVAL, "info() gives NULL");
    if (i->struct_size < sizeof *i)
        return tfu_error_set(e, TFU_EINVAL, "its info has .struct_size %u; set it to sizeof info",
                             i->struct_size);
    if (i->dtype != TFU_U8 && i->dtype != TFU_U16 && i->dtype != TFU_F32)
        return tfu_error_set(e, TFU_EINVAL,
                             "its info has the dtype %u; there are TFU_U8, TFU_U16 and TFU_F32",
                             i->dtype);
    if (i->channels < 1 || i->channels > 4 || i->frames < 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "its info has %" PRId64 " channels and %" PRId64
                             " frames; there are 1 to 4, and one or more",
                             i->channels, i->frames);
    if (i->bits > 8 * tfu_dtype_size(i->dtype) || i->orientation > 8)
        return tfu_error_set(e, TFU_EINVAL,
                             "its info has %u bits in use of numbers of %zu, and the orientation "
                             "%u; there are as many as that, and 1 to 8 (0: the reader does not "
                             "say)",
                             i->bits, 8 * tfu_dtype_size(i->dtype), i->orientation);
    return check_size(s, i, e);
}

static enum tfu_status check_floats(const struct tfu_check_outcome *o, struct tfu_error *e)
{
    for (size_t i = 0; o->info.dtype == TFU_F32 && i < o->bytes / sizeof(float); i++) {
        float x;
        memcpy(&x, o->pixels + i * sizeof x, sizeof x);
        if (!isfinite(x))
            return tfu_error_set(e, TFU_ENUMERIC, "read() gives the number %g", (double)x);
    }
    return TFU_OK;
}

/* ---- a reading */

struct work {
    const struct tfu_reader_ops *ops;
    struct tfu_calling calling;
    struct tfu_reader_source source;
    struct tfu_guarded bytes; /* of the source, at its end */
    struct tfu_guarded pixels;
    void *self;
};

static enum tfu_status lay_out(struct work *w, const struct tfu_check_reading *r,
                               struct tfu_error *e)
{
    enum { ALIGN = 64 };
    const size_t room = (r->size + ALIGN - 1) / ALIGN * ALIGN;
    const enum tfu_status st = tfu_guarded_new(&w->bytes, room, 1, r->guard, "the source", e);
    if (st != TFU_OK)
        return st;
    unsigned char *at = w->bytes.data + (r->guard == TFU_GUARD_PAGE_BEFORE ? 0 : room - r->size);
    if (r->size)
        memcpy(at, r->bytes, r->size);
    w->source = (struct tfu_reader_source){.struct_size = sizeof w->source,
                                           .flags = r->flags,
                                           .name = "the sample",
                                           .bytes = at,
                                           .size = r->size,
                                           .wanted_height = r->wanted_height,
                                           .wanted_width = r->wanted_width,
                                           .limit = r->limit ? r->limit : limit};
    return TFU_OK;
}

static enum tfu_status open_source(struct work *w, const void *config,
                                   struct tfu_check_outcome *out, struct tfu_error *e)
{
    struct tfu_host_call host;
    w->calling.function = "open";
    const struct tfu_calling *outer = tfu_calling_begin(&w->calling);
    tfu_hooks_peak_begin();
    tfu_hooks_paint();
    out->status =
        w->ops->open(&w->self, config, &w->source, tfu_host_call_init(&host, NULL, &out->said));
    out->peak = tfu_hooks_peak();
    tfu_calling_end(outer);
    const enum tfu_status st = check_refusal(out->status, &out->said, "open", e);
    out->opened = out->status == TFU_OK;
    if (st != TFU_OK || !out->opened)
        return st;
    w->calling.function = "info";
    outer = tfu_calling_begin(&w->calling);
    const struct tfu_reader_info *info = w->ops->info(w->self);
    tfu_calling_end(outer);
    if (info)
        out->info = *info;
    return check_info(&w->source, info, e);
}

static enum tfu_status read_pixels(struct work *w, const struct tfu_check_reading *r,
                                   struct tfu_check_outcome *out, struct tfu_error *e)
{
    const struct tfu_reader_info *i = &out->info;
    struct tfu_host_call host;
    out->bytes = (size_t)(i->height * i->width * i->channels) * tfu_dtype_size(i->dtype);
    enum tfu_status st = tfu_guarded_new(&w->pixels, out->bytes, 1, r->guard, "the pixels", e);
    if (st != TFU_OK)
        return st;
    memset(w->pixels.data, r->poison, out->bytes);
    w->calling.function = "read";
    const struct tfu_calling *outer = tfu_calling_begin(&w->calling);
    tfu_hooks_paint();
    out->status = w->ops->read(w->self, r->frame, w->pixels.data,
                               tfu_host_call_init(&host, NULL, &out->said));
    tfu_calling_end(outer);
    /* a frame that is not there is the host's mistake, and no file's */
    st = out->status == TFU_EINVAL && (r->frame < 0 || r->frame >= i->frames)
             ? tfu_check_manners(out->status, &out->said, "read", e)
             : check_refusal(out->status, &out->said, "read", e);
    if (st == TFU_OK && !tfu_guarded_intact(&w->pixels))
        st = tfu_error_set(e, TFU_EINVAL, "memory before or behind the pixels was written");
    if (st != TFU_OK || out->status != TFU_OK)
        return st;
    out->pixels = malloc(out->bytes);
    if (!out->pixels)
        return tfu_error_memory(e, "checking a plugin", out->bytes);
    memcpy(out->pixels, w->pixels.data, out->bytes);
    return check_floats(out, e);
}

static void close_source(struct work *w)
{
    w->calling.function = "close";
    const struct tfu_calling *outer = tfu_calling_begin(&w->calling);
    tfu_hooks_paint();
    w->ops->close(w->self);
    tfu_calling_end(outer);
}

enum tfu_status tfu_check_read(const struct tfu_check *c, const struct tfu_check_reading *r,
                               struct tfu_check_outcome *out, struct tfu_error *e)
{
    struct work w = {.ops = c->plugin->ops,
                     .calling = {.kind = "reader", .plugin = c->plugin->name}};
    *out = (struct tfu_check_outcome){.peak = -1};
    enum tfu_status st = lay_out(&w, r, e);
    if (st == TFU_OK)
        st = open_source(&w, r->config ? r->config : c->config, out, e);
    if (st == TFU_OK && out->opened)
        st = read_pixels(&w, r, out, e);
    if (out->opened)
        close_source(&w);
    if (st == TFU_OK && r->size && memcmp(w.source.bytes, r->bytes, r->size) != 0)
        st = tfu_error_set(e, TFU_EINVAL, "it writes into the source");
    tfu_guarded_free(&w.pixels);
    tfu_guarded_free(&w.bytes);
    return st;
}

void tfu_check_outcome_free(struct tfu_check_outcome *o)
{
    free(o->pixels);
    o->pixels = NULL;
}
