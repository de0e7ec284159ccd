/* SPDX-License-Identifier: MIT
 *
 * text.h - a string that grows. Failure is sticky: append as much as you like, check once.
 */
#ifndef TFU_CORE_BASE_TEXT_H
#define TFU_CORE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <transfuse/abi.h>

struct tfu_text {
    char *data; /* NUL-terminated; NULL while empty */
    size_t length, capacity;
    bool failed; /* memory ran out; `data` is not complete */
};

#define TFU_TEXT_INIT                                                                              \
    {                                                                                              \
        .data = NULL                                                                               \
    }

void tfu_text_append(struct tfu_text *t, const char *bytes, size_t n);
void tfu_text_puts(struct tfu_text *t, const char *s);
void tfu_text_printf(struct tfu_text *t, const char *fmt, ...) TFU_PRINTF(2, 3);
void tfu_text_printf_v(struct tfu_text *t, const char *fmt, va_list args);
/* The string so far, never NULL. */
const char *tfu_text_get(const struct tfu_text *t);
void tfu_text_free(struct tfu_text *t);

/* A number in the fewest digits that read back as the same one: 0.1, 1e-05, inf. Returns `text`. */
enum { TFU_NUMBER_SIZE = 32 };
const char *tfu_number_text(double v, char text[TFU_NUMBER_SIZE]);

/* The candidate nearest to `word` by edit distance, or NULL when none is near enough to be meant
 * ("did you mean"). */
const char *tfu_text_nearest(const char *word, const char *const *candidate, size_t count);
/* What to say behind an unknown word: "; did you mean 'x'?", "; it has a, b, c" where none is near,
 * or "; it has none". */
void tfu_text_put_advice(struct tfu_text *t, const char *word, const char *const *candidate,
                         size_t count);
/* Shell-style match: * any run, ? one character. Patterns without either match exactly. */
bool tfu_text_glob(const char *pattern, const char *s);
/* Does one of the patterns match? */
bool tfu_text_glob_any(const char *const *pattern, size_t count, const char *s);
/* Are they equal but for blanks, as lists may have them between their items? */
bool tfu_text_same_but_blanks(const char *a, const char *b);
/* "[64, 3, 7, 7]" */
void tfu_text_dims(struct tfu_text *t, size_t rank, const int64_t *dim);

#endif
