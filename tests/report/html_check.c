/* SPDX-License-Identifier: MIT
 *
 * html_check FILE: says what is wrong with a page of HTML, a complaint a line, and fails then: tags
 * that are not closed, ids that are there twice, links to nowhere, pictures without words, heads
 * without scope, headings that skip a level, files of elsewhere, colours of too little contrast. No
 * browser: it knows the HTML that a careful writer writes, every element closed by its own tag.
 */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 200, MOST = 100000 };

struct page {
    char *text, *at;
    char open[DEEPEST][32];
    size_t depth;
    char *id[MOST], *link[MOST];
    size_t ids, links;
    size_t headings_1, last_heading, complaints;
    bool main, nav, title, language, viewport;
    /* of the svg that is open */
    bool svg, svg_title;
};

static void complain(struct page *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    p->complaints++;
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    const long n = ftell(f);
    rewind(f);
    char *text = n < 0 ? NULL : calloc((size_t)n + 1, 1);
    if (text && fread(text, 1, (size_t)n, f) != (size_t)n) {
        free(text);
        text = NULL;
    }
    fclose(f);
    return text;
}

/* ---- attributes of the tag that is `tag`, ended by a NUL */

/* A copy of its value, to be freed; NULL: it has none of that name. */
static char *attribute(const char *tag, const char *name)
{
    const size_t n = strlen(name);
    for (const char *s = tag + strcspn(tag, " \t\n"); *s;) {
        s += strspn(s, " \t\n/");
        const char *start = s;
        s += strcspn(s, "= \t\n/");
        const bool found = (size_t)(s - start) == n && strncmp(start, name, n) == 0;
        const char *value = "";
        size_t length = 0;
        if (*s == '=' && (s[1] == '"' || s[1] == '\'')) {
            value = s + 2;
            length = strcspn(value, s[1] == '"' ? "\"" : "'");
            s = value + length + (value[length] != '\0');
        } else if (*s == '=') {
            s++;
        }
        if (found)
            return strndup(value, length);
    }
    return NULL;
}

static bool has(const char *tag, const char *name, const char *wanted)
{
    char *value = attribute(tag, name);
    const bool is = value && (!wanted || strcmp(value, wanted) == 0);
    free(value);
    return is;
}

/* ---- elements */

