/* SPDX-License-Identifier: MIT */
#include "core/report/build_parts.h"

#include <string.h>

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

enum tfu_status tfu_report_add(struct tfu_report_builder *b, const struct tfu_report_block *block,
                               struct tfu_error *e)
{
    if (b->blocks == b->room) {
        const size_t room = b->room ? 2 * b->room : 32;
        struct tfu_report_block *more = tfu_arena_array(&b->out->arena, room, sizeof *more);
        if (!more)
            return no_memory(e);
        if (b->blocks)
            memcpy(more, b->block, b->blocks * sizeof *more);
        b->block = more;
        b->room = room;
    }
    b->block[b->blocks++] = *block;
    return TFU_OK;
}

enum tfu_status tfu_report_add_text(struct tfu_report_builder *b, enum tfu_report_kind kind,
                                    int level, const char *text, struct tfu_error *e)
{
    return text ? tfu_report_add(
                      b, &(struct tfu_report_block){.kind = kind, .level = level, .text = text}, e)
                : no_memory(e);
}

const char *tfu_report_keep(struct tfu_report_builder *b, struct tfu_text *text,
                            struct tfu_error *e)
{
    const char *kept = text->failed ? NULL : tfu_arena_strdup(&b->out->arena, tfu_text_get(text));
    tfu_text_free(text);
    if (!kept)
        no_memory(e);
    return kept;
}

void tfu_report_put_over(struct tfu_text *out, const struct tfu_report_builder *b,
                         const struct tfu_report_ask *ask, size_t least, size_t most)
{
    if (most <= 1) {
        tfu_text_puts(out, "a single run each");
        return;
    }
    tfu_text_puts(out, "mean over ");
    for (size_t i = 0; i < ask->over.count; i++)
        tfu_text_printf(out, "%s%s", i ? ", " : "", b->cases->axis[ask->over.item[i]].word);
    if (least == most)
        tfu_text_printf(out, "%s%zu runs", ask->over.count ? " of " : "", most);
    else
        tfu_text_printf(out, "%s%zu to %zu runs", ask->over.count ? " of " : "", least, most);
}
