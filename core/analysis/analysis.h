/* SPDX-License-Identifier: MIT
 *
 * analysis.h - what can be asked of networks: a table of analyses, a file each, which the command
 * line, a study file and a report run alike. An analysis is its options, its computation and its
 * result.
 */
#ifndef TFU_CORE_ANALYSIS_ANALYSIS_H
#define TFU_CORE_ANALYSIS_ANALYSIS_H

#include "core/analysis/context.h"
#include "core/result/result.h"
#include "core/study/metrics.h"

#include <transfuse/option.h>

/* Which networks an analysis takes. A network is written as in core/study/subject.h. */
enum tfu_analysis_takes {
    TFU_ANALYSIS_TAKES_LIST,  /* `of`: networks, each by itself */
    TFU_ANALYSIS_TAKES_PAIR,  /* `a` and `b` */
    TFU_ANALYSIS_TAKES_LINES, /* `a` and `b`, or `lines` of such */
    TFU_ANALYSIS_TAKES_FILES  /* `a` and `b`, which are files of matrices */
};

/* Pairs of networks that belong together: runs that differ in their seeds. */
struct tfu_analysis_line {
    const char *name;
    const char *const *a, *const *b; /* a[i] goes with b[i] */
    size_t pairs;
};

struct tfu_analysis_networks {
    const char *const *of; /* a list; of a pair, and of files, a and b */
    size_t count;
    const struct tfu_analysis_line *line; /* TFU_ANALYSIS_TAKES_LINES */
    size_t lines;
    const struct tfu_analysis_name *name; /* of some of them */
    size_t names;
    size_t asked, there; /* for so many cases of a sweep, and so many are there; 0: of no matter */
    bool left_out;       /* some of the others were left out by who asked, done or not */
};

struct tfu_analysis {
    const char *name;    /* "movement": of the command, and the key in a study file */
    const char *group;   /* the command that it is called by: "study", "figure"; "" for its own */
    const char *summary; /* "how far did training take each layer?" */
    const char *about;   /* paragraphs for --help and the manual, each line ended */
    enum tfu_analysis_takes takes;
    size_t least, most; /* networks of a list */
    bool is_figure;     /* there is nothing to read in its text: it goes into a folder */
    /* The rows of its options, which fill a struct that begins with struct tfu_analysis_common. */
    const struct tfu_option *option;
    size_t options, config_size;
    const struct tfu_metric_ability *ability; /* that its option `metric` has to have; NULL: any */
    /* Are the values in order, as far as they alone can tell? Else tfu_analysis_refuse(). May be
     * NULL. */
    enum tfu_status (*check)(const void *config, struct tfu_analysis_context *c,
                             struct tfu_error *e);
    /* Do they go with the networks? Likewise. */
    enum tfu_status (*fits)(const void *config, const struct tfu_analysis_networks *n,
                            struct tfu_analysis_context *c, struct tfu_error *e);
    /* Computes, and fills `out`, which is made for it. [one thread] */
    enum tfu_status (*run)(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e);
};

/* All of them, in the order in which help lists them. */
extern const struct tfu_analysis *const tfu_analyses[];
extern const size_t tfu_analysis_count;
/* NULL: there is none. */
const struct tfu_analysis *tfu_analysis_find(const char *name);

/* Its option `metric`; NULL: it has none. */
const struct tfu_option *tfu_analysis_metric_option(const struct tfu_analysis *a);

/* Refuses options, before anything is opened. */
enum tfu_status tfu_analysis_check(const struct tfu_analysis *a, const void *config,
                                   struct tfu_analysis_context *c, struct tfu_error *e);
/* The same of what is chosen by the networks together with them. */
enum tfu_status tfu_analysis_fits(const struct tfu_analysis *a, const void *config,
                                  const struct tfu_analysis_networks *n,
                                  struct tfu_analysis_context *c, struct tfu_error *e);
/* Checks and runs: what the caller has besides is only to show `out`, which is to be freed in any
 * case. An error that is about an option leaves its name in c->refused. */
enum tfu_status tfu_analysis_run(const struct tfu_analysis *a, const void *config,
                                 const struct tfu_analysis_networks *n,
                                 struct tfu_analysis_context *c, struct tfu_result *out,
                                 struct tfu_error *e);

#endif
