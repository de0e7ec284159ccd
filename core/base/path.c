/* SPDX-License-Identifier: MIT */
#include "core/base/path.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

static const char *between(const char *folder)
{
    const size_t n = strlen(folder);
    return n > 0 && folder[n - 1] == '/' ? "" : "/";
}

char *tfu_path_join(const char *folder, const char *name)
{
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%s%s%s", folder, between(folder), name);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

bool tfu_path_put(char out[PATH_MAX], const char *folder, const char *name)
{
    const int n = snprintf(out, PATH_MAX, "%s%s%s", folder, between(folder), name);
    return n >= 0 && n < PATH_MAX;
}

const char *tfu_path_last(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
