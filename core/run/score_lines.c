/* SPDX-License-Identifier: MIT */
#include "core/run/score_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double find(struct tfu_scores scores, const char *key, const char *suffix)
{
    char name[256];
    snprintf(name, sizeof name, "%s.%s", key, suffix);
    const struct tfu_score *s = tfu_scores_find(scores, name);
    return s ? s->value : NAN;
}

/* Does a number belong to the line of another: its error or a bound of its interval, or over how
 * many classes it is a mean? */
static bool is_detail(struct tfu_scores scores, const char *key)
{
    if (strstr(key, ".bootstrap."))
        return true;
    static const char *const suffix[] = {".se", ".low", ".high", ".classes", ".rows"};
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

/* What share of draws the intervals of a metric have, whose keys begin with one word. */
static double share_of(struct tfu_scores scores, const char *key)
{
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(key, "."), key);
    return find(scores, name, "bootstrap.interval");
}

static void fill(struct tfu_score_line *line, struct tfu_scores scores, const struct tfu_score *s)
{
    *line = (struct tfu_score_line){
        .label = s->key,
        .value = s->value,
        .why = !isnan(s->value) ? NULL
               : s->note        ? s->note
                                : "not defined",
        .low = find(scores, s->key, "low"),
        .high = find(scores, s->key, "high"),
        .drawn_low = find(scores, s->key, "bootstrap.low"),
        .drawn_high = find(scores, s->key, "bootstrap.high"),
        .share = share_of(scores, s->key),
        .class_count = find(scores, s->key, "classes"),
    };
}

enum tfu_status tfu_score_lines(struct tfu_score_line **out, size_t *count,
                                struct tfu_scores scores, const char *const *class_names,
                                int64_t classes, struct tfu_error *e)
{
    size_t n = 0;
    struct tfu_score_line *line = calloc(scores.count + 1, sizeof *line);
    *out = NULL;
    *count = 0;
    if (!line)
        return tfu_error_memory(e, "listing scores", scores.count * sizeof *line);
    for (size_t i = 0; i < scores.count; i++) {
        const struct tfu_score *s = &scores.score[i];
        const size_t length = strlen(s->key);
        if (is_detail(scores, s->key) || class_of(s->key) >= 0)
            continue;
        fill(&line[n++], scores, s);
        for (size_t j = 0; j < scores.count; j++) {
            const char *key = scores.score[j].key;
            const int64_t k = class_of(key);
            if (k < 0 || strncmp(key, s->key, length) != 0 ||
                strncmp(key + length, ".class.", 7) != 0)
                continue;
            struct tfu_score_line *of_class = &line[n++];
            fill(of_class, scores, &scores.score[j]);
            of_class->of_class = true;
            snprintf(of_class->number, sizeof of_class->number, "class %lld", (long long)k);
            of_class->label = class_names && k < classes ? class_names[k] : of_class->number;
        }
    }
    *out = line;
    *count = n;
    return TFU_OK;
}
