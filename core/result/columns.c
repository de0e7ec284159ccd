/* SPDX-License-Identifier: MIT */
#include "core/result/columns.h"

#include <stdlib.h>

#include "core/base/utf8.h"

static void put_blanks(struct tfu_text *out, int n)
{
    tfu_text_printf(out, "%*s", n, "");
}

bool tfu_columns_put(struct tfu_text *out, const char *const *cell, size_t count, size_t columns)
{
    int *width = calloc(columns + 1, sizeof *width);
    if (!width)
        return false;
    for (size_t i = 0; i < count; i++) {
        const int w = tfu_utf8_width(cell[i]);
        if (w > width[i % columns])
            width[i % columns] = w;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t k = i % columns;
        const int blanks = width[k] - tfu_utf8_width(cell[i]);
        tfu_text_puts(out, "  ");
        if (k > 0)
            put_blanks(out, blanks);
        tfu_text_puts(out, cell[i]);
        if (k == 0 && columns > 1)
            put_blanks(out, blanks);
        if (k + 1 == columns)
            tfu_text_puts(out, "\n");
    }
    free(width);
    return !out->failed;
}
