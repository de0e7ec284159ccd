/* SPDX-License-Identifier: MIT
 *
 * lines.h - the results of comparisons as lines over nodes. A line has one or more members: pairs
 * of networks that differ in their seeds alone. Its spread is over members, or over draws when
 * there is only one.
 */
#ifndef TFU_CORE_CLI_LINES_H
#define TFU_CORE_CLI_LINES_H

#include "core/base/json.h"
#include "core/cli/comparing.h"

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

/* Runs the metric over two sides and adds the result to the line `name`, which is made when there
 * is none; a baseline is never a line that was asked for by its name. All members of all lines have
 * the same nodes, by their names: others are an error. */
enum tfu_status tfu_lines_add(struct tfu_lines *l, const char *name, bool baseline,
                              const struct tfu_comparing *c, const struct tfu_side *a,
                              const struct tfu_side *b, bool noise, struct tfu_error *e);
/* A result of one network that is there already, as a line of its own with the network's label;
 * `r` becomes the line's, also on failure. */
enum tfu_status tfu_lines_take(struct tfu_lines *l, const struct tfu_side *side,
                               struct tfu_comparison *r, struct tfu_error *e);
void tfu_lines_free(struct tfu_lines *l);

/* The headline of pair `pair` in a line: mean and spread over members, or over draws. */
struct tfu_mean tfu_curve_mean(const struct tfu_curve *l, const struct tfu_comparing *c,
                               size_t pair);
/* "block1", or "block1 ~ conv1" where the two sides' nodes have other names. */
void tfu_member_pair_name(const struct tfu_member *m, size_t pair, struct tfu_text *out);
void tfu_curve_pair_name(const struct tfu_curve *l, size_t pair, struct tfu_text *out);

/* A row a node, a column a line (a table a line for matrices). */
enum tfu_status tfu_lines_print(const struct tfu_lines *l, const struct tfu_comparing *c,
                                struct tfu_error *e);
json_t *tfu_lines_json(const struct tfu_lines *l, const struct tfu_comparing *c);
/* <output>/<stem>-values.csv: every number of every draw. <output>/<stem>.{csv,gp,svg,png}: the
 * figure. */
enum tfu_status tfu_lines_write(const struct tfu_lines *l, const struct tfu_comparing *c,
                                const char *stem, struct tfu_error *e);

/* The values alone. */
enum tfu_status tfu_lines_write_values(const struct tfu_lines *l, const struct tfu_comparing *c,
                                       const char *stem, struct tfu_error *e);
/* As tfu_lines_show(), but of files the values alone: the figure is another. */
enum tfu_status tfu_lines_tell(const struct tfu_lines *l, struct tfu_comparing *c, const char *stem,
                               struct tfu_error *e);
/* As the options say: JSON or tables, and with --output files. */
enum tfu_status tfu_lines_show(const struct tfu_lines *l, struct tfu_comparing *c, const char *stem,
                               struct tfu_error *e);

#endif
