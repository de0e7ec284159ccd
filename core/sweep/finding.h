/* SPDX-License-Identifier: MIT
 *
 * finding.h - what is wrong with cases: what many have is told once, with how many they are.
 */
#ifndef TFU_CORE_SWEEP_FINDING_H
#define TFU_CORE_SWEEP_FINDING_H

#include "core/base/arena.h"
#include "core/config/diagnostic.h"

struct tfu_finding;
struct tfu_case_findings {
    struct tfu_arena *arena;
    struct tfu_finding *first, **last;
    size_t kinds; /* different ones */
    size_t cases; /* with any */
    bool failed;  /* memory ran out */
};

void tfu_case_findings_init(struct tfu_case_findings *f, struct tfu_arena *arena);
/* All that `found` has is wrong with the case `name`. */
void tfu_case_findings_add(struct tfu_case_findings *f, const struct tfu_diagnostics *found,
                           const char *name);
/* Tells them to `d`, of `cases` cases in all. */
void tfu_case_findings_tell(const struct tfu_case_findings *f, size_t cases,
                            struct tfu_diagnostics *d);

#endif
