/* SPDX-License-Identifier: MIT
 *
 * selected.h - networks that a selector of a study file stands for, one after the other: what was
 * found on the disk (select.h) and cases of the file's own sweep (select_cases.h), which may not be
 * done yet: such a one is a hole.
 */
#ifndef TFU_CORE_ANALYSIS_SELECTED_H
#define TFU_CORE_ANALYSIS_SELECTED_H

#include "core/config/node.h"
#include "core/sweep/sweep.h"

#define TFU_NO_CASE SIZE_MAX

struct tfu_selected_one {
    const char *spec;  /* as in core/study/subject.h; of a hole see tfu_selected_is_hole() */
    const char *run;   /* its folder; NULL: it is none, or not there */
    size_t item;       /* the case of the sweep; TFU_NO_CASE: it is none */
    const char *state; /* that was asked for of a case; NULL: none was */
    const char *label; /* that the file gives it; NULL: none */
    const char *why;   /* what is wrong with a hole, but that it is not done; NULL */
};

/* Lives in the load's arena. */
struct tfu_selected {
    struct tfu_selected_one *one;
    size_t count, room;
    bool narrowed; /* there might be more, but for a profile or the command line */
    bool refused;  /* it is not complete: there is a finding about it, or `nothing` was said */
};

/* What holds for all selectors of an analysis. */
struct tfu_select_scope {
    const char *store;       /* the folder of runs */
    struct tfu_sweep *sweep; /* of the file; NULL: it has no cases, or */
    bool wrong;              /* they could not be read, which was said: what selects them is left */
    bool blind;              /* nothing is looked for, only what the file says is checked */
    const struct tfu_node *where; /* axes of cases for all selectors that do not say them; NULL */
    const char *key;              /* of patterns only runs whose configuration has */
    const char *value;            /* this value under this key; NULL: all */
    size_t axis; /* of cases only those with this value on this axis; TFU_NO_CASE: all */
    const char *axis_value;
    bool only_varying; /* leaves out networks that are named one by one: they stay for any value */
    const struct tfu_sweep *whole; /* the file's, where the command line took cases away; NULL */
    bool *asked;                   /* gets which of its cases are selected; NULL: nobody asks */
    const char **nothing; /* gets why a selector stands for no case, where that is no mistake */
};

TFU_PRINTF(4, 5)
/* A finding about what is selected; one that is there already counts as well. */
void tfu_selected_refuse(struct tfu_load *l, struct tfu_selected *out, struct tfu_mark m,
                         const char *fmt, ...);
TFU_PRINTF(5, 6)
/* The same of what would be right, if no profile and no command line had taken values away: then it
 * is no finding, but there is `nothing` for the analysis to be over. */
void tfu_selected_misfit(struct tfu_load *l, const struct tfu_select_scope *s,
                         struct tfu_selected *out, struct tfu_mark m, const char *fmt, ...);
/* Adds a copy of it, texts and all. */
void tfu_selected_add(struct tfu_load *l, struct tfu_selected *out,
                      const struct tfu_selected_one *one);
/* Adds all that `more` has. */
void tfu_selected_add_all(struct tfu_load *l, struct tfu_selected *out,
                          const struct tfu_selected *more);
/* Are all of them cases? Not of none. */
bool tfu_selected_are_cases(const struct tfu_selected *s);
/* Is one of them? */
bool tfu_selected_have_case(const struct tfu_selected *s);

/* Is it in the place of a case that is not done? */
#define TFU_SELECTED_HOLE "case:"
bool tfu_selected_is_hole(const char *spec);

/* best, final, initial, or a number; else a finding at `m`. */
bool tfu_selected_check_state(struct tfu_load *l, struct tfu_selected *out, const char *path,
                              struct tfu_mark m, const char *state);
/* Behind a finding: of those that the analysis is for. */
const char *tfu_select_scope_words(struct tfu_load *l, const struct tfu_select_scope *s);

#endif
