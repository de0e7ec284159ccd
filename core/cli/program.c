/* SPDX-License-Identifier: MIT */
#include "core/cli/program.h"

#include <sys/stat.h>
#include <unistd.h>

static const char self[] = "/proc/self/exe";

bool tfu_cli_program_file(char path[PATH_MAX])
{
    const ssize_t n = readlink(self, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = '\0';
    return n > 0;
}

const char *tfu_cli_program_again(char path[PATH_MAX])
{
    struct stat by_name, by_link;
    const bool other = tfu_cli_program_file(path) && stat(path, &by_name) == 0 &&
                       stat(self, &by_link) == 0 &&
                       (by_name.st_ino != by_link.st_ino || by_name.st_dev != by_link.st_dev);
    return other ? path : self;
}
