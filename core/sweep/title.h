/* SPDX-License-Identifier: MIT
 *
 * title.h - what a case is called for a reader: as it is planned, with the value that `tune` chose
 * once that is known.
 */
#ifndef TFU_CORE_SWEEP_TITLE_H
#define TFU_CORE_SWEEP_TITLE_H

#include "core/sweep/sweep.h"

/* "seed=1 lr=1e-3 (tuned)"; "seed=1 lr=?" as long as it is not known, and of any other case its
 * name. Reads what the candidates came to. */
void tfu_sweep_title_put(struct tfu_text *out, struct tfu_sweep *s, size_t index);
/* The same, with blanks up to `width` characters. */
void tfu_sweep_title_put_wide(struct tfu_text *out, struct tfu_sweep *s, size_t index, int width);
/* The title in place of what `out` has. */
void tfu_sweep_title_set(struct tfu_text *out, struct tfu_sweep *s, size_t index);
/* The value alone; NULL: nothing was chosen, or there is nothing to choose. */
const char *tfu_sweep_chosen_or_null(struct tfu_sweep *s, size_t index);

#endif
