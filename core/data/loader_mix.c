/* SPDX-License-Identifier: MIT */
#include "core/data/loader_mix.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"

bool tfu_loader_mix_init(struct tfu_loader_mix *m, size_t rows, size_t image, size_t columns)
{
    m->share = calloc(rows, sizeof *m->share);
    m->labels = calloc(rows, columns * sizeof *m->labels + 1);
    m->pixels = calloc(rows, image * sizeof *m->pixels);
    m->partner = calloc(rows, sizeof *m->partner);
    return m->share && m->labels && m->pixels && m->partner;
}

void tfu_loader_mix_free(struct tfu_loader_mix *m)
{
    free(m->share);
    free(m->labels);
    free(m->pixels);
    free(m->partner);
}

size_t tfu_loader_mix_bytes(size_t rows, size_t image, size_t columns)
{
    return rows * ((image + columns) * sizeof(float) + sizeof(double) + sizeof(int64_t));
}

void tfu_loader_mix_begin(struct tfu_loader_mix *m, const struct tfu_loader_rows *rows,
                          uint64_t key)
{
    struct tfu_random r;
    tfu_random_init(&r, key);
    for (int64_t i = 0; i < rows->count; i++)
        m->partner[i] = i;
    for (int64_t left = rows->count; left > 1; left--) {
        const int64_t at = (int64_t)tfu_random_below(&r, (uint64_t)left), keep = m->partner[at];
        m->partner[at] = m->partner[left - 1];
        m->partner[left - 1] = keep;
    }
    memcpy(m->pixels, rows->pixels, (size_t)(rows->count * rows->image) * sizeof *m->pixels);
    for (int64_t i = 0; i < rows->count; i++)
        memcpy(m->labels + i * rows->columns, rows->labels + m->partner[i] * rows->columns,
               (size_t)rows->columns * sizeof *m->labels);
}

enum tfu_status tfu_loader_mix_row(struct tfu_loader_mix *m, const struct tfu_loader_rows *rows,
                                   int64_t row, const struct tfu_dataset *d, uint64_t key,
                                   struct tfu_error *e)
{
    return tfu_dataset_mix(d, key, rows->pixels + row * rows->image,
                           m->pixels + m->partner[row] * rows->image, &m->share[row], e);
}
