/* SPDX-License-Identifier: MIT */
#include "core/stats/why.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void tfu_why_say(struct tfu_why *w, const char *fmt, ...)
{
    va_list args;
    if (w->text[0])
        return;
    va_start(args, fmt);
    vsnprintf(w->text, sizeof w->text, fmt, args);
    va_end(args);
}

bool tfu_why_finite(struct tfu_why *w, const char *what, const double *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(value[i])) {
            tfu_why_say(w, "%s %" PRId64 " of %" PRId64 " is %s", what, i + 1, n,
                        isnan(value[i]) ? "not a number" : "infinite");
            return false;
        }
    return true;
}

bool tfu_why_level(struct tfu_why *w, double level)
{
    /* (1 + level) / 2 is to be a probability below 1 */
    if (level > 0 && (1 + level) / 2 < 1)
        return true;
    tfu_why_say(w, "%g is no level of an interval: it has to be above 0 and below 1", level);
    return false;
}

bool tfu_why_two(struct tfu_why *w, int64_t differences)
{
    if (differences == 1)
        tfu_why_say(w, "1 difference: a test of signs needs two, its p is 1 whatever it is");
    return differences != 1;
}
