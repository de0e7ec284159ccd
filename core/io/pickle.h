/* SPDX-License-Identifier: MIT
 *
 * pickle.h - reads what Python's pickle wrote as plain data. Nothing is imported or executed: a
 * call is remembered, not made, whatever it is of. What is made to run programs (os.system and the
 * like) is refused all the same, for whoever loads the file with something else. Memory is in
 * proportion to the pickle's length, whatever it claims.
 *
 * Format: Python's Lib/pickletools.py, protocols 2 to 5.
 */
#ifndef TFU_CORE_IO_PICKLE_H
#define TFU_CORE_IO_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"

enum tfu_pickle_kind {
    TFU_PICKLE_NONE,
    TFU_PICKLE_BOOL,
    TFU_PICKLE_INT,
    TFU_PICKLE_FLOAT,
    TFU_PICKLE_STRING,
    TFU_PICKLE_BYTES,
    TFU_PICKLE_TUPLE,
    TFU_PICKLE_LIST,
    TFU_PICKLE_SET,
    TFU_PICKLE_DICT,
    TFU_PICKLE_BIG,        /* an integer of more than 64 bits, which nobody needs */
    TFU_PICKLE_GLOBAL,     /* a name, not called */
    TFU_PICKLE_PERSISTENT, /* what is kept outside of the pickle */
    TFU_PICKLE_OBJECT /* something called; one that is given items of a dictionary becomes one */
};

/* A list or dictionary may hold itself, and may be held many times: who walks counts steps. */
struct tfu_pickle_value {
    enum tfu_pickle_kind kind;
    uint32_t capacity; /* of `item`, while it grows */
    size_t count;      /* of items; of bytes in a text */
    union {
        bool truth;
        int64_t integer;
        double number;
        const char *text; /* string, bytes; followed by a NUL that is not counted */
        const struct tfu_pickle_name *name; /* of the caller's table, or one of role 0 */
        /* tuple, list, set: the items; dictionary: key, value, key, value, ...; persistent: its
         * identity; object: what was called, the tuple of arguments and, if there is one, its state
         */
        struct tfu_pickle_value **item;
    };
};

/* A name that means something to the caller. Any other is one of role 0 that makes an object. */
struct tfu_pickle_name {
    const char *name; /* "collections.OrderedDict" */
    /* What a call of it makes: a dictionary or set (of nothing or a list), or an object; NONE: it
     * cannot be called. */
    enum tfu_pickle_kind makes;
    int role, detail; /* what it is to the caller; role 0: nothing */
};

struct tfu_pickle_source {
    const char *path; /* for messages */
    const char *part; /* "data.pkl", for messages */
    const void *bytes;
    size_t size; /* more may follow the pickle */
    const struct tfu_pickle_name *name;
    size_t name_count;
};

struct tfu_pickle {
    const struct tfu_pickle_value *root;
    struct tfu_pickle_value **persistent; /* all of them, as they come */
    size_t persistent_count;
    size_t used; /* bytes of the pickle */
};

/* Everything is in `arena`. TFU_ECORRUPT: no pickle; TFU_EUNSUPPORTED: it wants to do something
 * that is refused. */
enum tfu_status tfu_pickle_read(struct tfu_pickle *out, const struct tfu_pickle_source *source,
                                struct tfu_arena *arena, struct tfu_error *e);

/* "a tuple" */
const char *tfu_pickle_kind_text(enum tfu_pickle_kind kind);
/* Is it this string? */
bool tfu_pickle_is_string(const struct tfu_pickle_value *v, const char *text);
/* A string that a message may show: it has no control characters, and no NUL. */
bool tfu_pickle_is_printable(const struct tfu_pickle_value *v);
/* The value of a key of a dictionary, the last if there are several; NULL: none. */
const struct tfu_pickle_value *tfu_pickle_get(const struct tfu_pickle_value *dict, const char *key);

#endif
