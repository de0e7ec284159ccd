/* SPDX-License-Identifier: MIT
 *
 * cases.h - what a report is over: the cases of the file's sweep with how far they are, or, in a
 * file without cases, the runs of its store, whose axes are keys of their configurations.
 */
#ifndef TFU_CORE_REPORT_CASES_H
#define TFU_CORE_REPORT_CASES_H

#include "core/config/node.h"
#include "core/index/index.h"
#include "core/sweep/sweep.h"

#define TFU_REPORT_NONE SIZE_MAX

struct tfu_report_axis {
    const char *name;
    const char *const *value; /* the names of its values */
    size_t count;
    const size_t *of; /* of each case: the number of its value; TFU_REPORT_NONE: it has none */
    /* what a reader is told of the axis and its values: as `names` says, else these themselves */
    const char *word, **value_word;
};

struct tfu_report_case {
    const char *name;
    const char *path;  /* "NAME/ID" below the store; NULL: no run is known */
    const char *state; /* "done" and so on */
    const char *why;   /* why it is not done; NULL */
    bool done;
    size_t row; /* its run's place in the index, of one that is done */
};

struct tfu_report_cases {
    struct tfu_arena *arena;
    struct tfu_sweep *sweep; /* NULL: runs of a store */
    struct tfu_index *index; /* NULL: there is no store yet, or nothing of it is asked */
    bool blind;              /* only what the file says is looked at */
    const char *between;     /* parts of a name: " ", or ", " where `names` gives words */
    struct tfu_report_axis *axis;
    size_t axes, room;
    struct tfu_report_case *item; /* in the order of the sweep, or of the runs' paths */
    size_t count;
};

/* The cases of the sweep by their names and axes; without one those of `index`, which, like
 * `sweep`, is only asked and not kept: names are the arena's. */
enum tfu_status tfu_report_cases_name(struct tfu_report_cases *out, struct tfu_arena *arena,
                                      struct tfu_sweep *sweep, struct tfu_index *index,
                                      struct tfu_error *e);
/* How far they are, and which runs they became. */
enum tfu_status tfu_report_cases_look(struct tfu_report_cases *c, struct tfu_error *e);

/* The first line of a message, without the store's place on this machine. NULL when memory ran
 * out. */
const char *tfu_report_plain(struct tfu_report_cases *c, const char *message);

/* The axis of that name; TFU_REPORT_NONE after a finding at `m`. Of runs any key is one. */
size_t tfu_report_axis_find(struct tfu_report_cases *c, struct tfu_load *l, const char *path,
                            struct tfu_mark m, const char *name);

/* ---- cases that are alike on some axes */

struct tfu_report_axes {
    size_t *item;
    size_t count;
};

bool tfu_report_axes_have(const struct tfu_report_axes *axes, size_t axis);

struct tfu_report_group {
    const size_t *value; /* by those axes: the number of the value, or TFU_REPORT_NONE */
    size_t *item;        /* cases, in their order */
    size_t count;
};

/* Of the chosen cases, in the order of the axes' values; a case without a value on an axis comes
 * last there. `of_case` (may be NULL) gets the group of each. The memory is the arena's. */
enum tfu_status tfu_report_group(const struct tfu_report_cases *c, const bool *chosen,
                                 const struct tfu_report_axes *by, struct tfu_report_group **out,
                                 size_t *count, size_t **of_case, struct tfu_error *e);
/* "start=random", or the words for it. */
void tfu_report_put_axis_value(struct tfu_text *out, const struct tfu_report_axis *a, size_t value);
/* Two parts of a name, of which either may be "", as one. The arena's; NULL when memory ran out. */
const char *tfu_report_join(const struct tfu_report_cases *c, const char *a, const char *b);
/* "arch=cbr_tiny start=random"; `values_only`: "cbr_tiny random". */
const char *tfu_report_group_name(const struct tfu_report_cases *c,
                                  const struct tfu_report_axes *by,
                                  const struct tfu_report_group *g, bool values_only);
/* The same in the words of the study file alone. */
const char *tfu_report_group_key(const struct tfu_report_cases *c, const struct tfu_report_axes *by,
                                 const struct tfu_report_group *g, bool values_only);

#endif
