/* SPDX-License-Identifier: MIT
 *
 * sweep.h - what a study file (docs/sweeps.md) asks for as runs: its cases, and the runs that they
 * need, each resolved and checked, in an order in which they can be done.
 *
 * A case is known by its key, which follows from its configuration alone: names of sweeps, axes and
 * values never enter it, so that two sweeps share what they both ask for. The run that a case comes
 * to has an id that follows from its data and its weights as well: it is known as soon as what the
 * case needs is done.
 */
#ifndef TFU_CORE_SWEEP_SWEEP_H
#define TFU_CORE_SWEEP_SWEEP_H

#include "core/base/text.h"
#include "core/config/document.h"
#include "core/config/slurm_options.h"

enum {
    TFU_CASE_KEY_SIZE = 13,
    TFU_RUNGS_MAX = 64 /* of halving: each has twice the steps of the one before, at least */
};

struct tfu_sweep_axis {
    const char *name;
    const char *const *value; /* the names of its values */
    size_t count;
    struct tfu_mark mark;
};

struct tfu_sweep_case {
    const char *name;         /* "arch=cbr_tiny start=random seed=0"; of `runs`: "source
                                 arch=cbr_tiny"; the best of `tune`: "... lr=?" */
    const char *const *value; /* by axis: the value's name; NULL: it has none on that axis */
    char key[TFU_CASE_KEY_SIZE];
    const size_t *need; /* cases that have to be done before: of smaller index, ascending */
    size_t need_count;
    bool support;           /* of `runs`, or a candidate of `tune`: no case of the table itself */
    bool tuned;             /* its value on the axis of `tune` is chosen when its needs are done */
    const char *experiment; /* the runs' name: the folder in the store that has them */
    int64_t threads;        /* that its configuration asks for; 0: all */
    int64_t steps;          /* of its training; 0: it says epochs */
    int64_t epochs;
};

/* `tune`: of each group of cases the value that came out best. */
struct tfu_sweep_tune {
    size_t axis;                /* the last of the sweep's */
    const char *split, *metric; /* "valid", "auc" */
    bool smallest;              /* is best, not the largest */
    const size_t *for_each;     /* axes that the choice is made for each value of */
    size_t for_each_count;
};

/* `early_stop: {halving: ...}`: at each rung the best share of the cases of a group goes on. */
struct tfu_sweep_halving {
    const char *split, *metric;
    bool smallest;
    int64_t first;       /* steps of the first rung; each other has `factor` times as many */
    int64_t factor;      /* one of so many goes on */
    const int64_t *rung; /* the steps at which is chosen, ascending, all below those of a case */
    size_t rung_count;
    const size_t *for_each; /* axes that each combination of makes a group of cases; none: all */
    size_t for_each_count;  /* cases are one group */
    struct tfu_mark mark;
};

struct tfu_sweep_priv;
struct tfu_sweep {
    const char *name;  /* the key `study`, or the file's stem: a plain name of a file */
    const char *store; /* absolute: the folder of runs */
    const char *file;
    const struct tfu_sweep_axis *axis;
    size_t axis_count;
    const struct tfu_sweep_case *item; /* those that others need first */
    size_t count;
    size_t support;                          /* so many of them are for others: the first */
    const struct tfu_sweep_tune *tune;       /* NULL: nothing is tuned */
    const struct tfu_sweep_halving *halving; /* NULL: no case is stopped early */
    const struct tfu_slurm_options *slurm;   /* `launch: {slurm: ...}`, or defaults */
    struct tfu_sweep_priv *priv;
};

/* Reads the sections of runs in a study file; all that is wrong with it or with any case of it goes
 * into `d`, with TFU_EINVAL. `document->roots` and `prepare` are set here. The document's registry
 * and overrides must outlive the sweep. */
enum tfu_status tfu_sweep_load(struct tfu_sweep **out, const struct tfu_document *document,
                               struct tfu_diagnostics *d, struct tfu_error *e);
/* The same for whoever will ask for all runs by tfu_sweep_resolve(): those of cases that need
 * nothing are found on the way, which is half the work. */
enum tfu_status tfu_sweep_load_runs(struct tfu_sweep **out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_sweep_free(struct tfu_sweep *s);

/* The configuration of a case as a text (`config` may be NULL), the artefacts of others filled in
 * by the paths of their runs; `*run` (may be NULL) gets the folder of its run, to be freed, which
 * opens the data, once for all cases that have the same. TFU_ENOTFOUND: one that it needs is not
 * done, and `e` names it. [one thread] */
enum tfu_status tfu_sweep_resolve(struct tfu_sweep *s, size_t index, struct tfu_text *config,
                                  char **run, struct tfu_error *e);
/* The name of the value that was chosen for a tuned case; TFU_ENOTFOUND as above. */
enum tfu_status tfu_sweep_chosen(struct tfu_sweep *s, size_t index, const char **value,
                                 struct tfu_error *e);

/* The case with this key, or with a key that begins so and no other does; SIZE_MAX: none. Two cases
 * may have one key: the first. */
size_t tfu_sweep_find(const struct tfu_sweep *s, const char *key);

#endif
