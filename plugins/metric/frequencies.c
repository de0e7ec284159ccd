/* SPDX-License-Identifier: MIT */
#include "frequencies.h"

#include <math.h>
#include <stdlib.h>

#include "lapack.h"

static const double pi = 3.14159265358979323846;

static double *make_table(int64_t kept, int64_t size)
{
    double *table = malloc((size_t)(2 * kept * size) * sizeof *table);
    for (int64_t k = 0; table && k < kept; k++) {
        const int64_t f = k < (kept + 1) / 2 ? k : k - kept + size; /* modulo the size */
        for (int64_t i = 0; i < size; i++) {
            const double angle = 2 * pi * (double)(f * i % size) / (double)size;
            table[2 * k * size + i] = cos(angle);
            table[(2 * k + 1) * size + i] = sin(angle);
        }
    }
    return table;
}

/* The lowest of an even number of frequencies, -kept/2, is its own negative where the maps have no
 * others, and has none where one of them goes on to +kept/2. */
static void find_negatives(struct frequency_axis *a)
{
    for (int64_t k = 0; k < a->kept; k++) {
        a->negative[k] = (a->kept - k) % a->kept;
        if (2 * k == a->kept && (a->size[0] != a->kept || a->size[1] != a->kept))
            a->negative[k] = -1;
    }
}

static bool make_axis(struct frequency_axis *a, const int64_t size[2], int64_t most)
{
    a->kept = size[0] < size[1] ? size[0] : size[1];
    if (most > 0 && most < a->kept)
        a->kept = most;
    a->negative = malloc((size_t)a->kept * sizeof *a->negative);
    for (int i = 0; i < 2; i++) {
        a->size[i] = size[i];
        a->table[i] = make_table(a->kept, size[i]);
    }
    if (!a->negative || !a->table[0] || !a->table[1])
        return false;
    find_negatives(a);
    return true;
}

static void free_axis(struct frequency_axis *a)
{
    free(a->negative);
    free(a->table[0]);
    free(a->table[1]);
}

void frequencies_free(struct frequencies *f)
{
    free_axis(&f->y);
    free_axis(&f->x);
    free(f->at);
    *f = (struct frequencies){.count = 0};
}

bool frequencies_make(struct frequencies *f, const int64_t height[2], const int64_t width[2],
                      int64_t most)
{
    *f = (struct frequencies){.count = 0};
    if (!make_axis(&f->y, height, most) || !make_axis(&f->x, width, most))
        return false;
    f->at = malloc((size_t)(f->y.kept * f->x.kept) * sizeof *f->at);
    for (int64_t y = 0; f->at && y < f->y.kept; y++)
        for (int64_t x = 0; x < f->x.kept; x++) {
            const int64_t slot = y * f->x.kept + x;
            const int64_t minus_y = f->y.negative[y], minus_x = f->x.negative[x];
            const bool paired = minus_y >= 0 && minus_x >= 0;
            const int64_t twin = paired ? minus_y * f->x.kept + minus_x : slot;
            if (twin >= slot)
                f->at[f->count++] = (struct frequency){y, x, twin, twin > slot ? 2 : 1};
        }
    return f->at;
}

int64_t frequencies_scratch(const struct frequencies *f, int side, int64_t channels)
{
    return 2 * f->x.kept * channels * (f->y.size[side] + 2 * f->y.kept);
}

/* First along the width of every line, then along the height of what came out:
 * exp(-i(s + t)) = (cos s cos t - sin s sin t) - i (cos s sin t + sin s cos t). */
void frequencies_transform(const struct frequencies *f, int side, int64_t channels,
                           const double *map, double *scratch, double *to, int64_t stride,
                           int64_t imaginary)
{
    const int64_t height = f->y.size[side], width = f->x.size[side];
    const int64_t line = 2 * f->x.kept * channels;
    double *lines = scratch, *both = scratch + height * line;
    for (int64_t y = 0; y < height; y++)
        multiply(2 * f->x.kept, channels, width, f->x.table[side], map + y * width * channels,
                 lines + y * line);
    multiply(2 * f->y.kept, line, height, f->y.table[side], lines, both);
    for (int64_t k = 0; k < f->count; k++) {
        const double *cosine = both + 2 * f->at[k].y * line + 2 * f->at[k].x * channels;
        const double *sine = cosine + line;
        double *re = to + k * stride, *im = re + imaginary;
        for (int64_t c = 0; c < channels; c++) {
            re[c] = cosine[c] - sine[channels + c];
            im[c] = -(cosine[channels + c] + sine[c]);
        }
    }
}
