/* SPDX-License-Identifier: MIT
 *
 * text.h - measurements in words: tables and CSV; json.c has them as JSON.
 */
#ifndef TFU_CORE_BENCH_TEXT_H
#define TFU_CORE_BENCH_TEXT_H

#include <jansson.h>

#include "core/bench/layers.h"
#include "core/bench/run.h"
#include "core/bench/system.h"

/* What a model takes: the layers of its graph, and the memory of both plans. */
struct tfu_bench_plans {
    struct tfu_network_memory training, inference;
};
void tfu_bench_put_model(struct tfu_text *out, const struct tfu_bench_model *m,
                         const struct tfu_bench_plans *p);
/* Either result may be NULL: not measured. */
void tfu_bench_put_run(struct tfu_text *out, const struct tfu_bench_model *m,
                       const struct tfu_bench_result *training,
                       const struct tfu_bench_result *inference);
void tfu_bench_put_layers(struct tfu_text *out, const struct tfu_bench_rows *rows);
void tfu_bench_put_csv(struct tfu_text *out, const struct tfu_bench_rows *rows);
void tfu_bench_put_system(struct tfu_text *out, const struct tfu_bench_system *s);

/* NULL when out of memory. */
json_t *tfu_bench_model_json(const struct tfu_bench_model *m, const struct tfu_bench_plans *p);
json_t *tfu_bench_run_json(const struct tfu_bench_model *m, const struct tfu_bench_result *training,
                           const struct tfu_bench_result *inference);
json_t *tfu_bench_layers_json(const struct tfu_bench_rows *rows);
json_t *tfu_bench_system_json(const struct tfu_bench_system *s);

#endif
