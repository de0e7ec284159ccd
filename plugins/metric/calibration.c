/* SPDX-License-Identifier: MIT
 *
 * Do probabilities mean what they say? Rows go into bins by probability; of each bin the mean
 * probability is held against the share of rows in which it came true.
 *
 * ECE, the headline: the mean of |difference| over bins, weighted by rows; MCE the largest one.
 * Brier: the mean squared difference of probability and outcome, which needs no bins (Brier,
 * Monthly Weather Review 1950). ECE is not one number but a family: which probabilities, which
 * bins, how many (Guo et al., "On calibration of modern neural networks", ICML 2017, has variant
 * `top` and 15 bins of equal width; Nixon et al., "Measuring calibration in deep learning", CVPR
 * workshops 2019, compares them).
 */
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "calibration_bins.h"
#include "classes.h"
#include "kept.h"

enum variant { AUTO, TOP, CLASS };
static const char *const variants[] = {"auto", "top", "class", NULL};
static const char *const binnings[] = {"width", "mass", NULL};

struct config {
    int64_t bins;
    int32_t binning, variant, curve;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, bins, 15, 1, 1000, "how many bins"),
    TFU_OPT_ENUM(struct config, binning, "width", binnings,
                 "width: bins are equally wide parts of 0..1; mass: they hold equally many rows. "
                 "A bin ends with its upper edge, and 0 belongs to the first"),
    TFU_OPT_ENUM(struct config, variant, "auto", variants,
                 "top: the probability of the answer, and whether it is right; class: that of each "
                 "class, and whether it is the label; auto: top for more than two classes"),
    TFU_OPT_BOOL(struct config, curve, 0,
                 "report the reliability curve too: of each bin the rows, the mean probability and "
                 "the share that came true"),
};

struct calibration {
    const struct config *config;
    int top;
    int64_t rows;     /* seen, for messages */
    double squares;   /* top: sum over known rows and all classes */
    struct kept kept; /* probabilities; top: of the answer, and 1 where it is right */
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    *self = NULL;
    struct calibration *m = calloc(1, sizeof *m);
    if (!m)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric calibration");
    m->config = config;
    enum tfu_status st = kept_open(&m->kept, "calibration", config, h);
    const int classes = h->task == TFU_TASK_CLASSIFICATION;
    m->top = m->config->variant == TOP || (m->config->variant == AUTO && classes && h->outputs > 2);
    if (st == TFU_OK && m->top && !classes)
        st = h->fail(h, TFU_EINVAL,
                     "variant: top is of the one answer of a classification; labels have one each: "
                     "use variant: class");
    if (m->top)
        m->kept.outputs = 1;
    if (st == TFU_OK)
        *self = m;
    else
        free(m);
    return st;
}

static void destroy(void *self)
{
    struct calibration *m = self;
    if (m)
        kept_close(&m->kept);
    free(m);
}

static void reset(void *self)
{
    struct calibration *m = self;
    m->rows = m->kept.rows = 0;
    m->squares = 0;
}

static double square(double x)
{
    return x * x;
}

static void take_top(struct calibration *m, const struct tfu_batch *b, int64_t r, int64_t outputs)
{
    const int64_t at = m->kept.rows + r, answer = answer_class(b->logits + r * outputs, outputs);
    const float label = b->labels[r];
    m->kept.score[at] = (double)b->scores[r * outputs + answer];
    m->kept.label[at] = isnan(label) ? label : (float)((float)answer == label);
    for (int64_t k = 0; !isnan(label) && k < outputs; k++)
        m->squares += square((double)b->scores[r * outputs + k] - (double)((float)k == label));
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct calibration *m = self;
    struct kept *k = &m->kept;
    enum tfu_status st = check_batch(h, m->rows, b);
    if (st == TFU_OK)
        st = kept_reserve(k, b->rows, h);
    if (st != TFU_OK)
        return st;
    for (int64_t r = 0; m->top && r < b->rows; r++)
        take_top(m, b, r, h->outputs);
    for (int64_t i = 0; !m->top && i < b->rows * k->outputs; i++)
        k->score[k->rows * k->outputs + i] = (double)b->scores[i];
    for (int64_t i = 0; !m->top && i < b->rows * k->label_columns; i++)
        k->label[k->rows * k->label_columns + i] = b->labels[i];
    k->rows += b->rows;
    m->rows += b->rows;
    return TFU_OK;
}

/* ---- results */

struct result {
    struct classes_value ece, mce, brier;
};

static struct result measure(const struct ranked_row *r, int64_t n, const struct bins *b)
{
    static const struct classes_value none = {(double)NAN, "no known labels"};
    struct result out = {none, none, none};
    if (n == 0)
        return out;
    double ece = 0, mce = 0, brier = 0;
    for (int64_t i = 0; i < b->count; i++) {
        const struct bin *bin = &b->bin[i];
        if (bin->rows == 0)
            continue;
        const double apart = fabs(bin->probability - bin->observed) / (double)bin->rows;
        ece += apart * (double)bin->rows / (double)n;
        mce = fmax(mce, apart);
    }
    for (int64_t i = 0; i < n; i++)
        brier += square(r[i].score - (double)(r[i].positive != 0));
    out.ece = (struct classes_value){ece, NULL};
    out.mce = (struct classes_value){mce, NULL};
    out.brier = (struct classes_value){brier / (double)n, NULL};
    return out;
}

