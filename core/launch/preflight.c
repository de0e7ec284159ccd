/* SPDX-License-Identifier: MIT */
#include "core/launch/preflight.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/machine.h"
#include "core/io/folder.h"
#include "core/sweep/cost.h"
#include "core/sweep/needs.h"
#include "core/sweep/state.h"

/* Of the folder's disk, or that where it will be made. */
static double free_bytes(const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", folder);
    while (access(path, F_OK) != 0) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return NAN;
        *slash = '\0';
    }
    return tfu_folder_room(path);
}

static void add(struct tfu_preflight *out, size_t index, const struct tfu_case_status *status,
                const struct tfu_case_cost *cost, double *largest)
{
    if (status->state == TFU_CASE_DONE || status->state == TFU_CASE_STOPPED)
        return;
    out->todo++;
    if (cost->refused && out->refused++ == 0) {
        out->first = index;
        out->why = cost->refused;
    }
    out->disk += (double)cost->disk;
    *largest = fmax(*largest, (double)cost->memory);
}

enum tfu_status tfu_preflight(struct tfu_preflight *out, struct tfu_sweep *s, const bool *chosen,
                              size_t jobs, struct tfu_error *e)
{
    struct tfu_machine machine;
    double largest = 0;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    struct tfu_case_cost *cost = calloc(s->count + 1, sizeof *cost);
    *out = (struct tfu_preflight){.disk_free = free_bytes(s->store)};
    bool *meant = calloc(s->count + 1, sizeof *meant);
    enum tfu_status st = status && cost && meant
                             ? TFU_OK
                             : tfu_error_memory(e, "starting a sweep", s->count * sizeof *cost);
    if (st == TFU_OK)
        st = tfu_sweep_look(s, status, e);
    if (st == TFU_OK)
        st = tfu_sweep_costs(s, status, cost, e);
    if (st == TFU_OK)
        tfu_sweep_add_needs(s, chosen, meant);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++)
        if (meant[i])
            add(out, i, &status[i], &cost[i], &largest);
    tfu_machine_read(&machine);
    out->memory = largest * (double)(jobs < out->todo ? jobs : out->todo);
    out->memory_free = machine.memory_free ? (double)machine.memory_free : (double)NAN;
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    free(cost);
    free(meant);
    return st;
}
