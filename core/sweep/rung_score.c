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
