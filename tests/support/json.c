/* SPDX-License-Identifier: MIT
 *
 * json.c - values out of JSON, for shell tests.
 *
 *     json FILE PATH       prints the value: of a text its letters, of an object or array one line
 *     json -n FILE PATH    how many values there are: members of an object or array, 1 of others
 *
 * FILE may be "-". PATH is keys and indices from the outermost value: a.b[2].c; a key that has
 * other characters than letters, digits, _, - and / is written ["like.this"]; [*] stands for every
 * member in turn, each of whose values is a line. The empty path is the whole. What is not there is
 * an error.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct query {
    const char *path;
    bool count;
    size_t counted;
};

static void fail(const struct query *q, const char *what)
{
    fprintf(stderr, "json: %s in '%s'\n", what, q->path);
    exit(EXIT_FAILURE);
}

static void show(struct query *q, json_t *value)
{
    if (q->count) {
        q->counted += json_is_object(value)  ? json_object_size(value)
                      : json_is_array(value) ? json_array_size(value)
                                             : 1;
    } else if (json_is_string(value)) {
        puts(json_string_value(value));
    } else {
        if (json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17)) !=
            0)
            fail(q, "a value that cannot be written");
        putchar('\n');
    }
}

static void follow(struct query *q, json_t *value, const char *at);

static void follow_all(struct query *q, json_t *value, const char *at)
{
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            follow(q, json_array_get(value, i), at);
    } else if (json_is_object(value)) {
        for (void *i = json_object_iter(value); i; i = json_object_iter_next(value, i))
            follow(q, json_object_iter_value(i), at);
    } else {
        fail(q, "[*] of what has no members");
    }
}

static void follow_key(struct query *q, json_t *value, const char *at, size_t n, const char *rest)
{
    char key[256];
    if (n >= sizeof key)
        fail(q, "a key that is too long");
    memcpy(key, at, n);
    key[n] = '\0';
    json_t *next = json_object_get(value, key);
    if (!next) {
        fprintf(stderr, "json: there is no key '%s': '%s'\n", key, q->path);
        exit(EXIT_FAILURE);
    }
    follow(q, next, rest);
}

/* Has an object such a value? */
static bool is_like(json_t *object, const char *key, const char *want)
{
    json_t *v = json_object_get(object, key);
    char *number = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
    const char *text = json_is_string(v) ? json_string_value(v) : number;
    const bool like = text && strcmp(text, want) == 0;
    free(number);
    return like;
}

/* key=text]: of an object, or of each in an array. */
static void follow_like(struct query *q, json_t *value, const char *at)
{
    char key[256], want[256];
    int length = 0;
    if (sscanf(at, "%255[^]=]=%255[^]]]%n", key, want, &length) != 2 || length == 0)
        fail(q, "a condition that is not [key=text]");
    size_t found = 0;
    for (size_t i = 0; json_is_object(value) ? i == 0 : i < json_array_size(value); i++) {
        json_t *member = json_is_object(value) ? value : json_array_get(value, i);
        if (!is_like(member, key, want))
            continue;
        follow(q, member, at + length);
        found++;
    }
    if (!found && json_is_array(value))
        fail(q, "no such member");
}

static void follow_index(struct query *q, json_t *value, const char *at)
{
    char *end;
    const size_t i = strtoul(at, &end, 10);
    if (end == at || *end != ']')
        fail(q, "an index that is no number");
    json_t *next = json_array_get(value, i);
    if (!next)
        fail(q, "an index of nothing");
    follow(q, next, end + 1);
}

/* The rest of the path, from `at` on. */
static void follow(struct query *q, json_t *value, const char *at)
{
    if (!*at) {
        show(q, value);
    } else if (strncmp(at, "[*]", 3) == 0) {
        follow_all(q, value, at + 3);
    } else if (strncmp(at, "[\"", 2) == 0) {
        const char *end = strstr(at, "\"]");
        if (!end)
            fail(q, "a key without an end");
        follow_key(q, value, at + 2, (size_t)(end - at - 2), end + 2);
    } else if (*at == '[' && strcspn(at, "=") < strcspn(at, "]")) {
        follow_like(q, value, at + 1);
    } else if (*at == '[') {
        follow_index(q, value, at + 1);
    } else {
        at += *at == '.';
        size_t n = 0;
        while (isalnum((unsigned char)at[n]) || (at[n] && strchr("_-/", at[n])))
            n++;
        if (n == 0)
            fail(q, "a key that is missing");
        follow_key(q, value, at, n, at + n);
    }
}

int main(int argc, char **argv)
{
    struct query q = {.count = argc > 1 && strcmp(argv[1], "-n") == 0};
    argv += q.count;
    if (argc - q.count != 3) {
        fputs("usage: json [-n] FILE PATH\n", stderr);
        return 2;
    }
    q.path = argv[2];
    FILE *file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "r");
    json_error_t e;
    json_t *root = file ? json_loadf(file, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e) : NULL;
    if (!root) {
        fprintf(stderr, "json: %s: %s\n", argv[1], file ? e.text : "cannot be opened");
        return EXIT_FAILURE;
    }
    follow(&q, root, q.path);
    if (q.count)
        printf("%zu\n", q.counted);
    json_decref(root);
    return EXIT_SUCCESS;
}
