/* SPDX-License-Identifier: MIT */
#include "core/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static FILE *own; /* NULL: not claimed */

void tfu_cli_output_claim(void)
{
    if (own)
        return;
    fflush(stdout);
    const int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        return;
    FILE *file = fdopen(fd, "w");
    if (file && dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO) {
        own = file;
        return;
    }
    if (file)
        fclose(file);
    else
        close(fd);
}

FILE *tfu_cli_output(void)
{
    return own ? own : stdout;
}

bool tfu_cli_output_flush(void)
{
    FILE *f = tfu_cli_output();
    const bool failed_before = ferror(f) != 0;
    errno = 0;
    return fflush(f) == 0 && !failed_before;
}
