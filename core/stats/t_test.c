/* SPDX-License-Identifier: MIT */
#include "core/stats/t_test.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "core/base/statistics.h"
#include "core/base/student.h"

/* Means of 10 roundings are no variation (the limit of R's t.test). */
static bool varies(const struct tfu_t_test *t, const struct tfu_mean *m)
{
    return m->se.value > 10 * DBL_EPSILON * fabs(t->mean);
}

struct tfu_t_test tfu_t_test_corrected(const double *difference, int64_t n, double ratio,
                                       double level)
{
    struct tfu_t_test t = {
        .n = n,
        .mean = NAN,
        .variance = NAN,
        .factor = NAN,
        .error = NAN,
        .degrees = NAN,
        .t = NAN,
        .p = NAN,
        .p_greater = NAN,
        .p_less = NAN,
        .level = level,
        .low = NAN,
        .high = NAN,
    };
    if (n <= 0)
        tfu_why_say(&t.why, "no differences");
    else if (!(ratio >= 0) || isinf(ratio))
        tfu_why_say(&t.why, "%g is no ratio of test examples to training examples", ratio);
    if (t.why.text[0] || !tfu_why_finite(&t.why, "difference", difference, n))
        return t;
    const struct tfu_mean m = tfu_mean(difference, (size_t)n);
    t.mean = m.mean.value;
    t.factor = 1 / (double)n + ratio;
    if (n == 1) {
        tfu_why_say(&t.why, "1 difference: a variance needs two");
        return t;
    }
    if (!isfinite(m.sd.value)) {
        tfu_why_say(&t.why, "the differences are too large for their squares");
        return t;
    }
    t.degrees = (double)(n - 1);
    t.variance = m.sd.value * m.sd.value;
    t.error = sqrt(t.factor) * m.sd.value;
    if (!varies(&t, &m)) {
        tfu_why_say(&t.why, "all %" PRId64 " differences are %g: their variance is 0", n, t.mean);
        return t;
    }
    t.t = t.mean / t.error;
    t.p = tfu_student_tail(t.t, t.degrees);
    t.p_greater = t.t > 0 ? t.p / 2 : 1 - t.p / 2;
    t.p_less = t.t > 0 ? 1 - t.p / 2 : t.p / 2;
    if (!tfu_why_level(&t.why, level))
        return t;
    const double half = tfu_student_quantile((1 + level) / 2, t.degrees) * t.error;
    t.low = t.mean - half;
    t.high = t.mean + half;
    return t;
}

struct tfu_t_test tfu_t_test_paired(const double *difference, int64_t n, double level)
{
    return tfu_t_test_corrected(difference, n, 0, level);
}
