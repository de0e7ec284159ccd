/* SPDX-License-Identifier: MIT */
#include "csv_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_values.h"

static enum tfu_status read_condition(struct csv_condition *c, const char *text,
                                      const struct csv_reader *r, struct tfu_dataset_host *h)
{
    char column[256];
    const char *equals = strchr(text, '=');
    if (!equals)
        return h->fail(h, TFU_EINVAL, "where: '%s' is not `COLUMN=VALUE`", text);
    snprintf(column, sizeof column, "%.*s", (int)(equals - text), text);
    c->value = equals + 1;
    c->is_number = csv_number(c->value, &c->number);
    return csv_reader_column(r, column, "where", &c->field, h);
}

enum tfu_status csv_filter_begin(struct csv_filter *f, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h)
{
    *f = (struct csv_filter){.condition = calloc(s->where.count + 1, sizeof *f->condition)};
    enum tfu_status st =
        f->condition ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for the option where");
    for (; st == TFU_OK && f->count < s->where.count; f->count++)
        st = read_condition(&f->condition[f->count], s->where.item[f->count], r, h);
    return st;
}

static bool fits(const struct csv_condition *c, const struct csv_reader *r)
{
    double number;
    const char *text = csv_reader_trimmed(r, c->field);
    return strcmp(text, c->value) == 0 ||
           (c->is_number && csv_number(text, &number) && number == c->number);
}

bool csv_filter_holds(const struct csv_filter *f, const struct csv_reader *r)
{
    for (size_t i = 0; i < f->count; i++) {
        bool any = false;
        for (size_t k = 0; k < f->count && !any; k++)
            any = f->condition[k].field == f->condition[i].field && fits(&f->condition[k], r);
        if (!any)
            return false;
    }
    return true;
}

void csv_filter_free(struct csv_filter *f)
{
    free(f->condition);
    *f = (struct csv_filter){0};
}
