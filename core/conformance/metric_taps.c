/* SPDX-License-Identifier: MIT
 *
 * Tests of the metrics that look at captured activations or parameters: what they do with
 * activations that no theory provides for, and whether threads or the type of numbers show.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/threads.h"
#include "core/conformance/metric_tests.h"

enum { ROWS = TFU_CHECK_ROWS };

static const struct tfu_metric_lent one_worker = {.workers = 1};

static enum tfu_status on_taps(struct tfu_check *c, tfu_metric_test *test, struct tfu_error *e)
{
    return tfu_metric_looks_at_taps(c) ? tfu_metric_on_each(c, test, e)
                                       : tfu_check_skip(c, "it looks at no activations");
}

/* ---- what it asks for */

static enum tfu_status test_wishes(struct tfu_check *c, const struct tfu_metric_split *s,
                                   struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_instance other;
    struct tfu_error said = TFU_ERROR_INIT;
    if (!m->wants[0] && !m->wants[1])
        return tfu_error_set(e, TFU_EINVAL,
                             "its `needs` announce activations, and create() asks for none; call "
                             "want_tap()");
    const struct tfu_metric_lent no_taps = {.workers = 1, .no_taps = true};
    const enum tfu_status st = tfu_metric_make(c, c->config, s->task, no_taps, &other, &said);
    return st != TFU_OK ? tfu_check_manners(st, &said, "create", e)
                        : tfu_error_set(e, TFU_EINVAL,
                                        "create() goes on when want_tap() has refused; return "
                                        "what it returns");
}

static enum tfu_status test_no_wishes(struct tfu_check *c, const struct tfu_metric_split *s,
                                      struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)c, (void)s;
    if (!m->wants[0] && !m->wants[1])
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "it asks for activations, which its `needs` do not announce; add "
                         "TFU_NEEDS_TAPS");
}

enum tfu_status tfu_metric_check_wishes(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_metric_on_each(c, tfu_metric_looks_at_taps(c) ? test_wishes : test_no_wishes, e);
}

/* ---- types and threads */

