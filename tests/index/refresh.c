/* SPDX-License-Identifier: MIT
 *
 * The index follows the folders: whatever becomes of them, it says what one that is built anew
 * says.
 */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/failure.h"
#include "core/store/remove.h"
#include "core/store/run_folder.h"
#include "tests/index/store.h"
#include "tests/support/check_main.h"

/* The one run of the store. */
static const struct tfu_index_run *only(struct tfu_index *x)
{
    ck_assert_uint_eq(tfu_index_count(x), 1);
    return tfu_index_run(x, 0);
}

static void expect_as_rebuilt(void)
{
    struct tfu_index *x = store_open(NULL);
    char *is = store_dump(x), *rebuilt;
    tfu_index_close(x);
    rebuilt = store_rebuilt();
    store_same(is, rebuilt);
    free(is);
    free(rebuilt);
}

START_TEST(a_run_is_read_once_and_then_trusted)
{
    store_begin("demo", 1, 3, 4);
    store_finish("demo", 1, 0.75);
    store_settle();
    struct tfu_index *x = store_open(NULL);
    const struct tfu_index_run *r = only(x);
    ck_assert_str_eq(r->path, "demo/000000000001");
    ck_assert_int_eq(r->state, TFU_INDEX_DONE);
    ck_assert_ptr_null(r->problem);
    ck_assert_int_eq(r->step, 100);
    ck_assert_str_eq(r->arch, "cbr_tiny");
    ck_assert_str_eq(r->host, "node3");
    ck_assert_int_eq(r->started, 1772366400);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 1);
    tfu_index_close(x);
    x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 0);
    tfu_index_close(x);
    expect_as_rebuilt();
}
END_TEST

START_TEST(a_changed_folder_is_read_again)
{
    store_begin("demo", 1, 3, 4);
    store_finish("demo", 1, 0.75);
    store_settle();
    tfu_index_close(store_open(NULL));
    store_finish("demo", 1, 0.875);
    store_settle();
    struct tfu_index *x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 1);
    tfu_index_close(x);
    remove(scratch_path("runs/demo/000000000001/checkpoints/final.safetensors"));
    x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_tally(x)->read, 1);
    tfu_index_close(x);
    expect_as_rebuilt();
}
END_TEST

