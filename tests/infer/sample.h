/* SPDX-License-Identifier: MIT
 *
 * sample.h - a small network with every layer of the core, as a draft of a file.
 */
#ifndef TFU_TESTS_INFER_SAMPLE_H
#define TFU_TESTS_INFER_SAMPLE_H

#include "core/infer/model.h"
#include "tests/support/networks.h"

enum { SAMPLE_SIDE = 12, SAMPLE_BATCH = 2, SAMPLE_OUTPUTS = 3 };

/* All that the core has, a dropout and an auxiliary end among it. */
void sample_draw(struct tfu_builder *b);

struct sample {
    struct tfu_graph *graph;
    struct tfu_network *network;
    struct tfu_model_draft draft;
};
void sample_open(struct sample *s);
void sample_close(struct sample *s);

#endif
