/* SPDX-License-Identifier: MIT */
#include "core/report/section_ask.h"

#include "core/report/section_choose.h"
#include "core/report/section_common.h"

static const struct tfu_option runs_options[] = {
    TFU_SECTION_COMMON,
    {.name = "columns",
     .help = "axes and metrics; by default all axes and the metrics of the test data",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct tfu_section_asked, shown)},
};

const struct tfu_report_ask *tfu_report_ask_runs(struct tfu_section_reader *r, const char *path,
                                                 const struct tfu_node *n)
{
    static const char *const other[] = {"where", "runs"};
    struct tfu_section_asked a = {.x = NULL};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_section_options_read(r, path, n, runs_options, TFU_COUNT(runs_options), other,
                             TFU_COUNT(other), &a);
    if (tfu_diagnostics_count(r->load->diagnostics) > before)
        return NULL;
    tfu_section_name_read(r, path, n, "runs", &a.ask);
    struct tfu_report_value value;
    const struct tfu_node *list = tfu_node_at(n, "columns");
    for (size_t i = 0; i < a.shown.count && !r->wrong; i++)
        if (!tfu_report_value_read(&value, a.shown.item[i]))
            tfu_report_axis_find(r->cases, r->load, path, tfu_section_item(list, i)->mark,
                                 a.shown.item[i]);
    a.ask.shown = a.shown.item;
    a.ask.shown_count = (size_t)a.shown.count;
    tfu_report_choose(r, path, n, &a.ask);
    return tfu_section_keep(r, &a, before);
}
