/* SPDX-License-Identifier: MIT */
#include "core/launch/shell_text.h"

#include <string.h>

void tfu_shell_put_word(struct tfu_text *t, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./:,+@%-=";
    if (word[0] && strspn(word, plain) == strlen(word)) {
        tfu_text_puts(t, word);
        return;
    }
    tfu_text_puts(t, "'");
    for (; *word; word++) {
        if (*word == '\'')
            tfu_text_puts(t, "'\\''");
        else
            tfu_text_append(t, word, 1);
    }
    tfu_text_puts(t, "'");
}

void tfu_shell_put_assignment(struct tfu_text *t, const char *assignment)
{
    const size_t name = strcspn(assignment, "=");
    tfu_text_append(t, assignment, name + 1);
    tfu_shell_put_word(t, assignment + name + 1);
}

void tfu_shell_put_words(struct tfu_text *t, const char *const *word, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            tfu_text_puts(t, " ");
        tfu_shell_put_word(t, word[i]);
    }
}
