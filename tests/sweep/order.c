/* SPDX-License-Identifier: MIT
 *
 * The order of sections, axes and keys changes no run: every good sweep is read again with the keys
 * of all its mappings, and the items of lists of values, in other orders, and has the same keys.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/random.h"
#include "core/sweep/sweep.h"
#include "tests/support/check_main.h"
#include "tests/support/golden.h"

enum { ORDERS = 4, FILES_MAX = 200, KEYS_MAX = 200, CHILDREN_MAX = 64 };

static struct tfu_registry *registry;

static void open_registry(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char path[PATH_MAX];
    const char *top = getenv("TOP_BUILDDIR");
    snprintf(path, sizeof path, "%s/stage", top ? top : ".");
    ck_assert_int_eq(tfu_registry_new(&registry, path, &e), TFU_OK);
}

static void close_registry(void)
{
    tfu_registry_free(registry);
    registry = NULL;
}

/* ---- a tree as text, its mappings shuffled */

static void put_quoted(struct tfu_text *out, const char *s)
{
    tfu_text_puts(out, "\"");
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            tfu_text_puts(out, "\\");
        tfu_text_append(out, s, 1);
    }
    tfu_text_puts(out, "\"");
}

static void put(struct tfu_text *out, const struct tfu_node *n, struct tfu_random *r)
{
    const struct tfu_node *child[CHILDREN_MAX];
    int64_t order[CHILDREN_MAX];
    size_t count = 0;
    if (n->kind == TFU_NODE_SCALAR) {
        if (n->quoted)
            put_quoted(out, n->text);
        else
            tfu_text_puts(out, n->text);
        return;
    }
    for (const struct tfu_node *c = n->first; c; c = c->next) {
        ck_assert_uint_lt(count, CHILDREN_MAX);
        order[count] = (int64_t)count;
        child[count++] = c;
    }
    const bool list = n->kind == TFU_NODE_SEQUENCE;
    if (!list)
        tfu_random_shuffle(r, order, count);
    tfu_text_puts(out, list ? "[" : "{");
    for (size_t i = 0; i < count; i++) {
        const struct tfu_node *c = child[order[i]];
        tfu_text_puts(out, i ? ", " : "");
        if (!list) {
            put_quoted(out, c->key);
            tfu_text_puts(out, ": ");
        }
        put(out, c, r);
    }
    tfu_text_puts(out, list ? "]" : "}");
}

struct shuffled {
    struct tfu_text text;
    struct tfu_random random;
};

static void take(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct shuffled *s = arg;
    (void)l;
    put(&s->text, root, &s->random);
}

static void shuffle(const char *path, uint64_t seed, struct tfu_text *out)
{
    struct shuffled s = {.text = TFU_TEXT_INIT};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d;
    struct tfu_arena arena;
    const struct tfu_document document = {.path = path, .registry = registry};
    tfu_random_init(&s.random, seed);
    tfu_arena_init(&arena, 0);
    ck_assert_int_eq(tfu_diagnostics_new(&d, &e), TFU_OK);
    ck_assert_int_eq(tfu_document_read(&document, &arena, take, &s, d, &e), TFU_OK);
    *out = s.text;
    tfu_arena_free(&arena);
    tfu_diagnostics_free(d);
}

/* ---- keys */

struct keys {
    char key[KEYS_MAX][TFU_CASE_KEY_SIZE];
    size_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void load(const char *path, const struct tfu_text *text, struct keys *out)
{
    struct tfu_diagnostics *d;
    struct tfu_sweep *s = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_document document = {.path = path,
                                          .text = text ? tfu_text_get(text) : NULL,
                                          .length = text ? text->length : 0,
                                          .registry = registry};
    ck_assert_int_eq(tfu_diagnostics_new(&d, &e), TFU_OK);
    const enum tfu_status st = tfu_sweep_load(&s, &document, d, &e);
    struct tfu_text found = TFU_TEXT_INIT;
    tfu_diagnostics_print(d, &found);
    ck_assert_msg(st == TFU_OK, "%s: %s\n%s", path, tfu_text_get(&found),
                  text ? tfu_text_get(text) : "");
    out->count = s->count;
    ck_assert_uint_le(s->count, KEYS_MAX);
    for (size_t i = 0; i < s->count; i++) {
        memcpy(out->key[i], s->item[i].key, TFU_CASE_KEY_SIZE);
        for (size_t k = 0; k < s->item[i].need_count; k++)
            ck_assert_uint_lt(s->item[i].need[k], i);
    }
    qsort(out->key, out->count, sizeof out->key[0], compare);
    tfu_text_free(&found);
    tfu_sweep_free(s);
    tfu_diagnostics_free(d);
}

START_TEST(order_of_keys)
{
    static struct keys was, is;
    static struct golden_folder good = {.path = "tests/sweep/good"};
    golden_list(&good);
    golden_enter(&good);
    for (int i = 0; i < good.count; i++) {
        load(good.item[i], NULL, &was);
        for (uint64_t seed = 1; seed <= ORDERS; seed++) {
            struct tfu_text text;
            shuffle(good.item[i], seed, &text);
            load(good.item[i], &text, &is);
            ck_assert_uint_eq(is.count, was.count);
            ck_assert_msg(memcmp(is.key, was.key, was.count * sizeof was.key[0]) == 0,
                          "other keys by %s", tfu_text_get(&text));
            tfu_text_free(&text);
        }
    }
}
END_TEST

static Suite *order_suite(void)
{
    Suite *s = suite_create("order of a sweep's keys");
    TCase *t = tcase_create("order");
    tcase_set_timeout(t, 600);
    tcase_add_checked_fixture(t, open_registry, close_registry);
    tcase_add_test(t, order_of_keys);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(order_suite());
}
