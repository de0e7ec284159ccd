/* SPDX-License-Identifier: MIT */
#include "core/trial/tensor.h"

#include <math.h>
#include <stdbool.h>

double tfu_tensor_get(const struct tfu_tensor *t, int64_t i)
{
    switch (t->dtype) {
    case TFU_F32:
        return (double)((const float *)t->data)[i];
    case TFU_F64:
        return ((const double *)t->data)[i];
    case TFU_U8:
        return ((const uint8_t *)t->data)[i];
    case TFU_U16:
        return ((const uint16_t *)t->data)[i];
    case TFU_I32:
        return ((const int32_t *)t->data)[i];
    default:
        return (double)((const int64_t *)t->data)[i];
    }
}

void tfu_tensor_put(const struct tfu_tensor *t, int64_t i, double value)
{
    switch (t->dtype) {
    case TFU_F32:
        ((float *)t->data)[i] = (float)value;
        break;
    case TFU_F64:
        ((double *)t->data)[i] = value;
        break;
    case TFU_U8:
        ((uint8_t *)t->data)[i] = (uint8_t)value;
        break;
    case TFU_U16:
        ((uint16_t *)t->data)[i] = (uint16_t)value;
        break;
    case TFU_I32:
        ((int32_t *)t->data)[i] = (int32_t)value;
        break;
    default:
        ((int64_t *)t->data)[i] = (int64_t)value;
    }
}

/* What an element is off by; `exact` for integers. */
static double error_of(double value, double truth, bool exact)
{
    if (value == truth || (isnan(value) && isnan(truth)))
        return 0;
    if (exact || !isfinite(value) || !isfinite(truth))
        return INFINITY;
    return fabs(value - truth);
}

struct tfu_difference tfu_tensor_compare(const struct tfu_tensor *t, const struct tfu_tensor *truth)
{
    const bool exact = t->dtype != TFU_F32 && t->dtype != TFU_F64;
    struct tfu_difference d = {.error = -1};
    double largest = 0;
    for (int64_t i = 0; i < tfu_shape_count(&truth->shape); i++) {
        const double value = tfu_tensor_get(t, i), wanted = tfu_tensor_get(truth, i);
        const double error = error_of(value, wanted, exact);
        if (isfinite(wanted) && fabs(wanted) > largest)
            largest = fabs(wanted);
        if (error > d.error)
            d = (struct tfu_difference){error, i, value, wanted};
    }
    if (largest > 0)
        d.error /= largest;
    return d;
}
