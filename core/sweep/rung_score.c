/* SPDX-License-Identifier: MIT */
#include "core/sweep/rung_score.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"

enum { FIELDS = 6 }; /* step,epoch,split,metric,value,note */

/* Takes the value of a line that is about this split and metric, up to this step. */
static void take(char *line, int64_t step, const char *split, const char *metric, double *value)
{
    char *field[FIELDS] = {NULL}, *rest = line;
    for (size_t i = 0; i < FIELDS && rest; i++)
        field[i] = i + 1 < FIELDS ? strsep(&rest, ",") : rest;
    if (field[FIELDS - 1] && strtoll(field[0], NULL, 10) <= step && strcmp(field[2], split) == 0 &&
        strcmp(field[3], metric) == 0)
        *value = field[4][0] ? strtod(field[4], NULL) : (double)NAN;
}

double tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric)
{
    char path[PATH_MAX], *line = NULL;
    size_t size = 0;
    double value = NAN;
    FILE *f = tfu_path_put(path, run, "metrics.csv") ? fopen(path, "re") : NULL;
    while (f && getline(&line, &size, f) > 0)
        take(line, step, split, metric, &value);
    free(line);
    if (f)
        fclose(f);
    return value;
}

void tfu_case_record_check_rungs(struct tfu_case_record *r, const struct tfu_sweep *s)
{
    size_t same = 0;
    while (s->halving && same < r->rungs && same < s->halving->rung_count &&
           r->rung_step[same] == s->halving->rung[same])
        same++;
    r->rungs = same;
}

void tfu_case_record_add_rung(struct tfu_case_record *r, const struct tfu_sweep *s, const char *run)
{
    const struct tfu_sweep_halving *h = s->halving;
    const size_t i = r->rungs;
    if (!h || i >= h->rung_count || i >= TFU_RUNGS_MAX)
        return;
    r->rung_step[i] = h->rung[i];
    r->rung_score[i] = tfu_rung_score(run, h->rung[i], h->split, h->metric);
    r->rungs = i + 1;
}

void tfu_case_record_add_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                               const char *run)
{
    for (size_t i = r->rungs; s->halving && i < s->halving->rung_count; i++)
        tfu_case_record_add_rung(r, s, run);
}