START_TEST(metrics_are_read_on_where_they_ended)
{
    store_begin("demo", 1, 3, 4);
    tfu_index_close(store_open(NULL));
    FILE *f = fopen(scratch_path("runs/demo/000000000001/metrics.csv"), "a");
    fputs("5,1,test,auc,0.99,\n6,1,test,auc,,\"one class, alone\"\n7,1,te", f);
    fclose(f);
    struct tfu_index *x = store_open(NULL);
    const struct tfu_index_run *r = only(x);
    ck_assert_int_eq(r->step, 6); /* half a line is none */
    ck_assert_ptr_null(r->problem);
    ck_assert_int_eq(r->state, TFU_INDEX_INTERRUPTED);
    struct tfu_arena arena;
    struct tfu_index_score *score;
    size_t n;
    tfu_arena_init(&arena, 0);
    ck_assert_int_eq(tfu_index_scores(x, r, &arena, &score, &n, NULL), TFU_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert(isnan(score[0].last));
    ck_assert_str_eq(score[0].note, "one class, alone");
    ck_assert(score[0].high == 0.99 && score[0].high_step == 5);
    tfu_arena_free(&arena);
    tfu_index_close(x);
    expect_as_rebuilt();
    /* cut, as by a resumed run, and other lines in the place */
    store_begin("demo", 1, 4, 2);
    expect_as_rebuilt();
}
END_TEST

START_TEST(states_are_those_of_the_folder)
{
    struct tfu_failure why = {.error = "no space left", .source = "x.csv", .line = 3};
    struct tfu_run_folder *f;
    store_begin("demo", 1, 3, 4);
    const char *folder = scratch_path("runs/demo/000000000001");
    struct tfu_index *x = store_open(NULL);
    ck_assert_int_eq(only(x)->state, TFU_INDEX_INTERRUPTED);
    tfu_index_close(x);
    ck_assert_int_eq(tfu_run_folder_open(&f, folder, NULL), TFU_OK);
    x = store_open(NULL);
    ck_assert_int_eq(only(x)->state, TFU_INDEX_RUNNING);
    ck_assert_ptr_nonnull(strstr(only(x)->owner, "process "));
    tfu_index_close(x);
    tfu_run_folder_close(f);
    x = store_open(NULL);
    ck_assert_int_eq(only(x)->state, TFU_INDEX_INTERRUPTED);
    ck_assert_ptr_null(only(x)->owner);
    tfu_index_close(x);
    ck_assert_int_eq(tfu_failure_write(folder, &why, NULL), TFU_OK);
    x = store_open(NULL);
    ck_assert_int_eq(only(x)->state, TFU_INDEX_FAILED);
    ck_assert_str_eq(only(x)->problem, "x.csv:3: no space left");
    tfu_index_close(x);
    expect_as_rebuilt();
}
END_TEST

/* ---- damaged folders */

START_TEST(a_damaged_run_hides_no_other)
{
    static const struct {
        const char *file, *text, *problem;
        enum tfu_index_state state;
    } damage[] = {
        {"config.yaml", "seed: [1\n", "config.yaml:", TFU_INDEX_DAMAGED},
        {"config.yaml", "", "config.yaml", TFU_INDEX_DAMAGED},
        {"summary.json", "", "summary.json:1:", TFU_INDEX_DAMAGED},
        {"summary.json", "[1]", "summary.json: expected an object", TFU_INDEX_DAMAGED},
        {"summary.json", "{\"steps\": 1", "summary.json:1:", TFU_INDEX_DAMAGED},
        {"env.json", "{", "env.json:1:", TFU_INDEX_DONE},
        {"metrics.csv", "", NULL, TFU_INDEX_DONE},
        {"metrics.csv", "step,what\n1,2\n", "metrics.csv:1: the head has no columns",
         TFU_INDEX_DONE},
        {"metrics.csv", "step,epoch,split,metric,value,note\n1,1,test\n", "metrics.csv:2: 3 fields",
         TFU_INDEX_DONE},
        {"metrics.csv", "step,epoch,split,metric,value,note\nx,1,test,auc,1,\n",
         "metrics.csv:2: no numbers in 'x'", TFU_INDEX_DONE},
        {"metrics.csv", "step,epoch,split,metric,value,note\n1,1,test,auc,\"1\"2,\n",
         "metrics.csv:2: a quote", TFU_INDEX_DONE},
    };
    char path[128];
    for (unsigned i = 0; i < TFU_COUNT(damage); i++) {
        store_begin("demo", i + 1, i, 4);
        store_finish("demo", i + 1, 0.75);
        snprintf(path, sizeof path, "runs/demo/%012x/%s", i + 1, damage[i].file);
        store_put(path, "%s", damage[i].text);
    }
    store_begin("demo", 100, 0, 4);
    store_finish("demo", 100, 0.75);
    struct tfu_index *x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_count(x), TFU_COUNT(damage) + 1);
    for (size_t i = 0; i < TFU_COUNT(damage); i++) {
        const struct tfu_index_run *r = tfu_index_run(x, i);
        ck_assert_msg(r->state == damage[i].state, "%zu: %s", i, tfu_index_state_name(r->state));
        if (damage[i].problem)
            ck_assert_msg(r->problem && strstr(r->problem, damage[i].problem), "%zu: %s", i,
                          r->problem ? r->problem : "");
        else
            ck_assert_ptr_null(r->problem);
    }
    ck_assert_int_eq(tfu_index_run(x, TFU_COUNT(damage))->state, TFU_INDEX_DONE);
    tfu_index_close(x);
    expect_as_rebuilt();
}
END_TEST

START_TEST(what_is_no_file_hangs_nobody)
{
    store_begin("demo", 1, 3, 4);
    remove(scratch_path("runs/demo/000000000001/metrics.csv"));
    ck_assert_int_eq(mkfifo(scratch_path("runs/demo/000000000001/metrics.csv"), 0600), 0);
    remove(scratch_path("runs/demo/000000000001/config.yaml"));
    ck_assert_int_eq(mkfifo(scratch_path("runs/demo/000000000001/config.yaml"), 0600), 0);
    store_make("runs/demo/000000000002");
    store_make("runs/demo/000000000002/summary.json");
    store_make("runs/notes");
    store_make("runs/notes/figures");
    store_make("runs/demo/00000000000f"); /* called like a run, and empty */
    struct tfu_index *x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_count(x), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(tfu_index_run(x, i)->state, TFU_INDEX_DAMAGED);
    tfu_index_close(x);
}
END_TEST

/* ---- many things at random */

enum { RUNS = 12 };