static void report_bin(struct tfu_metric_host *h, const char *key, const char *what, int64_t i,
                       const struct bin *b, double value)
{
    char name[96];
    snprintf(name, sizeof name, "%s.%s.%lld", key, what, (long long)i);
    if (b->rows > 0)
        h->scalar(h, name, value / (double)b->rows);
    else
        h->undefined(h, name, "0 rows");
}

/* Under "calibration.curve", or "calibration.curve.label.<k>" of one class of several. */
static void report_curve(struct tfu_metric_host *h, int64_t k, int one, const struct bins *b)
{
    char key[64] = "calibration.curve";
    if (!one)
        snprintf(key, sizeof key, "calibration.curve.label.%lld", (long long)k);
    for (int64_t i = 0; i < b->count; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s.rows.%lld", key, (long long)i);
        h->scalar(h, name, (double)b->bin[i].rows);
    }
    for (int64_t i = 0; i < b->count; i++)
        report_bin(h, key, "probability", i, &b->bin[i], b->bin[i].probability);
    for (int64_t i = 0; i < b->count; i++)
        report_bin(h, key, "observed", i, &b->bin[i], b->bin[i].observed);
}

/* Room of one finalize(). */
struct room {
    struct ranked_row *r;
    struct bins bins;
    struct classes_value *ece, *mce, *brier;
};

static void room_free(struct room *room)
{
    free(room->r);
    free(room->ece);
    free(room->mce);
    free(room->brier);
    bins_free(&room->bins);
}

static enum tfu_status room_make(struct room *room, const struct calibration *m,
                                 struct tfu_metric_host *h)
{
    *room = (struct room){.r = kept_room(&m->kept, h)};
    room->ece = room->r ? classes_room(h) : NULL;
    room->mce = room->ece ? classes_room(h) : NULL;
    room->brier = room->mce ? classes_room(h) : NULL;
    if (!room->brier)
        return TFU_ENOMEM;
    return bins_make(&room->bins, m->config->bins, m->config->binning == BINS_OF_MASS)
               ? TFU_OK
               : h->fail(h, TFU_ENOMEM, "out of memory for %lld bins", (long long)m->config->bins);
}

static void report_top(const struct calibration *m, struct tfu_metric_host *h, struct room *room)
{
    const int64_t n = kept_collect(&m->kept, 0, TFU_TASK_MULTI_LABEL, room->r);
    bins_fill(&room->bins, room->r, n);
    struct result result = measure(room->r, n, &room->bins);
    if (n > 0) /* of all classes, not of the answer */
        result.brier.value = m->squares / (double)n;
    classes_say(h, "calibration", result.ece);
    classes_say(h, "calibration.mce", result.mce);
    classes_say(h, "calibration.brier", result.brier);
    if (m->config->curve)
        report_curve(h, 0, 1, &room->bins);
}

/* Brier's score of several classes is a sum over them. */
static void report_brier(struct tfu_metric_host *h, const struct classes_value *v)
{
    int64_t counted;
    struct classes_value all = classes_mean(h, v, &counted);
    if (h->task == TFU_TASK_CLASSIFICATION && h->outputs > 2)
        all.value *= (double)h->outputs;
    classes_say(h, "calibration.brier", all);
    for (int64_t k = 0; k < h->outputs; k++) {
        char key[64];
        snprintf(key, sizeof key, "calibration.brier.class.%lld", (long long)k);
        classes_say(h, key, v[k]);
    }
}

static void report_classes(const struct calibration *m, struct tfu_metric_host *h,
                           struct room *room)
{
    const int64_t first = classes_first(h);
    for (int64_t k = 0; k < h->outputs; k++) {
        const int64_t n = kept_collect(&m->kept, k, h->task, room->r);
        bins_fill(&room->bins, room->r, n);
        const struct result result = measure(room->r, n, &room->bins);
        room->ece[k] = result.ece;
        room->mce[k] = result.mce;
        room->brier[k] = result.brier;
        if (m->config->curve && k >= first)
            report_curve(h, k, first == h->outputs - 1, &room->bins);
    }
    classes_report(h, "calibration", room->ece);
    classes_report(h, "calibration.mce", room->mce);
    report_brier(h, room->brier);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct calibration *m = self;
    struct room room;
    const enum tfu_status st = room_make(&room, m, h);
    if (st == TFU_OK && m->top)
        report_top(m, h, &room);
    else if (st == TFU_OK)
        report_classes(m, h, &room);
    room_free(&room);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS | TFU_LOWER_IS_BETTER,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "calibration",
    .version = "1.0",
    .summary = "expected and maximal calibration error, Brier score, reliability curve",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
