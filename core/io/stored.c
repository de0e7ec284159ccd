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

/* The float whose bits these are. */
static float float_of(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static float brain_float(uint16_t bits)
{
    return float_of((uint32_t)bits << 16);
}

/* As small_float(bits, 5, 10, true), without a branch that depends on the number: exponent and
 * mantissa move to their places, and the difference of the biases is made up for. Numbers below
 * the normal ones get the leading bit that they lack and lose it by a subtraction. */
static float half_float(uint16_t bits)
{
    const uint32_t exponent_mask = 0x1fu << 23, rebias = (127u - 15) << 23;
    const uint32_t moved = (uint32_t)(bits & 0x7fffu) << 13;
    const uint32_t exponent = moved & exponent_mask;
    const uint32_t normal = moved + rebias + (exponent == exponent_mask ? rebias : 0);
    const float subnormal = float_of(moved + rebias + (1u << 23)) - float_of(rebias + (1u << 23));
    uint32_t small;
    memcpy(&small, &subnormal, sizeof small);
    return float_of((exponent == 0 ? small : normal) | (uint32_t)(bits & 0x8000u) << 16);
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
        return (double)brain_float(u16);
    case TFU_STORED_F16:
        memcpy(&u16, at, sizeof u16);
        return (double)half_float(u16);
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

static void half_to_float(const unsigned char *at, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++, at += sizeof(uint16_t)) {
        uint16_t bits;
        memcpy(&bits, at, sizeof bits);
        to[i] = half_float(bits);
    }
}

static void brain_to_float(const unsigned char *at, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++, at += sizeof(uint16_t)) {
        uint16_t bits;
        memcpy(&bits, at, sizeof bits);
        to[i] = brain_float(bits);
    }
}

/* Straight to float: by way of double they would be rounded twice. */
static void long_to_float(bool has_sign, const unsigned char *at, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++, at += sizeof(uint64_t)) {
        uint64_t bits;
        memcpy(&bits, at, sizeof bits);
        to[i] = has_sign ? (float)(int64_t)bits : (float)bits;
    }
}

void tfu_stored_to_float(enum tfu_stored_type type, const void *from, size_t count, float *to)
{
    const unsigned char *at = from;
    if (count == 0)
        return;
    switch (type) {
    case TFU_STORED_F32:
        memcpy(to, from, count * sizeof *to);
        break;
    case TFU_STORED_F16:
        half_to_float(at, count, to);
        break;
    case TFU_STORED_BF16:
        brain_to_float(at, count, to);
        break;
    case TFU_STORED_I64:
    case TFU_STORED_U64:
        long_to_float(type == TFU_STORED_I64, at, count, to);
        break;
    default:
        for (size_t i = 0; i < count; i++, at += types[type].size)
            to[i] = (float)number(type, at);
    }
}

