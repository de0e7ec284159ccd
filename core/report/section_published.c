/* SPDX-License-Identifier: MIT */
#include "core/report/section_published.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/config/options.h"

struct published_keys {
    const char *file, *table;
};
static const struct tfu_option published_options[] = {
    TFU_OPT_PATH(struct published_keys, file, NULL, TFU_OPT_REQUIRED,
                 "YAML with numbers that were published"),
    TFU_OPT_STRING(struct published_keys, table, NULL, TFU_OPT_REQUIRED, "which of its tables"),
};

void tfu_section_published_read(struct tfu_section_reader *r, const char *path,
                                const struct tfu_node *n, struct tfu_report_ask *ask)
{
    const struct tfu_node *p = tfu_node_at(n, "published");
    const char *below = tfu_load_printf(r->load, "%s.published", path);
    struct published_keys keys = {.file = NULL};
    /* null: none, where the file that is changed has some */
    if (!p || tfu_node_is_null(p) || !below)
        return;
    if (p->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, p->mark,
                            "%s: expected a mapping as {file: published.yaml, table: table_1}, got "
                            "%s",
                            below, tfu_node_describe(r->load, p));
        return;
    }
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(published_options, &keys);
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_options_read(
        r->load, &(struct tfu_options_section){.path = below, .table = &table, .table_count = 1}, p,
        p->mark);
    /* said before anything is trained */
    if (tfu_diagnostics_count(r->load->diagnostics) == before && access(keys.file, R_OK) != 0)
        tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(p, "file")->mark,
                            "%s.file: '%s' cannot be read: %s", below, keys.file, strerror(errno));
    ask->published_file = keys.file;
    ask->published_table = keys.table;
}
