/* SPDX-License-Identifier: MIT */
#include "core/io/stored.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
} types[] = {
    [TFU_STORED_U64] = {"U64", 8},         [TFU_STORED_I64] = {"I64", 8},
    [TFU_STORED_F64] = {"F64", 8},         [TFU_STORED_U32] = {"U32", 4},
    [TFU_STORED_I32] = {"I32", 4},         [TFU_STORED_F32] = {"F32", 4},
    [TFU_STORED_BF16] = {"BF16", 2},       [TFU_STORED_F16] = {"F16", 2},
    [TFU_STORED_U16] = {"U16", 2},         [TFU_STORED_I16] = {"I16", 2},
    [TFU_STORED_F8_E4M3] = {"F8_E4M3", 1}, [TFU_STORED_F8_E5M2] = {"F8_E5M2", 1},
    [TFU_STORED_I8] = {"I8", 1},           [TFU_STORED_U8] = {"U8", 1},
    [TFU_STORED_BOOL] = {"BOOL", 1},
};

enum { TYPE_COUNT = sizeof types / sizeof types[0] };

const char *tfu_stored_type_name(enum tfu_stored_type type)
{
    return types[type].name;
}

size_t tfu_stored_type_size(enum tfu_stored_type type)
{
    return types[type].size;
}

bool tfu_stored_type_find(const char *name, enum tfu_stored_type *out)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (strcmp(name, types[i].name) == 0) {
            *out = (enum tfu_stored_type)i;
            return true;
        }
    return false;
}

/* A number of `bits` with a sign, `exponent` bits and the rest mantissa, as IEEE 754 has them.
 * F8_E4M3 has no infinity: all bits set is its only NaN. */
static double small_float(unsigned bits, int exponent_bits, int mantissa_bits, bool has_infinity)
{
    const unsigned exponent_max = (1u << exponent_bits) - 1, mantissa_max = (1u << mantissa_bits);
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const unsigned mantissa = bits & (mantissa_max - 1);
    const unsigned exponent = bits >> mantissa_bits & exponent_max;
    const double sign = bits >> (exponent_bits + mantissa_bits) & 1 ? -1 : 1;
    if (exponent == exponent_max && has_infinity)
        return mantissa ? NAN : sign * INFINITY;
    if (exponent == exponent_max && mantissa == mantissa_max - 1)
        return NAN;
    if (exponent == 0)
        return sign * ldexp(mantissa, 1 - bias - mantissa_bits);
    return sign * ldexp(mantissa + mantissa_max, (int)exponent - bias - mantissa_bits);
}

static double brain_float(uint16_t bits)
{
    const uint32_t wide = (uint32_t)bits << 16;
    float f;
    memcpy(&f, &wide, sizeof f);
    return (double)f;
}

/* The number at `at`. */
static double number(enum tfu_stored_type type, const unsigned char *at)
{
    uint64_t u64;
    uint32_t u32;
    uint16_t u16;
    double f64;
    float f32;
    switch (type) {
    case TFU_STORED_U64:
        memcpy(&u64, at, sizeof u64);
        return (double)u64;
    case TFU_STORED_I64:
        memcpy(&u64, at, sizeof u64);
        return (double)(int64_t)u64;
    case TFU_STORED_F64:
        memcpy(&f64, at, sizeof f64);
        return f64;
    case TFU_STORED_U32:
        memcpy(&u32, at, sizeof u32);
        return u32;
    case TFU_STORED_I32:
        memcpy(&u32, at, sizeof u32);
        return (int32_t)u32;
    case TFU_STORED_F32:
        memcpy(&f32, at, sizeof f32);
        return (double)f32;
    case TFU_STORED_BF16:
        memcpy(&u16, at, sizeof u16);
        return brain_float(u16);
    case TFU_STORED_F16:
        memcpy(&u16, at, sizeof u16);
        return small_float(u16, 5, 10, true);
    case TFU_STORED_U16:
        memcpy(&u16, at, sizeof u16);
        return u16;
    case TFU_STORED_I16:
        memcpy(&u16, at, sizeof u16);
        return (int16_t)u16;
    case TFU_STORED_F8_E4M3:
        return small_float(*at, 4, 3, false);
    case TFU_STORED_F8_E5M2:
        return small_float(*at, 5, 2, true);
    case TFU_STORED_I8:
        return (int8_t)*at;
    case TFU_STORED_U8:
    case TFU_STORED_BOOL:
        return *at;
    }
    return NAN;
}

void tfu_stored_to_float(enum tfu_stored_type type, const void *from, size_t count, float *to)
{
    if (type == TFU_STORED_F32) {
        if (count)
            memcpy(to, from, count * sizeof *to);
        return;
    }
    const unsigned char *at = from;
    for (size_t i = 0; i < count; i++, at += types[type].size)
        to[i] = (float)number(type, at);
}

void tfu_stored_to_double(enum tfu_stored_type type, const void *from, size_t count, double *to)
{
    const unsigned char *at = from;
    for (size_t i = 0; i < count; i++, at += types[type].size)
        to[i] = number(type, at);
}
