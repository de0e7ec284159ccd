/* SPDX-License-Identifier: MIT */
#include "core/graph/number.h"

static const struct {
    uint32_t dtype, bit;
    const char *name;
} types[] = {
    {TFU_F32, TFU_TAKES_F32, "float32"}, {TFU_F64, TFU_TAKES_F64, "float64"},
    {TFU_BF16, 0, "bfloat16"},           {TFU_U8, 0, "8-bit integers"},
    {TFU_U16, 0, "16-bit integers"},     {TFU_I32, 0, "32-bit integers"},
    {TFU_I64, 0, "64-bit integers"},
};

const char *tfu_number_name(uint32_t dtype)
{
    for (size_t i = 0; i < TFU_COUNT(types); i++)
        if (types[i].dtype == dtype)
            return types[i].name;
    return NULL;
}

uint32_t tfu_number_bit(uint32_t dtype)
{
    for (size_t i = 0; i < TFU_COUNT(types); i++)
        if (types[i].dtype == dtype)
            return types[i].bit;
    return 0;
}

#define CONVERSION(name, source, target)                                                           \
    static void name(void *to, const void *from, size_t n, bool keep)                              \
    {                                                                                              \
        const source *a = from;                                                                    \
        target *b = to;                                                                            \
        for (size_t i = 0; i < n; i++)                                                             \
            if (!keep || a[i] != (source)b[i])                                                     \
                b[i] = (target)a[i];                                                               \
    }
CONVERSION(single_to_single, float, float)
CONVERSION(single_to_double, float, double)
CONVERSION(double_to_single, double, float)
CONVERSION(double_to_double, double, double)
#undef CONVERSION

static const struct {
    uint32_t from, to;
    tfu_number_copy *copy;
} conversions[] = {
    {TFU_F32, TFU_F32, single_to_single},
    {TFU_F32, TFU_F64, single_to_double},
    {TFU_F64, TFU_F32, double_to_single},
    {TFU_F64, TFU_F64, double_to_double},
};

tfu_number_copy *tfu_number_conversion(uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < TFU_COUNT(conversions); i++)
        if (conversions[i].from == from && conversions[i].to == to)
            return conversions[i].copy;
    return NULL;
}
