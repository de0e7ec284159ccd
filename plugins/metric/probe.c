/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "delong.h"

enum tfu_status probe_create(void **self, const struct probe_kind *kind, const void *config,
                             struct tfu_metric_host *h)
{
    *self = NULL;
    enum tfu_status st = check_task(h, kind->name);
    if (st == TFU_OK)
        st = tap_want(h, 0);
    if (st != TFU_OK)
        return st;
    struct probe *p = calloc(1, sizeof *p);
    if (!p)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric %s", kind->name);
    p->kind = kind;
    p->config = config;
    p->outputs = h->outputs;
    p->label_columns = h->label_columns;
    p->classification = h->task == TFU_TASK_CLASSIFICATION;
    *self = p;
    return TFU_OK;
}

void probe_reset(void *self)
{
    struct probe *p = self;
    p->kind->forget(p->model);
    p->model = NULL;
    rows_free(&p->fit);
    p->rows = 0;
    p->seen = 0;
}

void probe_destroy(void *self)
{
    struct probe *p = self;
    if (!p)
        return;
    probe_reset(p);
    free(p->fit_label);
    free(p->score);
    free(p->label);
    free(p);
}

/* ---- taking rows in */

static int is_known(const struct probe *p, const float *label)
{
    int known = 0;
    for (int64_t k = 0; k < p->label_columns; k++)
        known |= !isnan(label[k]);
    return known;
}

/* Moves the rows with a known label to the front; how many there are. `batch` holds them all. */
static int64_t keep_known(const struct probe *p, const struct tfu_batch *b, int64_t columns,
                          double *row, float *label)
{
    int64_t kept = 0;
    for (int64_t r = 0; r < b->rows; r++) {
        if (!is_known(p, b->labels + r * p->label_columns))
            continue;
        memmove(row + kept * columns, row + r * columns, (size_t)columns * sizeof *row);
        memcpy(label + kept * p->label_columns, b->labels + r * p->label_columns,
               (size_t)p->label_columns * sizeof *label);
        kept++;
    }
    return kept;
}

/* realloc() to rows x columns items of `size` bytes. */
static void *resize(void *old, int64_t rows, int64_t columns, size_t size)
{
    if ((uint64_t)rows > SIZE_MAX / size / (uint64_t)columns)
        return NULL;
    return realloc(old, (size_t)rows * (size_t)columns * size);
}

static enum tfu_status take_fit(struct probe *p, const struct tfu_batch *b,
                                const struct tfu_tap *tap, struct tfu_metric_host *h)
{
    if (p->seen > 0)
        return h->fail(h, TFU_EINVAL, "rows to fit on come after rows to test on");
    const int64_t before = p->fit.count;
    enum tfu_status st = rows_append(&p->fit, tap, 0, h);
    if (st != TFU_OK)
        return st;
    p->fit.count = before;
    if (before + b->rows > p->fit_capacity) {
        float *label = resize(p->fit_label, p->fit.capacity, p->label_columns, sizeof *label);
        if (!label)
            return h->fail(h, TFU_ENOMEM, "out of memory for the labels of %lld rows",
                           (long long)p->fit.capacity);
        p->fit_label = label;
        p->fit_capacity = p->fit.capacity;
    }
    p->fit.count += keep_known(p, b, p->fit.columns, p->fit.value + before * p->fit.columns,
                               p->fit_label + before * p->label_columns);
    p->fit.gone += b->rows - (p->fit.count - before);
    p->kind->forget(p->model);
    p->model = NULL;
    return TFU_OK;
}

static enum tfu_status reserve(struct probe *p, int64_t more, struct tfu_metric_host *h)
{
    if (p->rows + more <= p->capacity)
        return TFU_OK;
    const int64_t capacity = p->rows + more > 2 * p->capacity ? p->rows + more : 2 * p->capacity;
    double *score = resize(p->score, capacity, p->outputs, sizeof *score);
    if (score)
        p->score = score;
    float *label = score ? resize(p->label, capacity, p->label_columns, sizeof *label) : NULL;
    if (!label)
        return h->fail(h, TFU_ENOMEM, "out of memory for the scores of %lld rows",
                       (long long)capacity);
    p->label = label;
    p->capacity = capacity;
    return TFU_OK;
}

static enum tfu_status score_rows(struct probe *p, const struct tfu_batch *b, double *row,
                                  struct tfu_metric_host *h)
{
    enum tfu_status st = reserve(p, b->rows, h);
    if (st == TFU_OK && !p->model)
        st = p->kind->fit(p, h);
    if (st != TFU_OK)
        return st;
    const int64_t kept =
        keep_known(p, b, p->fit.columns, row, p->label + p->rows * p->label_columns);
    if (kept > 0)
        st = p->kind->score(p, row, kept, p->score + p->rows * p->outputs, h);
    if (st == TFU_OK)
        p->rows += kept;
    return st;
}