static enum tfu_status test_precision(struct tfu_check *c, const struct tfu_metric_split *s,
                                      struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    struct tfu_metric_split doubles = *s;
    doubles.dtype = TFU_F64;
    enum tfu_status st = tfu_metric_whole(c, s, one_worker, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(m, &doubles, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    return st == TFU_OK ? tfu_metric_same(&truth, &r, 1e-5, "when they come as float64", e) : st;
}

enum tfu_status tfu_metric_check_precision(struct tfu_check *c, struct tfu_error *e)
{
    return on_taps(c, test_precision, e);
}

static enum tfu_status in_threads(const struct tfu_check *c, const struct tfu_metric_split *s,
                                  uint32_t count, struct tfu_metric_reports *r, struct tfu_error *e)
{
    struct tfu_metric_lent lent = {.workers = count};
    enum tfu_status st = tfu_threads_new(&lent.threads, count, e);
    if (st == TFU_OK)
        st = tfu_metric_whole(c, s, lent, r, e);
    tfu_threads_free(lent.threads);
    return st;
}

/* Enough rows and channels for more than one piece of work. */
static enum tfu_status test_workers(struct tfu_check *c, const struct tfu_metric_split *usual,
                                    struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)m;
    const struct tfu_metric_size large = {.rows = 700, .channels = {37, 21}};
    const struct tfu_metric_lent backwards = {.workers = 3};
    struct tfu_metric_reports truth, r;
    struct tfu_metric_split *s = tfu_metric_split_new(usual->needs, usual->task, &large);
    if (!s)
        return tfu_error_memory(e, "checking a plugin", 0);
    enum tfu_status st = tfu_metric_whole(c, s, one_worker, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_whole(c, s, backwards, &r, e);
    if (st == TFU_OK)
        st = tfu_metric_same(&truth, &r, 0, "when parallel() runs the last task first", e);
    for (uint32_t count = 2; st == TFU_OK && count <= 3; count++) {
        st = in_threads(c, s, count, &r, e);
        if (st == TFU_OK)
            st = tfu_metric_same(&truth, &r, 0, "with more than one thread", e);
    }
    tfu_metric_split_free(s);
    return st;
}

enum tfu_status tfu_metric_check_workers(struct tfu_check *c, struct tfu_error *e)
{
    return on_taps(c, test_workers, e);
}

/* ---- activations that no theory provides for */

/* Sets channel `k` (-1: all) of every row of a side. */
static void fill(const struct tfu_metric_split *s, int side, int64_t k, double value)
{
    const struct tfu_metric_side *to = &s->side[side];
    for (int64_t i = 0; i < s->rows * tfu_metric_side_row(to); i++)
        if (k < 0 || i % to->channels == k)
            to->value[i] = value;
}

static void scale(const struct tfu_metric_split *s, int side, double factor)
{
    const struct tfu_metric_side *to = &s->side[side];
    for (int64_t i = 0; i < s->rows * tfu_metric_side_row(to); i++)
        to->value[i] = (double)(float)(to->value[i] * factor);
}

static void dead_channel(const struct tfu_metric_split *s)
{
    fill(s, 0, 1, 0);
}

static void constant_channels(const struct tfu_metric_split *s)
{
    fill(s, 0, 1, 2.5);
    fill(s, 1, 2, -0.1f);
}

static void equal_channels(const struct tfu_metric_split *s)
{
    for (int side = 0; side < 2; side++) {
        const struct tfu_metric_side *to = &s->side[side];
        for (int64_t i = 0; i < s->rows * tfu_metric_side_row(to); i += to->channels)
            to->value[i] = to->value[i + 1];
    }
}

static void constant_a(const struct tfu_metric_split *s)
{
    fill(s, 0, -1, 0.1f);
}

static void zero_b(const struct tfu_metric_split *s)
{
    fill(s, 1, -1, 0);
}

static void zeros(const struct tfu_metric_split *s)
{
    fill(s, 0, -1, 0);
    fill(s, 1, -1, 0);
}

static void equal_sides(const struct tfu_metric_split *s)
{
    const int64_t n = s->rows * tfu_metric_side_row(&s->side[0]);
    if (tfu_metric_side_row(&s->side[0]) == tfu_metric_side_row(&s->side[1]))
        memcpy(s->side[1].value, s->side[0].value, (size_t)n * sizeof(double));
}

static void huge(const struct tfu_metric_split *s)
{
    scale(s, 0, 1e30);
    scale(s, 1, 1e30);
}

static void tiny(const struct tfu_metric_split *s)
{
    scale(s, 0, 1e-30);
    scale(s, 1, 1e-30);
}

static void huge_and_tiny(const struct tfu_metric_split *s)
{
    scale(s, 0, 1e37);
    scale(s, 1, 1e-44);
}

static const struct {
    const char *name;
    void (*spoil)(const struct tfu_metric_split *s);
} degenerate[] = {
    {"a dead channel", dead_channel},
    {"constant channels", constant_channels},
    {"channels that are equal", equal_channels},
    {"constant activations", constant_a},
    {"one side of zeros", zero_b},
    {"both sides of zeros", zeros},
    {"two equal sides", equal_sides},
    {"numbers of 1e30", huge},
    {"numbers of 1e-30", tiny},
    {"numbers of 1e37 beside 1e-44", huge_and_tiny},
};

static enum tfu_status test_degenerate(struct tfu_check *c, const struct tfu_metric_split *usual,
                                       struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)c;
    const struct tfu_metric_size size = {.rows = ROWS, .channels = {5, 5}};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(degenerate); i++) {
        struct tfu_error said = TFU_ERROR_INIT;
        bool refused;
        struct tfu_metric_split *s = tfu_metric_split_new(usual->needs, usual->task, &size);
        if (!s)
            return tfu_error_memory(e, "checking a plugin", 0);
        degenerate[i].spoil(s);
        st = tfu_metric_try(m, s, ROWS, &refused, &said);
        tfu_metric_split_free(s);
        if (st != TFU_OK)
            tfu_error_set(e, st, "with %s: %s", degenerate[i].name, said.text);
    }
    return st;
}

enum tfu_status tfu_metric_check_degenerate(struct tfu_check *c, struct tfu_error *e)
{
    return on_taps(c, test_degenerate, e);
}

static enum tfu_status test_few(struct tfu_check *c, const struct tfu_metric_split *s,
                                struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)c;
    enum tfu_status st = TFU_OK;
    for (int64_t n = 1; st == TFU_OK && n <= 12; n++) {
        int64_t row[12];
        struct tfu_error said = TFU_ERROR_INIT;
        bool refused;
        for (int64_t i = 0; i < n; i++)
            row[i] = i;
        struct tfu_metric_split *few = tfu_metric_split_gather(s, row, n, s->fit > 0 ? n / 2 : 0);
        if (!few)
            return tfu_error_memory(e, "checking a plugin", 0);
        st = tfu_metric_try(m, few, n, &refused, &said);
        tfu_metric_split_free(few);
        if (st != TFU_OK)
            tfu_error_set(e, st, "with %d rows: %s", (int)n, said.text);
    }
    return st;
}

enum tfu_status tfu_metric_check_few(struct tfu_check *c, struct tfu_error *e)
{
    return on_taps(c, test_few, e);
}

