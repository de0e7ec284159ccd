/* SPDX-License-Identifier: MIT
 *
 * fft_codelets.h - complex Fourier transforms of small constant length, several channels side by
 * side in a vector. Everything is inlined with constant lengths into straight-line code.
 *
 * A length is a product of two: coprime factors by Good's mapping (no twiddle factors), others by
 * Cooley and Tukey. Only fft_tile.c, which defines the vector and UNWATCHED, includes this.
 */
#define INLINE static inline UNWATCHED __attribute__((always_inline))

struct complex_vector {
    vector re, im;
};

enum { MAX_LENGTH = 32 };

INLINE struct complex_vector plus(struct complex_vector a, struct complex_vector b)
{
    return (struct complex_vector){a.re + b.re, a.im + b.im};
}
INLINE struct complex_vector minus(struct complex_vector a, struct complex_vector b)
{
    return (struct complex_vector){a.re - b.re, a.im - b.im};
}
/* a - i b */
INLINE struct complex_vector minus_i(struct complex_vector a, struct complex_vector b)
{
    return (struct complex_vector){a.re + b.im, a.im - b.re};
}
/* a + i b */
INLINE struct complex_vector plus_i(struct complex_vector a, struct complex_vector b)
{
    return (struct complex_vector){a.re - b.im, a.im + b.re};
}
INLINE struct complex_vector scaled(struct complex_vector a, float s)
{
    return (struct complex_vector){a.re * s, a.im * s};
}
/* a (c - i s) */
INLINE struct complex_vector turned(struct complex_vector a, float c, float s)
{
    return (struct complex_vector){a.re * c + a.im * s, a.im * c - a.re * s};
}

INLINE void dft2(struct complex_vector *x, const int step)
{
    const struct complex_vector a = x[0], b = x[step];
    x[0] = plus(a, b);
    x[step] = minus(a, b);
}

INLINE void dft3(struct complex_vector *x, const int step)
{
    const struct complex_vector a = x[0], sum = plus(x[step], x[2 * step]);
    const struct complex_vector half = {a.re - 0.5f * sum.re, a.im - 0.5f * sum.im};
    const struct complex_vector side = scaled(minus(x[step], x[2 * step]), 0.866025403784438647f);
    x[0] = plus(a, sum);
    x[step] = minus_i(half, side);
    x[2 * step] = plus_i(half, side);
}

INLINE void dft4(struct complex_vector *x, const int step)
{
    const struct complex_vector a = plus(x[0], x[2 * step]), b = minus(x[0], x[2 * step]);
    const struct complex_vector c = plus(x[step], x[3 * step]), d = minus(x[step], x[3 * step]);
    x[0] = plus(a, c);
    x[step] = minus_i(b, d);
    x[2 * step] = minus(a, c);
    x[3 * step] = plus_i(b, d);
}

INLINE void dft5(struct complex_vector *x, const int step)
{
    static const float c1 = 0.309016994374947424f, c2 = -0.809016994374947424f,
                       s1 = 0.951056516295153572f, s2 = 0.587785252292473129f;
    const struct complex_vector a = x[0];
    const struct complex_vector p = plus(x[step], x[4 * step]), m = minus(x[step], x[4 * step]);
    const struct complex_vector q = plus(x[2 * step], x[3 * step]),
                                n = minus(x[2 * step], x[3 * step]);
    const struct complex_vector u = {a.re + c1 * p.re + c2 * q.re, a.im + c1 * p.im + c2 * q.im};
    const struct complex_vector v = {a.re + c2 * p.re + c1 * q.re, a.im + c2 * p.im + c1 * q.im};
    const struct complex_vector s = {s1 * m.re + s2 * n.re, s1 * m.im + s2 * n.im};
    const struct complex_vector t = {s2 * m.re - s1 * n.re, s2 * m.im - s1 * n.im};
    x[0] = plus(a, plus(p, q));
    x[step] = minus_i(u, s);
    x[2 * step] = minus_i(v, t);
    x[3 * step] = plus_i(v, t);
    x[4 * step] = plus_i(u, s);
}

INLINE void dft8(struct complex_vector *x, const int step)
{
    static const float r = 0.707106781186547524f;
    struct complex_vector even[4] = {x[0], x[2 * step], x[4 * step], x[6 * step]};
    struct complex_vector odd[4] = {x[step], x[3 * step], x[5 * step], x[7 * step]};
    dft4(even, 1);
    dft4(odd, 1);
    odd[1] = (struct complex_vector){(odd[1].re + odd[1].im) * r, (odd[1].im - odd[1].re) * r};
    odd[3] = (struct complex_vector){(odd[3].im - odd[3].re) * r, -(odd[3].re + odd[3].im) * r};
    x[0] = plus(even[0], odd[0]);
    x[4 * step] = minus(even[0], odd[0]);
    x[step] = plus(even[1], odd[1]);
    x[5 * step] = minus(even[1], odd[1]);
    x[2 * step] = minus_i(even[2], odd[2]);
    x[6 * step] = plus_i(even[2], odd[2]);
    x[3 * step] = plus(even[3], odd[3]);
    x[7 * step] = minus(even[3], odd[3]);
}

