/* SPDX-License-Identifier: MIT */
#include "core/base/path.h"

#include <string.h>

#include "core/base/text.h"

char *tfu_path_join(const char *folder, const char *name)
{
    struct tfu_text path = TFU_TEXT_INIT;
    const size_t n = strlen(folder);
    tfu_text_printf(&path, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}
