/* SPDX-License-Identifier: MIT
 *
 * What squeue, sacct and scontrol print: as a cluster printed it (make_recorded), and as it should
 * not be.
 */
#include "core/launch/slurm_rows.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

/* A row as a line: "1_3 running FAILED reason node name exit restarts". */
static void put_row(void *arg, const struct tfu_slurm_row *row)
{
    tfu_text_printf(arg, "%s_%s %s,%s,%s,%s,%s,%d,%lld\n", row->job, row->tasks,
                    tfu_slurm_state_text(row->state), row->word, row->reason, row->node, row->name,
                    row->exit, (long long)row->restarts);
}

static char *fixture(const char *name)
{
    char path[512];
    size_t n;
    snprintf(path, sizeof path, "%s/tests/launch/slurm/%s", getenv("TOP_SRCDIR"), name);
    return scratch_read(path, &n);
}

static void check_rows(enum tfu_slurm_source source, const char *file, const char *want)
{
    struct tfu_text rows = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    char *text = fixture(file);
    ck_assert_msg(tfu_slurm_rows_read(source, text, put_row, &rows, &e) == TFU_OK, "%s", e.text);
    ck_assert_str_eq(tfu_text_get(&rows), want);
    tfu_text_free(&rows);
    free(text);
}

START_TEST(recorded)
{
    check_rows(TFU_SLURM_SQUEUE, "squeue.txt",
               "1_2 cancelled,CANCELLED,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_0 completed,COMPLETED,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_1 failed,FAILED,NonZeroExitCode,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_5 pending,PENDING,JobArrayTaskLimit,,demo-1a2b3c4d,-1,-1\n"
               "2_0 pending,PENDING,Dependency,,demo-5e6f7a8b,-1,-1\n"
               "2_1 pending,PENDING,Dependency,,demo-5e6f7a8b,-1,-1\n"
               "2_2 pending,PENDING,Dependency,,demo-5e6f7a8b,-1,-1\n"
               "3_ held,PENDING,JobHeldUser,,other,-1,-1\n"
               "1_4 running,RUNNING,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_3 running,RUNNING,,localhost,demo-1a2b3c4d,-1,-1\n");
    check_rows(TFU_SLURM_SQUEUE, "squeue-unexpanded.txt",
               "1_2 cancelled,CANCELLED,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_0 completed,COMPLETED,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_1 failed,FAILED,NonZeroExitCode,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_5 pending,PENDING,JobArrayTaskLimit,,demo-1a2b3c4d,-1,-1\n"
               "2_0-2 pending,PENDING,Dependency,,demo-5e6f7a8b,-1,-1\n"
               "3_ held,PENDING,JobHeldUser,,other,-1,-1\n"
               "1_4 running,RUNNING,,localhost,demo-1a2b3c4d,-1,-1\n"
               "1_3 running,RUNNING,,localhost,demo-1a2b3c4d,-1,-1\n");
    check_rows(TFU_SLURM_SCONTROL, "scontrol-job.txt",
               "1_5 pending,PENDING,JobArrayTaskLimit,,demo-1a2b3c4d,0,0\n"
               "1_4 running,RUNNING,,localhost,demo-1a2b3c4d,0,0\n"
               "1_3 running,RUNNING,,localhost,demo-1a2b3c4d,0,0\n"
               "1_2 cancelled,CANCELLED,,localhost,demo-1a2b3c4d,0,0\n"
               "1_1 failed,FAILED,NonZeroExitCode,localhost,demo-1a2b3c4d,7,0\n"
               "1_0 completed,COMPLETED,,localhost,demo-1a2b3c4d,0,0\n"
               "2_0-2 pending,PENDING,Dependency,,demo-5e6f7a8b,0,0\n");
    check_rows(TFU_SLURM_SACCT, "sacct.txt",
               "1_0 completed,COMPLETED,,node1,demo-1a2b3c4d,0,-1\n"
               "1_1 failed,FAILED,,node1,demo-1a2b3c4d,7,-1\n"
               "1_2 cancelled,CANCELLED by 1000,,node1,demo-1a2b3c4d,0,-1\n"
               "1_3 time limit reached,TIMEOUT,,node2,demo-1a2b3c4d,0,-1\n"
               "1_4 node failed,NODE_FAIL,,node3,demo-1a2b3c4d,0,-1\n"
               "1_5,7-9%2 pending,PENDING,,,demo-1a2b3c4d,0,-1\n"
               "1_6 out of memory,OUT_OF_MEMORY,,node1,demo-1a2b3c4d,0,-1\n");
}
END_TEST

