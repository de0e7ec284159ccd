/* SPDX-License-Identifier: MIT
 *
 * syntax.h - texts that are no YAML: what is wrong with their characters, which libyaml would say
 * less of, and what libyaml says, with advice.
 */
#ifndef TFU_CORE_CONFIG_SYNTAX_H
#define TFU_CORE_CONFIG_SYNTAX_H

#include "core/config/loading.h"

/* False after a finding: the text is not UTF-8, or has a character that YAML does not allow. */
bool tfu_syntax_check(struct tfu_load *l, const char *text, size_t length, struct tfu_mark origin);

/* What libyaml reports. */
struct tfu_syntax_problem {
    const char *problem;   /* "did not find expected key" */
    struct tfu_mark place; /* may lie behind the end of the text */
    const char *context;   /* "while parsing a block mapping", or "" */
    struct tfu_mark begin; /* of the context */
};
void tfu_syntax_report(struct tfu_load *l, const char *text, size_t length, struct tfu_mark origin,
                       const struct tfu_syntax_problem *p);

#endif
