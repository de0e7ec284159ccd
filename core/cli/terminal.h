/* SPDX-License-Identifier: MIT
 *
 * terminal.h - how large a terminal is, and times as people read them.
 */
#ifndef TFU_CORE_CLI_TERMINAL_H
#define TFU_CORE_CLI_TERMINAL_H

#include <stddef.h>

enum { TFU_TERMINAL_WIDTH_MAX = 200 };

/* Columns, at most so many; 80 where the descriptor is no terminal. */
size_t tfu_terminal_width(int fd);
/* Lines; 24 likewise. */
size_t tfu_terminal_height(int fd);

#endif
