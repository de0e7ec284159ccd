/* SPDX-License-Identifier: MIT
 *
 * Does a reader know its format and nothing else, and does it stand whatever is made of a file of
 * it: cut off, changed, continued at random?
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/random.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/conformance/reader_file.h"

/* What is tried of a file costs about as much as this many bytes of files. */
enum { WORK = 1 << 24, FEWEST = 200, MOST = 4000 };

/* ---- the sample as it is */

static struct tfu_check_reading reading(const struct tfu_check_sample *s)
{
    return (struct tfu_check_reading){.bytes = s->bytes, .size = s->size, .poison = 0xa5};
}

/* The sample, which has to be right. */
static enum tfu_status read_right(const struct tfu_check *c, const struct tfu_check_reading *r,
                                  struct tfu_check_outcome *out, struct tfu_error *e)
{
    const enum tfu_status st = tfu_check_read(c, r, out, e);
    return st == TFU_OK && out->status != TFU_OK
               ? tfu_error_set(e, out->status, "it refuses the sample: %s", out->said.text)
               : st;
}

static bool is_same(const struct tfu_check_outcome *a, const struct tfu_check_outcome *b)
{
    return a->status == TFU_OK && b->status == TFU_OK && a->bytes == b->bytes &&
           a->info.dtype == b->info.dtype && a->info.height == b->info.height &&
           a->info.width == b->info.width && a->info.channels == b->info.channels &&
           memcmp(a->pixels, b->pixels, a->bytes) == 0;
}

/* The sample and its pixels; `s->bytes` is NULL when there is none. */
static enum tfu_status begin(struct tfu_check *c, struct tfu_check_sample *s,
                             struct tfu_check_outcome *truth, struct tfu_error *e)
{
    const enum tfu_status st = tfu_check_sample(c, s, e);
    if (!s->bytes || st != TFU_OK)
        return st;
    const struct tfu_check_reading r = reading(s);
    return read_right(c, &r, truth, e);
}

static enum tfu_status reads(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    struct tfu_check_reading r = reading(&s);
    r.poison = 0x5a;
    st = read_right(c, &r, &other, e);
    if (st == TFU_OK && !is_same(&truth, &other))
        return tfu_error_set(e, TFU_EINVAL,
                             "the pixels differ when they are read again, into memory that holds "
                             "something else: not all of them are written");
    tfu_check_note(c, "%" PRId64 "x%" PRId64 "x%" PRId64 " numbers of %zu bytes", truth.info.height,
                   truth.info.width, truth.info.channels, tfu_dtype_size(truth.info.dtype));
    return st;
}

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    enum tfu_status st = begin(c, &s, &truth, e);
    for (int g = TFU_GUARD_NUMBERS; s.bytes && st == TFU_OK && g <= TFU_GUARD_PAGE_BEFORE; g++) {
        struct tfu_check_reading r = reading(&s);
        r.guard = (enum tfu_guard)g;
        st = read_right(c, &r, &other, e);
        if (st == TFU_OK && !is_same(&truth, &other))
            return tfu_error_set(e, TFU_EINVAL, "the pixels depend on the memory around them");
        tfu_check_outcome_free(&other);
    }
    return st;
}

static enum tfu_status frames(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    const int64_t frame[] = {-1, truth.info.frames, INT64_MIN, INT64_MAX, truth.info.frames - 1};
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(frame); i++) {
        struct tfu_check_reading r = reading(&s);
        r.frame = frame[i];
        st = tfu_check_read(c, &r, &other, e);
        const bool is_there = frame[i] == truth.info.frames - 1;
        if (st == TFU_OK && (other.status == TFU_OK) != is_there)
            st = tfu_error_set(e, TFU_EINVAL, "read() %s frame %" PRId64 ", and there are %" PRId64,
                               is_there ? "refuses" : "gives", frame[i], truth.info.frames);
        tfu_check_outcome_free(&other);
    }
    return st;
}

static enum tfu_status sizes(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    const int64_t h = truth.info.full_height, w = truth.info.full_width;
    const int64_t wanted[][2] = {{1, 1}, {h, 1},           {1, w}, {(h + 1) / 2, (w + 1) / 2},
                                 {h, w}, {10 * h, 10 * w}, {0, 1}, {1, 0}};
    int64_t least = h;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(wanted); i++) {
        struct tfu_check_reading r = reading(&s);
        r.wanted_height = wanted[i][0];
        r.wanted_width = wanted[i][1];
        st = read_right(c, &r, &other, e);
        if (st == TFU_OK && (other.info.full_height != h || other.info.full_width != w))
            st = tfu_error_set(e, TFU_EINVAL,
                               "full_height and full_width are %" PRId64 "x%" PRId64 " or %" PRId64
                               "x%" PRId64 ", as a smaller image is wanted or not",
                               h, w, other.info.full_height, other.info.full_width);
        least = other.info.height < least ? other.info.height : least;
        tfu_check_outcome_free(&other);
    }
    if (least == h)
        tfu_check_note(c, "it always gives all pixels");
    return st;
}

