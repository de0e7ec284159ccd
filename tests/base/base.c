/* SPDX-License-Identifier: MIT
 *
 * core/base: errors, text, random numbers, hashes, threads.
 */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/host.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/base/threads.h"
#include "tests/support/check_main.h"

START_TEST(error_keeps_the_first)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_error_set(&e, TFU_EINVAL, "width %d is odd", 3), TFU_EINVAL);
    tfu_error_set(&e, TFU_EIO, "later");
    ck_assert_str_eq(e.text, "width 3 is odd");
    ck_assert_int_eq(e.status, TFU_EINVAL);
    tfu_error_prefix(&e, "layer '%s'", "conv1");
    ck_assert_str_eq(e.text, "layer 'conv1': width 3 is odd");
}
END_TEST

START_TEST(error_prefix_never_overflows)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char text[sizeof e.text * 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    tfu_error_set(&e, TFU_EINVAL, "%s", text);
    for (int i = 0; i < 20; i++)
        tfu_error_prefix(&e, "%s", text);
    ck_assert_uint_lt(strlen(e.text), sizeof e.text);
}
END_TEST

START_TEST(arena_respects_its_limit_and_alignment)
{
    struct tfu_arena a;
    tfu_arena_init(&a, 100000);
    ck_assert_ptr_nonnull(tfu_arena_alloc(&a, 1));
    ck_assert_uint_eq((uintptr_t)tfu_arena_alloc(&a, 50000) % _Alignof(max_align_t), 0);
    ck_assert_ptr_null(tfu_arena_alloc(&a, 60000));
    ck_assert_ptr_null(tfu_arena_array(&a, SIZE_MAX / 2, 4));
    ck_assert_str_eq(tfu_arena_printf(&a, "%s.%d", "layer", 3), "layer.3");
    tfu_arena_free(&a);
}
END_TEST

START_TEST(nearest_word)
{
    const char *const words[] = {"optimizer", "batch", "epochs", "steps"};
    ck_assert_str_eq(tfu_text_nearest("optimiser", words, 4), "optimizer");
    ck_assert_str_eq(tfu_text_nearest("bacth", words, 4), "batch");
    ck_assert_ptr_null(tfu_text_nearest("wildly different", words, 4));
    ck_assert_ptr_null(tfu_text_nearest("", words, 4));
}
END_TEST

START_TEST(glob)
{
    ck_assert(tfu_text_glob("layer1.*.weight", "layer1.0.conv1.weight"));
    ck_assert(!tfu_text_glob("layer1.*.weight", "layer1.0.conv1.bias"));
    ck_assert(tfu_text_glob("*", ""));
    ck_assert(tfu_text_glob("fc.?ias", "fc.bias"));
    ck_assert(!tfu_text_glob("fc", "fc.bias"));
}
END_TEST

/* Known answers of Philox 4x32-10, from the kat_vectors file of Random123 1.14. */
START_TEST(philox_known_answers)
{
    const struct tfu_random_block zero = tfu_philox(0, 0);
    ck_assert_uint_eq(zero.word[0], 0x6627e8d5u);
    ck_assert_uint_eq(zero.word[1], 0xe169c58du);
    ck_assert_uint_eq(zero.word[2], 0xbc57ac4cu);
    ck_assert_uint_eq(zero.word[3], 0x9b00dbd8u);
}
END_TEST

START_TEST(random_streams)
{
    ck_assert(tfu_random_key(1, "init", "a") != tfu_random_key(1, "init", "b"));
    ck_assert(tfu_random_key(1, "init", "a") != tfu_random_key(2, "init", "a"));
    ck_assert(tfu_random_key(1, "shuffle", "a") != tfu_random_key(1, "init", "a"));
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(7, "test", ""));
    double sum = 0, square = 0;
    const int n = 200000;
    for (int i = 0; i < n; i++) {
        const double v = tfu_random_normal(&r);
        sum += v;
        square += v * v;
    }
    /* four standard errors */
    ck_assert_double_lt(fabs(sum / n), 4 / sqrt(n));
    ck_assert_double_lt(fabs(square / n - 1), 4 * sqrt(2.0 / n));
    int seen[7] = {0};
    for (int i = 0; i < 7000; i++)
        seen[tfu_random_below(&r, 7)]++;
    for (int i = 0; i < 7; i++)
        ck_assert_int_gt(seen[i], 800);
}
END_TEST

