/* SPDX-License-Identifier: MIT
 *
 * Losses over maps, whose rows are positions: against PyTorch (make_map.py), and in pieces.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/task/loss.h"
#include "core/task/odds.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"

/* A batch that owns its numbers. */
struct map {
    struct tfu_loss_batch batch;
    float *logits, *labels;
    double mean;
};

static struct map map_new(int64_t examples, int64_t positions, int64_t outputs, int64_t columns)
{
    const size_t rows = (size_t)(examples * positions), cells = rows * (size_t)outputs;
    struct map m = {.logits = malloc(cells * sizeof(float)),
                    .labels = malloc(rows * (size_t)columns * sizeof(float))};
    m.batch = (struct tfu_loss_batch){.rows = (int64_t)rows,
                                      .outputs = outputs,
                                      .positions = positions,
                                      .logits = m.logits,
                                      .labels = m.labels,
                                      .scores = malloc(cells * sizeof(float)),
                                      .losses = malloc(rows * sizeof(double)),
                                      .grad = malloc(cells * sizeof(float))};
    ck_assert(m.logits && m.labels && m.batch.scores && m.batch.losses && m.batch.grad);
    for (size_t i = 0; i < cells; i++)
        m.logits[i] = (float)(4 * formula(stream("map.logits"), i) - 2);
    return m;
}

static void map_free(struct map *m)
{
    free(m->logits);
    free(m->labels);
    free(m->batch.scores);
    free(m->batch.losses);
    free(m->batch.grad);
}

static void fill_classes(struct map *m)
{
    const double k = (double)m->batch.outputs;
    for (int64_t r = 0; r < m->batch.rows; r++)
        m->labels[r] =
            r % 7 == 0 ? NAN : (float)floor(k * formula(stream("map.class"), (uint64_t)r));
}

/* What is left out shows. */
static void poison(struct map *m)
{
    const size_t cells = (size_t)(m->batch.rows * m->batch.outputs);
    memset(m->batch.scores, 0xff, cells * sizeof(float));
    memset(m->batch.grad, 0xff, cells * sizeof(float));
    memset(m->batch.losses, 0xff, (size_t)m->batch.rows * sizeof(double));
    m->mean = NAN;
}

static enum tfu_status compute(struct map *m, const struct tfu_loss_kind *kind, uint32_t threads,
                               struct tfu_error *e)
{
    struct tfu_threads *pool = NULL;
    if (threads)
        ck_assert_int_eq(tfu_threads_new(&pool, threads, NULL), TFU_OK);
    poison(m);
    const enum tfu_status st =
        tfu_loss((struct tfu_loss_rule){.kind = kind}, pool, &m->batch, &m->mean, e);
    tfu_threads_free(pool);
    return st;
}

/* ---- PyTorch's */

static void check_close(double got, double want, double tolerance)
{
    if (isnan(want))
        ck_assert_double_nan(got);
    else
        ck_assert_double_eq_tol(got, want, tolerance);
}

static void check_map(const struct map *m, const char *name)
{
    struct fixture *f = fixture_open("task/map.fixture");
    const size_t rows = (size_t)m->batch.rows, cells = rows * (size_t)m->batch.outputs;
    char line[80];
    snprintf(line, sizeof line, "%s.rows", name);
    for (size_t i = 0; i < rows; i++)
        check_close(m->batch.losses[i], fixture_get(f, line, rows)[i], 1e-12);
    snprintf(line, sizeof line, "%s.mean", name);
    check_close(m->mean, *fixture_get(f, line, 1), 1e-12);
    snprintf(line, sizeof line, "%s.grad", name);
    for (size_t i = 0; i < cells; i++)
        check_close((double)m->batch.grad[i], fixture_get(f, line, cells)[i], 1e-8);
    fixture_close(f);
}

enum { N = 2, H = 5, W = 4, K = 3 };

START_TEST(softmax)
{
    struct map m = map_new(N, (int64_t)H * W, K, 1);
    fill_classes(&m);
    ck_assert_int_eq(compute(&m, &tfu_loss_softmax, 0, NULL), TFU_OK);
    check_map(&m, "softmax");
    struct fixture *f = fixture_open("task/map.fixture");
    for (size_t i = 0; i < (size_t)N * H * W * K; i++)
        check_close((double)m.batch.scores[i],
                    fixture_get(f, "softmax.scores", (size_t)N * H * W * K)[i], 1e-7);
    fixture_close(f);
    map_free(&m);
}
END_TEST

START_TEST(sigmoid)
{
    struct map m = map_new(N, (int64_t)H * W, K, K);
    for (uint64_t i = 0; i < (uint64_t)N * H * W * K; i++)
        m.labels[i] = formula(stream("map.label"), i) < 0.4;
    ck_assert_int_eq(compute(&m, &tfu_loss_sigmoid, 0, NULL), TFU_OK);
    check_map(&m, "sigmoid");
    map_free(&m);
}
END_TEST

/* ---- pieces */

