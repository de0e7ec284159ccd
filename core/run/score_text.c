/* SPDX-License-Identifier: MIT */
#include "core/run/score_text.h"

#include <math.h>
#include <stdlib.h>

#include "core/run/score_lines.h"

enum { LABEL_WIDTH = 24 };

static void put_line(struct tfu_text *out, const struct tfu_score_line *line, int64_t classes)
{
    const int indent = line->of_class ? 4 : 2;
    tfu_text_printf(out, "%*s%-*s", indent, "", LABEL_WIDTH - indent, line->label);
    if (line->why) {
        tfu_text_printf(out, "  n/a (%s)\n", line->why);
        return;
    }
    tfu_text_printf(out, "  %.4f", line->value);
    /* the only one, of whom the share is known, or the metric's own */
    const bool drawn = !isnan(line->drawn_low) && !isnan(line->drawn_high);
    const double share = drawn || isnan(line->share) ? 0.95 : line->share;
    if (!isnan(line->low) && !isnan(line->high)) {
        tfu_text_printf(out, "  %.4f to %.4f", line->low, line->high);
        if (!line->of_class)
            tfu_text_printf(out, "  (%g %%)", 100 * share);
    }
    if (drawn) {
        tfu_text_printf(out, "  bootstrap %.4f to %.4f", line->drawn_low, line->drawn_high);
        if (!line->of_class)
            tfu_text_printf(out, "  (%g %%)", 100 * line->share);
    }
    if (line->class_count < (double)classes)
        tfu_text_printf(out, "  (mean over %.0f of %lld classes)", line->class_count,
                        (long long)classes);
    tfu_text_puts(out, "\n");
}

enum tfu_status tfu_score_text(struct tfu_text *out, struct tfu_scores scores,
                               const char *const *class_names, int64_t classes, struct tfu_error *e)
{
    struct tfu_score_line *line;
    size_t count;
    const enum tfu_status st = tfu_score_lines(&line, &count, scores, class_names, classes, e);
    for (size_t i = 0; i < count; i++)
        put_line(out, &line[i], classes);
    free(line);
    return st;
}
