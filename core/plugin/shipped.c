/* SPDX-License-Identifier: MIT
 *
 * Which plugins came with the program: those that a file "shipped" two folders above them lists,
 * "<kind>/<name>" a line. A plugin of somebody's own has no such file, wherever it is found.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/plugin/registry.h"

enum { LINE_SIZE = 512 };

/* Has the file a line that is `line`? */
static bool has_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "re");
    char text[LINE_SIZE];
    bool found = false;
    while (file && !found && fgets(text, sizeof text, file)) {
        text[strcspn(text, "\n")] = '\0';
        found = strcmp(text, line) == 0;
    }
    if (file)
        fclose(file);
    return found;
}

/* The length of `path` without its last component; 0 when there is none before it. */
static size_t parent(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

bool tfu_registry_is_shipped(const struct tfu_registry *r, const struct tfu_plugin *p)
{
    const char *path = tfu_registry_path(r, p);
    const size_t root = path ? parent(path, parent(path, strlen(path))) : 0;
    if (root == 0)
        return false;
    /* nothing is allocated: for want of memory a plugin would be taken for somebody's own */
    char list[PATH_MAX], line[LINE_SIZE];
    const int n = snprintf(list, sizeof list, "%.*s/shipped", (int)root, path);
    snprintf(line, sizeof line, "%s/%s", tfu_kind_name((int)p->kind), p->name);
    return n > 0 && n < PATH_MAX && has_line(list, line);
}
