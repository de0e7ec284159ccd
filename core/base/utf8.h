/* SPDX-License-Identifier: MIT
 *
 * utf8.h - characters and line ends as YAML counts them.
 */
#ifndef TFU_CORE_BASE_UTF8_H
#define TFU_CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that `s` begins with, 0 when it is not UTF-8 (or n is 0). */
size_t tfu_utf8_decode(const char *s, size_t n, uint32_t *code);
/* Bytes of the line end that `s` begins with: LF, CR, CR LF, NEL, LS or PS; 0: none. */
size_t tfu_utf8_line_end(const char *s, size_t n);
/* Line number `line` (from 1) of a text; its length through `n`. Behind the last it is empty. */
const char *tfu_utf8_line(const char *text, size_t length, int line, size_t *n);
/* How many characters it is, for tables: bytes that begin one. */
int tfu_utf8_width(const char *s);
/* May it stand in a YAML file as it is, and in a line on a terminal? Line ends are not printable;
 * the tab is not. */
bool tfu_utf8_printable(uint32_t code);

#endif
