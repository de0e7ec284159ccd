/* SPDX-License-Identifier: MIT */
#include "core/config/scored.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *tfu_scored_name(const struct tfu_experiment *x, size_t i)
{
    const char *name = x->scored ? x->scored[i].name : NULL;
    return name && name[0] ? name : x->metric[i].plugin->name;
}

int64_t tfu_scored_find(const struct tfu_experiment *x, const char *key)
{
    const size_t length = strcspn(key, ".");
    for (size_t i = 0; i < x->metric_count; i++) {
        if (!x->metric[i].plugin)
            return (int64_t)i; /* has been reported, by whatever name it has */
        const char *name = tfu_scored_name(x, i);
        if (strlen(name) == length && strncmp(name, key, length) == 0)
            return (int64_t)i;
    }
    return -1;
}

/* ---- groups of examples */

static bool parse_edges(const char *text, struct tfu_by *out, const char **why)
{
    for (;;) {
        char *end;
        const double edge = strtod(text, &end);
        end += strspn(end, " ");
        if (end == text || !isfinite(edge) || (*end != ',' && *end != ')')) {
            *why = "its edges are numbers with commas between them, in parentheses";
            return false;
        }
        if (out->edges == TFU_BY_EDGES_MAX) {
            *why = "there are more than 16 edges";
            return false;
        }
        if (out->edges > 0 && edge <= out->edge[out->edges - 1]) {
            *why = "the edges have to rise";
            return false;
        }
        out->edge[out->edges++] = edge;
        text = end + 1;
        if (*end == ')')
            break;
    }
    *why = "something comes after the edges";
    return text[strspn(text, " ")] == '\0';
}

bool tfu_by_parse(const char *text, struct tfu_by *out, const char **why)
{
    *out = (struct tfu_by){.name_length = strcspn(text, "(")};
    const char *open = text + out->name_length;
    while (out->name_length > 0 && text[out->name_length - 1] == ' ')
        out->name_length--;
    *why = "the name of an attribute is missing";
    if (out->name_length == 0)
        return false;
    return !*open || parse_edges(open + 1, out, why);
}

char *tfu_by_key(const char *text, size_t length)
{
    char *key = malloc(length + sizeof "value");
    size_t n = 0;
    if (!key)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            key[n++] = c;
        else if (n > 0 && key[n - 1] != '_')
            key[n++] = '_';
    }
    while (n > 0 && key[n - 1] == '_')
        n--;
    key[n] = '\0';
    if (n == 0)
        memcpy(key, "value", sizeof "value");
    return key;
}
