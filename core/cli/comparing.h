/* SPDX-License-Identifier: MIT
 *
 * comparing.h - what `compare` and the studies of activations share: their options, the networks
 * with their images and captures, and lines of comparisons, each of one pair of networks or of
 * several that differ in their seeds.
 */
#ifndef TFU_CORE_CLI_COMPARING_H
#define TFU_CORE_CLI_COMPARING_H

#include "core/base/statistics.h"
#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/progress.h"
#include "core/config/choice.h"
#include "core/study/compare.h"
#include "core/study/compare_parameters.h"

struct tfu_comparing_options {
    const char *metric, *mode; /* by name; mode=MODE */
    const char **pair;         /* KEY=VALUE: options of the metric */
    size_t pair_count;
    const char **set; /* --set KEY=VALUE: overrides of every network's configuration */
    size_t set_count;
    const char *nodes, *nodes_b; /* patterns with commas between; NULL: the stages */
    const char *split, *config, *per, *data, *output;
    int64_t rows; /* 0: see struct tfu_comparing */
    int64_t channels, draws, images, seed, memory, threads;
    bool json, quiet, help;
    bool same_rows; /* draws are of channels only */
    struct tfu_text mode_option;
};

/* The part of a subcommand's help that is about these. */
extern const char tfu_comparing_help[];

/* Defaults; room for all arguments. */
bool tfu_comparing_options_init(struct tfu_comparing_options *o, int argc);
void tfu_comparing_options_free(struct tfu_comparing_options *o);
/* Is argv[*i] one of them (or a KEY=VALUE)? As tfu_cli_option_take(). */
bool tfu_comparing_option_take(struct tfu_comparing_options *o, const char *command, int argc,
                               char **argv, int *i, int *status);
/* After the last argument; 0 or an exit status. */
int tfu_comparing_options_check(struct tfu_comparing_options *o, const char *command);

struct tfu_comparing {
    const struct tfu_comparing_options *options;
    struct tfu_log *log;
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_threads *threads;
    struct tfu_chosen *choice;
    const struct tfu_plugin_choice *metric;
    uint32_t needs; /* the metric's */
    int64_t rows;   /* of a draw: as asked for, else 10000 or the metric's own limit */
    struct tfu_progress progress;
};

enum tfu_status tfu_comparing_open(struct tfu_comparing *c, struct tfu_cli *cli,
                                   const struct tfu_comparing_options *options,
                                   struct tfu_error *e);
void tfu_comparing_close(struct tfu_comparing *c);
/* Says an error; returns the exit status. */
int tfu_comparing_error(const struct tfu_comparing *c, const struct tfu_error *e);

/* ---- one network in use */

struct tfu_side {
    struct tfu_subject *subject;
    struct tfu_dataset *data; /* its own; NULL: that of the other side */
    enum tfu_split split;
    struct tfu_capture *capture;
    struct tfu_node_choice *node;
    size_t node_count;
    struct tfu_progress *progress; /* of the comparison that it was opened for */
};

struct tfu_side_request {
    const char *spec;
    bool initial;                /* the state before its first step */
    const char *const *override; /* on top of --set */
    size_t override_count;
    const char *nodes;            /* patterns; NULL: the stages */
    const char *split;            /* NULL: as the options say */
    const struct tfu_side *other; /* opened before: has to see the same images; NULL: there is none
                                   */
};

/* Opens the network, its images and the capture. To be closed in any case, and not to be moved. */
enum tfu_status tfu_side_open(struct tfu_side *s, struct tfu_comparing *c,
                              const struct tfu_side_request *request, struct tfu_error *e);
/* Two that see the same images; `other` of the requests is not looked at. */
enum tfu_status tfu_sides_open(struct tfu_side *a, struct tfu_side *b, struct tfu_comparing *c,
                               const struct tfu_side_request *request_a,
                               const struct tfu_side_request *request_b, struct tfu_error *e);
void tfu_side_close(struct tfu_side *s);
/* The metric over nodes of two sides. */
enum tfu_status tfu_sides_compare(struct tfu_comparison *out, const struct tfu_comparing *c,
                                  const struct tfu_side *a, const struct tfu_side *b, bool matrix,
                                  bool noise, struct tfu_error *e);

/* What tfu_figure_write() said: without gnuplot there is a warning, and all the rest is well. */
enum tfu_status tfu_comparing_figure_written(const struct tfu_comparing *c, enum tfu_status st,
                                             struct tfu_error *e);

/* "200 rows, 64 channels, 5 draws": what every number rests on, for captions. */
void tfu_comparing_describe(const struct tfu_comparing *c, const struct tfu_comparison *r,
                            struct tfu_text *out);

/* Layers that were looked at in different numbers of rows or channels: how to hold them equal.
 * Nothing, when they are. */
void tfu_comparing_advise(const struct tfu_comparing *c, const struct tfu_comparison *r,
                          struct tfu_text *out);

/* "a,b,c" as three strings in `buffer`, which becomes theirs. The list is to be freed. */
enum tfu_status tfu_split_list(const char *text, char **buffer, const char ***item, size_t *count,
                               struct tfu_error *e);

#endif
