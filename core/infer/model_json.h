/* SPDX-License-Identifier: MIT
 *
 * model_json.h - what a draft says beside its graph and its weights, as JSON: the same in every
 * format.
 */
#ifndef TFU_CORE_INFER_MODEL_JSON_H
#define TFU_CORE_INFER_MODEL_JSON_H

#include <jansson.h>

#include "core/infer/model.h"

/* How images are prepared; a list of names, or null; where it comes from. */
json_t *tfu_model_prepare_json(const struct tfu_model_draft *d);
json_t *tfu_model_names_json(const struct tfu_model_draft *d);
json_t *tfu_model_source_json(const struct tfu_model_source *s);

/* Is the operation left in a file? Dropout does nothing outside of training, and what serves
 * auxiliary outputs is not run there. */
bool tfu_model_keeps(const struct tfu_graph_node *n);

#endif