static void do_something(unsigned chance)
{
    static const char *const names[] = {"demo", "other"};
    const unsigned id = 1 + chance / 16 % RUNS;
    const char *name = names[chance / 16 % 2];
    char path[128];
    size_t left;
    snprintf(path, sizeof path, "runs/%s/%012x", name, id);
    const bool there = access(scratch_path(path), F_OK) == 0;
    char below[200];
    switch (chance % 16) {
    case 0:
    case 1:
    case 2:
    case 3:
        store_begin(name, id, chance / 7 % 5, (int)(chance / 3 % 9));
        break;
    case 4:
    case 5:
    case 6:
        if (there)
            store_finish(name, id, (double)(chance % 97) / 97);
        break;
    case 7:
    case 8:
        snprintf(below, sizeof below, "%s/summary.json", path);
        if (there && access(scratch_path(below), F_OK) != 0) { /* else it is finished */
            snprintf(below, sizeof below, "%s/metrics.csv", path);
            FILE *f = fopen(scratch_path(below), "a");
            fprintf(f, "%u,2,valid,loss,%.9g,\n%u,2,test", 10 + chance % 50,
                    (double)(chance % 31) / 31, chance % 3);
            fclose(f);
        }
        break;
    case 9:
        snprintf(below, sizeof below, "%s/summary.json", path);
        remove(scratch_path(below));
        break;
    case 10:
        snprintf(below, sizeof below, "%s/summary.json", path);
        if (there)
            store_put(below, "{\"steps\"");
        break;
    case 11:
    case 12:
        if (there)
            ck_assert_int_eq(tfu_run_remove(scratch_path(path), &left, NULL), TFU_OK);
        break;
    case 13: {
        const struct tfu_failure why = {.error = "it failed", .time = (int64_t)chance};
        if (there)
            tfu_failure_write(scratch_path(path), &why, NULL);
        break;
    }
    case 14:
        snprintf(below, sizeof below, "%s/config.yaml", path);
        if (there && chance % 3 == 0)
            remove(scratch_path(below));
        break;
    default:
        snprintf(below, sizeof below, "runs/moved/%012x", id);
        store_make("runs/moved");
        if (there)
            rename(scratch_path(path), scratch_path(below));
        break;
    }
}

START_TEST(after_many_changes_it_is_as_built_anew)
{
    store_make("runs");
    unsigned chance = 12345u + (unsigned)_i;
    for (int i = 0; i < 150; i++) {
        chance = chance * 1664525u + 1013904223u;
        do_something(chance >> 8);
        if (chance >> 30 == 0)
            tfu_index_close(store_open(NULL));
        if (i % 50 == 49)
            expect_as_rebuilt();
    }
}
END_TEST

/* ---- many at once */

/* A process that opens the index again and again, while the store changes. */
static int keep_opening(bool rebuild)
{
    for (int i = 0; i < 12; i++) {
        struct tfu_index *x = NULL;
        struct tfu_error e = TFU_ERROR_INIT;
        const struct tfu_index_request request = {
            .store = scratch_path("runs"), .rebuild = rebuild && i % 3 == 0, .patience_ms = 60000};
        if (tfu_index_open(&x, &request, &e) != TFU_OK) {
            fprintf(stderr, "# %s\n", e.text);
            return 1;
        }
        const struct tfu_index_column *c;
        const bool ok = tfu_index_column(x, "state", &c, &e) == TFU_OK && tfu_index_count(x) >= 5 &&
                        !tfu_index_tally(x)->memory;
        tfu_index_close(x);
        if (!ok) {
            fprintf(stderr, "# %s\n", e.text);
            return 2;
        }
    }
    return 0;
}

START_TEST(readers_and_refreshers_do_not_disturb_each_other)
{
    enum { PROCESSES = 8 };
    pid_t child[PROCESSES];
    for (unsigned i = 0; i < 5; i++) {
        store_begin("demo", 1000 + i, i, 4);
        store_finish("demo", 1000 + i, 0.5);
    }
    for (int i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        if (child[i] == 0)
            _exit(keep_opening(i % 2));
    }
    for (unsigned i = 0; i < 60; i++) {
        store_begin("demo", i + 1, i, (int)i % 9);
        if (i % 2)
            store_finish("demo", i + 1, 0.25);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        ck_assert_int_eq(waitpid(child[i], &status, 0), child[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "process %d: %d", i, status);
    }
    expect_as_rebuilt();
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("index/refresh");
    TCase *t = tcase_create("refresh");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, a_run_is_read_once_and_then_trusted);
    tcase_add_test(t, a_changed_folder_is_read_again);
    tcase_add_test(t, metrics_are_read_on_where_they_ended);
    tcase_add_test(t, states_are_those_of_the_folder);
    tcase_add_test(t, a_damaged_run_hides_no_other);
    tcase_add_test(t, what_is_no_file_hangs_nobody);
    tcase_add_loop_test(t, after_many_changes_it_is_as_built_anew, 0, 4);
    tcase_add_test(t, readers_and_refreshers_do_not_disturb_each_other);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
