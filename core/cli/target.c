/* SPDX-License-Identifier: MIT */
#include "core/cli/target.h"

#include <sys/stat.h>

#include "core/cli/cli.h"

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int tfu_cli_target(struct tfu_target_request *out, const struct tfu_cli_arguments *a)
{
    *out = (struct tfu_target_request){.override = a->pair, .override_count = a->pair_count};
    for (size_t i = 0; i < a->positional_count; i++) {
        const char *argument = a->positional[i];
        const bool folder = is_folder(argument);
        const char **where = folder ? &out->folder : &out->config;
        if (*where)
            return tfu_cli_usage(a->command, "'%s' is one %s too many: there is '%s' already",
                                 argument, folder ? "folder" : "configuration", *where);
        *where = argument;
    }
    return 0;
}
