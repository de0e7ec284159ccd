/* SPDX-License-Identifier: MIT */
#include "core/result/script_pieces.h"

#include "core/result/label.h"

void tfu_script_at(struct tfu_text *out, const struct tfu_layout *l, double x, double y)
{
    tfu_text_printf(out, "%.4f,%.4f", x / l->width, 1 - y / l->height);
}

void tfu_script_text(struct tfu_text *out, const char *text, size_t most)
{
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, text ? text : "", most);
    tfu_label_quote(out, tfu_text_get(&clean));
    out->failed |= clean.failed;
    tfu_text_free(&clean);
}

void tfu_script_names(struct tfu_text *out, char axis, const char *const *name, size_t count,
                      const struct tfu_layout_panel *at)
{
    const bool below = axis == 'x';
    if (count == 0) {
        tfu_text_printf(out, "unset %ctics\nset %crange [0:1]\n", axis, axis);
        return;
    }
    tfu_text_printf(out, "set %ctics %s (", axis,
                    !below        ? "norotate"
                    : at->slanted ? "rotate by 45 right offset 0,0"
                                  : "norotate");
    /* rows are as far apart as they are high or more: all of their names are shown */
    for (size_t i = 0; i < count; i += below ? at->name_step : 1) {
        struct tfu_text clean = TFU_TEXT_INIT;
        tfu_label_clean(&clean, name[i], TFU_LAYOUT_NAME);
        tfu_text_puts(out, i ? ", " : "");
        tfu_label_quote_tic(out, tfu_text_get(&clean));
        tfu_text_printf(out, " %zu", i);
        out->failed |= clean.failed;
        tfu_text_free(&clean);
    }
    const double end = (double)count - 0.5;
    tfu_text_printf(out, ")\nset %crange [%g:%g]\n", axis, below ? -0.5 : end, below ? end : -0.5);
}

void tfu_script_nothing(struct tfu_text *out)
{
    tfu_text_puts(out, "set label 'no data' at graph 0.5,0.5 center\nplot NaN notitle\n");
}
