/* SPDX-License-Identifier: MIT */
#include "core/sweep/rung_score.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"

enum { FIELDS = 6 }; /* step,epoch,split,metric,value,note */

/* The value of a line that is about this step, split and metric, else NaN. */
static double value_of(char *line, const char *step, const char *split, const char *metric)
{
    char *field[FIELDS] = {NULL}, *rest = line;
    for (size_t i = 0; i < FIELDS && rest; i++)
        field[i] = i + 1 < FIELDS ? strsep(&rest, ",") : rest;
    if (!field[FIELDS - 1] || strcmp(field[0], step) != 0 || strcmp(field[2], split) != 0 ||
        strcmp(field[3], metric) != 0 || field[4][0] == '\0')
        return NAN;
    return strtod(field[4], NULL);
}

double tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric)
{
    char path[PATH_MAX], wanted[32], *line = NULL;
    size_t size = 0;
    double found = NAN;
    FILE *f = tfu_path_put(path, run, "metrics.csv") ? fopen(path, "re") : NULL;
    snprintf(wanted, sizeof wanted, "%" PRId64, step);
    while (f && isnan(found) && getline(&line, &size, f) > 0)
        found = value_of(line, wanted, split, metric);
    free(line);
    if (f)
        fclose(f);
    return found;
}
