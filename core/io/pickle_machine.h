/* SPDX-License-Identifier: MIT
 *
 * pickle_machine.h - the machine that a pickle is a program for: its state and what opcodes have in
 * common. Private to pickle*.c.
 */
#ifndef TFU_CORE_IO_PICKLE_MACHINE_H
#define TFU_CORE_IO_PICKLE_MACHINE_H

#include "core/io/pickle.h"

/* An array of values in the arena that grows. */
struct tfu_pickle_array {
    struct tfu_pickle_value **item;
    size_t count, capacity;
};

struct tfu_pickle_machine {
    const struct tfu_pickle_source *source;
    struct tfu_arena *arena;
    struct tfu_error *e;
    const struct tfu_pickle_opcode *opcodes; /* all 256, by their bytes */
    const uint8_t *bytes;
    size_t position; /* the next byte */
    size_t opcode;   /* where the present opcode is */
    struct tfu_pickle_array stack, memo, persistent;
    size_t *mark; /* heights of the stack */
    size_t mark_count, mark_capacity;
    /* values without contents, of which one is enough */
    struct tfu_pickle_value *none, *truth[2], *empty_tuple;
    bool stopped;
};

struct tfu_pickle_opcode {
    const char *name;
    /* NULL: refused */
    enum tfu_status (*run)(struct tfu_pickle_machine *m);
};

/* By its byte; a NULL name: there is no such opcode. */
extern const struct tfu_pickle_opcode tfu_pickle_opcodes[256];

/* Refuses the present opcode. */
enum tfu_status tfu_pickle_refuse(const struct tfu_pickle_machine *m, enum tfu_status st,
                                  const char *fmt, ...) TFU_PRINTF(3, 4);
enum tfu_status tfu_pickle_memory(const struct tfu_pickle_machine *m);

/* `n` bytes that follow the opcode. */
enum tfu_status tfu_pickle_take(struct tfu_pickle_machine *m, uint64_t n, const uint8_t **out);
/* A little-endian number of 0 to 8 bytes. */
enum tfu_status tfu_pickle_take_number(struct tfu_pickle_machine *m, size_t width, uint64_t *out);

/* NULL: out of memory. The items of new_items() may be the top of the stack. */
struct tfu_pickle_value *tfu_pickle_new_value(struct tfu_pickle_machine *m,
                                              enum tfu_pickle_kind kind);
struct tfu_pickle_value *tfu_pickle_new_items(struct tfu_pickle_machine *m,
                                              enum tfu_pickle_kind kind,
                                              struct tfu_pickle_value *const *item, size_t count);
enum tfu_status tfu_pickle_append(struct tfu_pickle_machine *m, struct tfu_pickle_array *a,
                                  struct tfu_pickle_value *v);
/* Puts `count` items at the end of the list, set or dictionary `v`. */
enum tfu_status tfu_pickle_extend(struct tfu_pickle_machine *m, struct tfu_pickle_value *v,
                                  struct tfu_pickle_value *const *item, size_t count);

/* The stack above its last mark: nothing else can be taken. */
size_t tfu_pickle_height(const struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_need(const struct tfu_pickle_machine *m, size_t count);
/* After need(). */
struct tfu_pickle_value *tfu_pickle_top(const struct tfu_pickle_machine *m);
struct tfu_pickle_value *tfu_pickle_pop(struct tfu_pickle_machine *m);
/* NULL: out of memory, which is what is returned. */
enum tfu_status tfu_pickle_push(struct tfu_pickle_machine *m, struct tfu_pickle_value *v);
/* The values above the last mark, which goes; good until the next push. */
enum tfu_status tfu_pickle_pop_mark(struct tfu_pickle_machine *m, struct tfu_pickle_value ***item,
                                    size_t *count);

/* Opcodes that name or call something; see pickle_calls.c. */
enum tfu_status tfu_pickle_run_global(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_stack_global(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_reduce(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_newobj(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_newobj_ex(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_build(struct tfu_pickle_machine *m);
enum tfu_status tfu_pickle_run_binpersid(struct tfu_pickle_machine *m);

#endif
