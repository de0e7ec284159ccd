/* SPDX-License-Identifier: MIT
 *
 * Results of analyses as text, JSON and files.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/result/plot.h"
#include "core/result/result_files.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/scratch.h"

static const struct tfu_column columns[] = {
    {.name = "layer"}, {.name = "n", .title = "examples"}, {.name = "score", .digits = 2}};

static void draw(struct tfu_result *r)
{
    struct tfu_plot p;
    tfu_plot_begin(&p, r, 1, 2);
    tfu_plot_axes(&p, "layer", "score");
    tfu_plot_series(&p, 0, "a line", false);
    tfu_plot_name(&p, 0, "conv");
    tfu_plot_spread(&p, 0, 0, 0.5, 0.25);
    tfu_plot_caption(&p, "%d layers.", 2);
}

/* A bit of everything but, where gnuplot is too slow, a figure; whoever calls it frees it. */
static void fill(struct tfu_result *r, bool figure)
{
    static const double three[] = {1, 2, 3};
    const int64_t dim[] = {1, 2};
    const float number[] = {0.5f, 2};
    tfu_result_init(r, "trial");
    tfu_result_say(r, "%s and %s", "A", "B");
    tfu_result_say(r, "%s", "");
    struct tfu_result_table *t = tfu_result_table(r, "scores", TFU_TABLE_SHOWN | TFU_TABLE_DATA,
                                                  columns, TFU_COUNT(columns));
    tfu_cell_text(t, "%s", "conv");
    tfu_cell_whole(t, 12345);
    tfu_cell_number(t, 1.0 / 3);
    tfu_cell_text(t, "%s", "Größe, \"σ\"");
    tfu_cell_whole(t, -1);
    tfu_cell_none(t, "0 positives");
    tfu_cell_text(t, "%s", "all");
    tfu_cell_empty(t);
    tfu_cell_mean(t, tfu_mean(three, 3));
    tfu_cell_text(t, "%s", "one");
    tfu_cell_whole(t, 1);
    tfu_cell_mean(t, tfu_mean(three, 1));
    tfu_cell_text(t, "%s", "ci");
    tfu_cell_whole(t, 2);
    tfu_cell_interval(t, (struct tfu_estimate){true, 0.61},
                      (struct tfu_interval){true, 0.5549, 0.6651});
    t = tfu_result_table(r, "hidden", TFU_TABLE_JSON, columns, 1);
    tfu_cell_text(t, "%s", "only for programs");
    t = tfu_result_table(r, "none", TFU_TABLE_DATA, columns, 2);
    if (figure)
        draw(r);
    struct tfu_image image;
    if (tfu_image_new(&image, 1, 1, NULL) == TFU_OK)
        tfu_result_image(r, "dot.png", &image);
    else
        r->failed = true;
    tfu_result_array(r, "map", 2, dim, number);
}

static const char shown[] = "A and B\n"
                            "\n"
                            "  layer       examples              score\n"
                            "  conv           12345               0.33\n"
                            "  Größe, \"σ\"        -1                n/a\n"
                            "  all                         2.00 ± 1.00\n"
                            "  one                1               1.00\n"
                            "  ci                 2  0.61 [0.55, 0.67]\n";

static struct tfu_estimate known(double value)
{
    return (struct tfu_estimate){true, value};
}

START_TEST(what_rounds_to_nothing)
{
    static const struct tfu_column column[] = {{.name = "v", .digits = 2},
                                               {.name = "p", .digits = 4, .probability = true}};
    static const char text[] = "  v             p\n"
                               "  0.00   < 0.0001\n"
                               "  0.00     0.0001\n"
                               "  -0.01    1.0000\n";
    static const double v[] = {-0.004, 0, -0.006}, p[] = {0.00009, 0.0001, 1};
    struct tfu_result r;
    struct tfu_text out = TFU_TEXT_INIT;
    tfu_result_init(&r, "trial");
    struct tfu_result_table *t = tfu_result_table(&r, "t", TFU_TABLE_SHOWN, column, 2);
    for (size_t i = 0; i < TFU_COUNT(v); i++) {
        tfu_cell_number(t, v[i]);
        tfu_cell_number(t, p[i]);
    }
    ck_assert_int_eq(tfu_result_text(&r, &out, NULL), TFU_OK);
    ck_assert_str_eq(tfu_text_get(&out), text);
    tfu_text_free(&out);
    tfu_result_free(&r);
    tfu_result_init(&r, "trial");
    t = tfu_result_table(&r, "t", TFU_TABLE_SHOWN, column, 1);
    tfu_cell_interval(t, known(-0.001), (struct tfu_interval){true, -0.004, 0.004});
    ck_assert_int_eq(tfu_result_text(&r, &out, NULL), TFU_OK);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&out), "  0.00 [0.00, 0.00]"));
    tfu_text_free(&out);
    tfu_result_free(&r);
}
END_TEST

