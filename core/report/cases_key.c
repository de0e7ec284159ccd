/* SPDX-License-Identifier: MIT */
#include "core/report/cases_key.h"

const struct tfu_index_column *tfu_report_cases_key(const struct tfu_report_cases *c,
                                                    const char *key)
{
    const struct tfu_index_column *column;
    struct tfu_error e = TFU_ERROR_INIT;
    return tfu_index_column(c->index, key, &column, &e) == TFU_OK ? column : NULL;
}

const char *tfu_report_cases_key_text(const struct tfu_index_column *column, size_t row)
{
    return column && column->value[row].there && column->value[row].text ? column->value[row].text
                                                                         : "";
}