static enum tfu_status indices(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    struct tfu_check_reading r = reading(&s);
    r.flags = TFU_READ_INDICES;
    st = read_right(c, &r, &other, e);
    if (st == TFU_OK && is_same(&truth, &other))
        tfu_check_note(c, "they are the pixels");
    return st;
}

/* ---- limits */

/* What open() may take: the reader's own, some copies of the file, and no pixels. */
static enum tfu_status check_peak(const struct tfu_check_outcome *o, size_t size,
                                  struct tfu_error *e)
{
    const int64_t may = (4 << 20) + 8 * (int64_t)size;
    return o->peak <= may ? TFU_OK
                          : tfu_error_set(e, TFU_EINVAL,
                                          "open() takes %" PRId64
                                          " bytes of memory for a file of %zu; what the header "
                                          "claims is to be checked first",
                                          o->peak, size);
}

static enum tfu_status limits(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    const bool hooks = tfu_hooks_install();
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    struct tfu_check_reading r = reading(&s);
    r.limit = truth.info.full_height * truth.info.full_width * truth.info.channels - 1;
    if (r.limit == 0)
        return tfu_check_skip(c, "the sample has one pixel; give it a larger one");
    st = tfu_check_read(c, &r, &other, e);
    if (st == TFU_OK && other.opened)
        return tfu_error_set(e, TFU_EINVAL,
                             "open() takes an image of %" PRId64 " numbers where %" PRId64
                             " is the limit",
                             r.limit + 1, r.limit);
    return st == TFU_OK && hooks ? check_peak(&other, s.size, e) : st;
}

/* ---- what is made of it */

static size_t how_many(const struct tfu_check_sample *s)
{
    const size_t n = WORK / s->size;
    return n < FEWEST ? FEWEST : n > MOST ? MOST : n;
}

/* A file that is not the sample: refused, or an image. */
static enum tfu_status read_other(const struct tfu_check *c, const void *bytes, size_t size,
                                  struct tfu_check_outcome *out, struct tfu_error *e)
{
    const struct tfu_check_reading r = {
        .bytes = bytes, .size = size, .guard = TFU_GUARD_PAGE_BEHIND, .limit = 1 << 24};
    const enum tfu_status st = tfu_check_read(c, &r, out, e);
    return st == TFU_OK ? check_peak(out, size, e) : st;
}

static enum tfu_status cuts(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    size_t tried = 0;
    tfu_hooks_install();
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    const size_t step = s.size / how_many(&s) + 1;
    for (size_t n = 0; st == TFU_OK && n < s.size; n += n < 64 || s.size - n <= 64 ? 1
                                                        : step < s.size - n - 64
                                                            ? step
                                                            : s.size - n - 64) {
        st = read_other(c, s.bytes, n, &other, e);
        if (st == TFU_OK && other.status == TFU_OK && !is_same(&truth, &other))
            st = tfu_error_set(e, TFU_EINVAL,
                               "the first %zu of %zu bytes give another image; a file that ends "
                               "early is TFU_ECORRUPT",
                               n, s.size);
        tfu_check_outcome_free(&other);
        tried++;
    }
    tfu_check_note(c, "%zu lengths", tried);
    return st;
}

static enum tfu_status changes(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth, other;
    struct tfu_random random;
    size_t refused = 0;
    tfu_hooks_install();
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    tfu_random_init(&random, 1);
    const size_t count = how_many(&s);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        static const unsigned char odd[] = {0x00, 0xff, 0x7f, 0x80};
        /* the header as often as all the rest */
        const size_t most = i % 2 && s.size > 64 ? 64 : s.size;
        const size_t at = (size_t)tfu_random_below(&random, most);
        const size_t n = i % 4 < 2 ? 1 : 1 + (size_t)tfu_random_below(&random, 4);
        unsigned char before[4];
        for (size_t k = 0; k < n && at + k < s.size; k++) {
            before[k] = s.bytes[at + k];
            s.bytes[at + k] = i % 8 < 4
                                  ? (unsigned char)(before[k] ^ 1u << tfu_random_below(&random, 8))
                                  : odd[tfu_random_below(&random, TFU_COUNT(odd))];
        }
        st = read_other(c, s.bytes, s.size, &other, e);
        refused += other.status != TFU_OK;
        tfu_check_outcome_free(&other);
        for (size_t k = 0; k < n && at + k < s.size; k++)
            s.bytes[at + k] = before[k];
    }
    tfu_check_note(c, "%zu of %zu are refused", refused, count);
    return st;
}