/* ---- how many rows it takes */

static int64_t rows_max(const struct tfu_check *c)
{
    const struct tfu_metric_ops *ops = c->plugin->ops;
    return ops->rows_max ? ops->rows_max(c->config) : 0;
}

/* As many rows as it is to be given at most, and one more, which it may refuse. */
static enum tfu_status test_most(struct tfu_check *c, const struct tfu_metric_split *usual,
                                 struct tfu_metric_instance *m, struct tfu_error *e)
{
    const int64_t most = rows_max(c);
    enum tfu_status st = TFU_OK;
    for (int64_t rows = most; st == TFU_OK && rows <= most + 1; rows++) {
        const struct tfu_metric_size size = {.rows = rows, .channels = {5, 4}};
        struct tfu_error said = TFU_ERROR_INIT;
        bool refused = false;
        struct tfu_metric_split *s = tfu_metric_split_new(usual->needs, usual->task, &size);
        if (!s)
            return tfu_error_memory(e, "checking a plugin", 0);
        st = tfu_metric_try(m, s, rows, &refused, &said);
        tfu_metric_split_free(s);
        if (st != TFU_OK || (refused && rows == most))
            st = tfu_error_set(e, st != TFU_OK ? st : TFU_EINVAL,
                               "rows_max() is %lld; of %lld rows it says: %s", (long long)most,
                               (long long)rows, said.text);
    }
    return st;
}

enum tfu_status tfu_metric_check_rows_max(struct tfu_check *c, struct tfu_error *e)
{
    enum { MANY = 20000 };
    const int64_t most = rows_max(c);
    if (most < 0)
        return tfu_error_set(e, TFU_EINVAL, "rows_max() is %lld; 0 says that any number will do",
                             (long long)most);
    if (most == 0)
        return tfu_check_skip(c, "it takes any number of rows");
    if (!tfu_metric_looks_at_taps(c))
        return tfu_error_set(e, TFU_EINVAL,
                             "rows_max() is %lld, and it looks at no activations: a split is never "
                             "cut for a metric",
                             (long long)most);
    if (most > MANY)
        return tfu_check_skip(c, "its rows_max() of %lld is too much to try", (long long)most);
    return tfu_metric_on_each(c, test_most, e);
}

/* One number of a side in the first row, and then in the last, which is never one to fit on. */
static enum tfu_status test_finite(struct tfu_check *c, const struct tfu_metric_split *s,
                                   struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)c;
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (int i = 0; i < 2 * 2 * (int)TFU_COUNT(bad); i++) {
        const int side = i % 2;
        const int64_t row = i / 2 % 2 ? ROWS - 1 : 0;
        if (!m->wants[side])
            continue;
        struct tfu_error said = TFU_ERROR_INIT;
        bool refused;
        double *at = s->side[side].value + row * tfu_metric_side_row(&s->side[side]) + 2;
        const double was = *at;
        *at = bad[i / 4];
        const enum tfu_status st = tfu_metric_try(m, s, ROWS, &refused, &said);
        *at = was;
        if (st != TFU_OK)
            return tfu_error_set(e, st, "with a value of %g: %s", bad[i / 4], said.text);
        if (!refused)
            return tfu_error_set(e, TFU_EINVAL,
                                 "it takes a value of %g in row %d of '%s' for a number; refuse it",
                                 bad[i / 4], (int)row, side ? "b" : "a");
    }
    return TFU_OK;
}

enum tfu_status tfu_metric_check_finite(struct tfu_check *c, struct tfu_error *e)
{
    return on_taps(c, test_finite, e);
}

/* ---- parameters */

static enum tfu_status test_shapes(struct tfu_check *c, const struct tfu_metric_split *s,
                                   struct tfu_metric_instance *m, struct tfu_error *e)
{
    (void)c;
    struct tfu_metric_split other = *s;
    struct tfu_error said = TFU_ERROR_INIT;
    bool refused;
    other.side[1].width = 1;
    const enum tfu_status st = tfu_metric_try(m, &other, ROWS, &refused, &said);
    if (st != TFU_OK)
        return tfu_error_set(e, st, "%s", said.text);
    return refused ? TFU_OK
                   : tfu_error_set(e, TFU_EINVAL,
                                   "it takes a parameter of another shape in b than in a; refuse "
                                   "it");
}

enum tfu_status tfu_metric_check_shapes(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_metric_ops *ops = c->plugin->ops;
    return ops->needs & TFU_NEEDS_PARAMETERS ? tfu_metric_on_each(c, test_shapes, e)
                                             : tfu_check_skip(c, "it looks at no parameters");
}
