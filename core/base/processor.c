/* SPDX-License-Identifier: MIT */
#include "core/base/processor.h"

#include <stdio.h>
#include <string.h>

bool tfu_processor_name(char *out, size_t size)
{
    static const char label[] = "model name";
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[4096];
    bool found = false;
    while (f && !found && fgets(line, sizeof line, f)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, label, strlen(label)) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(out, size, "%s", colon + 1 + (colon[1] == ' '));
        found = true;
    }
    if (f)
        fclose(f);
    return found;
}