static bool is_empty_element(const char *name)
{
    static const char *const empty[] = {"meta", "br", "img", "link", "hr", "input", "wbr", "col"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (strcmp(name, empty[i]) == 0)
            return true;
    return false;
}

static void look_at_links(struct page *p, const char *tag)
{
    static const char *const names[] = {"href", "src", "xlink:href"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *value = attribute(tag, names[i]);
        if (!value)
            continue;
        if (strstr(value, "//"))
            complain(p, "refers to elsewhere: %s", value);
        if (value[0] == '#' && p->links < MOST)
            p->link[p->links++] = value;
        else
            free(value);
    }
}

static void look_at_id(struct page *p, const char *tag)
{
    char *id = attribute(tag, "id");
    if (!id)
        return;
    if (!id[0] || strpbrk(id, " \t\n"))
        complain(p, "no id: '%s'", id);
    if (p->ids < MOST)
        p->id[p->ids++] = id;
    else
        free(id);
}

static void look_at_heading(struct page *p, const char *name)
{
    if (name[0] != 'h' || name[1] < '1' || name[1] > '6' || name[2])
        return;
    const size_t level = (size_t)(name[1] - '0');
    if (level > p->last_heading + 1)
        complain(p, "a heading of level %zu below one of %zu", level, p->last_heading);
    p->last_heading = level;
    p->headings_1 += level == 1;
}

static void look_at_tag(struct page *p, const char *name, const char *tag)
{
    look_at_id(p, tag);
    look_at_links(p, tag);
    look_at_heading(p, name);
    if (strcmp(name, "th") == 0 && !has(tag, "scope", NULL))
        complain(p, "a head without scope: <%s>", tag);
    if (strcmp(name, "img") == 0 && !has(tag, "alt", NULL))
        complain(p, "a picture without words: <%s>", tag);
    if (strcmp(name, "table") == 0 && !has(tag, "aria-labelledby", NULL))
        complain(p, "a table without a name");
    if (strcmp(name, "script") == 0 || strstr(tag, " onclick") || strstr(tag, " onload"))
        complain(p, "a script: <%s>", tag);
    p->main = p->main || strcmp(name, "main") == 0;
    p->nav = p->nav || strcmp(name, "nav") == 0;
    p->language = p->language || (strcmp(name, "html") == 0 && has(tag, "lang", NULL));
    p->viewport = p->viewport || has(tag, "name", "viewport");
    if (strcmp(name, "svg") == 0) {
        p->svg = true;
        p->svg_title = false;
        if (!has(tag, "role", "img") || !has(tag, "aria-labelledby", NULL))
            complain(p, "a drawing without a role and a name");
    }
    if (strcmp(name, "title") == 0 && p->svg)
        p->svg_title = true;
    else if (strcmp(name, "title") == 0)
        p->title = true;
}

static void close_tag(struct page *p, const char *name)
{
    if (p->depth == 0 || strcmp(p->open[p->depth - 1], name) != 0)
        complain(p, "</%s> closes <%s>", name, p->depth ? p->open[p->depth - 1] : "");
    if (p->depth > 0)
        p->depth--;
    if (strcmp(name, "svg") == 0) {
        if (!p->svg_title)
            complain(p, "a drawing without a title");
        p->svg = false;
    }
}

static void open_tag(struct page *p, const char *name, const char *tag)
{
    const size_t n = strlen(tag);
    look_at_tag(p, name, tag);
    if ((n && tag[n - 1] == '/') || is_empty_element(name))
        return;
    if (p->depth == DEEPEST) {
        complain(p, "elements are too deep");
        return;
    }
    snprintf(p->open[p->depth++], sizeof p->open[0], "%s", name);
    if (strcmp(name, "style") == 0) { /* what is in it is no HTML */
        char *end = strstr(p->at, "</style");
        p->at = end ? end : p->at + strlen(p->at);
    }
}

/* The end of a tag: a '>' that is in no quotes. */
static char *end_of_tag(char *s)
{
    char quote = '\0';
    for (; *s; s++) {
        if (quote)
            quote = *s == quote ? '\0' : quote;
        else if (*s == '"' || *s == '\'')
            quote = *s;
        else if (*s == '>')
            return s;
    }
    return NULL;
}

static void walk(struct page *p)
{
    for (p->at = strchr(p->text, '<'); p->at; p->at = strchr(p->at, '<')) {
        char *tag = p->at + 1, *end = end_of_tag(tag);
        if (!end) {
            complain(p, "a tag that does not end: <%.30s", tag);
            return;
        }
        *end = '\0';
        p->at = end + 1;
        if (tag[0] == '!')
            continue;
        char name[32];
        const char *from = tag + (tag[0] == '/');
        snprintf(name, sizeof name, "%.*s", (int)strcspn(from, " \t\n/"), from);
        if (!isalpha((unsigned char)name[0]))
            complain(p, "no tag: <%.30s>", tag);
        else if (tag[0] == '/')
            close_tag(p, name);
        else
            open_tag(p, name, tag);
    }
    if (p->depth)
        complain(p, "<%s> is not closed", p->open[p->depth - 1]);
}

/* ---- what only the whole shows */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void look_at_whole(struct page *p)
{
    qsort(p->id, p->ids, sizeof *p->id, by_text);
    for (size_t i = 1; i < p->ids; i++)
        if (strcmp(p->id[i - 1], p->id[i]) == 0)
            complain(p, "an id is there twice: %s", p->id[i]);
    for (size_t i = 0; i < p->links; i++) {
        const char *target = p->link[i] + 1;
        if (!bsearch(&target, p->id, p->ids, sizeof *p->id, by_text))
            complain(p, "a link to nowhere: #%s", target);
    }
    if (p->headings_1 != 1)
        complain(p, "%zu headings of level 1", p->headings_1);
    if (!p->main || !p->nav || !p->title || !p->language || !p->viewport)
        complain(p, "main, nav, title, lang or viewport is missing");
}

/* ---- contrast, as WCAG 2 has it, of the colours that `:root` names in each of its blocks */

static double channel(unsigned v)
{
    const double c = v / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* False: the block does not name it. */
static bool luminance(const char *block, const char *end, const char *name, double *out)
{
    char key[64];
    unsigned r, g, b;
    snprintf(key, sizeof key, "--%s: #", name);
    const char *at = strstr(block, key);
    if (!at || at > end || sscanf(at + strlen(key), "%2x%2x%2x", &r, &g, &b) != 3)
        return false;
    *out = 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    return true;
}

static void look_at_colours(struct page *p)
{
    static const char *const pairs[][2] = {
        {"ink", "paper"},        {"muted", "paper"},    {"link", "paper"},
        {"ink", "head"},         {"muted", "head"},     {"link", "head"},
        {"link", "hole"},        {"hole-ink", "hole"},  {"better-ink", "paper"},
        {"better-ink", "hole"},  {"worse-ink", "hole"}, {"worse-ink", "paper"},
        {"chosen-ink", "chosen"}};
    size_t blocks = 0;
    for (const char *s = strstr(p->text, ":root {"); s; s = strstr(s + 1, ":root {")) {
        const char *end = strchr(s, '}');
        for (size_t i = 0; end && i < sizeof pairs / sizeof *pairs; i++) {
            double a, b;
            if (!luminance(s, end, pairs[i][0], &a) || !luminance(s, end, pairs[i][1], &b))
                continue;
            const double ratio = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
            if (ratio < 4.5)
                complain(p, "contrast of %s on %s: %.2f", pairs[i][0], pairs[i][1], ratio);
        }
        blocks++;
    }
    if (blocks < 2)
        complain(p, "there are no colours for light and dark");
}

int main(int argc, char **argv)
{
    static struct page p;
    if (argc != 2 || !(p.text = read_all(argv[1])))
        return 2;
    look_at_colours(&p);
    walk(&p);
    look_at_whole(&p);
    for (size_t i = 0; i < p.ids; i++)
        free(p.id[i]);
    for (size_t i = 0; i < p.links; i++)
        free(p.link[i]);
    free(p.text);
    return p.complaints != 0;
}
