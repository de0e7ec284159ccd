/* SPDX-License-Identifier: MIT */
#include "core/report/section_ask.h"

#include "core/report/section_against.h"
#include "core/report/section_choose.h"
#include "core/report/section_common.h"
#include "core/report/section_published.h"
#include "core/report/section_test.h"

static const struct tfu_option table_options[] = {
    TFU_SECTION_COMMON,
    TFU_SECTION_LIST(rows, "an axis, or several: a row for each combination of their values"),
    TFU_SECTION_LIST(columns, "the same of columns"),
    TFU_SECTION_LIST(value, "a metric as test/auc, a cost as cost/parameters, or several"),
    TFU_SECTION_NUMBERS,
};

const struct tfu_report_ask *tfu_report_ask_table(struct tfu_section_reader *r, const char *path,
                                                  const struct tfu_node *n)
{
    static const char *const other[] = {"where",     "runs",       "test",
                                        "published", "difference", "ratio"};
    struct tfu_section_asked a = {.x = NULL};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_section_options_read(r, path, n, table_options, TFU_COUNT(table_options), other,
                             TFU_COUNT(other), &a);
    if (tfu_diagnostics_count(r->load->diagnostics) > before ||
        !tfu_section_at_read(r, path, n, &a.ask))
        return NULL;
    tfu_section_name_read(r, path, n, "table", &a.ask);
    tfu_section_values_read(r, path, n, "value", &a.value, &a.ask);
    tfu_section_cases_read(r, path, n, false, &a);
    tfu_section_test_read(r, path, n, &a.ask);
    tfu_report_derived_read(r, path, n, &a.ask);
    tfu_section_published_read(r, path, n, &a.ask);
    if (a.rows.count == 0)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s.rows is missing: an axis, or a list of axes", path);
    if (tfu_diagnostics_count(r->load->diagnostics) == before) {
        tfu_report_choose_check(r, path, &a.ask);
        tfu_section_published_check(r, &a.ask);
    }
    return tfu_section_keep(r, &a, before);
}
