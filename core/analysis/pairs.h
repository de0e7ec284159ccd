/* SPDX-License-Identifier: MIT
 *
 * pairs.h - analyses that look at pairs of networks one by one: the pairs of all lines, and the
 * mean of a number over those of a line, which differ in their seeds alone.
 */
#ifndef TFU_CORE_ANALYSIS_PAIRS_H
#define TFU_CORE_ANALYSIS_PAIRS_H

#include "core/analysis/analysis.h"

struct tfu_pair {
    size_t line;
    const struct tfu_subject *a, *b; /* of the context */
};

struct tfu_pair_line {
    const char *name;
    size_t first, count; /* of `pair` */
};

struct tfu_pairs {
    struct tfu_pair *pair; /* line by line */
    size_t count;
    struct tfu_pair_line *line; /* no two are called the same */
    size_t lines;
    double *room; /* for a number of each pair */
};

/* Opens the networks of all lines; those of one name are one. To be freed in any case. */
enum tfu_status tfu_pairs_open(struct tfu_pairs *out, struct tfu_analysis_context *c,
                               const struct tfu_analysis_networks *n, struct tfu_error *e);
void tfu_pairs_free(struct tfu_pairs *p);

/* Of what value() gives for the pairs of a line; NaN: the pair has no such number. */
struct tfu_mean tfu_pairs_mean(const struct tfu_pairs *p, size_t line,
                               double (*value)(const void *arg, size_t pair), const void *arg);

/* ---- in tables: columns that rows of all analyses of pairs have */

/* Of a row a pair: line, a, b. */
#define TFU_PAIR_COLUMNS                                                                           \
    {.name = "line"}, {.name = "a"},                                                               \
    {                                                                                              \
        .name = "b"                                                                                \
    }
void tfu_pairs_put(const struct tfu_pairs *p, size_t pair, struct tfu_result_table *t);
/* Of a row a line: line, pairs. */
#define TFU_PAIR_LINE_COLUMNS                                                                      \
    {.name = "line"},                                                                              \
    {                                                                                              \
        .name = "pairs"                                                                            \
    }
void tfu_pairs_put_line(const struct tfu_pairs *p, size_t line, struct tfu_result_table *t);
/* Of a mean in a row: mean, sd, low, high, n. */
#define TFU_PAIR_MEAN_COLUMNS                                                                      \
    {.name = "mean"}, {.name = "sd"}, {.name = "low"}, {.name = "high"},                           \
    {                                                                                              \
        .name = "n"                                                                                \
    }
void tfu_pairs_put_mean(struct tfu_mean m, const char *why, struct tfu_result_table *t);

/* "random: A and B; test data, 30 examples", of which `data` is the end. */
void tfu_pairs_say(const struct tfu_pairs *p, size_t pair, const char *data,
                   struct tfu_result *out);
/* What ± is, if a line has several pairs. */
void tfu_pairs_say_spread(const struct tfu_pairs *p, struct tfu_result *out);
/* The same for a figure: "random: A and B, and 2 pairs more. Bars: one standard deviation over the
 * pairs of a line." */
const char *tfu_pairs_caption(const struct tfu_pairs *p, struct tfu_result *out);

#endif
