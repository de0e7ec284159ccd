/* SPDX-License-Identifier: MIT
 *
 * inputs.h - all that the keys of a sweep's cases follow from: who may take them out of a record
 * (recall.h) is told by it whether they would come out the same now. Private to this folder.
 */
#ifndef TFU_CORE_SWEEP_INPUTS_H
#define TFU_CORE_SWEEP_INPUTS_H

#include <jansson.h>

#include "core/sweep/work.h"

/* `p->sources`: a digest of the texts that the sweep is written in, the command line's among them;
 * of the folder that paths there are relative to; of the plugins that can be found; and of this
 * version of the program. `p->texts`: one of the texts of files alone, without their names. */
enum tfu_status tfu_inputs_digest(struct tfu_sweep_priv *p, const struct tfu_diagnostics *d,
                                  struct tfu_error *e);

/* The files whose contents are part of keys, as they were when the cases were made; NULL: keys
 * follow from something that could change unseen, or memory ran out. */
json_t *tfu_inputs_files(const struct tfu_sweep_priv *p);
/* Are they all as they were then? `*gone`: but for some that are there no more, of which nothing
 * else can be known than what was. */
bool tfu_inputs_are_files(const json_t *files, bool *gone);
/* Is a file that keys should follow from not there? Then its name stands in them. */
bool tfu_inputs_lack_a_file(const struct tfu_sweep_priv *p);

#endif
