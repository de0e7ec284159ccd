/* SPDX-License-Identifier: MIT
 *
 * table_predictions.h - tests of two cells by what their runs said of the same examples. Private to
 * this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_PREDICTIONS_H
#define TFU_CORE_REPORT_TABLE_PREDICTIONS_H

#include "core/report/build_parts.h"
#include "core/report/table_pairs.h"

/* DeLong's test of the mean areas over the pairs of runs, or the bootstrap of their difference:
 * what varies are the examples. `why` says why there is no p, and which command makes what is
 * missing. */
enum tfu_status tfu_report_test_predictions(struct tfu_report_builder *b,
                                            const struct tfu_report_ask *ask,
                                            const struct tfu_report_pair *p, double *out,
                                            double *difference, char why[TFU_REPORT_WHY],
                                            size_t *used, struct tfu_error *e);

#endif
