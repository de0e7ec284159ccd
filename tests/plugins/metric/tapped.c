/* SPDX-License-Identifier: MIT */
#include "tests/plugins/metric/tapped.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/formula.h"

/* ---- tables */

struct table table_new(int64_t rows, int64_t columns)
{
    struct table t = {rows, columns, calloc((size_t)(rows * columns), sizeof(double))};
    ck_assert_ptr_nonnull(t.value);
    return t;
}

void table_free(struct table *t)
{
    free(t->value);
}

struct table table_drawn(const char *name, int64_t rows, int64_t columns)
{
    struct table t = table_new(rows, columns);
    for (int64_t i = 0; i < rows * columns; i++)
        t.value[i] = formula(stream(name), (uint64_t)i) - 0.5;
    return t;
}

struct table table_of_fixture(const struct fixture *f, const char *name, int64_t rows,
                              int64_t columns)
{
    struct table t = table_new(rows, columns);
    const size_t n = (size_t)(rows * columns);
    memcpy(t.value, fixture_get(f, name, n), n * sizeof *t.value);
    return t;
}

struct table table_product(const struct table *a, const struct table *b)
{
    struct table t = table_new(a->rows, b->columns);
    for (int64_t i = 0; i < t.rows; i++)
        for (int64_t j = 0; j < t.columns; j++)
            for (int64_t k = 0; k < a->columns; k++)
                t.value[i * t.columns + j] +=
                    a->value[i * a->columns + k] * b->value[k * b->columns + j];
    return t;
}

/* The stream of splitmix64 from `seed`, as neurons x points, transposed. */
static struct table splitmix_table(uint64_t seed, int64_t neurons, int64_t points)
{
    struct table t = table_new(points, neurons);
    for (int64_t i = 0; i < neurons * points; i++) {
        const uint64_t z = splitmix64(seed + (uint64_t)i * 0x9e3779b97f4a7c15u);
        t.value[i % points * neurons + i / points] = (double)(z >> 11) * 0x1p-53 - 0.5;
    }
    return t;
}

static struct table golden_mix(const struct table *a, uint64_t mix_seed, uint64_t noise_seed,
                               int64_t neurons)
{
    struct table mix = splitmix_table(mix_seed, neurons, a->columns);
    struct table noise = splitmix_table(noise_seed, neurons, a->rows);
    struct table t = table_product(a, &mix);
    for (int64_t i = 0; i < t.rows * t.columns; i++)
        t.value[i] += 0.25 * noise.value[i];
    table_free(&mix);
    table_free(&noise);
    return t;
}

void table_golden(struct table *a, struct table *b, struct table *b5)
{
    *a = splitmix_table(1, 5, 60);
    *b = golden_mix(a, 3, 2, 4);
    *b5 = golden_mix(a, 5, 4, 5);
    ck_assert_double_eq_tol(a->value[5], 0.245781757263, 1e-12);
    ck_assert_double_eq_tol(b->value[4], -0.184700709332, 1e-12);
    ck_assert_double_eq_tol(b5->value[10], -0.0183817555928, 1e-12);
}

/* ---- metrics */

struct tapped tapped_open(const char *metric, const char *options, enum tfu_task task,
                          int64_t outputs)
{
    struct tapped t = {.registry = open_registry()};
    struct tfu_error e = TFU_ERROR_INIT;
    t.metric = choose(t.registry, TFU_KIND_METRIC, metric, options);
    t.label_columns = task == TFU_TASK_CLASSIFICATION ? 1 : outputs;
    tfu_threads_new(&t.threads, 2, &e);
    const struct tfu_scorer_request request = {
        .metric = &t.metric,
        .metric_count = 1,
        .task = task,
        .outputs = outputs,
        .label_columns = t.label_columns,
        .registry = t.registry,
        .captures = true,
        .threads = t.threads,
    };
    tfu_scorer_new(&t.scorer, &request, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return t;
}

void tapped_close(struct tapped *t)
{
    tfu_scorer_free(t->scorer);
    tfu_threads_free(t->threads);
    choice_free(&t->metric);
    tfu_registry_free(t->registry);
}

static struct tfu_tensor rows_of(const struct table *t, int64_t first, int64_t rows)
{
    return (struct tfu_tensor){
        .struct_size = sizeof(struct tfu_tensor),
        .dtype = TFU_F64,
        .shape = tfu_shape_make(2, rows, t->columns, 1, 1, 1),
        .data = t->value + first * t->columns,
    };
}

enum tfu_status tapped_feed(struct tapped *t, enum tfu_part part, const struct table *a,
                            const struct table *b, const float *labels, int64_t batch,
                            struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int64_t r = 0; st == TFU_OK && r < a->rows; r += batch) {
        const int64_t rows = a->rows - r < batch ? a->rows - r : batch;
        const struct tfu_tensor x = rows_of(a, r, rows), y = rows_of(b ? b : a, r, rows);
        const struct tfu_activations one = {
            .rows = rows,
            .part = part,
            .labels = labels ? labels + r * t->label_columns : NULL,
            .node = {"block1", "block2"},
            .t = {&x, b ? &y : NULL},
        };
        st = tfu_scorer_look(t->scorer, &one, e);
    }
    return st;
}

static const struct tfu_score *find(struct tapped *t, const char *key)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_scorer_finish(t->scorer, &t->score, &t->count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->score[i].key, key) == 0)
            return &t->score[i];
    ck_abort_msg("no score '%s'", key);
    return NULL;
}

double tapped_value(struct tapped *t, const char *key)
{
    return find(t, key)->value;
}

double tapped_item(struct tapped *t, const char *series, size_t i)
{
    char key[80];
    snprintf(key, sizeof key, "%s.%zu", series, i);
    return tapped_value(t, key);
}

const char *tapped_note(struct tapped *t, const char *key)
{
    const char *note = find(t, key)->note;
    return note ? note : "";
}

struct tapped tapped_fed(const char *metric, const char *options, const struct table *a,
                         const struct table *b)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tapped t = tapped_open(metric, options, TFU_TASK_CLASSIFICATION, 1);
    tapped_feed(&t, TFU_PART_TEST, a, b, NULL, 17, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return t;
}

double tapped_compare(const char *metric, const char *options, const struct table *a,
                      const struct table *b, const char *key)
{
    struct tapped t = tapped_fed(metric, options, a, b);
    const double value = tapped_value(&t, key);
    tapped_close(&t);
    return value;
}
