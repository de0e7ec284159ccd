/* SPDX-License-Identifier: MIT */
#include "core/report/report_files.h"

#include <string.h>

#include "core/base/hash.h"

const struct tfu_figure_ending tfu_figure_endings[TFU_FIGURE_FILES] = {
    [TFU_FIGURE_SVG] = {"svg", "SVG"},  [TFU_FIGURE_PNG] = {"png", "PNG"},
    [TFU_FIGURE_PDF] = {"pdf", "PDF"},  [TFU_FIGURE_CSV] = {"csv", "data (CSV)"},
    [TFU_FIGURE_GP] = {"gp", "script"}, [TFU_FIGURE_TXT] = {"txt", "caption"},
};

int tfu_report_heading_level(const struct tfu_report *r, size_t block)
{
    if (r->block[block].level < 3)
        return 2;
    for (size_t i = 0; i < block; i++)
        if (r->block[i].kind == TFU_REPORT_HEADING && r->block[i].level < 3)
            return 3;
    return 2;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

void tfu_report_put_name(struct tfu_text *out, const char *name)
{
    enum { LONGEST = 100, DIGITS = 8 };
    const size_t n = strlen(name);
    bool same = n > 0 && n <= LONGEST;
    for (size_t i = 0; i < n && i < LONGEST; i++) {
        const bool plain = is_plain(name[i]) || (name[i] == '.' && i > 0);
        tfu_text_append(out, plain ? &name[i] : "_", 1);
        same = same && plain;
    }
    if (same)
        return;
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    tfu_hash_bytes(name, n, digest);
    tfu_hash_to_hex(digest, hex);
    tfu_text_printf(out, "_%.*s", DIGITS, hex);
}
