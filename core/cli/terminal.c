/* SPDX-License-Identifier: MIT */
#include "core/cli/terminal.h"

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
