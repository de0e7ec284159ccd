/* SPDX-License-Identifier: MIT
 *
 * sweep_table.h - shows a sweep at work: on a terminal a table of what runs, kept up to date below
 * the lines that tell what happened; elsewhere those lines alone.
 */
#ifndef TFU_CORE_CLI_SWEEP_TABLE_H
#define TFU_CORE_CLI_SWEEP_TABLE_H

#include <stdio.h>

#include "core/launch/launch.h"

struct tfu_sweep_table {
    struct tfu_sweep *sweep; /* which value was chosen is looked up in it */
    FILE *out;
    bool terminal;
    bool quiet;      /* but for failures */
    size_t count;    /* of cases; 0: not known yet */
    size_t finished; /* of them */
    size_t found;    /* that were done before, and not told of one by one */
    bool settled;    /* some of these are stopped at a rung, for good */
    size_t lines;    /* drawn on the terminal, and to be taken away */
    double left;     /* seconds, as they were told last; NaN: not known */
};

void tfu_sweep_table_init(struct tfu_sweep_table *t, struct tfu_sweep *sweep, size_t count,
                          bool quiet);
/* `event` and `look` of a launch, with the table as their argument. */
void tfu_sweep_table_event(void *table, const struct tfu_launch_event *event);
void tfu_sweep_table_look(void *table, const struct tfu_launch_view *view);
/* Takes the table away, and says in a line what came of it all. */
void tfu_sweep_table_end(struct tfu_sweep_table *t, const struct tfu_launch_result *result);

#endif
