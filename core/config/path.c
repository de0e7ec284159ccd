/* SPDX-License-Identifier: MIT */
#include "core/config/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool tfu_path_is_file(const char *source)
{
    return source && strcmp(source, TFU_LOAD_COMMAND_LINE) != 0;
}

const char *tfu_path_absolute(struct tfu_load *l, struct tfu_mark from, const char *path)
{
    if (path[0] == '/')
        return path;
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    const char *slash = tfu_path_is_file(from.source) ? strrchr(from.source, '/') : NULL;
    char *folder = slash ? tfu_load_printf(l, "%.*s", (int)(slash + 1 - from.source), from.source)
                         : tfu_load_printf(l, ".");
    if (!folder)
        return NULL;
    char real[PATH_MAX];
    if (!realpath(folder, real)) {
        tfu_diagnostics_add(l->diagnostics, from, "folder '%s' cannot be resolved: %s", folder,
                            strerror(errno));
        return NULL;
    }
    return tfu_load_printf(l, "%s/%s", strcmp(real, "/") == 0 ? "" : real, path);
}

bool tfu_path_is_stream(const char *path)
{
    const char *rest = strncmp(path, "/proc/", 6) == 0 ? strchr(path + 6, '/') : NULL;
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0 ||
           strncmp(path, "/dev/fd/", 8) == 0 || (rest && strncmp(rest, "/fd/", 4) == 0);
}

bool tfu_path_is_likely(const char *text)
{
    static const char *const endings[] = {".yaml", ".yml", ".safetensors", ".pth", ".pt", ".ckpt",
                                          ".npz",  ".npy", ".so",          ".bin", ".gz", ".csv"};
    const size_t n = strlen(text);
    for (size_t i = 0; i < TFU_COUNT(endings); i++) {
        const size_t m = strlen(endings[i]);
        if (n >= m && strcmp(text + n - m, endings[i]) == 0)
            return true;
    }
    return strchr(text, '/') != NULL;
}

char *tfu_path_beside(struct tfu_load *l, const char *source, const char *path)
{
    const char *slash = strrchr(source, '/');
    if (path[0] == '/' || !slash)
        return tfu_load_printf(l, "%s", path);
    return tfu_load_printf(l, "%.*s/%s", (int)(slash - source), source, path);
}
