/* SPDX-License-Identifier: MIT */
#include "core/data/bad_images.h"

#include <stdlib.h>
#include <string.h>

void tfu_bad_images_free(struct tfu_bad_images *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->reason[i]);
    free(b->reason);
    *b = (struct tfu_bad_images){.reason = NULL};
}

enum tfu_status tfu_bad_images_add(struct tfu_bad_images *b, const char *reason,
                                   struct tfu_error *e)
{
    char *copy = strdup(reason);
    char **more = copy ? realloc(b->reason, (b->count + 1) * sizeof *more) : NULL;
    if (!more) {
        free(copy);
        return tfu_error_memory(e, "listing bad images", 0);
    }
    b->reason = more;
    b->reason[b->count++] = copy;
    return TFU_OK;
}

void tfu_bad_images_text(const struct tfu_bad_images *b, struct tfu_text *out)
{
    for (size_t i = 0; i < b->count; i++)
        tfu_text_printf(out, "%s\n", b->reason[i]);
}
