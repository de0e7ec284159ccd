/* SPDX-License-Identifier: MIT
 *
 * Cohen's kappa of answers and labels: agreement beyond what chance would give,
 *
 *     1 - sum of w_ij o_ij / sum of w_ij e_ij,
 *
 * o the counts of label i with answer j, e what they would be were the two independent, w the
 * weight of a disagreement: 1 for any, |i - j| (linear), (i - j)^2 (quadratic). Cohen, Educational
 * and Psychological Measurement 1960; with weights, Psychological Bulletin 1968.
 */
#include <math.h>
#include <stdlib.h>

#include "classes.h"
#include "table.h"

enum weights { NONE, LINEAR, QUADRATIC };
static const char *const weights_names[] = {"none", "linear", "quadratic", NULL};

struct config {
    int32_t weights;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, weights, "none", weights_names,
                 "none: a disagreement is a disagreement; linear, quadratic: it weighs by how far "
                 "apart the two classes are, for grades, whose order means something"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return table_create(self, "kappa", config, h);
}

static double weight(int32_t weights, int64_t i, int64_t j)
{
    const double apart = (double)(i > j ? i - j : j - i);
    return weights == NONE ? (double)(i != j) : weights == LINEAR ? apart : apart * apart;
}

static int64_t labels_of(const struct table *t, int64_t table, int64_t i)
{
    int64_t sum = 0;
    for (int64_t j = 0; j < t->side; j++)
        sum += table_at(t, table, i, j);
    return sum;
}

static int64_t answers_of(const struct table *t, int64_t table, int64_t j)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < t->side; i++)
        sum += table_at(t, table, i, j);
    return sum;
}

/* `label` and `answer` have room for the sums of the rows and columns. */
static struct classes_value kappa(const struct table *t, int64_t table, double *label,
                                  double *answer)
{
    const struct config *config = t->config;
    const double rows = (double)table_known(t, table);
    double seen = 0, by_chance = 0;
    if (rows <= 0)
        return (struct classes_value){(double)NAN, "no known labels"};
    for (int64_t i = 0; i < t->side; i++) {
        label[i] = (double)labels_of(t, table, i);
        answer[i] = (double)answers_of(t, table, i);
    }
    for (int64_t i = 0; i < t->side; i++)
        for (int64_t j = 0; j < t->side; j++) {
            const double w = weight(config->weights, i, j);
            seen += w * (double)table_at(t, table, i, j);
            by_chance += w * (label[i] * answer[j] / rows);
        }
    if (by_chance <= 0) /* whole numbers, but for the division: exactly 0 */
        return (struct classes_value){(double)NAN, "one class alone in labels and answers"};
    return (struct classes_value){1 - seen / by_chance, NULL};
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct table *t = self;
    struct classes_value *v = calloc((size_t)t->tables, sizeof *v);
    double *room = v ? calloc(2 * (size_t)t->side, sizeof *room) : NULL;
    if (!room) {
        free(v);
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld classes", (long long)h->outputs);
    }
    for (int64_t i = 0; i < t->tables; i++)
        v[i] = kappa(t, i, room, room + t->side);
    if (t->label_wise)
        classes_report(h, "kappa", v);
    else
        classes_say(h, "kappa", v[0]);
    free(room);
    free(v);
    return TFU_OK;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = table_destroy,
    .update = table_update,
    .finalize = finalize,
    .reset = table_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "kappa",
    .version = "1.0",
    .summary = "Cohen's kappa of answers and labels, without weights, or for grades with them",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
