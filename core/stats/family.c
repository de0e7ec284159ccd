/* SPDX-License-Identifier: MIT */
#include "core/stats/family.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/ranks.h"

const char *tfu_family_method_text(enum tfu_family_method m)
{
    return m == TFU_FAMILY_HOLM ? "Holm" : "Benjamini-Hochberg";
}

/* From the smallest up: none is below one that is smaller. */
static void correct_holm(const struct tfu_ranked *ranked, size_t n, double *adjusted)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fmin(1, (double)(n - i) * ranked[i].value));
        adjusted[ranked[i].index] = largest;
    }
}

/* From the largest down: none is above one that is larger. */
static void correct_benjamini_hochberg(const struct tfu_ranked *ranked, size_t n, double *adjusted)
{
    double smallest = 1;
    for (size_t i = n; i-- > 0;) {
        smallest = fmin(smallest, (double)n / (double)(i + 1) * ranked[i].value);
        adjusted[ranked[i].index] = smallest;
    }
}

enum tfu_status tfu_family_correct(enum tfu_family_method method, const double *p, int64_t n,
                                   double *adjusted, struct tfu_family *out, struct tfu_error *e)
{
    *out = (struct tfu_family){.method = method};
    for (int64_t i = 0; i < n; i++)
        if (p[i] < 0 || p[i] > 1)
            return tfu_error_set(e, TFU_EINVAL,
                                 "p value %" PRId64 " of %" PRId64 " is %g, outside of 0 to 1",
                                 i + 1, n, p[i]);
    const size_t room = n > 0 ? (size_t)n : 1;
    struct tfu_ranked *ranked = calloc(room, sizeof *ranked);
    if (!ranked)
        return tfu_error_memory(e, "correcting p values", room * sizeof *ranked);
    size_t size = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!isnan(p[i]))
            ranked[size++] = (struct tfu_ranked){p[i], (size_t)i};
        adjusted[i] = NAN;
    }
    tfu_ranked_sort(ranked, size);
    (method == TFU_FAMILY_HOLM ? correct_holm : correct_benjamini_hochberg)(ranked, size, adjusted);
    out->size = (int64_t)size;
    out->undefined = n - out->size;
    free(ranked);
    return TFU_OK;
}
