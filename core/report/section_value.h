/* SPDX-License-Identifier: MIT
 *
 * section_value.h - the names of numbers that cases have: "test/auc", "cost/parameters".
 */
#ifndef TFU_CORE_REPORT_SECTION_VALUE_H
#define TFU_CORE_REPORT_SECTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/mark.h"

/* A number that a case has. */
enum tfu_report_measure {
    TFU_MEASURE_METRIC, /* "test/auc" */
    TFU_MEASURE_PARAMETERS,
    TFU_MEASURE_MULTIPLY_ADDS,
    TFU_MEASURE_LATENCY_1, /* ms */
    TFU_MEASURE_LATENCY_8,
    TFU_MEASURE_PEAK_MEMORY, /* MB, as planned for training */
    TFU_MEASURE_SIZE,        /* MB, of the last checkpoint on disk */
    TFU_MEASURE_SECONDS      /* of training */
};

struct tfu_report_value {
    enum tfu_report_measure measure;
    const char *text;   /* as it is written: "test/auc", "cost/size" */
    const char *column; /* METRIC: of core/index/column.h, "test/auc@best" */
    const char *path;   /* of the key that names it; NULL: no file does */
    struct tfu_mark mark;
};

/* "cost/size" and so on; false: none of these. */
bool tfu_report_value_read(struct tfu_report_value *out, const char *text);
/* Is it an area under the ROC curve of the test data? Of which output: "test/auc.class.3" is of 3,
 * "test/auc" of -1, all that there are. */
bool tfu_report_value_is_area(const struct tfu_report_value *v, int64_t *output);
/* Names of costs, NULL-terminated. */
extern const char *const tfu_report_costs[];
/* Are two names of values on an axis the same: 0.001 and 1e-3 are. */
bool tfu_report_same_value(const char *a, const char *b);

#endif
