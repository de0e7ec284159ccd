/* SPDX-License-Identifier: MIT
 *
 * How well labels follow from the nearest neighbours of a row of activations: the weighted vote of
 * Wu, Xiong, Yu and Lin, "Unsupervised feature learning via non-parametric instance
 * discrimination", CVPR 2018, with k = 200 as in Matsoukas et al., "What makes transfer learning
 * work for medical images", CVPR 2022.
 */
#include <math.h>
#include <stdlib.h>

#include "probe.h"
#include "rank.h"

struct config {
    int64_t k;
    double temperature;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, k, 200, 1, 1000000,
                "neighbours that vote; all rows to fit on when there are fewer"),
    TFU_OPT_FLOAT(struct config, temperature, 0.1, 0.01, 1e6,
                  "a neighbour of cosine s counts exp(s / temperature); a large one makes all "
                  "count the same"),
};

/* The rows to fit on, at length 1. One that is zero stays so: its cosine with any row is 0. */
struct neighbours {
    int64_t rows, columns;
    double *value;
};

static void forget(void *model)
{
    struct neighbours *m = model;
    if (m)
        free(m->value);
    free(m);
}

static enum tfu_status fit(struct probe *p, struct tfu_metric_host *h)
{
    struct neighbours *m = calloc(1, sizeof *m);
    double *value = m ? rows_copy(&p->fit) : NULL;
    if (!value) {
        free(m);
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld neighbours", (long long)p->fit.count);
    }
    *m = (struct neighbours){p->fit.count, p->fit.columns, value};
    for (int64_t r = 0; r < m->rows; r++)
        rows_normalize(value + r * m->columns, m->columns, 0);
    p->model = m;
    return TFU_OK;
}

struct vote {
    const struct probe *probe;
    const struct neighbours *model;
    double *row, *score;
    int64_t rows;
    double *room; /* of each worker: ROWS_GROUP + 1 times the rows of the model */
};

/* The odds of each class from its votes: against those for all others. Only for the one with the
 * most can these be so few that they have to be added up: taken from the total, nothing of them
 * would be left. */
static void odds_of_classes(double *votes, int64_t n)
{
    double total = 0, others = 0;
    int64_t most = 0;
    for (int64_t k = 0; k < n; k++) {
        total += votes[k];
        most = votes[k] > votes[most] ? k : most;
    }
    for (int64_t k = 0; k < n; k++)
        others += k != most ? votes[k] : 0;
    for (int64_t k = 0; k < n; k++)
        votes[k] /= k == most ? others : total - votes[k];
}

/* The votes over all neighbours that know label column `c`: all that are as near as the k-th. */
static void vote_on(const struct vote *v, int64_t c, const double *cosine, double *room,
                    double *score)
{
    const struct probe *p = v->probe;
    const struct config *config = p->config;
    int64_t known = 0;
    for (int64_t i = 0; i < v->model->rows; i++)
        if (!isnan(p->fit_label[i * p->label_columns + c]))
            room[known++] = cosine[i];
    if (known == 0)
        return;
    const double least = rank_select(room, known, config->k < known ? config->k : known);
    double against = 0;
    for (int64_t i = 0; i < v->model->rows; i++) {
        const float label = p->fit_label[i * p->label_columns + c];
        if (isnan(label) || cosine[i] < least)
            continue;
        const double weight = exp((cosine[i] - 1) / config->temperature);
        if (p->classification)
            score[(int64_t)label] += weight;
        else if (label > 0)
            score[c] += weight;
        else
            against += weight;
    }
    if (p->classification)
        odds_of_classes(score, p->outputs);
    else
        score[c] /= against;
}

static void score_group(void *arg, uint32_t index, uint32_t worker)
{
    const struct vote *v = arg;
    const struct neighbours *m = v->model;
    const int64_t outputs = v->probe->outputs, first = (int64_t)index * ROWS_GROUP;
    const int64_t end = first + ROWS_GROUP < v->rows ? first + ROWS_GROUP : v->rows;
    double *room = v->room + (int64_t)worker * (ROWS_GROUP + 1) * m->rows, *cosine = room + m->rows;
    for (int64_t r = first; r < end; r++)
        rows_normalize(v->row + r * m->columns, m->columns, 0);
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t r = first; r < end; r++)
            cosine[(r - first) * m->rows + i] =
                rows_product(v->row + r * m->columns, m->value + i * m->columns, m->columns);
    for (int64_t r = first; r < end; r++) {
        for (int64_t k = 0; k < outputs; k++)
            v->score[r * outputs + k] = 0;
        for (int64_t c = 0; c < v->probe->label_columns; c++)
            vote_on(v, c, cosine + (r - first) * m->rows, room, v->score + r * outputs);
    }
}

static enum tfu_status score(struct probe *p, double *row, int64_t rows, double *out,
                             struct tfu_metric_host *h)
{
    const struct neighbours *m = p->model;
    struct vote v = {p, m, row, out, rows, NULL};
    v.room = calloc((size_t)m->rows, (ROWS_GROUP + 1) * (size_t)h->threads * sizeof *v.room);
    if (!v.room)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld neighbours", (long long)m->rows);
    h->parallel(h, rows_groups(rows), score_group, &v);
    free(v.room);
    return TFU_OK;
}

static void report(const struct probe *p, struct tfu_metric_host *h)
{
    const struct config *config = p->config;
    h->scalar(h, "knn_probe.k", (double)(config->k < p->fit.count ? config->k : p->fit.count));
}

static const struct probe_kind kind = {
    .name = "knn_probe",
    .fit = fit,
    .score = score,
    .report = report,
    .forget = forget,
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return probe_create(self, &kind, config, h);
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS | TFU_NEEDS_LABELS | TFU_NEEDS_FIT,
    .create = create,
    .destroy = probe_destroy,
    .update = probe_update,
    .finalize = probe_finalize,
    .reset = probe_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "knn_probe",
    .version = "1.0",
    .summary = "how well labels follow from the nearest neighbours in activations",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
