/* SPDX-License-Identifier: MIT */
#include "core/report/section_value.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/hint.h"

const char *const tfu_report_costs[] = {
    "cost/parameters",  "cost/multiply_adds", "cost/latency_1", "cost/latency_8",
    "cost/peak_memory", "cost/size",          "cost/seconds",   NULL};

bool tfu_report_same_value(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    if (!tfu_hint_is_number(a) || !tfu_hint_is_number(b))
        return false;
    const double x = strtod(a, NULL), y = strtod(b, NULL);
    return !(x < y || x > y);
}

bool tfu_report_value_read(struct tfu_report_value *out, const char *text)
{
    *out = (struct tfu_report_value){.measure = TFU_MEASURE_METRIC, .text = text};
    for (int i = 0; tfu_report_costs[i]; i++)
        if (strcmp(tfu_report_costs[i], text) == 0) {
            out->measure = (enum tfu_report_measure)(TFU_MEASURE_PARAMETERS + i);
            return true;
        }
    static const char *const split[] = {"train/", "valid/", "test/"};
    for (size_t i = 0; i < TFU_COUNT(split); i++) {
        const size_t n = strlen(split[i]);
        if (strncmp(text, split[i], n) == 0 && text[n] && !strchr(text, '@'))
            return true;
    }
    return false;
}

bool tfu_report_value_is_area(const struct tfu_report_value *v, int64_t *output)
{
    static const char plain[] = "test/auc", of_class[] = "test/auc.class.";
    char *end;
    *output = -1;
    if (strcmp(v->text, plain) == 0)
        return true;
    if (strncmp(v->text, of_class, sizeof of_class - 1) != 0)
        return false;
    *output = strtoll(v->text + sizeof of_class - 1, &end, 10);
    return !*end && *output >= 0;
}
