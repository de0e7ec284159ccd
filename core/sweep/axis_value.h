/* SPDX-License-Identifier: MIT
 *
 * axis_value.h - an axis of a sweep and its values, found by their names or by the numbers that
 * these are.
 */
#ifndef TFU_CORE_SWEEP_AXIS_VALUE_H
#define TFU_CORE_SWEEP_AXIS_VALUE_H

#include "core/sweep/assign.h"

struct tfu_case_axis_value {
    const char *name;
    double number; /* that it is; NaN: none, as what is quoted */
    int64_t whole; /* the same where it is */
    bool is_whole; /* written as a whole number: a double may not tell two of these apart */
    struct tfu_mark mark;
    struct tfu_assignments set; /* what it lays over the experiment */
};

enum tfu_distribution {
    TFU_DISTRIBUTION_UNIFORM,
    TFU_DISTRIBUTION_LOG_UNIFORM,
    TFU_DISTRIBUTION_INT_UNIFORM,
    TFU_DISTRIBUTION_CHOICE
};

struct tfu_case_axis {
    const char *name;
    struct tfu_mark mark;
    const char *key; /* NULL: its values are sets of keys; "arch.plugin" where `arch` is said, */
    const char *section; /* which is what values that are mappings are laid over */
    struct tfu_case_axis_value *value;
    size_t count, room;
    size_t *slot;                /* by name or number: the number of a value + 1; 0: free */
    size_t slots;                /* a power of two, at least twice `room` */
    const struct tfu_node *only; /* {axis: names}: it is on these cases alone; NULL: on all */
    bool wrong;                  /* it sets what is no key of an experiment */
    bool narrowed;               /* somebody laid other values over those of the file */
    bool drawn;                  /* between `min` and `max`, as many times as the sweep draws */
    double min, max;
    int32_t distribution; /* enum tfu_distribution */
    int64_t seed;         /* of its own draws */
};

/* Its values are those of the key that is called so. */
void tfu_case_axis_set_key(struct tfu_case_axis *a, const char *name);
/* One more value; its number. `node` is what the key gets. */
size_t tfu_case_axis_add(struct tfu_load *l, struct tfu_case_axis *a, const char *name,
                         struct tfu_mark m, const struct tfu_node *node);
/* The node of such a value that is a number, as it would be written in the file at `m`. */
struct tfu_node *tfu_case_axis_number(struct tfu_load *l, struct tfu_mark m, const char *text);
/* The number of the value with this name, or of the same number written in another way; SIZE_MAX:
 * there is none. */
size_t tfu_case_axis_find(const struct tfu_case_axis *a, const char *name);
/* That with exactly this name. */
size_t tfu_case_axis_find_text(const struct tfu_case_axis *a, const char *name);
/* After `value` was exchanged for others. */
void tfu_case_axis_index(struct tfu_load *l, struct tfu_case_axis *a);
/* "; did you mean 'x'?" */
void tfu_case_axis_put_advice(const struct tfu_case_axis *a, const char *name,
                              struct tfu_text *out);

#endif
