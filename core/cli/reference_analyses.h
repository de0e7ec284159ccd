/* SPDX-License-Identifier: MIT
 *
 * reference_analyses.h - docs/analyses.md: every analysis with what it takes and its options.
 */
#ifndef TFU_CORE_CLI_REFERENCE_ANALYSES_H
#define TFU_CORE_CLI_REFERENCE_ANALYSES_H

#include "core/base/text.h"

/* Appends the page, of Markdown. */
void tfu_reference_analyses(struct tfu_text *out);

#endif