/* Lengths that are products by themselves use only these. */
INLINE void dft_small(const int n, struct complex_vector *x, const int step)
{
    if (n == 2)
        dft2(x, step);
    else if (n == 3)
        dft3(x, step);
    else if (n == 4)
        dft4(x, step);
    else if (n == 5)
        dft5(x, step);
    else
        dft8(x, step);
}

/* cos and sin of 2 pi k / n */
static const float cosine_9[] = {1.000000000f, 0.766044443f, 0.173648178f, -0.500000000f,
                                 -0.939692621f};
static const float sine_9[] = {0.000000000f, 0.642787610f, 0.984807753f, 0.866025404f,
                               0.342020143f};
static const float cosine_16[] = {1.000000000f,  0.923879533f,  0.707106781f,  0.382683432f,
                                  0.000000000f,  -0.382683432f, -0.707106781f, -0.923879533f,
                                  -1.000000000f, -0.923879533f};
static const float sine_16[] = {0.000000000f, 0.382683432f, 0.707106781f, 0.923879533f,
                                1.000000000f, 0.923879533f, 0.707106781f, 0.382683432f,
                                0.000000000f, -0.382683432f};
static const float cosine_32[] = {
    1.000000000f,  0.980785280f,  0.923879533f,  0.831469612f,  0.707106781f,  0.555570233f,
    0.382683432f,  0.195090322f,  0.000000000f,  -0.195090322f, -0.382683432f, -0.555570233f,
    -0.707106781f, -0.831469612f, -0.923879533f, -0.980785280f, -1.000000000f, -0.980785280f,
    -0.923879533f, -0.831469612f, -0.707106781f, -0.555570233f};
static const float sine_32[] = {
    0.000000000f,  0.195090322f,  0.382683432f,  0.555570233f, 0.707106781f, 0.831469612f,
    0.923879533f,  0.980785280f,  1.000000000f,  0.980785280f, 0.923879533f, 0.831469612f,
    0.707106781f,  0.555570233f,  0.382683432f,  0.195090322f, 0.000000000f, -0.195090322f,
    -0.382683432f, -0.555570233f, -0.707106781f, -0.831469612f};

/* n = a b with twiddle factors: cosine[k] and sine[k] of 2 pi k / n. */
INLINE void dft_twiddled(const int a, const int b, const float *cosine, const float *sine,
                         struct complex_vector *x, const int step)
{
    struct complex_vector t[MAX_LENGTH];
    UNROLL
    for (int i = 0; i < a * b; i++)
        t[i] = x[i * step];
    UNROLL
    for (int j = 0; j < b; j++)
        dft_small(a, t + j, b);
    UNROLL
    for (int i = 1; i < a; i++)
        UNROLL
    for (int j = 1; j < b; j++)
        t[i * b + j] = turned(t[i * b + j], cosine[i * j], sine[i * j]);
    UNROLL
    for (int i = 0; i < a; i++)
        dft_small(b, t + i * b, 1);
    UNROLL
    for (int i = 0; i < a; i++)
        UNROLL
    for (int j = 0; j < b; j++)
        x[(i + a * j) * step] = t[i * b + j];
}

/* In place, elements `step` apart. */
INLINE void dft(const int n, struct complex_vector *x, const int step)
{
    if (n == 9)
        dft_twiddled(3, 3, cosine_9, sine_9, x, step);
    else
        dft_small(n, x, step);
}

/* The multiple of `a` below a b that is 1 modulo b. */
INLINE int unit(const int a, const int b)
{
    UNROLL
    for (int i = 1; i < 9; i++)
        if (a * i % b == 1)
            return a * i;
    return 0;
}

/* n = a b, coprime. */
INLINE void dft_coprime(const int a, const int b, struct complex_vector *x)
{
    struct complex_vector t[MAX_LENGTH];
    UNROLL
    for (int i = 0; i < a; i++)
        UNROLL
    for (int j = 0; j < b; j++)
        t[i * b + j] = x[(b * i + a * j) % (a * b)];
    UNROLL
    for (int i = 0; i < a; i++)
        dft(b, t + i * b, 1);
    UNROLL
    for (int j = 0; j < b; j++)
        dft(a, t + j, b);
    UNROLL
    for (int i = 0; i < a; i++)
        UNROLL
    for (int j = 0; j < b; j++)
        x[(unit(b, a) * i + unit(a, b) * j) % (a * b)] = t[i * b + j];
}

/* A tile's length, in place and in order. */
INLINE void transform(const int n, struct complex_vector *x)
{
    if (n == 12)
        dft_coprime(3, 4, x);
    else if (n == 16)
        dft_twiddled(4, 4, cosine_16, sine_16, x, 1);
    else if (n == 18)
        dft_coprime(2, 9, x);
    else if (n == 20)
        dft_coprime(4, 5, x);
    else if (n == 24)
        dft_coprime(3, 8, x);
    else
        dft_twiddled(4, 8, cosine_32, sine_32, x, 1);
}
