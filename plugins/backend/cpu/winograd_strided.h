/* SPDX-License-Identifier: MIT
 *
 * winograd_strided.h - transforms for three taps at stride 2, by those of winograd_rows.c, which
 * includes this. m outputs meet 2 m + 1 pixels: the m + 1 even ones with the outer taps, a kernel
 * of two taps at stride 1, which takes the m + 1 points of F(m, 2); and the m odd ones with the tap
 * between, pixel by pixel. So a line has m + 1 points of one and m copies of the other, 2 m + 1
 * products in place of 3 m. The copies share one weight.
 *
 * Backward to the data 2 m pixels are computed from m + 1 of the gradient: every other one by the
 * outer taps, backwards, the others by the tap between. With an even padding an image's first pixel
 * belongs to the former, with an odd one to the latter.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_WINOGRAD_STRIDED_H
#define TFU_PLUGINS_BACKEND_CPU_WINOGRAD_STRIDED_H

/* `l` from element `from` to element `to` on. */
INLINE struct tfu_cpu_winograd_lines beyond(const struct tfu_cpu_winograd_lines *l, ptrdiff_t from,
                                            ptrdiff_t to)
{
    struct tfu_cpu_winograd_lines b = *l;
    b.from += from * l->from_step;
    b.to += to * l->to_step;
    return b;
}

INLINE void down_image(const int pairs, const int infinite, const struct points *p,
                       const struct tfu_cpu_winograd_lines *l)
{
    const int points = 2 * pairs + 1 + infinite;
    struct tfu_cpu_winograd_lines even = *l, odd = beyond(l, 1, points);
    even.from_step *= 2;
    odd.from_step *= 2;
    transform_image(pairs, infinite, p, &even);
    copy(&odd, points - 1, LANES);
}

INLINE void down_kernel(const int pairs, const int infinite, const struct points *p,
                        const struct tfu_cpu_winograd_lines *l)
{
    struct tfu_cpu_winograd_lines outer = *l;
    const struct tfu_cpu_winograd_lines between = beyond(l, 1, 2 * pairs + 1 + infinite);
    outer.from_step *= 2;
    expand(pairs, infinite, 2, 1, p, &outer);
    copy(&between, 1, LANES);
}

INLINE void down_gradient(const int pairs, const int infinite, const struct points *p,
                          const struct tfu_cpu_winograd_lines *l)
{
    const int points = 2 * pairs + 1 + infinite;
    const struct tfu_cpu_winograd_lines copies = beyond(l, 0, points);
    expand(pairs, infinite, points - 1, 0, p, l);
    copy(&copies, points - 1, LANES);
}

INLINE void down_kernel_gradient(const int pairs, const int infinite, const struct points *p,
                                 const struct tfu_cpu_winograd_lines *l)
{
    struct tfu_cpu_winograd_lines outer = *l;
    const struct tfu_cpu_winograd_lines between = beyond(l, 2 * pairs + 1 + infinite, 1);
    outer.to_step *= 2;
    reduce(pairs, infinite, 2, 1, 0, p, &outer);
    copy(&between, 1, LANES);
}

INLINE void up_image(const int pairs, const int infinite, const int odd, const struct points *p,
                     const struct tfu_cpu_winograd_lines *l)
{
    const int points = 2 * pairs + 1 + infinite;
    const struct tfu_cpu_winograd_lines copies = beyond(l, 1 - odd, points);
    transform_image(pairs, infinite, p, l);
    copy(&copies, points - 1, LANES);
}

INLINE void up_output(const int pairs, const int infinite, const int odd, const struct points *p,
                      const struct tfu_cpu_winograd_lines *l)
{
    const int points = 2 * pairs + 1 + infinite;
    struct tfu_cpu_winograd_lines outer = beyond(l, 0, odd), copies = beyond(l, points, 1 - odd);
    outer.to_step *= 2;
    copies.to_step *= 2;
    reduce(pairs, infinite, points - 1, 0, 0, p, &outer);
    copy(&copies, points - 1, LANES);
}

#endif