static enum tfu_status noise(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome other;
    unsigned char bytes[4096];
    enum tfu_status st = tfu_check_sample(c, &s, e);
    c->skipped = false; /* without one it is noise from the start */
    tfu_hooks_install();
    for (size_t i = 0; st == TFU_OK && i < MOST; i++) {
        const size_t size = i * 7919 % sizeof bytes;
        const size_t own = i % 160 < s.size ? i % 160 : s.size;
        tfu_check_draw(i + 1, bytes, size);
        if (own && own < size)
            memcpy(bytes, s.bytes, own);
        st = read_other(c, bytes, size, &other, e);
        tfu_check_outcome_free(&other);
    }
    if (!s.bytes)
        tfu_check_note(c, "without a sample (--file FILE) from the first byte on");
    return st;
}

/* ---- threads */

enum { THREADS = 4, ROUNDS = 100 };

struct thread {
    const struct tfu_check *check;
    const struct tfu_check_sample *sample;
    const struct tfu_check_outcome *truth;
    size_t rounds;
    pthread_barrier_t *start;
    struct tfu_error error;
};

static void *read_at_once(void *arg)
{
    struct thread *t = arg;
    pthread_barrier_wait(t->start);
    for (size_t i = 0; i < t->rounds; i++) {
        struct tfu_check_outcome other;
        const struct tfu_check_reading r = reading(t->sample);
        if (read_right(t->check, &r, &other, &t->error) == TFU_OK && !is_same(t->truth, &other))
            tfu_error_set(&t->error, TFU_EINVAL,
                          "the pixels differ when several threads read files at once");
        tfu_check_outcome_free(&other);
    }
    return NULL;
}

static enum tfu_status threads(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    struct tfu_check_outcome truth;
    struct thread t[THREADS];
    pthread_t id[THREADS];
    enum tfu_status st = begin(c, &s, &truth, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    const size_t rounds = how_many(&s) / THREADS;
    pthread_barrier_t start;
    int started = 0;
    if (pthread_barrier_init(&start, NULL, THREADS) != 0)
        return tfu_error_set(e, TFU_EIO, "cannot start threads");
    for (; started < THREADS; started++) {
        t[started] = (struct thread){.check = c,
                                     .sample = &s,
                                     .truth = &truth,
                                     .rounds = rounds < ROUNDS ? rounds : ROUNDS,
                                     .start = &start};
        /* those that were started wait for the others: the process ends with the test */
        if (pthread_create(&id[started], NULL, read_at_once, &t[started]) != 0)
            return tfu_error_set(e, TFU_EIO, "cannot start threads");
    }
    for (int i = 0; i < started; i++) {
        pthread_join(id[i], NULL);
        if (t[i].error.status != TFU_OK)
            st = tfu_error_set(e, t[i].error.status, "%s", t[i].error.text);
    }
    pthread_barrier_destroy(&start);
    return st;
}

/* ---- options and lives */

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct tfu_check with = *c;
    struct tfu_check_sample s;
    struct tfu_check_outcome out;
    enum tfu_status st = tfu_check_sample(&with, &s, said);
    if (!s.bytes || st != TFU_OK)
        return st;
    struct tfu_check_reading r = reading(&s);
    r.config = config;
    st = read_right(c, &r, &out, said);
    tfu_check_outcome_free(&out);
    free(s.bytes);
    return st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "open", e);
}

enum tfu_status tfu_check_live_reader(const struct tfu_check *c, struct tfu_life *l,
                                      struct tfu_error *e)
{
    struct tfu_check with = *c;
    struct tfu_check_sample s;
    struct tfu_check_outcome out;
    enum tfu_status st = tfu_check_sample(&with, &s, e);
    if (st != TFU_OK)
        return st;
    struct tfu_check_reading r = reading(&s);
    st = s.bytes ? read_right(c, &r, &out, e) : tfu_check_read(c, &r, &out, e);
    if (st == TFU_OK && out.pixels)
        tfu_life_add(l, out.pixels, out.bytes);
    tfu_life_add_text(l, out.said.text);
    tfu_check_outcome_free(&out);
    free(s.bytes);
    return st;
}

const struct tfu_check_test tfu_check_reader[] = {
    {"a file of its format is known by its beginning", tfu_check_reader_knows},
    {"what other formats begin with is theirs", tfu_check_reader_knows_no_other},
    {"random bytes are nobody's", tfu_check_reader_knows_no_noise},
    {"every pixel is written, finite, and the same again", reads},
    {"not a byte outside of the file and the pixels is touched", tight},
    {"a frame outside is refused in words", frames},
    {"a smaller image is not smaller than wanted", sizes},
    {"the numbers of a palette can be asked for", indices},
    {"an image over the limit is refused, without memory for it", limits},
    {"a file that is cut off is refused in words", cuts},
    {"changed bytes are refused in words, or give an image", changes},
    {"so are random bytes behind its beginning", noise},
    {"several threads read the same bits", threads},
    {"each option at its bounds opens, or is refused in words", bounds},
    {NULL, NULL},
};
