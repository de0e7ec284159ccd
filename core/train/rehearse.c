/* SPDX-License-Identifier: MIT */
#include "core/train/rehearse.h"

#include <stdlib.h>

enum { ROWS_MAX = 512, CELLS_MAX = 1 << 20 };

/* A made-up batch. */
struct made_up {
    int64_t rows;
    float *logits, *labels, *scores;
    double *odds, *losses, *weights, *room;
};

static enum tfu_status allocate(struct made_up *m, const struct tfu_rehearsal *r,
                                struct tfu_error *e)
{
    const int64_t most = r->outputs < CELLS_MAX / ROWS_MAX ? ROWS_MAX : 2 + CELLS_MAX / r->outputs;
    m->rows = r->outputs < most / 2 ? 2 * r->outputs + 2 : most;
    const size_t rows = (size_t)m->rows, outputs = (size_t)r->outputs;
    m->logits = calloc(rows * outputs, sizeof *m->logits);
    m->labels =
        calloc(rows * (size_t)tfu_loss_columns(r->rule.kind, r->outputs), sizeof *m->labels);
    m->scores = calloc(rows * outputs, sizeof *m->scores);
    m->odds = calloc(rows * outputs, sizeof *m->odds);
    m->losses = calloc(rows, sizeof *m->losses);
    m->weights = calloc(rows, sizeof *m->weights);
    m->room = calloc(tfu_log_odds_room(r->outputs), sizeof *m->room);
    const bool all = m->logits && m->labels && m->scores && m->odds && m->losses && m->weights;
    return all && m->room ? TFU_OK : tfu_error_memory(e, "asking metrics what they report", 0);
}

static void release(const struct made_up *m)
{
    free(m->logits);
    free(m->labels);
    free(m->scores);
    free(m->odds);
    free(m->losses);
    free(m->weights);
    free(m->room);
}

static enum tfu_status fill(const struct made_up *m, const struct tfu_rehearsal *r,
                            struct tfu_error *e)
{
    const int64_t columns = tfu_loss_columns(r->rule.kind, r->outputs);
    const struct tfu_loss_batch batch = {
        .rows = m->rows,
        .outputs = r->outputs,
        .logits = m->logits,
        .labels = m->labels,
        .scores = m->scores,
        .losses = m->losses,
    };
    double mean;
    for (int64_t i = 0; i < m->rows * r->outputs; i++)
        m->logits[i] = (float)(i * 7 % 11) - 5;
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t k = 0; k < columns; k++)
            m->labels[i * columns + k] =
                (float)(r->rule.kind->chooses_one ? i % r->outputs : (i + k) % 2);
    r->task->log_odds(m->rows, r->outputs, m->logits, m->odds, m->room);
    tfu_loss_weights(r->rule, m->rows, r->outputs, m->labels, m->weights);
    return tfu_loss(r->rule, NULL, &batch, &mean, e);
}

/* Where no data are known that metrics go by the attributes of, some of their keys are not either.
 */
static bool knows_parts(const struct tfu_scorer *s)
{
    for (size_t i = 0; i < s->metric_count; i++)
        if (s->metric[i].keys.by.count > 0 && !s->metric[i].cohorts)
            return false;
    return true;
}

enum tfu_status tfu_rehearse(struct tfu_scorer *s, const struct tfu_rehearsal *r,
                             const struct tfu_score **score, size_t *count, struct tfu_error *e)
{
    struct made_up m = {.rows = 0};
    struct tfu_error refusal = TFU_ERROR_INIT;
    *score = NULL;
    *count = 0;
    enum tfu_status st = allocate(&m, r, e);
    if (st == TFU_OK && knows_parts(s) && fill(&m, r, &refusal) == TFU_OK) {
        const struct tfu_batch batch = {
            .struct_size = sizeof batch,
            .rows = m.rows,
            .positions = 1,
            .logits = m.logits,
            .scores = m.scores,
            .labels = m.labels,
            .losses = m.losses,
            .log_odds = m.odds,
            .loss_weights = m.weights,
        };
        tfu_scorer_reset(s);
        s->made_up = true;
        if (tfu_scorer_update(s, &batch, &refusal) == TFU_OK)
            tfu_scorer_finish(s, score, count, &refusal);
        s->made_up = false;
        tfu_scorer_reset(s);
    }
    if (st == TFU_OK && refusal.status == TFU_ENOMEM)
        st = tfu_error_set(e, TFU_ENOMEM, "%s", refusal.text);
    release(&m);
    return st;
}
