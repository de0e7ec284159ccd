/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <math.h>
#include <string.h>

enum tfu_status tap_want(struct tfu_metric_host *h, int compares)
{
    enum tfu_status st = h->want_tap(h, "a", "*");
    if (st == TFU_OK && compares)
        st = h->want_tap(h, "b", "*");
    return st;
}

enum tfu_status tap_find(struct tfu_metric_host *h, const struct tfu_batch *b, const char *source,
                         const struct tfu_tap **out)
{
    *out = NULL;
    for (uint32_t i = 0; !*out && i < b->tap_count; i++)
        if (strcmp(b->taps[i]->source, source) == 0)
            *out = b->taps[i];
    return *out ? TFU_OK : h->fail(h, TFU_EINVAL, "the batch has nothing of source '%s'", source);
}

enum tfu_status tap_matrix(struct tfu_metric_host *h, const struct tfu_batch *b, const char *source,
                           const struct tfu_tap **out)
{
    const enum tfu_status st = tap_find(h, b, source, out);
    if (st != TFU_OK)
        return st;
    const struct tfu_tap *tap = *out;
    if (tap->t->shape.rank != 2 || tap->t->shape.dim[0] != b->rows || tap->t->shape.dim[1] < 1)
        return h->fail(
            h, TFU_ESHAPE,
            "the activations of '%s' are no matrix of %lld rows and at least one channel",
            tap->node, (long long)b->rows);
    return TFU_OK;
}

static double get(const struct tfu_tensor *t, int64_t i)
{
    return t->dtype == TFU_F64 ? ((const double *)t->data)[i] : (double)((const float *)t->data)[i];
}

enum tfu_status tap_check(struct tfu_metric_host *h, const struct tfu_tap *tap, int64_t before)
{
    const int64_t n = tfu_shape_count(&tap->t->shape);
    if (tap->t->dtype != TFU_F32 && tap->t->dtype != TFU_F64)
        return h->fail(h, TFU_EUNSUPPORTED, "'%s' of %s is neither float32 nor float64", tap->node,
                       tap->source);
    for (int64_t i = 0; i < n; i++) {
        const double value = get(tap->t, i);
        if (fabs(value) <= TAP_LARGEST)
            continue;
        const int64_t columns = n / tap->t->shape.dim[0];
        return h->fail(h, TFU_ENUMERIC,
                       "'%s' of %s has %g in row %lld, column %lld (counted from 0); %s", tap->node,
                       tap->source, value, (long long)(before + i / columns),
                       (long long)(i % columns),
                       isfinite(value) ? "scale numbers above 1e60 down"
                                       : "activations have to be finite: the network has diverged "
                                         "or its input is damaged");
    }
    return TFU_OK;
}

enum tfu_status tap_read(struct tfu_metric_host *h, const struct tfu_tap *tap, int64_t before,
                         double *out)
{
    const int64_t n = tfu_shape_count(&tap->t->shape);
    const enum tfu_status st = tap_check(h, tap, before);
    for (int64_t i = 0; st == TFU_OK && i < n; i++)
        out[i] = get(tap->t, i);
    return st;
}