static const char json[] = "{\n"
                           "  \"analysis\": \"trial\",\n"
                           "  \"text\": [\n"
                           "    \"A and B\"\n"
                           "  ],\n"
                           "  \"tables\": {\n"
                           "    \"scores\": [\n"
                           "      {\n"
                           "        \"layer\": \"conv\",\n"
                           "        \"n\": 12345,\n"
                           "        \"score\": 0.33333333333333331\n"
                           "      },\n"
                           "      {\n"
                           "        \"layer\": \"Größe, \\\"σ\\\"\",\n"
                           "        \"n\": -1,\n"
                           "        \"score\": null,\n"
                           "        \"why\": {\n"
                           "          \"score\": \"0 positives\"\n"
                           "        }\n"
                           "      },\n"
                           "      {\n"
                           "        \"layer\": \"all\",\n"
                           "        \"n\": null,\n"
                           "        \"score\": 2.0\n"
                           "      },\n"
                           "      {\n"
                           "        \"layer\": \"one\",\n"
                           "        \"n\": 1,\n"
                           "        \"score\": 1.0\n"
                           "      },\n"
                           "      {\n"
                           "        \"layer\": \"ci\",\n"
                           "        \"n\": 2,\n"
                           "        \"score\": 0.60999999999999999,\n"
                           "        \"score_low\": 0.55489999999999995,\n"
                           "        \"score_high\": 0.66510000000000002\n"
                           "      }\n"
                           "    ],\n"
                           "    \"hidden\": [\n"
                           "      {\n"
                           "        \"layer\": \"only for programs\"\n"
                           "      }\n"
                           "    ],\n"
                           "    \"none\": []\n"
                           "  },\n"
                           "  \"figures\": [\n"
                           "    {\n"
                           "      \"name\": \"trial\",\n"
                           "      \"caption\": \"2 layers.\",\n"
                           "      \"kind\": \"lines\",\n"
                           "      \"panels\": [\n"
                           "        {\n"
                           "          \"x_label\": \"layer\",\n"
                           "          \"y_label\": \"score\",\n"
                           "          \"categories\": [\n"
                           "            \"conv\",\n"
                           "            \"\"\n"
                           "          ],\n"
                           "          \"series\": [\n"
                           "            {\n"
                           "              \"label\": \"a line\",\n"
                           "              \"points\": [\n"
                           "                [\n"
                           "                  0.0,\n"
                           "                  0.5,\n"
                           "                  0.25,\n"
                           "                  0.75\n"
                           "                ],\n"
                           "                [\n"
                           "                  1.0,\n"
                           "                  null,\n"
                           "                  null,\n"
                           "                  null\n"
                           "                ]\n"
                           "              ]\n"
                           "            }\n"
                           "          ]\n"
                           "        }\n"
                           "      ]\n"
                           "    }\n"
                           "  ]\n"
                           "}\n";

START_TEST(text)
{
    struct tfu_result r;
    struct tfu_text out = TFU_TEXT_INIT;
    fill(&r, true);
    ck_assert_int_eq(tfu_result_check(&r, NULL), TFU_OK);
    ck_assert_int_eq(tfu_result_text(&r, &out, NULL), TFU_OK);
    ck_assert_str_eq(tfu_text_get(&out), shown);
    tfu_text_free(&out);
    tfu_result_free(&r);
}
END_TEST

START_TEST(as_json)
{
    struct tfu_result r;
    struct tfu_text out = TFU_TEXT_INIT;
    fill(&r, true);
    ck_assert_int_eq(tfu_result_json(&r, &out, NULL), TFU_OK);
    ck_assert_str_eq(tfu_text_get(&out), json);
    tfu_text_free(&out);
    tfu_result_free(&r);
}
END_TEST

