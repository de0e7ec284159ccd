/* SPDX-License-Identifier: MIT */
#include "core/cli/terminal.h"

#include <stdio.h>
#include <sys/ioctl.h>

size_t tfu_terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col < TFU_TERMINAL_WIDTH_MAX ? size.ws_col : TFU_TERMINAL_WIDTH_MAX;
}

size_t tfu_terminal_height(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 ? 24 : size.ws_row;
}

void tfu_duration_put(char *out, size_t size, double seconds)
{
    const long long s = seconds > 0 ? (long long)(seconds + 0.5) : 0;
    if (s >= 3600)
        snprintf(out, size, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%lld:%02lld", s / 60, s % 60);
}
