/* SPDX-License-Identifier: MIT */
#include "core/stats/summary.h"

#include <math.h>

#include "core/base/statistics.h"
#include "core/base/student.h"

struct tfu_seed_summary tfu_seed_summarise(const double *value, int64_t n, double level)
{
    struct tfu_seed_summary s = {
        .n = n,
        .mean = NAN,
        .deviation = NAN,
        .error = NAN,
        .minimum = NAN,
        .maximum = NAN,
        .level = level,
        .low = NAN,
        .high = NAN,
    };
    if (n <= 0)
        tfu_why_say(&s.why, "no values");
    if (n <= 0 || !tfu_why_finite(&s.why, "value", value, n))
        return s;
    const struct tfu_mean m = tfu_mean(value, (size_t)n);
    s.mean = m.mean.value;
    s.minimum = s.maximum = value[0];
    for (int64_t i = 1; i < n; i++) {
        s.minimum = fmin(s.minimum, value[i]);
        s.maximum = fmax(s.maximum, value[i]);
    }
    if (n == 1) {
        tfu_why_say(&s.why, "1 value: a deviation needs two");
        return s;
    }
    if (!isfinite(m.sd.value)) {
        tfu_why_say(&s.why, "the values are too large for their squares");
        return s;
    }
    s.deviation = m.sd.value;
    s.error = m.se.value;
    if (!tfu_why_level(&s.why, level))
        return s;
    const double half = tfu_student_quantile((1 + level) / 2, (double)(n - 1)) * s.error;
    s.low = s.mean - half;
    s.high = s.mean + half;
    return s;
}
