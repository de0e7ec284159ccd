/* SPDX-License-Identifier: MIT
 *
 * study_gaps.h - what an analysis lacks: cases of the file that are not done.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_GAPS_H
#define TFU_CORE_ANALYSIS_STUDY_GAPS_H

#include "core/analysis/analysis.h"
#include "core/analysis/selected.h"

/* Cases of the file that an analysis is to be over, and which of these are not there. */
struct tfu_study_gaps {
    size_t cases;
    struct tfu_study_gap {
        const char *name; /* "start=random seed=0" */
        const char *why;  /* NULL: it is just not done */
        bool stopped;     /* by halving, for good */
    } * gap;              /* those that the command line took away are the last */
    size_t count;
    size_t left_out;     /* so many of them are taken away by the command line, done or not */
    size_t stopped;      /* so many are stopped by halving */
    const char *nothing; /* why a selector stands for no case, which is no mistake; NULL */
    bool empty;          /* without them too few networks are left */
};

/* Those among `all`, which are what `n` is over; and what `scope->asked` has beside them. The
 * sweep of `scope` may be NULL. */
void tfu_study_gaps_count(struct tfu_load *l, const struct tfu_select_scope *scope,
                          const struct tfu_selected *all, struct tfu_analysis_networks *n,
                          struct tfu_study_gaps *gaps);
/* Takes the places that they have in `n` away, of pairs and lines all that they are in. */
void tfu_study_gaps_close(const struct tfu_analysis *a, struct tfu_analysis_networks *n,
                          struct tfu_study_gaps *gaps);

#endif
