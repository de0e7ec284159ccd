/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_arrays.h"

#include <assert.h>
#include <stdlib.h>

/* What is known of each item while the arrays are made. */
struct place {
    size_t level;
    bool needed;  /* by one that is wanted */
    size_t array; /* that has it */
};

struct making {
    struct tfu_slurm_arrays *out;
    const struct tfu_slurm_item *item;
    size_t count;
    const struct tfu_slurm_shape *shape;
    struct place *place;
    size_t *order; /* wanted items by level */
    size_t wanted;
};

/* Level 0 waits for nothing; what waits for a job of before is above it, so that it keeps no other
 * back. */
static void find_levels(struct making *m)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct tfu_slurm_item *item = &m->item[i];
        size_t level = 0;
        for (size_t k = 0; k < item->need_count; k++) {
            const size_t need = item->need[k];
            assert(need < i);
            m->place[need].needed |= item->wanted;
            size_t above = 0;
            if (m->item[need].wanted)
                above = m->place[need].level + 1;
            else if (m->item[need].is_queued)
                above = 1;
            if (above > level)
                level = above;
        }
        m->place[i].level = level;
        if (item->wanted && level >= m->out->levels)
            m->out->levels = level + 1;
    }
}

static void sort_by_level(struct making *m)
{
    for (size_t pass = 0; pass < 2 * m->out->levels; pass++) {
        const size_t level = pass / 2;
        const bool needed = pass % 2 == 0;
        for (size_t i = 0; i < m->count; i++)
            if (m->item[i].wanted && m->place[i].level == level && m->place[i].needed == needed)
                m->order[m->wanted++] = i;
    }
}

static size_t array_room(const struct making *m)
{
    return m->shape->tasks_max * m->shape->per_task;
}

/* Where those that wait alike, and are waited for alike, end. */
static size_t group_end(const struct making *m, size_t begin)
{
    const struct place *first = &m->place[m->order[begin]];
    size_t end = begin;
    for (; end < m->wanted; end++) {
        const struct place *p = &m->place[m->order[end]];
        if (p->level != first->level || p->needed != first->needed)
            break;
    }
    return end;
}

static size_t divide(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

static void cut_into_arrays(struct making *m)
{
    const size_t room = array_room(m);
    for (size_t begin = 0; begin < m->wanted;) {
        const size_t end = group_end(m, begin);
        const size_t count = end - begin < room ? end - begin : room;
        struct tfu_slurm_array *a = &m->out->array[m->out->count];
        *a = (struct tfu_slurm_array){.level = m->place[m->order[begin]].level,
                                      .item = &m->order[begin],
                                      .count = count,
                                      .tasks = divide(count, m->shape->per_task)};
        for (size_t i = 0; i < count; i++)
            m->place[a->item[i]].array = m->out->count;
        m->out->count++;
        begin += count;
    }
}

static int compare(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static size_t make_unique(size_t *number, size_t count)
{
    size_t kept = 0;
    qsort(number, count, sizeof *number, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || number[kept - 1] != number[i])
            number[kept++] = number[i];
    return kept;
}

/* What the cases of an array need, as arrays and as jobs. */
static bool find_dependencies(struct making *m, size_t index)
{
    struct tfu_slurm_array *a = &m->out->array[index];
    size_t room = 1;
    for (size_t i = 0; i < a->count; i++)
        room += m->item[a->item[i]].need_count;
    size_t *after = tfu_arena_array(&m->out->arena, room, sizeof *after);
    size_t *after_job = tfu_arena_array(&m->out->arena, room, sizeof *after_job);
    if (!after || !after_job)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct tfu_slurm_item *item = &m->item[a->item[i]];
        for (size_t k = 0; k < item->need_count; k++) {
            const size_t need = item->need[k];
            if (m->item[need].wanted)
                after[a->after_count++] = m->place[need].array;
            else if (m->item[need].is_queued)
                after_job[a->after_job_count++] = m->item[need].job;
        }
    }
    if (m->shape->in_turn && index > 0)
        after[a->after_count++] = index - 1;
    a->after_count = make_unique(after, a->after_count);
    a->after_job_count = make_unique(after_job, a->after_job_count);
    a->after = after;
    a->after_job = after_job;
    return true;
}

enum tfu_status tfu_slurm_arrays_make(struct tfu_slurm_arrays *out,
                                      const struct tfu_slurm_item *item, size_t count,
                                      const struct tfu_slurm_shape *shape, struct tfu_error *e)
{
    assert(shape->per_task > 0 && shape->tasks_max > 0);
    *out = (struct tfu_slurm_arrays){.count = 0};
    tfu_arena_init(&out->arena, 0);
    struct making m = {.out = out, .item = item, .count = count, .shape = shape};
    m.place = tfu_arena_array(&out->arena, count + 1, sizeof *m.place);
    m.order = tfu_arena_array(&out->arena, count + 1, sizeof *m.order);
    if (!m.place || !m.order)
        return tfu_error_memory(e, "planning job arrays", 0);
    find_levels(&m);
    sort_by_level(&m);
    out->array = tfu_arena_array(&out->arena, m.wanted + 1, sizeof *out->array);
    if (!out->array)
        return tfu_error_memory(e, "planning job arrays", 0);
    cut_into_arrays(&m);
    for (size_t i = 0; i < out->count; i++)
        if (!find_dependencies(&m, i))
            return tfu_error_memory(e, "planning job arrays", 0);
    return TFU_OK;
}

void tfu_slurm_arrays_free(struct tfu_slurm_arrays *a)
{
    tfu_arena_free(&a->arena);
}