static uint64_t hash(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        h = (h ^ b[i]) * 0x100000001b3u;
    return h;
}

struct digest {
    uint64_t losses, scores, grad;
    double mean;
};

static struct digest digest(const struct map *m)
{
    const size_t cells = (size_t)(m->batch.rows * m->batch.outputs);
    return (struct digest){hash(m->batch.losses, (size_t)m->batch.rows * sizeof(double)),
                           hash(m->batch.scores, cells * sizeof(float)),
                           hash(m->batch.grad, cells * sizeof(float)), m->mean};
}

/* Of a map of 512 x 512, and of more rows than pieces of the usual size hold. */
static const struct {
    int64_t positions, outputs;
} large[] = {{512 * 512, 3}, {1500 * 1500, 1}};

START_TEST(threads_change_no_bit)
{
    struct map m = map_new(1, large[_i].positions, large[_i].outputs, 1);
    const struct tfu_loss_kind *kind =
        large[_i].outputs > 1 ? &tfu_loss_softmax : &tfu_loss_sigmoid;
    fill_classes(&m);
    ck_assert_int_eq(compute(&m, kind, 0, NULL), TFU_OK);
    const struct digest alone = digest(&m);
    double sum = 0, known = 0;
    for (int64_t r = 0; r < m.batch.rows; r++)
        if (!isnan(m.batch.losses[r])) {
            sum += m.batch.losses[r];
            known++;
        }
    ck_assert_double_eq_tol(m.mean, sum / known, 1e-12);
    for (uint32_t threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(compute(&m, kind, threads, NULL), TFU_OK);
        const struct digest d = digest(&m);
        ck_assert_msg(memcmp(&d, &alone, sizeof d) == 0, "%u threads", threads);
    }
    map_free(&m);
}
END_TEST

START_TEST(log_odds_in_pieces)
{
    enum { ROWS = 9001, OUTPUTS = 3 };
    static tfu_log_odds_rows *const of[] = {tfu_log_odds_softmax, tfu_log_odds_plain};
    struct map m = map_new(1, ROWS, OUTPUTS, 1);
    const size_t bytes = (size_t)ROWS * OUTPUTS * sizeof(double);
    double *alone = malloc(bytes), *shared = malloc(bytes);
    double *room = calloc(3 * tfu_log_odds_room(OUTPUTS), sizeof *room);
    ck_assert(alone && shared && room);
    of[_i](ROWS, OUTPUTS, m.logits, alone, room);
    for (uint32_t threads = 0; threads <= 3; threads++) {
        struct tfu_threads *pool = NULL;
        if (threads)
            ck_assert_int_eq(tfu_threads_new(&pool, threads, NULL), TFU_OK);
        memset(shared, 0xff, bytes);
        tfu_log_odds(of[_i], pool, ROWS, OUTPUTS, m.logits, shared, room);
        ck_assert(memcmp(alone, shared, bytes) == 0);
        tfu_threads_free(pool);
    }
    free(alone);
    free(shared);
    free(room);
    map_free(&m);
}
END_TEST

/* Rows that are one piece are added one after the other, as they always were. */
START_TEST(few_rows_are_one_sum)
{
    struct map m = map_new(4096, 1, 10, 1);
    fill_classes(&m);
    ck_assert_int_eq(compute(&m, &tfu_loss_softmax, 2, NULL), TFU_OK);
    double sum = 0, known = 0;
    for (int64_t r = 0; r < m.batch.rows; r++)
        if (!isnan(m.batch.losses[r])) {
            sum += m.batch.losses[r];
            known++;
        }
    ck_assert_double_eq(m.mean, sum / known);
    map_free(&m);
}
END_TEST

/* Of faults in several pieces it is the first row's that is told. */
START_TEST(first_fault)
{
    struct map m = map_new(2, 40000, 3, 1);
    fill_classes(&m);
    m.labels[79999] = 9;
    m.labels[40077] = 5;
    m.labels[60000] = -1;
    for (uint32_t threads = 0; threads <= 3; threads++) {
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_eq(compute(&m, &tfu_loss_softmax, threads, &e), TFU_EINVAL);
        ck_assert_str_eq(e.text, "label 5 of row 1, position 77, of the batch is no class: the "
                                 "network has outputs for 0 to 2; check `task: {classes: ...}`");
    }
    m.logits[3 * 1000 + 2] = INFINITY;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(compute(&m, &tfu_loss_softmax, 2, &e), TFU_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(e.text, "is inf for row 0, position 1000, of the batch"));
    map_free(&m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("task/map");
    TCase *t = tcase_create("map");
    tcase_add_test(t, softmax);
    tcase_add_test(t, sigmoid);
    tcase_add_loop_test(t, threads_change_no_bit, 0, (int)TFU_COUNT(large));
    tcase_add_loop_test(t, log_odds_in_pieces, 0, 2);
    tcase_add_test(t, few_rows_are_one_sum);
    tcase_add_test(t, first_fault);
    suite_add_tcase(s, t);
    return run_suite(s);
}