void tfu_stored_to_double(enum tfu_stored_type type, const void *from, size_t count, double *to)
{
    const unsigned char *at = from;
    if (count > 0 && type == TFU_STORED_F64) {
        memcpy(to, from, count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++, at += types[type].size)
        to[i] = number(type, at);
}

bool tfu_stored_is_integer(enum tfu_stored_type type)
{
    switch (type) {
    case TFU_STORED_F64:
    case TFU_STORED_F32:
    case TFU_STORED_BF16:
    case TFU_STORED_F16:
    case TFU_STORED_F8_E4M3:
    case TFU_STORED_F8_E5M2:
        return false;
    default:
        return true;
    }
}

bool tfu_stored_is_long(enum tfu_stored_type type)
{
    return type == TFU_STORED_I64 || type == TFU_STORED_U64;
}

/* Of a double without a fraction, smaller than 2^64. */
static uint64_t magnitude_of(double x, bool *negative)
{
    *negative = x < 0;
    return (uint64_t)fabs(x);
}

uint64_t tfu_stored_magnitude(enum tfu_stored_type type, const void *at, bool *negative)
{
    uint64_t bits;
    if (!tfu_stored_is_long(type))
        return magnitude_of(number(type, at), negative);
    memcpy(&bits, at, sizeof bits);
    *negative = type == TFU_STORED_I64 && (int64_t)bits < 0;
    return *negative ? 0 - bits : bits;
}

/* Has it a magnitude that fits? */
static bool is_whole(enum tfu_stored_type type, double x)
{
    return tfu_stored_is_long(type) || (fabs(x) < 0x1p64 && trunc(x) == x);
}

/* One of both types is long; where the other's number has a fraction, doubles are near enough. */
static double long_distance(enum tfu_stored_type a_type, const unsigned char *a,
                            enum tfu_stored_type b_type, const unsigned char *b)
{
    const double x = number(a_type, a), y = number(b_type, b);
    bool below_a, below_b;
    if (!is_whole(a_type, x) || !is_whole(b_type, y))
        return isfinite(x) && isfinite(y) ? fabs(x - y) : INFINITY;
    const uint64_t m = tfu_stored_magnitude(a_type, a, &below_a);
    const uint64_t n = tfu_stored_magnitude(b_type, b, &below_b);
    if (below_a != below_b)
        return (double)m + (double)n;
    return (double)(m > n ? m - n : n - m);
}

void tfu_stored_distances(enum tfu_stored_type a_type, const void *a, enum tfu_stored_type b_type,
                          const void *b, size_t count, double *out)
{
    const unsigned char *p = a, *q = b;
    const bool exact = !tfu_stored_is_long(a_type) && !tfu_stored_is_long(b_type);
    for (size_t i = 0; i < count; i++, p += types[a_type].size, q += types[b_type].size) {
        const double x = number(a_type, p), y = number(b_type, q), d = fabs(x - y);
        if (!exact)
            out[i] = long_distance(a_type, p, b_type, q);
        else if (x == y || (isnan(x) && isnan(y)))
            out[i] = 0;
        else
            out[i] = isnan(d) ? INFINITY : d;
    }
}

/* The bits of the number that is nearest to `x`, of a type as small_float() reads it. */
static uint16_t nearest_small(double x, int exponent_bits, int mantissa_bits)
{
    const unsigned infinity = ((1u << exponent_bits) - 1) << mantissa_bits;
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const unsigned sign = signbit(x) ? 1u << (exponent_bits + mantissa_bits) : 0;
    const double size = fabs(x);
    if (isnan(x))
        return (uint16_t)(sign | infinity | 1u << (mantissa_bits - 1));
    if (size == 0 || isinf(x))
        return (uint16_t)(sign | (size > 0 ? infinity : 0));
    int exponent = ilogb(size);
    if (exponent > bias)
        return (uint16_t)(sign | infinity);
    if (exponent < 1 - bias) /* below the normal numbers, where steps are equal */
        exponent = 1 - bias;
    /* a mantissa that is rounded up to the next power of two carries into the exponent */
    const unsigned mantissa = (unsigned)nearbyint(ldexp(size, mantissa_bits - exponent));
    return (uint16_t)(sign | (mantissa + ((unsigned)(exponent + bias - 1) << mantissa_bits)));
}

void tfu_stored_from_double(enum tfu_stored_type type, const double *from, size_t count, void *to)
{
    unsigned char *at = to;
    for (size_t i = 0; i < count; i++, at += types[type].size) {
        const float f32 = (float)from[i];
        uint16_t bits;
        if (type == TFU_STORED_F64) {
            memcpy(at, &from[i], sizeof from[i]);
        } else if (type == TFU_STORED_F32) {
            memcpy(at, &f32, sizeof f32);
        } else {
            bits = type == TFU_STORED_F16 ? nearest_small(from[i], 5, 10)
                                          : nearest_small(from[i], 8, 7);
            memcpy(at, &bits, sizeof bits);
        }
    }
}
