/* SPDX-License-Identifier: MIT
 *
 * Words in printed lines: as columns.h sets tables, each line of one begins with two blanks, all of
 * its lines are as long, and two blanks or more are between its columns.
 */
#include <stdlib.h>
#include <string.h>

#include "core/report/words.h"
#include "core/result/columns.h"

struct line {
    const char *text;
    size_t bytes;
    int width; /* in characters */
};

/* Lines of one table. */
struct block {
    const struct line *line;
    size_t lines;
    bool *gap; /* of each place: it is blank in all lines */
};

static bool is_continued(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The byte at which character `place` begins. */
static size_t byte_at(const struct line *l, int place)
{
    size_t i = 0;
    for (int n = 0; i < l->bytes; i++) {
        if (is_continued(l->text[i]))
            continue;
        if (n++ == place)
            break;
    }
    return i;
}

static void find_gaps(struct block *b)
{
    const int width = b->line[0].width;
    for (int k = 0; k < width; k++)
        b->gap[k] = true;
    for (size_t i = 0; i < b->lines; i++) {
        int k = -1;
        for (size_t at = 0; at < b->line[i].bytes; at++) {
            k += !is_continued(b->line[i].text[at]);
            b->gap[k] = b->gap[k] && b->line[i].text[at] == ' ';
        }
    }
}

/* The next column behind `from`: two blanks, then something. False: there is none. */
static bool next_column(const struct block *b, int from, int *begin, int *end)
{
    const int width = b->line[0].width;
    int k = from;
    while (k < width && b->gap[k])
        k++;
    *begin = k;
    while (k < width && !(b->gap[k] && (k + 1 == width || b->gap[k + 1])))
        k++;
    *end = k;
    return *begin < width;
}

/* What stands there, without the blanks around it, in words. */
static const char *cell_of(const struct tfu_report_cases *c, const struct line *l, int begin,
                           int end)
{
    size_t from = byte_at(l, begin), to = byte_at(l, end);
    while (from < to && l->text[from] == ' ')
        from++;
    while (to > from && l->text[to - 1] == ' ')
        to--;
    struct tfu_text words = TFU_TEXT_INIT;
    const char *plain = tfu_arena_strndup(c->arena, l->text + from, to - from);
    if (plain)
        tfu_report_words_put(&words, c, plain);
    const char *cell =
        plain && !words.failed ? tfu_arena_strdup(c->arena, tfu_text_get(&words)) : NULL;
    tfu_text_free(&words);
    return cell;
}

static bool put_table(struct tfu_text *out, const struct tfu_report_cases *c, const struct block *b)
{
    size_t columns = 0, count = 0;
    int begin, end = 0;
    while (next_column(b, end, &begin, &end))
        columns++;
    const char **cell = tfu_arena_array(c->arena, columns * b->lines + 1, sizeof *cell);
    for (size_t i = 0; cell && i < b->lines; i++)
        for (end = 0; next_column(b, end, &begin, &end);)
            if (!(cell[count++] = cell_of(c, &b->line[i], begin, end)))
                return false;
    return cell && (!columns || tfu_columns_put(out, cell, count, columns));
}

static bool put_block(struct tfu_text *out, const struct tfu_report_cases *c,
                      const struct line *line, size_t lines)
{
    struct block b = {.line = line, .lines = lines};
    b.gap = calloc((size_t)line[0].width + 1, sizeof *b.gap);
    if (b.gap)
        find_gaps(&b);
    const bool ok = b.gap && put_table(out, c, &b);
    free(b.gap);
    return ok;
}

static bool is_of_table(const struct line *l)
{
    return l->bytes > 2 && strncmp(l->text, "  ", 2) == 0 && l->text[l->bytes - 1] != ' ';
}

static struct line *split(const char *text, size_t *count)
{
    size_t lines = 1;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    struct line *line = calloc(lines + 1, sizeof *line);
    *count = 0;
    for (const char *p = text; line && *p; p += *p == '\n') {
        struct line *l = &line[(*count)++];
        l->text = p;
        l->bytes = strcspn(p, "\n");
        for (size_t i = 0; i < l->bytes; i++)
            l->width += !is_continued(p[i]);
        p += l->bytes;
    }
    return line;
}

/* Lines that are not of a table, and tables, which end their lines themselves. */
static bool put_lines(struct tfu_text *out, const struct tfu_report_cases *c,
                      const struct line *line, size_t count)
{
    bool ok = true;
    for (size_t i = 0, end; ok && i < count; i = end) {
        end = i + 1;
        while (is_of_table(&line[i]) && end < count && is_of_table(&line[end]) &&
               line[end].width == line[i].width)
            end++;
        if (end > i + 1) {
            ok = put_block(out, c, &line[i], end - i);
            continue;
        }
        char *one = strndup(line[i].text, line[i].bytes);
        ok = one != NULL;
        if (ok)
            tfu_report_words_put(out, c, one);
        tfu_text_puts(out, "\n");
        free(one);
    }
    return ok;
}

bool tfu_report_words_put_printed(struct tfu_text *out, const struct tfu_report_cases *c,
                                  const char *text)
{
    size_t count;
    struct line *line = split(text, &count);
    const bool ok = line && put_lines(out, c, line, count);
    free(line);
    return ok && !out->failed;
}
