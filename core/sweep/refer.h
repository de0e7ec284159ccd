/* SPDX-License-Identifier: MIT
 *
 * refer.h - what strings of a sweep refer to: `${arch}` is the name of a case's value on an axis,
 * `${source.final}`, `${source.best}`, `${source.initial}` and `${source@300}` are states of a run
 * of `runs`. Nothing else is substituted; `$${` is `${`.
 */
#ifndef TFU_CORE_SWEEP_REFER_H
#define TFU_CORE_SWEEP_REFER_H

#include "core/config/node.h"

enum tfu_refer_kind {
    TFU_REFER_NOTHING, /* `$${` */
    TFU_REFER_AXIS,
    TFU_REFER_FINAL,
    TFU_REFER_BEST,
    TFU_REFER_INITIAL,
    TFU_REFER_STEP
};

struct tfu_reference {
    enum tfu_refer_kind kind;
    size_t index; /* of the axis, or of the run */
    int64_t step;
    const char *begin, *end; /* in the text: from the $ to behind the } */
};

/* What may be referred to. */
struct tfu_refer_names {
    const char *const *axis;
    size_t axes;
    const char *const *run;
    size_t runs;
};

/* The next reference in `text`; false: there is none. What is wrong with one becomes a finding at
 * `m`, and it is passed over. */
bool tfu_refer_next(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_mark m,
                    const char *text, struct tfu_reference *out);

/* Calls seen() for every reference in the tree; `key` is that of the scalar's mapping, or "". */
void tfu_refer_scan(struct tfu_load *l, const struct tfu_refer_names *names,
                    const struct tfu_node *n,
                    void (*seen)(void *arg, const struct tfu_reference *r,
                                 const struct tfu_node *scalar),
                    void *arg);

/* Puts texts in the place of all references in the tree. value() gives the text of one, or NULL
 * after a finding; an artefact is the whole of its scalar. */
void tfu_refer_substitute(struct tfu_load *l, const struct tfu_refer_names *names,
                          struct tfu_node *n,
                          const char *(*value)(void *arg, struct tfu_load *l,
                                               const struct tfu_reference *r,
                                               const struct tfu_node *scalar),
                          void *arg);

/* "final", "best", "initial" */
const char *tfu_refer_word(enum tfu_refer_kind kind);

#endif