static enum tfu_status read_text(enum tfu_slurm_source source, const char *said,
                                 struct tfu_text *rows, struct tfu_error *e)
{
    char *text = strdup(said);
    const enum tfu_status st = tfu_slurm_rows_read(source, text, put_row, rows, e);
    free(text);
    return st;
}

/* What no row can be made of is told, and never taken for an empty queue. */
START_TEST(garbage)
{
    static const struct {
        enum tfu_slurm_source source;
        const char *text;
    } bad[] = {
        {TFU_SLURM_SQUEUE, "squeue: something went wrong\n"},
        {TFU_SLURM_SQUEUE, "1|2|RUNNING|None|localhost|demo"}, /* cut short */
        {TFU_SLURM_SQUEUE, "1|2|RUNN"},
        {TFU_SLURM_SQUEUE, "1|2|RUNNING|None|localhost|demo|more\n"},
        {TFU_SLURM_SQUEUE, "1|2||None|localhost|demo|\n"},
        {TFU_SLURM_SQUEUE, "x|2|RUNNING|None|localhost|demo|\n"},
        {TFU_SLURM_SQUEUE, "1|two|RUNNING|None|localhost|demo|\n"},
        {TFU_SLURM_SQUEUE, "1|[0-5,7...]|PENDING|None|localhost|demo|\n"},
        {TFU_SLURM_SQUEUE, "99999999999999999999|2|RUNNING|None|localhost|demo|\n"},
        {TFU_SLURM_SQUEUE, "||||||\n"},
        {TFU_SLURM_SACCT, "1_0|COMPLETED|0:0\n"},
        {TFU_SLURM_SACCT, "1_0.batch|COMPLETED|0:0|n|j\n"},
        {TFU_SLURM_SACCT, "_|COMPLETED|0:0|n|j\n"},
        {TFU_SLURM_SCONTROL, "No jobs in the system\n"},
        {TFU_SLURM_SCONTROL, "JobId=1 ArrayJobId=1 ArrayTaskId=2 JobName=a JobState=RUNNI"},
        {TFU_SLURM_SCONTROL, "JobId= JobState=RUNNING NodeList=a\n"},
    };
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_text rows = TFU_TEXT_INIT;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_msg(read_text(bad[i].source, bad[i].text, &rows, &e) == TFU_EINVAL, "%s",
                      bad[i].text);
        ck_assert_ptr_nonnull(strstr(e.text, "printed a line") ? e.text
                                                               : strstr(e.text, "left tasks out"));
        ck_assert_str_eq(tfu_text_get(&rows), "");
        tfu_text_free(&rows);
    }
}
END_TEST

/* Bytes of any kind, and each recorded answer cut short at each place. */
START_TEST(cut_anywhere)
{
    static const char *const file[] = {"squeue.txt", "sacct.txt", "scontrol-job.txt"};
    static const enum tfu_slurm_source source[] = {TFU_SLURM_SQUEUE, TFU_SLURM_SACCT,
                                                   TFU_SLURM_SCONTROL};
    for (size_t k = 0; k < TFU_COUNT(file); k++) {
        char *whole = fixture(file[k]);
        for (size_t n = 0; n < strlen(whole); n++) {
            struct tfu_text rows = TFU_TEXT_INIT;
            char *text = strndup(whole, n);
            tfu_slurm_rows_read(source[k], text, put_row, &rows, NULL);
            free(text);
            tfu_text_free(&rows);
        }
        free(whole);
    }
    char noise[512];
    for (unsigned seed = 1; seed < 2000; seed++) {
        unsigned x = seed * 2654435761u;
        for (size_t i = 0; i < sizeof noise - 1; i++) {
            x = x * 1664525u + 1013904223u;
            noise[i] = "0123|_[]-,%=: \nJobIdState"[(x >> 16) % 25];
        }
        noise[sizeof noise - 1] = '\0';
        for (size_t k = 0; k < TFU_COUNT(source); k++) {
            struct tfu_text rows = TFU_TEXT_INIT;
            read_text(source[k], noise, &rows, NULL);
            tfu_text_free(&rows);
        }
    }
}
END_TEST

/* Blank lines, and what several clusters put between, are no rows. */
START_TEST(harmless)
{
    struct tfu_text rows = TFU_TEXT_INIT;
    ck_assert_int_eq(read_text(TFU_SLURM_SQUEUE, "", &rows, NULL), TFU_OK);
    ck_assert_int_eq(read_text(TFU_SLURM_SQUEUE,
                               "CLUSTER: one\r\n\n7|0|NEW_STATE|None|n1|a|\n7|1|RUNNING|None|n1|a|",
                               &rows, NULL),
                     TFU_OK);
    ck_assert_str_eq(tfu_text_get(&rows), "7_0 unknown state,NEW_STATE,,n1,a,-1,-1\n"
                                          "7_1 running,RUNNING,,n1,a,-1,-1\n");
    tfu_text_free(&rows);
}
END_TEST

