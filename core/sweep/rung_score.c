/* SPDX-License-Identifier: MIT */
#include "core/sweep/rung_score.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/store/lease.h"

enum { FIELDS = 6 }; /* step,epoch,split,metric,value,note */

/* Takes the value of a line that is about this split and metric, up to this step. */
static bool take(char *line, int64_t step, const char *split, const char *metric, double *value)
{
    char *field[FIELDS] = {NULL}, *rest = line;
    for (size_t i = 0; i < FIELDS && rest; i++)
        field[i] = i + 1 < FIELDS ? strsep(&rest, ",") : rest;
    if (!field[FIELDS - 1] || strtoll(field[0], NULL, 10) > step || strcmp(field[2], split) != 0 ||
        strcmp(field[3], metric) != 0)
        return false;
    *value = field[4][0] ? strtod(field[4], NULL) : (double)NAN;
    return true;
}

bool tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric,
                    double *score)
{
    char path[PATH_MAX], *line = NULL;
    size_t size = 0;
    bool any = false;
    *score = NAN;
    FILE *f = tfu_path_put(path, run, "metrics.csv") ? fopen(path, "re") : NULL;
    while (f && getline(&line, &size, f) > 0)
        any |= take(line, step, split, metric, score);
    free(line);
    if (f)
        fclose(f);
    return any;
}

/* ---- in the record of a case */

static void put_metric(char out[TFU_RUNG_METRIC_SIZE], const struct tfu_sweep_halving *h)
{
    snprintf(out, TFU_RUNG_METRIC_SIZE, "%s/%s", h->split, h->metric);
}

static size_t rungs_of(const struct tfu_sweep *s)
{
    const size_t count = s->halving ? s->halving->rung_count : 0;
    return count < TFU_RUNGS_MAX ? count : TFU_RUNGS_MAX;
}

static const struct tfu_case_rung *find(const struct tfu_case_record *r, const char *metric,
                                        int64_t step)
{
    for (size_t i = 0; i < r->rungs; i++)
        if (r->rung[i].step == step && strcmp(r->rung[i].metric, metric) == 0)
            return &r->rung[i];
    return NULL;
}

size_t tfu_case_record_rungs(const struct tfu_case_record *r, const struct tfu_sweep *s,
                             double score[TFU_RUNGS_MAX])
{
    char metric[TFU_RUNG_METRIC_SIZE];
    const size_t count = rungs_of(s);
    if (count > 0)
        put_metric(metric, s->halving);
    for (size_t i = 0; i < count; i++) {
        const struct tfu_case_rung *rung = find(r, metric, s->halving->rung[i]);
        if (!rung)
            return i;
        if (score)
            score[i] = rung->score;
    }
    return count;
}

size_t tfu_case_record_unscored(const struct tfu_case_record *r, const struct tfu_sweep *s)
{
    char metric[TFU_RUNG_METRIC_SIZE];
    const size_t count = tfu_case_record_rungs(r, s, NULL);
    if (count > 0)
        put_metric(metric, s->halving);
    for (size_t i = 0; i < count; i++)
        if (find(r, metric, s->halving->rung[i])->missing)
            return i;
    return SIZE_MAX;
}

static bool is_of(const struct tfu_case_rung *rung, const struct tfu_sweep *s, const char *metric)
{
    for (size_t i = 0; i < rungs_of(s); i++)
        if (rung->step == s->halving->rung[i] && strcmp(rung->metric, metric) == 0)
            return true;
    return false;
}

/* Where there is none, the oldest of other sweeps goes: `s` cannot have all of them. */
static struct tfu_case_rung *make_place(struct tfu_case_record *r, const struct tfu_sweep *s,
                                        const char *metric)
{
    if (r->rungs == TFU_CASE_RUNGS_MAX) {
        size_t i = 0;
        while (i + 1 < r->rungs && is_of(&r->rung[i], s, metric))
            i++;
        r->rungs--;
        memmove(&r->rung[i], &r->rung[i + 1], (r->rungs - i) * sizeof r->rung[0]);
    }
    return &r->rung[r->rungs++];
}

void tfu_case_record_add_rung(struct tfu_case_record *r, const struct tfu_sweep *s, const char *run)
{
    const struct tfu_sweep_halving *h = s->halving;
    const size_t i = tfu_case_record_rungs(r, s, NULL);
    char metric[TFU_RUNG_METRIC_SIZE];
    if (i >= rungs_of(s))
        return;
    put_metric(metric, h);
    struct tfu_case_rung *rung = make_place(r, s, metric);
    *rung = (struct tfu_case_rung){.step = h->rung[i]};
    rung->missing = !tfu_rung_score(run, h->rung[i], h->split, h->metric, &rung->score);
    memcpy(rung->metric, metric, sizeof metric);
}

bool tfu_case_record_add_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                               const char *run, int64_t step)
{
    bool any = false;
    for (size_t i = tfu_case_record_rungs(r, s, NULL);
         i < rungs_of(s) && s->halving->rung[i] <= step; i++) {
        tfu_case_record_add_rung(r, s, run);
        any = true;
    }
    return any;
}

bool tfu_case_record_recover_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                                   const char *run)
{
    struct tfu_lease_seen seen;
    return tfu_lease_look(&seen, run, NULL) == TFU_OK &&
           tfu_case_record_add_rungs(r, s, run, seen.step);
}
