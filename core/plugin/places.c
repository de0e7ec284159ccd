/* SPDX-License-Identifier: MIT */
#include "core/plugin/places.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"

/* The folder stage/ that make leaves beside a program, or "" where there is none. A link to the
 * program is followed: what counts is where the file lies. */
static void find_stage(char stage[PATH_MAX])
{
    static const char marker[] = "/stage/uninstalled";
    ssize_t n = readlink("/proc/self/exe", stage, PATH_MAX - sizeof marker);
    while (n > 0 && stage[n - 1] != '/')
        n--;
    if (n <= 0) {
        stage[0] = '\0';
        return;
    }
    memcpy(stage + n - 1, marker, sizeof marker);
    if (access(stage, F_OK) == 0)
        *strrchr(stage, '/') = '\0';
    else
        stage[0] = '\0';
}

char *tfu_own_plugins(void)
{
    char stage[PATH_MAX];
    find_stage(stage);
    return strdup(stage[0] ? stage : TFU_PLUGIN_FOLDER);
}

char *tfu_own_templates(void)
{
    char stage[PATH_MAX];
    find_stage(stage);
    return stage[0] ? tfu_path_join(stage, "templates") : strdup(TFU_TEMPLATE_FOLDER);
}