START_TEST(words)
{
    static const struct {
        const char *word;
        enum tfu_slurm_state state;
    } word[] = {
        {"RUNNING", TFU_SLURM_RUNNING},      {"COMPLETING", TFU_SLURM_ENDING},
        {"COMPLETED", TFU_SLURM_COMPLETED},  {"CANCELLED by 4711", TFU_SLURM_CANCELLED},
        {"CANCELLED+", TFU_SLURM_CANCELLED}, {"OUT_OF_ME+", TFU_SLURM_OUT_OF_MEMORY},
        {"NODE_FAIL", TFU_SLURM_NODE_FAIL},  {"PREEMPTED", TFU_SLURM_PREEMPTED},
        {"TIMEOUT", TFU_SLURM_TIMEOUT},      {"SPECIAL_EXIT", TFU_SLURM_HELD},
        {"COMP", TFU_SLURM_STRANGE},         {"", TFU_SLURM_STRANGE},
        {"running", TFU_SLURM_STRANGE},      {"RUNNINGS", TFU_SLURM_STRANGE},
    };
    for (size_t i = 0; i < TFU_COUNT(word); i++)
        ck_assert_msg(tfu_slurm_state_of(word[i].word, strlen(word[i].word)) == word[i].state, "%s",
                      word[i].word);
    for (int s = 0; s < TFU_SLURM_STATES; s++) {
        ck_assert_ptr_nonnull(tfu_slurm_state_text((enum tfu_slurm_state)s));
        ck_assert_int_eq(tfu_slurm_state_is_queued((enum tfu_slurm_state)s),
                         s >= TFU_SLURM_PENDING && s < TFU_SLURM_COMPLETED);
    }
}
END_TEST

START_TEST(lists_of_tasks)
{
    ck_assert(tfu_slurm_tasks_have("3", 3));
    ck_assert(!tfu_slurm_tasks_have("3", 30));
    ck_assert(tfu_slurm_tasks_have("0-4,7,10-20:5%3", 7));
    ck_assert(tfu_slurm_tasks_have("0-4,7,10-20:5%3", 15));
    ck_assert(!tfu_slurm_tasks_have("0-4,7,10-20:5%3", 16));
    ck_assert(!tfu_slurm_tasks_have("0-4,7,10-20:5%3", 3000));
    ck_assert(!tfu_slurm_tasks_have("", 0));
    ck_assert(!tfu_slurm_tasks_have("5-1", 3));
    ck_assert(!tfu_slurm_tasks_have("0-9:0", 3));
}
END_TEST

START_TEST(other_answers)
{
    size_t n = 0;
    char *config = fixture("scontrol-config.txt");
    ck_assert_int_eq(tfu_slurm_array_size(config), 1001);
    free(config);
    ck_assert_int_eq(tfu_slurm_array_size("MaxArraySize=50\n"), 50);
    ck_assert_int_eq(tfu_slurm_array_size("OldMaxArraySize = 50\nMaxArraySizes = 3"), 0);
    ck_assert_int_eq(tfu_slurm_array_size("MaxArraySize = many"), 0);
    ck_assert_int_eq(tfu_slurm_array_size(""), 0);

    const char *printed = "Welcome, 3 messages\n12\n41;cluster\n";
    ck_assert_ptr_eq(tfu_slurm_job_number(printed, &n), strstr(printed, "41"));
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(tfu_slurm_job_number("7", &n), "7");
    ck_assert_ptr_null(tfu_slurm_job_number("Submitted batch job 12\n", &n));
    ck_assert_ptr_null(tfu_slurm_job_number("12 jobs wait\n", &n));
    ck_assert_ptr_null(tfu_slurm_job_number("0\n", &n));
    ck_assert_ptr_null(tfu_slurm_job_number("", &n));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slurm_rows");
    TCase *cases = tcase_create("cases");
    tcase_add_test(cases, recorded);
    tcase_add_test(cases, garbage);
    tcase_add_test(cases, cut_anywhere);
    tcase_add_test(cases, harmless);
    tcase_add_test(cases, words);
    tcase_add_test(cases, lists_of_tasks);
    tcase_add_test(cases, other_answers);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
