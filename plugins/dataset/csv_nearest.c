/* SPDX-License-Identifier: MIT */
#include "csv_nearest.h"

#include <string.h>

enum { LENGTH_MAX = 100 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters to be added, left out or exchanged (Levenshtein 1966). */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[LENGTH_MAX + 1];
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 0; i < na; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < nb; j++) {
            size_t best = diagonal + (lower(a[i]) != lower(b[j]));
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j + 1] + 1 < best ? row[j + 1] + 1 : best;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[nb];
}

const char *csv_nearest(const char *word, const char *const *words, size_t count)
{
    const size_t n = strlen(word);
    const char *nearest = NULL;
    size_t least = n / 3 + 1;
    for (size_t i = 0; n <= LENGTH_MAX && i < count; i++) {
        const size_t length = strlen(words[i]);
        if (length == 0 || length > LENGTH_MAX)
            continue;
        const size_t d = distance(word, n, words[i], length);
        if (d < least) {
            least = d;
            nearest = words[i];
        }
    }
    return nearest;
}
