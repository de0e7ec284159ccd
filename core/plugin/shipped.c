/* SPDX-License-Identifier: MIT
 *
 * Which plugins came with the program: those that a file "shipped" two folders above them lists,
 * "<kind>/<name>" a line. A plugin of somebody's own has no such file, wherever it is found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/plugin/registry.h"

/* Has the file a line that is `line`? */
static bool has_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "re");
    char text[512];
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
    struct tfu_text list = TFU_TEXT_INIT, line = TFU_TEXT_INIT;
    tfu_text_printf(&list, "%.*s/shipped", (int)root, path);
    tfu_text_printf(&line, "%s/%s", tfu_kind_name((int)p->kind), p->name);
    const bool shipped =
        !list.failed && !line.failed && has_line(tfu_text_get(&list), tfu_text_get(&line));
    tfu_text_free(&list);
    tfu_text_free(&line);
    return shipped;
}
