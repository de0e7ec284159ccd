/* SPDX-License-Identifier: MIT */
#include "core/data/leave_out.h"

#include <stdlib.h>

#include "core/data/image_seen.h"

static enum tfu_status say(const struct tfu_source *s, struct tfu_log *log, struct tfu_error *e)
{
    const char *split = s->split->name ? s->split->name : "";
    const long long count = (long long)s->info.count, out = (long long)s->bad.examples;
    if (2 * out > count)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s': %lld of %lld images cannot be read, which is no matter "
                             "of a few bad files: are they all copied, to where the configuration "
                             "says, and is there a reader for them? The first is %s",
                             tfu_source_plugin(s), out, count, s->bad.reason[0]);
    tfu_log_write(log, TFU_LOG_WARNING,
                  "%s%s%lld of %lld examples are left out, as their images are bad "
                  "(on_bad_image: skip); the first is %s",
                  split, split[0] ? " data: " : "", out, count, s->bad.reason[0]);
    return TFU_OK;
}

enum tfu_status tfu_leave_out(unsigned char **out, struct tfu_source *s, struct tfu_log *log,
                              struct tfu_error *e)
{
    struct tfu_image_seen_file file;
    *out = NULL;
    if (s->bad.count == 0)
        return TFU_OK;
    *out = calloc((size_t)s->info.count + 1, 1);
    if (!*out)
        return tfu_error_memory(e, "leaving out bad images", 0);
    for (int64_t i = 0; i < s->info.count; i++)
        if (tfu_source_find_file(s, i, &file) && tfu_image_seen_is_bad(&file)) {
            (*out)[i] = 1;
            s->bad.examples++;
        }
    return s->bad.examples ? say(s, log, e) : TFU_OK;
}
