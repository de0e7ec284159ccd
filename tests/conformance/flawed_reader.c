/* SPDX-License-Identifier: MIT
 *
 * PGM, gray images of 8 bits without comments, with the flaw that -DFLAW= names.
 */
#define _POSIX_C_SOURCE 199309L /* nanosleep() */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <transfuse/reader.h>

enum flaw {
    none,
    knows_pfm_too,
    knows_by_one_byte,
    says_yes_to_nothing,
    reads_behind_the_beginning,
    reads_behind_the_file,
    writes_behind_the_pixels,
    writes_into_the_file,
    leaves_out_a_row,
    makes_up_what_is_missing,
    ignores_the_limit,
    takes_memory_first,
    takes_any_frame,
    is_too_small,
    refuses_without_a_word,
    refuses_as_a_value,
    has_no_size_in_its_info,
    shares_its_memory,
    refuses_numbers
};

struct reader {
    struct tfu_reader_info info;
    const struct tfu_reader_source *source;
    size_t at; /* of the pixels */
    unsigned char *row;
};

static unsigned char shared[1 << 16];

static int probe(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    if (FLAW == says_yes_to_nothing && size == 0)
        return 1;
    if (FLAW == reads_behind_the_beginning && b[size] == 17)
        return 0;
    if (FLAW == knows_by_one_byte && size && b[0] == 'P')
        return 1;
    if (size < 3 || b[0] != 'P' || b[2] != '\n')
        return 0;
    return b[1] == '5' || (FLAW == knows_pfm_too && b[1] == 'f');
}

static int64_t number(const struct tfu_reader_source *s, size_t *at)
{
    const unsigned char *b = s->bytes;
    int64_t n = 0;
    const size_t first = *at;
    for (; *at < s->size && b[*at] >= '0' && b[*at] <= '9' && *at - first < 8; (*at)++)
        n = 10 * n + b[*at] - '0';
    const int right = *at > first && *at < s->size && (b[*at] == ' ' || b[*at] == '\n');
    (*at)++;
    return right ? n : 0;
}

static enum tfu_status refuse(struct tfu_host *h, enum tfu_status st, const char *text)
{
    if (FLAW == refuses_without_a_word)
        return st;
    return h->fail(h, FLAW == refuses_as_a_value ? TFU_EINVAL : st, "%s", text);
}

static enum tfu_status read_header(struct reader *r, struct tfu_host *h)
{
    const struct tfu_reader_source *s = r->source;
    r->at = 3;
    const int64_t width = number(s, &r->at), height = number(s, &r->at), most = number(s, &r->at);
    if (!probe(s->bytes, s->size) || width < 1 || height < 1 || most != 255)
        return refuse(h, TFU_ECORRUPT, "its header is not that of a PGM file");
    if (FLAW == takes_memory_first) {
        free(r->row);
        r->row = calloc((size_t)width, (size_t)height);
    }
    if (FLAW != ignores_the_limit && !tfu_reader_fits(s, height, width, 1))
        return refuse(h, TFU_EUNSUPPORTED, "it is too large");
    if (FLAW != makes_up_what_is_missing && FLAW != reads_behind_the_file &&
        (r->at > s->size || (uint64_t)(width * height) > s->size - r->at))
        return refuse(h, TFU_ECORRUPT, "it ends early");
    r->info = (struct tfu_reader_info){.struct_size =
                                           FLAW == has_no_size_in_its_info ? 0 : sizeof r->info,
                                       .dtype = TFU_U8,
                                       .height = height,
                                       .width = width,
                                       .channels = 1,
                                       .full_height = height,
                                       .full_width = width,
                                       .frames = 1};
    if (FLAW == is_too_small && s->wanted_height && s->wanted_width)
        r->info.height = (height + 1) / 2;
    if (FLAW == refuses_numbers && s->flags & TFU_READ_INDICES)
        return refuse(h, TFU_EUNSUPPORTED, "it has no palette");
    return TFU_OK;
}

static void close_reader(void *self)
{
    struct reader *r = self;
    free(r->row);
    free(r);
}

static enum tfu_status open_reader(void **self, const void *config,
                                   const struct tfu_reader_source *source, struct tfu_host *h)
{
    (void)config;
    *self = NULL;
    struct reader *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    r->source = source;
    const enum tfu_status st = read_header(r, h);
    if (st == TFU_OK)
        *self = r;
    else
        close_reader(r);
    return st;
}

static const struct tfu_reader_info *info(const void *self)
{
    return &((const struct reader *)self)->info;
}

static enum tfu_status read_pixels(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    const struct reader *r = self;
    const unsigned char *from = (const unsigned char *)r->source->bytes + r->at;
    size_t n = (size_t)(r->info.height * r->info.width);
    if (frame != 0 && FLAW != takes_any_frame)
        return h->fail(h, TFU_EINVAL, "there is no frame %lld", (long long)frame);
    if (FLAW == leaves_out_a_row)
        n -= (size_t)r->info.width;
    if (FLAW == writes_behind_the_pixels)
        ((unsigned char *)pixels)[n] = 0;
    if (FLAW == writes_into_the_file)
        ((unsigned char *)(uintptr_t)from)[0] ^= 1;
    if (FLAW == makes_up_what_is_missing &&
        (r->at > r->source->size || n > r->source->size - r->at)) {
        memset(pixels, 128, n);
        n = r->at > r->source->size ? 0 : r->source->size - r->at;
    }
    if (FLAW == shares_its_memory && n <= sizeof shared) {
        /* long enough for another thread to come */
        const struct timespec a_moment = {.tv_nsec = 50000};
        memset(shared, 0, n);
        nanosleep(&a_moment, NULL);
        memcpy(shared, from, n);
        nanosleep(&a_moment, NULL);
        from = shared;
    }
    memcpy(pixels, from, n);
    return TFU_OK;
}

static const struct tfu_reader_ops ops = {
    .struct_size = sizeof ops,
    .probe = probe,
    .open = open_reader,
    .close = close_reader,
    .info = info,
    .read = read_pixels,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_READER), .name = "flawed",       .version = "1.0",
    .summary = "a reader for tests",    .ops_size = sizeof ops, .ops = &ops,
};
