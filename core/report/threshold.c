/* SPDX-License-Identifier: MIT */
#include "core/report/threshold.h"

#include <string.h>

#include "core/report/cases_key.h"

bool tfu_report_is_threshold(const char *series)
{
    const char *slash = strchr(series, '/');
    return slash && strcmp(slash + 1, "steps_to_threshold") == 0;
}

/* As core/train/monitor.h says which data a threshold is read from. */
void tfu_report_threshold_missed(const struct tfu_report_cases *c, const char *series,
                                 const bool *there, bool *missed)
{
    if (!c->index || !tfu_report_is_threshold(series))
        return;
    const struct tfu_index_column *metric = tfu_report_cases_key(c, "train.threshold.metric");
    const struct tfu_index_column *monitor = tfu_report_cases_key(c, "train.monitor");
    /* data that were cut off the training data have no plugin of their own */
    const struct tfu_index_column *valid = tfu_report_cases_key(c, "data.valid.limit");
    for (size_t i = 0; i < c->count; i++) {
        const size_t row = c->item[i].row;
        if (!c->item[i].done || there[i])
            continue;
        const bool by_test = !tfu_report_cases_key_text(valid, row)[0] ||
                             strcmp(tfu_report_cases_key_text(monitor, row), "test") == 0;
        missed[i] = tfu_report_cases_key_text(metric, row)[0] &&
                    strncmp(series, by_test ? "test/" : "valid/", by_test ? 5 : 6) == 0;
    }
}
