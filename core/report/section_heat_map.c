/* SPDX-License-Identifier: MIT */
#include "core/report/section_heat_map.h"

void tfu_report_heat_map_check(struct tfu_section_reader *r, const char *path,
                               const struct tfu_node *n, const struct tfu_report_ask *ask)
{
    static const char *const logs[] = {"log_x", "log_y"};
    const bool asked[] = {ask->log_x != 0, ask->log_y != 0};
    const struct tfu_node *lines = tfu_node_at(n, "lines");
    if (!lines || (lines->kind == TFU_NODE_SEQUENCE && lines->count == 0))
        tfu_diagnostics_add(r->load->diagnostics, lines ? lines->mark : n->mark,
                            "%s.lines is missing: an axis, or a list of axes, whose values are the "
                            "rows of the heat map",
                            path);
    for (size_t i = 0; i < TFU_COUNT(logs); i++)
        if (asked[i])
            tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(n, logs[i])->mark,
                                "%s.%s: the axes of a heat map have names and no powers of ten; "
                                "leave it out",
                                path, logs[i]);
}
