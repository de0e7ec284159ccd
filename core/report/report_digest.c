/* SPDX-License-Identifier: MIT */
#include "core/report/report_digest.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/report/report_files.h"
#include "core/report/report_json.h"
#include "core/result/figure_table.h"

/* One that is not there adds its absence. */
static void add_taken(struct tfu_text *all, const char *stem)
{
    for (size_t i = 0; i < TFU_FIGURE_FILES; i++) {
        struct tfu_text path = TFU_TEXT_INIT;
        char hex[TFU_HASH_HEX] = "";
        tfu_text_printf(&path, "%s.%s", stem, tfu_figure_endings[i].ending);
        if (path.failed || tfu_hash_file(tfu_text_get(&path), hex, NULL) != TFU_OK)
            hex[0] = '\0';
        tfu_text_printf(all, "%s\n", hex);
        all->failed |= path.failed;
        tfu_text_free(&path);
    }
}

enum tfu_status tfu_report_digest(const struct tfu_report *r, char hex[TFU_HASH_HEX],
                                  struct tfu_error *e)
{
    struct tfu_text all = TFU_TEXT_INIT;
    struct tfu_report_picture *nothing = calloc(r->blocks + 1, sizeof *nothing);
    if (!nothing)
        return tfu_error_memory(e, "comparing reports", 0);
    const struct tfu_report_page page = {.report = r, .drawing = nothing};
    enum tfu_status st = tfu_report_json(&all, &page, e);
    for (size_t i = 0; st == TFU_OK && i < r->blocks; i++) {
        if (r->block[i].kind != TFU_REPORT_FIGURE || r->block[i].figure->hole)
            continue;
        if (r->block[i].figure->figure)
            st = tfu_figure_table_text(&all, r->block[i].figure->figure, e);
        if (r->block[i].figure->stem)
            add_taken(&all, r->block[i].figure->stem);
    }
    free(nothing);
    if (st == TFU_OK && all.failed)
        st = tfu_error_memory(e, "comparing reports", 0);
    if (st == TFU_OK) {
        uint8_t digest[TFU_HASH_SIZE];
        tfu_hash_bytes(all.data, all.length, digest);
        tfu_hash_to_hex(digest, hex);
    }
    tfu_text_free(&all);
    return st;
}
