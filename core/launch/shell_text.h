/* SPDX-License-Identifier: MIT
 *
 * shell_text.h - words of a command line as a POSIX shell reads them.
 */
#ifndef TFU_CORE_LAUNCH_SHELL_TEXT_H
#define TFU_CORE_LAUNCH_SHELL_TEXT_H

#include "core/base/text.h"

/* Appends one word: as it is where no shell would change it, else in single quotes. */
void tfu_shell_put_word(struct tfu_text *t, const char *word);
/* NAME=VALUE, as a shell takes it. */
void tfu_shell_put_assignment(struct tfu_text *t, const char *assignment);
/* Words with blanks between. */
void tfu_shell_put_words(struct tfu_text *t, const char *const *word, size_t count);

#endif
