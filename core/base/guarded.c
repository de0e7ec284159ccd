/* SPDX-License-Identifier: MIT */
#include "core/base/guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/random.h"

enum { ALIGN = 64, GUARD = 256, NONE = -1 };

/* ---- the list of pages */

enum { PLACES = 256 };

static struct place {
    const unsigned char *start, *end; /* with the pages without access; NULL: free */
    const unsigned char *data;
    size_t bytes;
    char name[64];
} places[PLACES];

/* What is not on the list is guarded too, but has no name. */
static int enlist(const unsigned char *start, size_t length, const struct tfu_guarded *g,
                  const char *name)
{
    for (int i = 0; i < PLACES; i++) {
        if (places[i].start)
            continue;
        places[i] = (struct place){
            .start = start, .end = start + length, .data = g->data, .bytes = g->bytes};
        snprintf(places[i].name, sizeof places[i].name, "%s", name);
        return i;
    }
    return NONE;
}

bool tfu_guarded_name(const void *address, char *text, size_t size)
{
    const unsigned char *a = address;
    for (int i = 0; i < PLACES; i++) {
        const struct place *p = &places[i];
        if (!p->start || a < p->start || a >= p->end || (a >= p->data && a < p->data + p->bytes))
            continue;
        if (a < p->data)
            snprintf(text, size, "in front of %s (%zu bytes before its %zu)", p->name,
                     (size_t)(p->data - a), p->bytes);
        else
            snprintf(text, size, "behind %s (%zu bytes behind its %zu)", p->name,
                     (size_t)(a - p->data) - p->bytes, p->bytes);
        return true;
    }
    return false;
}

/* ---- numbers */

/* The guard's number at a multiple of the unit in the block. */
static uint64_t number_at(const struct tfu_guarded *g, size_t offset)
{
    const uint64_t h = tfu_random_subkey(g->key, offset / g->unit);
    return g->unit == sizeof(float) ? (h & 0x807fffffu) | 0x3f800000u
                                    : (h & 0x800fffffffffffffu) | 0x3ff0000000000000u;
}

/* The guard's bytes first..end - 1 of the block are written, or compared. */
static bool go_through(const struct tfu_guarded *g, size_t first, size_t end, bool write)
{
    unsigned char bytes[sizeof(uint64_t)];
    for (size_t i = first; i < end; i++) {
        if (i == first || i % g->unit == 0) {
            const uint64_t number = number_at(g, i);
            memcpy(bytes, &number, sizeof bytes);
            if (g->guard == TFU_GUARD_NAN)
                memset(bytes, 0xff, sizeof bytes);
        }
        if (write)
            g->block[i] = bytes[i % g->unit];
        else if (g->block[i] != bytes[i % g->unit])
            return false;
    }
    return true;
}

static bool both_sides(const struct tfu_guarded *g, bool write)
{
    const size_t front = (size_t)(g->data - g->block);
    return go_through(g, 0, front, write) && go_through(g, front + g->bytes, g->total, write);
}

bool tfu_guarded_intact(const struct tfu_guarded *g)
{
    return both_sides(g, false);
}

/* ---- memory */

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* The block is whole pages, between two that may not be touched. */
static bool map(struct tfu_guarded *g, const char *name)
{
    const size_t page = page_size(), inside = round_up(g->bytes ? g->bytes : 1, page);
    unsigned char *start =
        mmap(NULL, inside + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return false;
    if (mprotect(start + page, inside, PROT_READ | PROT_WRITE) != 0) {
        munmap(start, inside + 2 * page);
        return false;
    }
    g->block = g->data = start + page;
    g->total = inside;
    if (g->guard == TFU_GUARD_PAGE_BEHIND)
        g->data += inside - round_up(g->bytes, ALIGN);
    g->place = enlist(start, inside + 2 * page, g, name);
    return true;
}

enum tfu_status tfu_guarded_new(struct tfu_guarded *g, size_t bytes, size_t unit,
                                enum tfu_guard guard, const char *name, struct tfu_error *e)
{
    *g = (struct tfu_guarded){.bytes = bytes,
                              .unit = unit == sizeof(double) ? unit : sizeof(float),
                              .guard = guard,
                              .key = tfu_random_key(bytes, "guard", name),
                              .place = NONE};
    const bool fits = bytes < SIZE_MAX / 2;
    if (fits && guard >= TFU_GUARD_PAGE_BEHIND) {
        map(g, name);
    } else if (fits) {
        g->total = 2 * GUARD + round_up(bytes, ALIGN);
        g->block = aligned_alloc(ALIGN, g->total);
        g->data = g->block ? g->block + GUARD : NULL;
    }
    if (!g->block)
        return tfu_error_memory(e, "guarded memory", bytes);
    both_sides(g, true);
    return TFU_OK;
}

void tfu_guarded_free(struct tfu_guarded *g)
{
    if (g->block && g->guard >= TFU_GUARD_PAGE_BEHIND)
        munmap(g->block - page_size(), g->total + 2 * page_size());
    else
        free(g->block);
    if (g->block && g->place != NONE)
        places[g->place].start = NULL;
    *g = (struct tfu_guarded){.place = NONE};
}

/* ---- the stack */

/* Not inlined: it is the stack below the caller that is painted. */
__attribute__((noinline)) void tfu_stack_paint(unsigned char byte)
{
    unsigned char area[32 * 1024];
    memset(area, byte, sizeof area);
    __asm__ volatile("" : : "r"(area) : "memory"); /* it is used, as far as the compiler knows */
}
