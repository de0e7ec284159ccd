/* SPDX-License-Identifier: MIT
 *
 * analysis_text.h - analyses in words: how one is called, and docs/analyses.md.
 */
#ifndef TFU_CORE_DESCRIBE_ANALYSIS_TEXT_H
#define TFU_CORE_DESCRIBE_ANALYSIS_TEXT_H

#include "core/analysis/analysis.h"
#include "core/base/text.h"

/* What --help says before the options; `command` is "study movement". */
void tfu_analysis_put_usage(const struct tfu_analysis *a, const char *command,
                            struct tfu_text *out);
/* Every analysis with what it takes and its options: a page of Markdown. */
void tfu_reference_analyses(struct tfu_text *out);

#endif
