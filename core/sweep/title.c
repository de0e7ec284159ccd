/* SPDX-License-Identifier: MIT */
#include "core/sweep/title.h"

#include <string.h>

#include "core/base/utf8.h"

const char *tfu_sweep_chosen_or_null(struct tfu_sweep *s, size_t index)
{
    const char *value = NULL;
    struct tfu_error e = TFU_ERROR_INIT; /* what is not there yet is no error here */
    return s->item[index].tuned && tfu_sweep_chosen(s, index, &value, &e) == TFU_OK ? value : NULL;
}

void tfu_sweep_title_put(struct tfu_text *out, struct tfu_sweep *s, size_t index)
{
    const char *name = s->item[index].name, *chosen = tfu_sweep_chosen_or_null(s, index);
    const size_t n = strlen(name);
    if (chosen && n && name[n - 1] == '?') {
        tfu_text_append(out, name, n - 1);
        tfu_text_printf(out, "%s (tuned)", chosen);
    } else {
        tfu_text_puts(out, name);
    }
}

void tfu_sweep_title_set(struct tfu_text *out, struct tfu_sweep *s, size_t index)
{
    out->length = 0;
    tfu_sweep_title_put(out, s, index);
}

void tfu_sweep_title_put_wide(struct tfu_text *out, struct tfu_sweep *s, size_t index, int width)
{
    const size_t from = out->length;
    tfu_sweep_title_put(out, s, index);
    if (!out->failed)
        tfu_text_printf(out, "%*s", width - tfu_utf8_width(tfu_text_get(out) + from), "");
}