static enum tfu_status take_test(struct probe *p, const struct tfu_batch *b,
                                 const struct tfu_tap *tap, struct tfu_metric_host *h)
{
    const int64_t columns = tap->t->shape.dim[1];
    if (p->fit.count > 0 && columns != p->fit.columns)
        return h->fail(h, TFU_ESHAPE, "'%s' has %lld channels to test on, and had %lld to fit on",
                       tap->node, (long long)columns, (long long)p->fit.columns);
    double *row = resize(NULL, b->rows, columns, sizeof *row);
    if (!row)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld rows of %lld channels",
                       (long long)b->rows, (long long)columns);
    enum tfu_status st = tap_read(h, tap, p->seen, row);
    if (st == TFU_OK && p->fit.count > 0)
        st = score_rows(p, b, row, h);
    if (st == TFU_OK)
        p->seen += b->rows;
    free(row);
    return st;
}

enum tfu_status probe_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct probe *p = self;
    const struct tfu_tap *tap;
    enum tfu_status st = tap_matrix(h, b, "a", &tap);
    if (st == TFU_OK && !b->labels)
        st = h->fail(h, TFU_EINVAL, "a probe needs labels, and there are none");
    for (int64_t i = 0; st == TFU_OK && i < b->rows * p->label_columns; i++)
        st = check_label(h, p->seen + i / p->label_columns, b->labels[i]);
    if (st != TFU_OK || b->rows == 0)
        return st;
    return b->part == TFU_PART_FIT ? take_fit(p, b, tap, h) : take_test(p, b, tap, h);
}

/* ---- results */

static double threshold(const struct probe *p)
{
    return p->kind->log_odds ? 0 : 1;
}

static int64_t highest(const double *score, int64_t n)
{
    int64_t best = 0;
    for (int64_t k = 1; k < n; k++)
        if (score[k] > score[best])
            best = k;
    return best;
}

/* Share of right answers among the known labels, and their mean loss. */
static void measure(const struct probe *p, double *accuracy, double *loss)
{
    int64_t known = 0, right = 0;
    double sum = 0;
    for (int64_t r = 0; r < p->rows; r++)
        for (int64_t k = 0; k < p->label_columns; k++) {
            const double *score = p->score + r * p->outputs;
            const float label = p->label[r * p->label_columns + k];
            if (isnan(label))
                continue;
            const int64_t class = p->classification ? (int64_t)label : k;
            const double margin = p->classification || label > 0 ? score[class] : -score[class];
            known++;
            right += p->classification ? highest(score, p->outputs) == class
                                       : (score[k] >= threshold(p)) == (label > 0);
            sum += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin;
        }
    *accuracy = (double)right / (double)known;
    *loss = sum / (double)known;
}

/* The mean area over the classes that have one; NaN when none has, or without memory. */
static double mean_area(const struct probe *p, enum tfu_status *st, struct tfu_metric_host *h)
{
    struct ranked_row *row = calloc((size_t)p->rows, sizeof *row);
    double *component = calloc((size_t)p->rows, sizeof *component);
    double sum = 0;
    int64_t classes = 0;
    if (!row || !component)
        *st = h->fail(h, TFU_ENOMEM, "out of memory to rank %lld rows", (long long)p->rows);
    for (int64_t k = 0; *st == TFU_OK && k < p->outputs; k++) {
        int64_t n = 0;
        for (int64_t r = 0; r < p->rows; r++) {
            const float label = p->label[r * p->label_columns + (p->classification ? 0 : k)];
            if (isnan(label))
                continue;
            row[n++] = (struct ranked_row){
                .score = p->score[r * p->outputs + k],
                .positive = p->classification ? label == (float)k : label > 0,
                .row = r,
            };
        }
        const double area = delong(row, n, component).value;
        classes += !isnan(area);
        sum += isnan(area) ? 0 : area;
    }
    free(component);
    free(row);
    return classes > 0 ? sum / (double)classes : (double)NAN;
}

/* "<name><suffix>", or why it is not defined. */
static void report(const struct probe *p, const char *suffix, double value, const char *why_not,
                   struct tfu_metric_host *h)
{
    char key[64];
    snprintf(key, sizeof key, "%s%s", p->kind->name, suffix);
    if (isfinite(value))
        h->scalar(h, key, value);
    else
        h->undefined(h, key, "%s", why_not);
}

enum tfu_status probe_finalize(void *self, struct tfu_metric_host *h)
{
    const struct probe *p = self;
    enum tfu_status st = TFU_OK;
    double accuracy = (double)NAN, loss = (double)NAN, area = (double)NAN;
    const char *none = p->fit.count == 0 ? "no rows with known labels to fit on"
                                         : "no rows with known labels to test on";
    if (p->rows > 0) {
        measure(p, &accuracy, &loss);
        area = mean_area(p, &st, h);
    }
    report(p, "", accuracy, none, h);
    report(p, ".auc", area, p->rows > 0 ? "no class has positives and negatives" : none, h);
    if (p->kind->log_odds)
        report(p, ".loss", loss, p->rows > 0 ? "a class to test on has no rows to fit on" : none,
               h);
    report(p, ".rows_fit", (double)p->fit.count, NULL, h);
    report(p, ".rows_test", (double)p->rows, NULL, h);
    p->kind->report(p, h);
    return st;
}
