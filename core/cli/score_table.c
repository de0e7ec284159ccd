/* SPDX-License-Identifier: MIT */
#include "core/cli/score_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_WIDTH = 24 };

static double find(struct tfu_scores scores, const char *key, const char *suffix)
{
    char name[128];
    snprintf(name, sizeof name, "%s.%s", key, suffix);
    const struct tfu_score *s = tfu_scores_find(scores, name);
    return s ? s->value : NAN;
}

/* Does a number belong to the line of another: its error or a bound of its interval, or over how
 * many classes it is a mean? */
static bool is_detail(struct tfu_scores scores, const char *key)
{
    static const char *const suffix[] = {".se", ".low", ".high", ".classes"};
    for (size_t i = 0; i < TFU_COUNT(suffix); i++) {
        const size_t n = strlen(key), m = strlen(suffix[i]);
        char owner[128];
        if (n <= m || n - m >= sizeof owner || strcmp(key + n - m, suffix[i]) != 0)
            continue;
        memcpy(owner, key, n - m);
        owner[n - m] = '\0';
        if (tfu_scores_find(scores, owner))
            return true;
    }
    return false;
}

/* The k of "<metric>.class.<k>", or -1. */
static int64_t class_of(const char *key)
{
    const char *at = strstr(key, ".class.");
    char *end = NULL;
    const long long k = at ? strtoll(at + 7, &end, 10) : -1;
    return at && *end == '\0' ? (int64_t)k : -1;
}

static void print_line(FILE *out, struct tfu_scores scores, const struct tfu_score *s,
                       const char *label, int indent, int64_t classes)
{
    fprintf(out, "%*s%-*s", indent, "", LABEL_WIDTH - indent, label);
    if (isnan(s->value)) {
        fprintf(out, "  n/a (%s)\n", s->note ? s->note : "not defined");
        return;
    }
    fprintf(out, "  %.4f", s->value);
    const double low = find(scores, s->key, "low"), high = find(scores, s->key, "high");
    if (!isnan(low) && !isnan(high))
        fprintf(out, "  %.4f to %.4f%s", low, high, class_of(s->key) < 0 ? "  (95 %)" : "");
    const double over = find(scores, s->key, "classes");
    if (!isnan(over) && over < (double)classes)
        fprintf(out, "  (mean over %.0f of %lld classes)", over, (long long)classes);
    fputc('\n', out);
}

void tfu_score_table_print(FILE *out, struct tfu_scores scores, const char *const *class_names,
                           int64_t classes)
{
    for (size_t i = 0; i < scores.count; i++) {
        const struct tfu_score *s = &scores.score[i];
        const size_t n = strlen(s->key);
        if (is_detail(scores, s->key) || class_of(s->key) >= 0)
            continue;
        print_line(out, scores, s, s->key, 2, classes);
        for (size_t j = 0; j < scores.count; j++) {
            const char *key = scores.score[j].key;
            const int64_t k = class_of(key);
            if (k < 0 || strncmp(key, s->key, n) != 0 || strncmp(key + n, ".class.", 7) != 0)
                continue;
            char number[32];
            snprintf(number, sizeof number, "class %lld", (long long)k);
            print_line(out, scores, &scores.score[j],
                       class_names && k < classes ? class_names[k] : number, 4, classes);
        }
    }
}
