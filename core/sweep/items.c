/* SPDX-License-Identifier: MIT
 *
 * Cases and the runs that they need, found by what they are.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"
#include "core/sweep/work.h"

static uint64_t hash(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value)
{
    const uint64_t h = tfu_fnv1a(TFU_FNV1A_BEGIN, &run, sizeof run);
    return tfu_fnv1a(h, value, p->spec.all_axes * sizeof *value);
}

static bool is_equal(const struct tfu_sweep_priv *p, size_t item, uint32_t run,
                     const uint32_t *value)
{
    return p->work[item].run == run &&
           memcmp(p->work[item].value, value, p->spec.all_axes * sizeof *value) == 0;
}

/* The slot that has it, or that it would go into. */
static size_t find_slot(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value)
{
    size_t i = (size_t)hash(p, run, value) & (p->slots - 1);
    while (p->slot[i] && !is_equal(p, p->slot[i] - 1, run, value))
        i = (i + 1) & (p->slots - 1);
    return i;
}

size_t tfu_work_find(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value)
{
    return p->slots ? p->slot[find_slot(p, run, value)] - 1 : SIZE_MAX;
}

static bool grow_items(struct tfu_sweep_priv *p)
{
    const size_t count = p->sweep.count, room = p->room ? 2 * p->room : 64;
    struct tfu_sweep_case *item = tfu_arena_array(&p->arena, room, sizeof *item);
    struct tfu_work_item *work = tfu_arena_array(&p->arena, room, sizeof *work);
    if (!item || !work)
        return false;
    if (count) {
        memcpy(item, p->item, count * sizeof *item);
        memcpy(work, p->work, count * sizeof *work);
    }
    p->sweep.item = p->item = item;
    p->work = work;
    p->room = room;
    return true;
}

/* At most half of them are taken. */
static bool grow_slots(struct tfu_sweep_priv *p)
{
    const size_t slots = p->slots ? 2 * p->slots : 128;
    size_t *slot = tfu_arena_array(&p->arena, slots, sizeof *slot);
    if (!slot)
        return false;
    p->slot = slot;
    p->slots = slots;
    for (size_t i = 0; i < p->sweep.count; i++)
        p->slot[find_slot(p, p->work[i].run, p->work[i].value)] = i + 1;
    return true;
}

size_t tfu_work_add(struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value)
{
    const size_t axes = p->spec.all_axes, index = p->sweep.count;
    if (index == p->room && !grow_items(p))
        return SIZE_MAX;
    if (2 * (index + 1) > p->slots && !grow_slots(p))
        return SIZE_MAX;
    uint32_t *copy = tfu_arena_array(&p->arena, axes + 1, sizeof *copy);
    if (!copy)
        return SIZE_MAX;
    memcpy(copy, value, axes * sizeof *copy);
    p->work[index] = (struct tfu_work_item){.run = run, .value = copy};
    p->item[index] = (struct tfu_sweep_case){.name = ""};
    p->sweep.count++;
    p->slot[find_slot(p, run, copy)] = index + 1;
    return index;
}

void tfu_work_project(const struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value,
                      uint32_t *out)
{
    for (size_t a = 0; a < p->spec.all_axes; a++)
        out[a] = p->spec.run[run].uses[a] ? value[a] : TFU_AXIS_NONE;
}

const char **tfu_work_value_names(struct tfu_sweep_priv *p, const uint32_t *value)
{
    const char **names = tfu_arena_array(&p->arena, p->spec.all_axes + 1, sizeof *names);
    for (size_t a = 0; names && a < p->spec.all_axes; a++)
        names[a] = value[a] == TFU_AXIS_NONE ? NULL : p->spec.axis[a].value[value[a]].name;
    return names;
}

void tfu_work_forget(struct tfu_sweep_priv *p)
{
    for (size_t i = 0; i < p->sweep.count; i++)
        free(p->work[i].folder);
    p->sweep.count = p->sweep.support = 0;
    if (p->slots)
        memset(p->slot, 0, p->slots * sizeof *p->slot);
}

/* ---- order */

enum tfu_status tfu_work_order(struct tfu_sweep_priv *p, struct tfu_error *e)
{
    const size_t n = p->sweep.count;
    size_t *place = calloc(n + 1, sizeof *place); /* of each, behind */
    struct tfu_sweep_case *item = tfu_arena_array(&p->arena, n + 1, sizeof *item);
    struct tfu_work_item *work = tfu_arena_array(&p->arena, n + 1, sizeof *work);
    if (!place || !item || !work) {
        free(place);
        return tfu_error_memory(e, "planning a sweep", 0);
    }
    size_t next = 0;
    for (int support = 1; support >= 0; support--) {
        for (size_t i = 0; i < n; i++)
            if (p->item[i].support == (support == 1))
                place[i] = next++;
        if (support)
            p->sweep.support = next;
    }
    for (size_t i = 0; i < n; i++) {
        size_t *need = (size_t *)p->item[i].need;
        for (size_t k = 0; k < p->item[i].need_count; k++)
            need[k] = place[need[k]];
        item[place[i]] = p->item[i];
        work[place[i]] = p->work[i];
    }
    free(place);
    p->sweep.item = p->item = item;
    p->work = work;
    p->room = n;
    if (p->slots) /* none where nothing was made yet */
        memset(p->slot, 0, p->slots * sizeof *p->slot);
    for (size_t i = 0; i < n; i++)
        p->slot[find_slot(p, p->work[i].run, p->work[i].value)] = i + 1;
    return TFU_OK;
}