START_TEST(sha256_known_answer)
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    tfu_hash_bytes("abc", 3, digest);
    tfu_hash_to_hex(digest, hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct tfu_hash *h = NULL;
    ck_assert_int_eq(tfu_hash_new(&h, NULL), TFU_OK);
    tfu_hash_add(h, "a", 1);
    tfu_hash_add(h, "bc", 2);
    char again[TFU_HASH_HEX];
    ck_assert_int_eq(tfu_hash_hex(h, again, NULL), TFU_OK);
    ck_assert_str_eq(again, hex);
    tfu_hash_free(h);
}
END_TEST

struct count {
    struct tfu_threads *threads;
    atomic_int runs[100];
    atomic_int nested;
};

static void count_nested(void *arg, uint32_t index, uint32_t worker)
{
    (void)index;
    (void)worker;
    struct count *c = arg;
    atomic_fetch_add(&c->nested, 1);
}

static void count_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    struct count *c = arg;
    atomic_fetch_add(&c->runs[index], 1);
    tfu_threads_run(c->threads, 3, count_nested, c);
}

START_TEST(threads_run_every_task_once)
{
    for (uint32_t n = 1; n <= 5; n++) {
        struct count c = {0};
        ck_assert_int_eq(tfu_threads_new(&c.threads, n, NULL), TFU_OK);
        for (int round = 0; round < 200; round++)
            tfu_threads_run(c.threads, 100, count_task, &c);
        for (int i = 0; i < 100; i++)
            ck_assert_int_eq(atomic_load(&c.runs[i]), 200);
        ck_assert_int_eq(atomic_load(&c.nested), 200 * 100 * 3);
        tfu_threads_free(c.threads);
    }
    ck_assert_uint_ge(tfu_threads_available(), 1);
}
END_TEST

struct order {
    uint32_t index[5], worker[5], count;
};

static void note(void *arg, uint32_t index, uint32_t worker)
{
    struct order *o = arg;
    o->index[o->count] = index;
    o->worker[o->count++] = worker;
}

START_TEST(host_runs_tasks_in_turn_or_scattered)
{
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, NULL, NULL);
    struct order o = {.count = 0};
    ck_assert_uint_eq(h->threads, 1);
    h->parallel(h, 5, note, &o);
    ck_assert_uint_eq(o.count, 5);
    for (uint32_t i = 0; i < 5; i++)
        ck_assert(o.index[i] == i && o.worker[i] == 0);
    tfu_host_call_scatter(&call, 3);
    ck_assert_uint_eq(h->threads, 3);
    o.count = 0;
    h->parallel(h, 5, note, &o);
    ck_assert_uint_eq(o.count, 5);
    for (uint32_t i = 0; i < 5; i++)
        ck_assert(o.index[i] == 4 - i && o.worker[i] == i % 3);
    o.count = 0;
    h->parallel(h, 0, note, &o);
    ck_assert_uint_eq(o.count, 0);
}
END_TEST

static void count_shared(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    struct count *c = arg;
    atomic_fetch_add(&c->runs[index], 1);
}

START_TEST(host_shares_tasks_among_threads)
{
    struct count c = {0};
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, NULL, NULL);
    ck_assert_int_eq(tfu_threads_new(&c.threads, 3, NULL), TFU_OK);
    tfu_host_call_share(&call, c.threads);
    ck_assert_uint_eq(h->threads, 3);
    h->parallel(h, 100, count_shared, &c);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(atomic_load(&c.runs[i]), 1);
    tfu_threads_free(c.threads);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *t = tcase_create("base");
    suite_add_tcase(s, t);
    tcase_add_test(t, error_keeps_the_first);
    tcase_add_test(t, error_prefix_never_overflows);
    tcase_add_test(t, arena_respects_its_limit_and_alignment);
    tcase_add_test(t, nearest_word);
    tcase_add_test(t, glob);
    tcase_add_test(t, philox_known_answers);
    tcase_add_test(t, random_streams);
    tcase_add_test(t, sha256_known_answer);
    tcase_add_test(t, threads_run_every_task_once);
    tcase_add_test(t, host_runs_tasks_in_turn_or_scattered);
    tcase_add_test(t, host_shares_tasks_among_threads);
    return run_suite(s);
}
