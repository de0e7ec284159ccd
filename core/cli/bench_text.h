/* SPDX-License-Identifier: MIT
 *
 * bench_text.h - measurements, printed as tables and CSV, and as JSON.
 */
#ifndef TFU_CORE_CLI_BENCH_TEXT_H
#define TFU_CORE_CLI_BENCH_TEXT_H

#include <jansson.h>

#include "core/bench/layers.h"
#include "core/bench/run.h"
#include "core/bench/system.h"

/* Either result may be NULL: not measured. */
void tfu_bench_run_print(const struct tfu_bench_model *m, const struct tfu_bench_result *training,
                         const struct tfu_bench_result *inference);
void tfu_bench_layers_print(const struct tfu_bench_rows *rows);
void tfu_bench_layers_csv(const struct tfu_bench_rows *rows);
void tfu_bench_system_print(const struct tfu_bench_system *s);

/* NULL when out of memory. */
json_t *tfu_bench_run_json(const struct tfu_bench_model *m, const struct tfu_bench_result *training,
                           const struct tfu_bench_result *inference);
json_t *tfu_bench_layers_json(const struct tfu_bench_rows *rows);
json_t *tfu_bench_system_json(const struct tfu_bench_system *s);

#endif
