/* SPDX-License-Identifier: MIT
 *
 * lines.h - the results of comparisons as lines over nodes. A line has one or more members: pairs
 * of networks that differ in their seeds alone. Its spread is over members, or over draws when
 * there is only one.
 */
#ifndef TFU_CORE_ANALYSIS_LINES_H
#define TFU_CORE_ANALYSIS_LINES_H

#include "core/analysis/side.h"
#include "core/base/statistics.h"
#include "core/result/result.h"

struct tfu_member {
    char *label[2]; /* of the networks */
    char **node[2];
    size_t node_count[2];
    struct tfu_comparison comparison;
};

struct tfu_curve {
    char *key;     /* what it was added as */
    char *name;    /* what it is shown as: no two lines are called the same */
    bool baseline; /* is one of the program's own beside those that were asked for: */
    bool noise;    /* that of noise */
    bool single;   /* of one network, not of pairs: it has one member */
    struct tfu_member *member;
    size_t member_count;
};

struct tfu_lines {
    struct tfu_curve *line;
    size_t count;
    bool matrix;
};

/* What a line is added as. */
struct tfu_line_kind {
    const char *name;
    bool baseline, noise, single;
};

/* Runs the metric over two sides and adds the result to the line of that name, which is made when
 * there is none; a baseline is never a line that was asked for by its name. All members of all
 * lines have the same nodes, by their names: others are an error. */
enum tfu_status tfu_lines_add(struct tfu_lines *l, const struct tfu_line_kind *kind,
                              const struct tfu_yardstick *y, const struct tfu_side *a,
                              const struct tfu_side *b, struct tfu_error *e);
/* The same of two networks, opened and closed here: `nodes` of the first, `nodes_b`, where there
 * are any, of the second. */
enum tfu_status tfu_lines_add_pair(struct tfu_lines *l, const struct tfu_line_kind *kind,
                                   const struct tfu_yardstick *y,
                                   const struct tfu_state_request state[2], struct tfu_error *e);
/* A result of one network that is there already, as a line of its own with the network's label;
 * `r` becomes the line's, also on failure. */
enum tfu_status tfu_lines_take(struct tfu_lines *l, const struct tfu_side *side,
                               struct tfu_comparison *r, struct tfu_error *e);
void tfu_lines_free(struct tfu_lines *l);

/* The headline of pair `pair` in a line: mean and spread over members, or over draws. */
enum tfu_status tfu_curve_mean(const struct tfu_curve *l, const struct tfu_yardstick *y,
                               size_t pair, struct tfu_mean *out, struct tfu_error *e);
/* Of every pair; to be freed. */
enum tfu_status tfu_curve_means(const struct tfu_curve *l, const struct tfu_yardstick *y,
                                struct tfu_mean **out, struct tfu_error *e);
/* "block1", or "block1 ~ conv1" where the two sides' nodes have other names. */
void tfu_member_pair_name(const struct tfu_member *m, size_t pair, struct tfu_text *out);

/* Warns of few rows, once, of the pair that has the fewest. */
void tfu_lines_warn(const struct tfu_lines *l, const struct tfu_yardstick *y);

/* ---- as a result */

/* Which networks, what it rests on; then for people a row a node and a column a line (a table a
 * line for matrices), with the reasons of what is not defined. */
enum tfu_status tfu_lines_show(const struct tfu_lines *l, const struct tfu_yardstick *y,
                               struct tfu_result *out, struct tfu_error *e);
/* For programs: "means", a row a line and node. */
enum tfu_status tfu_lines_put_means(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                    struct tfu_result *out, struct tfu_error *e);
/* For programs: "values", every number of every draw. */
void tfu_lines_put_values(const struct tfu_lines *l, struct tfu_result *out);
/* All of these, the warning, and the figure: points over nodes, or heat maps. */
enum tfu_status tfu_lines_report(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                 struct tfu_result *out, struct tfu_error *e);
/* The figure alone. */
enum tfu_status tfu_lines_draw(const struct tfu_lines *l, const struct tfu_yardstick *y,
                               struct tfu_result *out, struct tfu_error *e);

#endif
