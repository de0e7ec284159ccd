/* SPDX-License-Identifier: MIT */
#include "core/io/csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void separate(struct tfu_csv *c)
{
    if (c->fields++ > 0)
        fputc(',', c->file);
}

void tfu_csv_text(struct tfu_csv *c, const char *text)
{
    separate(c);
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, c->file);
        return;
    }
    fputc('"', c->file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', c->file);
        fputc(*text, c->file);
    }
    fputc('"', c->file);
}

void tfu_csv_int(struct tfu_csv *c, int64_t value)
{
    separate(c);
    fprintf(c->file, "%" PRId64, value);
}

void tfu_csv_number(struct tfu_csv *c, double value, int digits)
{
    separate(c);
    if (!isnan(value))
        fprintf(c->file, "%.*g", digits, value);
}

void tfu_csv_end_line(struct tfu_csv *c)
{
    fputc('\n', c->file);
    c->fields = 0;
}
