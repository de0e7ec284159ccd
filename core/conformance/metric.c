/* SPDX-License-Identifier: MIT
 *
 * Does a metric report what a split is, however it was cut into batches and ordered?
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/conformance/life.h"
#include "core/conformance/metric_tests.h"

enum { ROWS = TFU_CHECK_ROWS };

/* Sums in another order round differently; everything else is an error. */
static const double tolerance = 1e-9;

static const struct tfu_metric_lent nothing_special = {.workers = 1};

/* ---- tests, each for every task that the metric takes */

static enum tfu_status test_reports(struct tfu_check *c, const struct tfu_metric_split *s,
                                    struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports r;
    enum tfu_status st = tfu_metric_feed(m, s, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    for (int i = 0; st == TFU_OK && i < r.count; i++)
        if (strcmp(r.at[i].key, c->plugin->name) == 0)
            return TFU_OK;
    return st == TFU_OK
               ? tfu_error_set(e, TFU_EINVAL, "none of the %d numbers it reports is called '%s'",
                               r.count, c->plugin->name)
               : st;
}

static enum tfu_status test_batches(struct tfu_check *c, const struct tfu_metric_split *s,
                                    struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    enum tfu_status st = tfu_metric_whole(c, s, nothing_special, &truth, e);
    for (int64_t batch = 1; st == TFU_OK && batch <= ROWS; batch = 3 * batch + 1) {
        m->ops->reset(m->self);
        st = tfu_metric_feed(m, s, 0, ROWS, batch, e);
        if (st == TFU_OK)
            st = tfu_metric_finish(m, &r, e);
        if (st == TFU_OK)
            st = tfu_metric_same(&truth, &r, tolerance, "when the split comes in smaller batches",
                                 e);
    }
    return st;
}

/* The rows from the last to the first, still those to be fitted on before the others. */
static struct tfu_metric_split *reverse(const struct tfu_metric_split *s)
{
    int64_t row[ROWS];
    for (int64_t i = 0; i < ROWS; i++)
        row[i] = i < s->fit ? s->fit - 1 - i : ROWS - 1 - (i - s->fit);
    return tfu_metric_split_gather(s, row, ROWS, s->fit);
}

static enum tfu_status test_order(struct tfu_check *c, const struct tfu_metric_split *s,
                                  struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    struct tfu_metric_split *reversed = reverse(s);
    if (!reversed)
        return tfu_error_memory(e, "checking a plugin", 0);
    enum tfu_status st = tfu_metric_whole(c, s, nothing_special, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(m, reversed, 0, ROWS, 17, e);
    tfu_metric_split_free(reversed);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    return st == TFU_OK ? tfu_metric_same(&truth, &r, tolerance, "with the rows in reverse", e)
                        : st;
}

/* Pairs of nodes are compared side by side: what one instance sees is nothing to another. */
static enum tfu_status test_apart(struct tfu_check *c, const struct tfu_metric_split *s,
                                  struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    struct tfu_metric_instance other;
    enum tfu_status st = tfu_metric_whole(c, s, nothing_special, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_make(c, c->config, s->task, nothing_special, &other, e);
    if (st != TFU_OK)
        return st;
    for (int64_t first = 0; st == TFU_OK && first < ROWS; first += 20) {
        st = tfu_metric_feed(m, s, first, first + 20, 20, e);
        if (st == TFU_OK)
            st = tfu_metric_feed(&other, s, first, first + 10, 10, e);
    }
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    other.ops->destroy(other.self);
    return st == TFU_OK
               ? tfu_metric_same(&truth, &r, tolerance, "when another instance sees rows too", e)
               : st;
}

static enum tfu_status test_again(struct tfu_check *c, const struct tfu_metric_split *s,
                                  struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    enum tfu_status st = tfu_metric_whole(c, s, nothing_special, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(m, s, 0, 20, 20, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(m, s, 20, ROWS, 20, e);
    for (int i = 0; st == TFU_OK && i < 2; i++) {
        st = tfu_metric_finish(m, &r, e);
        if (st == TFU_OK)
            st = tfu_metric_same(&truth, &r, tolerance, "when finalize() was called before", e);
    }
    if (st == TFU_OK) /* or what is left of the same split once more would not show */
        st = tfu_metric_feed(m, s, ROWS - 10, ROWS, 10, e);
    if (st != TFU_OK)
        return st;
    m->ops->reset(m->self);
    st = tfu_metric_feed(m, s, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    return st == TFU_OK ? tfu_metric_same(&truth, &r, tolerance, "after a reset", e) : st;
}

/* Every third row has no known label; `known` gets the others. */
static enum tfu_status forget_labels(const struct tfu_metric_split *s,
                                     struct tfu_metric_split **unknown,
                                     struct tfu_metric_split **known, struct tfu_error *e)
{
    int64_t all[ROWS], row[ROWS], count = 0, fit = 0;
    for (int64_t r = 0; r < ROWS; r++) {
        all[r] = r;
        if (r % 3 == 0)
            continue;
        row[count++] = r;
        fit += r < s->fit;
    }
    *unknown = tfu_metric_split_gather(s, all, ROWS, s->fit);
    *known = tfu_metric_split_gather(s, row, count, fit);
    if (!*unknown || !*known)
        return tfu_error_memory(e, "checking a plugin", 0);
    for (int64_t r = 0; r < ROWS; r += 3) {
        (*unknown)->losses[r] = (double)NAN;
        (*unknown)->weights[r] = 0;
        for (int64_t k = 0; k < s->columns; k++)
            (*unknown)->labels[r * s->columns + k] = NAN;
    }
    return TFU_OK;
}

static enum tfu_status test_unknown(struct tfu_check *c, const struct tfu_metric_split *s,
                                    struct tfu_metric_instance *m, struct tfu_error *e)
{
    struct tfu_metric_reports truth, r;
    struct tfu_metric_split *unknown, *known;
    enum tfu_status st = forget_labels(s, &unknown, &known, e);
    if (st == TFU_OK)
        st = tfu_metric_whole(c, known, nothing_special, &truth, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(m, unknown, 0, ROWS, 25, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, e);
    tfu_metric_split_free(unknown);
    tfu_metric_split_free(known);
    return st == TFU_OK
               ? tfu_metric_same(&truth, &r, tolerance, "with rows of unknown labels besides", e)
               : st;
}

/* Feeding the first rows of a split and reporting: a metric of activations may refuse so few. */
static enum tfu_status take_few(const struct tfu_check *c, struct tfu_metric_instance *m,
                                const struct tfu_metric_split *s, int64_t rows, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    bool refused;
    const enum tfu_status st = tfu_metric_try(m, s, rows, &refused, &said);
    return st == TFU_OK && !(refused && !tfu_metric_looks_at_taps(c))
               ? TFU_OK
               : tfu_error_set(e, said.status, "%s", said.text);
}

/* Nothing, one row, and a split in which all rows have the same label: nothing to assert but
 * manners. */
static enum tfu_status test_little(struct tfu_check *c, const struct tfu_metric_split *s,
                                   struct tfu_metric_instance *m, struct tfu_error *e)
{
    enum tfu_status st = take_few(c, m, s, 0, e);
    if (st == TFU_OK)
        st = take_few(c, m, s, 1, e);
    for (int64_t i = 0; i < ROWS * s->columns; i++)
        s->labels[i] = 0;
    return st == TFU_OK ? take_few(c, m, s, ROWS, e) : st;
}

#define TEST(name)                                                                                 \
    static enum tfu_status name(struct tfu_check *c, struct tfu_error *e)                          \
    {                                                                                              \
        return tfu_metric_on_each(c, test_##name, e);                                              \
    }
TEST(reports)
TEST(batches)
TEST(order)
TEST(apart)
TEST(again)
TEST(little)
#undef TEST

/* One that looks at activations may also find with them that an option is too much. */
static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    const enum tfu_task task = TFU_TASK_CLASSIFICATION;
    struct tfu_metric_reports r;
    struct tfu_metric_instance m;
    enum tfu_status st = tfu_metric_make(c, config, task, nothing_special, &m, said);
    if (st != TFU_OK)
        return st;
    if (tfu_metric_looks_at_taps(c)) {
        struct tfu_metric_split *s =
            tfu_metric_split_new(tfu_metric_needs(c), task, &tfu_metric_usual);
        st = s ? tfu_metric_feed(&m, s, 0, ROWS, ROWS, said)
               : tfu_error_memory(said, "checking a plugin", 0);
        if (st == TFU_OK)
            st = tfu_metric_finish(&m, &r, said);
        tfu_metric_split_free(s);
    }
    m.ops->destroy(m.self);
    return m.wrong.status == TFU_OK ? st : TFU_OK; /* with what is wrong in `said` */
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt,
                            tfu_metric_looks_at_taps(c) ? "update() or finalize" : "create", e);
}

static enum tfu_status unknown(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_metric_looks_at_labels(c) ? tfu_metric_on_each(c, test_unknown, e)
                                         : tfu_check_skip(c, "it looks at no labels");
}

/* ---- memory with nothing beside it */

/* Rows of a batch that make whole lines of 64 bytes, whatever the columns. */
enum { LINES = 16 };

static void add_reports(struct tfu_life *l, const struct tfu_metric_reports *r)
{
    for (int i = 0; i < r->count; i++) {
        tfu_life_add_text(l, r->at[i].key);
        tfu_life_add(l, &r->at[i].value, sizeof r->at[i].value);
        tfu_life_add(l, &r->at[i].defined, sizeof r->at[i].defined);
    }
}

/* A split in an instance, twice. */
static enum tfu_status live_split(const struct tfu_metric_split *s, struct tfu_metric_instance *m,
                                  struct tfu_life *l, struct tfu_error *e)
{
    struct tfu_metric_reports r;
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++) {
        m->ops->reset(m->self);
        st = tfu_metric_feed(m, s, 0, ROWS, LINES, e);
        if (st == TFU_OK)
            st = tfu_metric_finish(m, &r, e);
        if (st == TFU_OK)
            add_reports(l, &r);
    }
    return st;
}

static enum tfu_status live_with(const struct tfu_check *c, enum tfu_guard guard,
                                 struct tfu_life *l, struct tfu_error *e)
{
    const struct tfu_metric_lent lent = {.workers = 1, .guard = guard};
    enum tfu_status st = TFU_OK;
    for (int task = TFU_TASK_CLASSIFICATION; st == TFU_OK && task <= TFU_TASK_REGRESSION; task++) {
        struct tfu_metric_instance m;
        struct tfu_error refusal = TFU_ERROR_INIT;
        if (tfu_metric_make(c, c->config, (enum tfu_task)task, lent, &m, &refusal) != TFU_OK)
            continue;
        struct tfu_metric_split *s =
            tfu_metric_split_new(tfu_metric_needs(c), (enum tfu_task)task, &tfu_metric_usual);
        st = s ? live_split(s, &m, l, e) : tfu_error_memory(e, "checking a plugin", 0);
        m.ops->destroy(m.self);
        tfu_metric_split_free(s);
    }
    return st;
}

enum tfu_status tfu_check_live_metric(const struct tfu_check *c, struct tfu_life *l,
                                      struct tfu_error *e)
{
    return live_with(c, TFU_GUARD_NUMBERS, l, e);
}

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int guard = TFU_GUARD_PAGE_BEHIND; st == TFU_OK && guard <= TFU_GUARD_PAGE_BEFORE; guard++)
        st = live_with(c, (enum tfu_guard)guard, &(struct tfu_life){0}, e);
    return st;
}

const struct tfu_check_test tfu_check_metric[] = {
    {"reports finite numbers, one of them by its own name", reports},
    {"any batches give the same as the whole split", batches},
    {"any order of rows gives the same", order},
    {"what another instance sees does not count", apart},
    {"not an element outside of a batch is read or written", tight},
    {"finalize() may be called again, and reset() empties", again},
    {"rows of unknown labels do not count", unknown},
    {"no row, one row and one class alone are undefined or finite", little},
    {"asks for the activations that it announces, and minds a refusal", tfu_metric_check_wishes},
    {"float32 and float64 activations give the same", tfu_metric_check_precision},
    {"any number of workers gives the same bits", tfu_metric_check_workers},
    {"dead, constant and equal channels are defined, undefined or refused in words",
     tfu_metric_check_degenerate},
    {"hardly more rows than channels are defined, undefined or refused in words",
     tfu_metric_check_few},
    {"activations that are not finite are refused in words", tfu_metric_check_finite},
    {"as many rows as rows_max() says work", tfu_metric_check_rows_max},
    {"parameters of different shapes are refused in words", tfu_metric_check_shapes},
    {"each option at its bounds works, or is refused in words", bounds},
    {NULL, NULL},
};
