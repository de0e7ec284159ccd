/* SPDX-License-Identifier: MIT
 *
 * cache_contents.h - all that examples behind the first transforms of a split follow from, as a
 * text: where it is the same, so are the examples' bits.
 */
#ifndef TFU_CORE_DATA_CACHE_CONTENTS_H
#define TFU_CORE_DATA_CACHE_CONTENTS_H

#include "core/data/pipeline.h"
#include "core/data/source.h"

/* Behind the first `steps` of the pipeline: what the files hold, the options of the dataset and of
 * these transforms, the readers; and what plugins and program compute, by their files and version.
 */
enum tfu_status tfu_cache_contents(struct tfu_text *out, const struct tfu_source *s,
                                   const struct tfu_pipeline *p, size_t steps, struct tfu_error *e);

#endif