static void has(const char *name, const char *want)
{
    size_t n;
    char *got = scratch_read(scratch_path(name), &n);
    ck_assert_str_eq(got, want);
    free(got);
}

/* What is in a file has every digit; without gnuplot, or with it, there are script and numbers. */
START_TEST(files)
{
    struct tfu_result r;
    struct tfu_log log;
    struct tfu_text said = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    struct stat st;
    tfu_log_init(&log, NULL, NULL);
    fill(&r, true);
    ck_assert_msg(tfu_result_write(&r, scratch_path("a/b"), &log, &said, &e) == TFU_OK, "%s",
                  e.text);
    has("a/b/trial-scores.csv", "layer,n,score\n"
                                "conv,12345,0.33333333333333331\n"
                                "\"Größe, \"\"σ\"\"\",-1,\n"
                                "all,,2\n"
                                "one,1,1\n"
                                "ci,2,0.60999999999999999\n");
    has("a/b/trial-none.csv", "layer,n\n");
    has("a/b/trial.csv", "panel,series,part,x,y,low,high,panel_title,series_label,category\n"
                         "0,0,data,0,0.5,0.25,0.75,,a line,conv\n"
                         "0,0,data,1,NaN,NaN,NaN,,a line,\n");
    static const char *const there[] = {"a/b/trial.gp", "a/b/trial.npz", "a/b/dot.png"};
    for (size_t i = 0; i < TFU_COUNT(there); i++)
        ck_assert_msg(stat(scratch_path(there[i]), &st) == 0 && st.st_size > 0, "%s", there[i]);
    ck_assert_int_ne(stat(scratch_path("a/b/trial-hidden.csv"), &st), 0);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&said), "a/b/trial.csv, .gp"));
    tfu_text_free(&said);
    tfu_result_free(&r);
    tfu_log_destroy(&log);
}
END_TEST

START_TEST(folder_is_a_file)
{
    struct tfu_result r;
    struct tfu_log log;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_log_init(&log, NULL, NULL);
    scratch_write(scratch_path("file"), "x", 1);
    fill(&r, true);
    ck_assert_int_ne(tfu_result_write(&r, scratch_path("file"), &log, NULL, &e), TFU_OK);
    ck_assert_ptr_nonnull(strstr(e.text, "cannot create folder"));
    tfu_result_free(&r);
    tfu_log_destroy(&log);
}
END_TEST

/* However little memory there is, a result is whole or it is said that there was too little. */
START_TEST(out_of_memory)
{
    for (size_t n = 1;; n++) {
        struct tfu_result r;
        struct tfu_text out = TFU_TEXT_INIT;
        failing_malloc_arm(n);
        fill(&r, true);
        enum tfu_status st = tfu_result_check(&r, NULL);
        if (st == TFU_OK)
            st = (_i ? tfu_result_json : tfu_result_text)(&r, &out, NULL);
        const bool failed = failing_malloc_disarm();
        ck_assert_msg(failed == (st == TFU_ENOMEM), "allocation %zu", n);
        tfu_text_free(&out);
        tfu_result_free(&r);
        if (!failed)
            break;
    }
}
END_TEST

START_TEST(out_of_memory_in_files)
{
    struct tfu_result r;
    struct tfu_log log;
    struct stat st;
    tfu_log_init(&log, NULL, NULL);
    fill(&r, false);
    for (size_t n = 1;; n++) {
        const char *folder = scratch_path("out");
        failing_malloc_arm(n);
        const enum tfu_status status = tfu_result_write(&r, folder, &log, NULL, NULL);
        const bool failed = failing_malloc_disarm();
        ck_assert_msg(failed == (status == TFU_ENOMEM), "allocation %zu", n);
        if (!failed)
            break;
    }
    ck_assert_int_ne(stat(scratch_path("out/trial"), &st), 0);
    tfu_result_free(&r);
    tfu_log_destroy(&log);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("result");
    TCase *t = tcase_create("result");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, what_rounds_to_nothing);
    tcase_add_test(t, text);
    tcase_add_test(t, as_json);
    tcase_add_test(t, files);
    tcase_add_test(t, folder_is_a_file);
    tcase_add_loop_test(t, out_of_memory, 0, 2);
    tcase_add_test(t, out_of_memory_in_files);
    suite_add_tcase(s, t);
    return run_suite(s);
}
