/* SPDX-License-Identifier: MIT
 *
 * guarded.h - memory with something beside it that tells when code under test goes too far: numbers
 * that nobody else would write there, or pages that may not be touched at all.
 */
#ifndef TFU_CORE_BASE_GUARDED_H
#define TFU_CORE_BASE_GUARDED_H

#include <stdbool.h>

#include "core/base/error.h"

enum tfu_guard {
    /* Finite numbers from 1 to 2 of either sign, other ones beside each piece of memory: what is
     * written there is none of them, be it computed from the guard of another piece. */
    TFU_GUARD_NUMBERS,
    /* Not-a-number: what is computed from it gives itself away. */
    TFU_GUARD_NAN,
    /* Pages without access in front and behind, the one behind (in front) as near as alignment to
     * 64 bytes lets it be; TFU_GUARD_NUMBERS in between. */
    TFU_GUARD_PAGE_BEHIND,
    TFU_GUARD_PAGE_BEFORE
};

struct tfu_guarded {
    unsigned char *block, *data; /* data is 64-byte aligned */
    size_t bytes, total;
    size_t unit; /* bytes of a number in there: 4 or 8 */
    enum tfu_guard guard;
    uint64_t key;
    int place; /* in the list of pages */
};

/* `name` is for tfu_guarded_name() and sets the numbers; it is copied. */
enum tfu_status tfu_guarded_new(struct tfu_guarded *g, size_t bytes, size_t unit,
                                enum tfu_guard guard, const char *name, struct tfu_error *e);
void tfu_guarded_free(struct tfu_guarded *g);

/* Was nothing written in front of the data or behind? */
bool tfu_guarded_intact(const struct tfu_guarded *g);

/* What lies at an address in a page without access: "behind in[0] (8 bytes behind its 512)". False:
 * it is in none. A signal handler may ask, which is why there is one list for the whole process. */
bool tfu_guarded_name(const void *address, char *text, size_t size);

/* Leaves such bytes on the stack, where the next function that is called finds them in variables
 * that it does not set. */
void tfu_stack_paint(unsigned char byte);

#endif
