/* SPDX-License-Identifier: MIT
 *
 * Every allocation of building a graph and making a network fails once; a pass allocates nothing.
 */
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/sketches.h"

/* The arena takes its memory in pieces of several kB: an operation counts as an allocation. The
 * linker's names: __wrap_x is called for x, __real_x is x itself. */
void *__real_tfu_arena_alloc(struct tfu_arena *a, size_t bytes);
void *__real_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size);
char *__real_tfu_arena_strdup(struct tfu_arena *a, const char *s);
void *__wrap_tfu_arena_alloc(struct tfu_arena *a, size_t bytes);
void *__wrap_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size);
char *__wrap_tfu_arena_strdup(struct tfu_arena *a, const char *s);
char *__wrap_tfu_arena_printf(struct tfu_arena *a, const char *fmt, ...) TFU_PRINTF(2, 3);

void *__wrap_tfu_arena_alloc(struct tfu_arena *a, size_t bytes)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_alloc(a, bytes);
}

void *__wrap_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_array(a, count, size);
}

char *__wrap_tfu_arena_strdup(struct tfu_arena *a, const char *s)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_strdup(a, s);
}

char *__wrap_tfu_arena_printf(struct tfu_arena *a, const char *fmt, ...)
{
    if (failing_malloc_next())
        return NULL;
    va_list args;
    va_start(args, fmt);
    char *s = tfu_arena_printf_v(a, fmt, args);
    va_end(args);
    return s;
}

/* Fails each allocation of make() in turn; returns how many there are. */
static size_t fail_each(enum tfu_status (*make)(const void *arg, void **out, struct tfu_error *e),
                        void (*release)(void *made), const void *arg)
{
    for (size_t n = 1;; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        void *made = &e;
        failing_malloc_arm(n);
        const enum tfu_status st = make(arg, &made, &e);
        const bool failed = failing_malloc_disarm();
        if (st != (failed ? TFU_ENOMEM : TFU_OK) || e.status != st || (made != NULL) == failed)
            ck_abort_msg("allocation %zu: status %d, %s", n, (int)st, e.text);
        release(made);
        if (!failed)
            return n - 1;
    }
}

static enum tfu_status make_graph(const void *arg, void **out, struct tfu_error *e)
{
    const struct tfu_graph_request *request = arg;
    struct tfu_graph *g = NULL;
    const enum tfu_status st = tfu_graph_build(&g, request, e);
    *out = g;
    return st;
}

static void release_graph(void *made)
{
    tfu_graph_free(made);
}

START_TEST(building_a_graph)
{
    const struct sketch_config config = {.draw = sketches[_i].draw};
    const struct tfu_graph_request request = {
        .arch = &sketch_arch, .config = &config, .input = image(3, 8, 6, 3), .outputs = 3};
    ck_assert_uint_gt(fail_each(make_graph, release_graph, &request), 40);
}
END_TEST

static enum tfu_status make_network(const void *arg, void **out, struct tfu_error *e)
{
    struct tfu_network *n = NULL;
    const enum tfu_status st = tfu_network_new(&n, arg, e);
    *out = n;
    return st;
}

static void release_network(void *made)
{
    tfu_network_free(made);
}

START_TEST(making_a_network)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(3, 8, 6, 3), NULL);
    bool frozen[64] = {false};
    const struct tfu_algorithm_choice algorithm[] = {{"conv2d", "definition"}};
    struct tfu_network_request request = {.graph = g,
                                          .training = true,
                                          .keep = &g->input,
                                          .keep_count = 1,
                                          .frozen = frozen,
                                          .algorithm = algorithm,
                                          .algorithm_count = 1};
    network_defaults(&request);
    ck_assert_uint_gt(fail_each(make_network, release_network, &request), 40);
    tfu_graph_free(g);
}
END_TEST

/* The very first allocation of a pass would fail. */
START_TEST(passes_allocate_nothing)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(3, 8, 6, 3), NULL);
    for (uint32_t dtype = TFU_F32; dtype <= TFU_F64; dtype++) {
        struct tfu_network *n = network_open(
            (struct tfu_network_request){.graph = g, .training = true, .dtype = dtype});
        network_fill(n, 1);
        failing_malloc_arm(1);
        enum tfu_status st = tfu_network_forward(n, 3, false, 0, NULL);
        for (int64_t rows = 3; rows > 1 && st == TFU_OK; rows--) {
            st = tfu_network_forward(n, rows, true, 1, NULL);
            if (st == TFU_OK)
                st = tfu_network_backward(n, NULL);
        }
        const bool allocated = failing_malloc_disarm();
        ck_assert(!allocated);
        ck_assert_int_eq(st, TFU_OK);
        tfu_network_free(n);
    }
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("allocations");
    TCase *t = tcase_create("allocations");
    tcase_add_loop_test(t, building_a_graph, 0, SKETCHES);
    tcase_add_loop_test(t, making_a_network, 0, SKETCHES);
    tcase_add_loop_test(t, passes_allocate_nothing, 0, SKETCHES);
    suite_add_tcase(s, t);
    return run_suite(s);
}
