/* SPDX-License-Identifier: MIT */
#include "core/cli/score_table.h"

#include <math.h>
#include <stdlib.h>

#include "core/run/score_lines.h"

enum { LABEL_WIDTH = 24 };

static void print_line(FILE *out, const struct tfu_score_line *line, int64_t classes)
{
    const int indent = line->of_class ? 4 : 2;
    fprintf(out, "%*s%-*s", indent, "", LABEL_WIDTH - indent, line->label);
    if (line->why) {
        fprintf(out, "  n/a (%s)\n", line->why);
        return;
    }
    fprintf(out, "  %.4f", line->value);
    if (!isnan(line->low) && !isnan(line->high))
        fprintf(out, "  %.4f to %.4f%s", line->low, line->high, line->of_class ? "" : "  (95 %)");
    if (line->class_count < (double)classes)
        fprintf(out, "  (mean over %.0f of %lld classes)", line->class_count, (long long)classes);
    fputc('\n', out);
}

enum tfu_status tfu_score_table_print(FILE *out, struct tfu_scores scores,
                                      const char *const *class_names, int64_t classes,
                                      struct tfu_error *e)
{
    struct tfu_score_line *line;
    size_t count;
    const enum tfu_status st = tfu_score_lines(&line, &count, scores, class_names, classes, e);
    for (size_t i = 0; i < count; i++)
        print_line(out, &line[i], classes);
    free(line);
    return st;
}
