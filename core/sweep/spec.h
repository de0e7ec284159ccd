/* SPDX-License-Identifier: MIT
 *
 * spec.h - the sections of a study file that are about runs, as they are written: nothing of it is
 * multiplied out but the combinations of values.
 */
#ifndef TFU_CORE_SWEEP_SPEC_H
#define TFU_CORE_SWEEP_SPEC_H

#include "core/config/document.h"
#include "core/config/slurm_options.h"
#include "core/sweep/grid.h"
#include "core/sweep/refer.h"

/* An experiment that values are laid over. */
struct tfu_base {
    struct tfu_node *root; /* with what it includes */
    const char *path;      /* of the file that it is from, whose stem is its name */
};

/* `runs`: one run for each combination of the axes that it mentions. */
struct tfu_run_template {
    const char *name;
    struct tfu_mark mark;
    const struct tfu_node *node;
    struct tfu_base base;
    struct tfu_assignments set; /* its own keys */
    bool *lays;                 /* by axis: whose values are laid over it too (`axes`) */
    bool *uses;                 /* by axis: it is one for each value of, ... */
    bool *needs;                /* by template: ... and needs a run of these */
};

/* `by: valid/auc`, `goal: max` */
enum tfu_goal { TFU_GOAL_AUTO, TFU_GOAL_MAX, TFU_GOAL_MIN };
struct tfu_spec_metric {
    const char *split, *name;
    int32_t goal; /* enum tfu_goal; AUTO: as the metric says */
    struct tfu_mark mark;
};

struct tfu_spec_tune {
    bool present;
    struct tfu_spec_metric by;
    bool *for_each; /* by axis */
    struct tfu_mark mark;
};

struct tfu_spec_halving {
    bool present;
    struct tfu_spec_metric by;
    int64_t first, factor;
    bool *for_each; /* by axis */
    struct tfu_mark mark, first_mark;
};

struct tfu_spec {
    /* owned by the load's arena, as all of it */
    const char *name, *store;
    struct tfu_mark store_mark;
    int64_t max_cases;
    const struct tfu_node *declared; /* `cases` before a profile and the command line */
    struct tfu_base base;
    struct tfu_case_axis *axis;
    size_t axes;     /* of the cases; */
    size_t all_axes; /* with that of `tune`, the last */
    struct tfu_case_grid grid;
    struct tfu_case_selection *exclude;
    size_t excludes;
    struct tfu_run_template *run;
    size_t runs;
    struct tfu_spec_tune tune;
    struct tfu_spec_halving halving;
    struct tfu_refer_names names;
    struct tfu_slurm_options slurm; /* of `launch` */
    size_t before;                  /* findings when the reading began */
};

/* Is nothing wrong so far? What follows from something wrong is not told as well. */
bool tfu_spec_is_clean(const struct tfu_load *l, const struct tfu_spec *s);

/* Reads all sections; what is wrong becomes findings. */
void tfu_spec_read(struct tfu_load *l, struct tfu_spec *s, struct tfu_node *root);

/* Its parts, in this order. */
void tfu_spec_read_axes(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root);
void tfu_spec_read_tune(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root);
void tfu_spec_multiply(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root);
void tfu_spec_read_runs(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root);

/* The axes that only the entries of a list of cases have, without values; then their cases. */
void tfu_spec_name_added(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *list,
                         const char *section);
void tfu_spec_add_cases(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *list,
                        const char *section);

/* One more axis, for the caller to fill; NULL: memory ran out. */
struct tfu_case_axis *tfu_spec_push_axis(struct tfu_load *l, struct tfu_spec *s);
/* By its name; SIZE_MAX: there is none. */
size_t tfu_spec_find_axis(const struct tfu_spec *s, const char *name);

/* A base in the mapping `n`, which may name a file under `include`. */
void tfu_spec_read_base(struct tfu_load *l, struct tfu_base *b, struct tfu_node *n,
                        const char *path);
/* The axes in the list `n`, by axis; none where it is NULL. */
bool *tfu_spec_read_axis_list(struct tfu_load *l, const struct tfu_spec *s, const char *path,
                              const struct tfu_node *n);

#endif
