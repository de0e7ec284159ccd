/* SPDX-License-Identifier: MIT */
#include "core/report/section_ends.h"

#include <float.h>

#include "core/config/options.h"

struct keys {
    double from, to;
};
static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct keys, from, 0, -DBL_MAX, DBL_MAX,
                  "where the axis begins; by default the data say it"),
    TFU_OPT_FLOAT(struct keys, to, 0, -DBL_MAX, DBL_MAX, "where it ends"),
};

static bool read_keys(struct tfu_section_reader *r, const char *path, const struct tfu_node *at,
                      struct tfu_figure_ends *out)
{
    struct keys keys = {.from = 0};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &keys);
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_options_read(r->load,
                     &(struct tfu_options_section){.path = path, .table = &table, .table_count = 1},
                     at, at->mark);
    *out = (struct tfu_figure_ends){.has_low = tfu_node_at(at, "from") != NULL,
                                    .has_high = tfu_node_at(at, "to") != NULL,
                                    .low = keys.from,
                                    .high = keys.to};
    return tfu_diagnostics_count(r->load->diagnostics) == before;
}

void tfu_report_ends_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                          struct tfu_report_ask *ask)
{
    const struct tfu_node *at = tfu_node_at(n, "y");
    const char *below = tfu_load_printf(r->load, "%s.y", path);
    struct tfu_figure_ends *y = &ask->y;
    /* null: none, where the figure that is changed has some */
    if (!at || tfu_node_is_null(at) || !below)
        return;
    if (at->kind != TFU_NODE_MAPPING || at->count == 0) {
        tfu_diagnostics_add(r->load->diagnostics, at->mark,
                            "%s: expected the range of the axis, as {from: 0.5, to: 1} or one of "
                            "the two, got %s",
                            below, tfu_node_describe(r->load, at));
        return;
    }
    if (!read_keys(r, below, at, y))
        return;
    if (y->has_low && y->has_high && !(y->low < y->high))
        tfu_diagnostics_add(r->load->diagnostics, at->mark,
                            "%s: from %g to %g is no range: `from` is to be less than `to`", below,
                            y->low, y->high);
    else if (ask->log_y && ((y->has_low && !(y->low > 0)) || (y->has_high && !(y->high > 0))))
        tfu_diagnostics_add(r->load->diagnostics, at->mark,
                            "%s: with `log_y` the axis is above 0, and so are its ends; got %g",
                            below, y->has_low && !(y->low > 0) ? y->low : y->high);
}
