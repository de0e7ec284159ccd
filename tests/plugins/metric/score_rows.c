/* SPDX-License-Identifier: MIT
 *
 * score_rows METRIC...: what metrics of scores say of the rows "LABEL SCORE" of standard input, of
 * one label: "KEY VALUE" a line. A metric is "auc", or with options "sensitivity_at rule=linear".
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/scoring.h"

enum { MOST = 1 << 16 };

static char **arguments; /* main()'s */

static struct split read_rows(void)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, MOST, 1);
    int64_t rows = 0;
    while (rows < MOST && scanf("%f %f", &d.label[rows], &d.score[rows]) == 2)
        rows++;
    ck_assert_msg(feof(stdin), "row %d is not two numbers, or one too many", (int)rows + 1);
    d.rows = rows;
    return d;
}

static void print_scores(const struct split *d, const char *metric)
{
    struct scoring s = scoring_open(d, metric, NULL);
    ck_assert_int_eq(scoring_feed(&s, d, d->rows, NULL), TFU_OK);
    scoring_finish(&s);
    for (size_t i = 0; i < s.count; i++)
        printf("%s %.17g\n", s.score[i].key, s.score[i].value);
    scoring_close(&s);
}

START_TEST(printing)
{
    struct split d = read_rows();
    for (char **metric = arguments; *metric; metric++)
        print_scores(&d, *metric);
    split_free(&d);
}
END_TEST

int main(int argc, char **argv)
{
    (void)argc;
    arguments = argv + 1;
    setenv("CK_FORK", "no", 1);
    unsetenv("CK_TAP_LOG_FILE_NAME");
    Suite *s = suite_create("metric/score_rows");
    TCase *t = tcase_create("rows");
    tcase_add_test(t, printing);
    suite_add_tcase(s, t);
    return run_suite(s);
}
