/* SPDX-License-Identifier: MIT
 *
 * What the formats of a report are made of: texts in each language, numbers in words, sets of runs,
 * drawings as parts of a page.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/report/markup.h"
#include "core/report/number_text.h"
#include "core/report/report_files.h"
#include "core/report/run_sets.h"
#include "core/report/svg_inline.h"
#include "core/report/table_heads.h"
#include "tests/report/samples.h"
#include "tests/support/check_main.h"

static void is_and_free(struct tfu_text *text, const char *expected)
{
    ck_assert_str_eq(tfu_text_get(text), expected);
    tfu_text_free(text);
    *text = (struct tfu_text)TFU_TEXT_INIT;
}

START_TEST(lines)
{
    struct tfu_text t = TFU_TEXT_INIT;
    tfu_markup_line(&t, &tfu_markup_html, "a<b> `c&d` \"e\" f'\n\x01g");
    is_and_free(&t, "a&lt;b&gt; <code>c&amp;d</code> &quot;e&quot; f&#39;  g");
    tfu_markup_line(&t, &tfu_markup_markdown, "*a* `*b* |` _c_ |");
    is_and_free(&t, "\\*a\\* `*b* \\|` \\_c\\_ \\|");
    tfu_markup_line(&t, &tfu_markup_latex, "50% of $x_1 & `--c` \xE6\x97\xA5 \xC3\xA9");
    is_and_free(&t, "50\\% of \\$x\\_1 \\& \\texttt{-{}-{}c} \\otherletter{U+65E5}{\xE6\x97\xA5} "
                    "\xC3\xA9");
    tfu_markup_line(&t, &tfu_markup_latex, "\xC2\xBD of 20 \xC2\xB0");
    is_and_free(&t, "\\textonehalf{} of 20 \\textdegree{}");
    tfu_markup_line(&t, &tfu_markup_html, "one ` alone");
    is_and_free(&t, "one ` alone");
    tfu_markup_line(&t, &tfu_markup_html, "\xFF\xC3(");
    is_and_free(&t, "\xEF\xBF\xBD\xEF\xBF\xBD(");
}
END_TEST

START_TEST(prose)
{
    struct tfu_text t = TFU_TEXT_INIT;
    tfu_markup_prose(&t, &tfu_markup_html, "one\n  two\n\n- a\n- b\n  c\n\nthree\n- d\n");
    is_and_free(&t, "<p>one two</p>\n<ul>\n<li>a</li>\n<li>b c</li>\n</ul>\n<p>three</p>\n<ul>\n"
                    "<li>d</li>\n</ul>\n");
    tfu_markup_prose(&t, &tfu_markup_html, "\n\n");
    is_and_free(&t, "");
}
END_TEST

START_TEST(numbers)
{
    struct tfu_text t = TFU_TEXT_INIT;
    struct tfu_report_number n = {.value = 0.81249,
                                  .spread = 0.01,
                                  .low = 0.8,
                                  .high = NAN,
                                  .digits = 3,
                                  .runs = 2,
                                  .asked = 3,
                                  .p = NAN,
                                  .p_alone = NAN};
    tfu_report_put_value(&t, &n);
    tfu_report_put_spread(&t, &n);
    tfu_report_put_interval(&t, &n); /* half of one is none */
    is_and_free(&t, "0.812 ± 0.010");
    ck_assert(tfu_report_number_partial(&n) && !tfu_report_number_missing(&n));
    n.value = -0.0004;
    tfu_report_put_value(&t, &n);
    is_and_free(&t, "0.000");
    n.value = -0.0006;
    n.unit = "ms";
    tfu_report_put_value(&t, &n);
    is_and_free(&t, "-0.001 ms");
    n.value = 1e300;
    n.digits = 0;
    tfu_report_put_value(&t, &n);
    ck_assert_uint_eq(strlen(tfu_text_get(&t)), 301 + 3);
    tfu_text_free(&t);
    t = (struct tfu_text)TFU_TEXT_INIT;
    tfu_report_put_p(&t, 0.00009);
    is_and_free(&t, "p < 0.0001");
    tfu_report_put_p(&t, 0.0004);
    is_and_free(&t, "p = 0.0004");
    tfu_report_put_p(&t, 0.05);
    is_and_free(&t, "p = 0.050");
}
END_TEST

START_TEST(names)
{
    struct tfu_text t = TFU_TEXT_INIT;
    tfu_report_put_name(&t, "table_1.b-C");
    is_and_free(&t, "table_1.b-C");
    struct tfu_text other = TFU_TEXT_INIT;
    tfu_report_put_name(&t, "a/b");
    tfu_report_put_name(&other, "a:b");
    ck_assert(strncmp(tfu_text_get(&t), "a_b_", 4) == 0);
    ck_assert_str_ne(tfu_text_get(&t), tfu_text_get(&other));
    tfu_text_free(&t);
    tfu_text_free(&other);
    t = (struct tfu_text)TFU_TEXT_INIT;
    tfu_report_put_name(&t, "..");
    ck_assert(tfu_text_get(&t)[0] == '_' && tfu_text_get(&t)[1] == '.' && t.length > 4);
    tfu_text_free(&t);
}
END_TEST

START_TEST(heads)
{
    const struct tfu_report_table *t = sample_report.block[4].table;
    ck_assert_str_eq(tfu_report_head_over(t, 0, 2)->text, "cbr_tiny");
    ck_assert_str_eq(tfu_report_head_over(t, 0, 4)->text, "resnet50");
    ck_assert_str_eq(tfu_report_head_over(t, 1, 4)->text, "cost/latency_1");
    ck_assert_str_eq(tfu_report_head_beside(t, 3, 0)->text, "pretrained");
    struct tfu_report_reasons r;
    ck_assert_int_eq(tfu_report_reasons_collect(&r, t, NULL), TFU_OK);
    ck_assert_uint_eq(r.count, 3);
    ck_assert_uint_eq(tfu_report_reason_number(&r, r.text[2]), 3);
    ck_assert_uint_eq(tfu_report_reason_number(&r, NULL), 0);
    ck_assert(tfu_report_reasons_say(&r, r.text[0]));
    ck_assert(!tfu_report_reasons_say(&r, "a note: of its own") && !tfu_report_reasons_say(&r, ""));
    char note[512];
    snprintf(note, sizeof note, "arch=a: start=b: %s", r.text[1]);
    ck_assert(tfu_report_reasons_say(&r, note));
    tfu_report_reasons_free(&r);
    /* what several cells have is there once, by the first of them */
    const struct tfu_report_cell cells[] = {
        {.number = {.why = "z"}}, {.number = {.why = "a"}}, {.number = {.why = "z"}}};
    const struct tfu_report_table twice = {.rows = 1, .columns = 3, .cell = cells};
    ck_assert_int_eq(tfu_report_reasons_collect(&r, &twice, NULL), TFU_OK);
    ck_assert_uint_eq(r.count, 2);
    ck_assert_uint_eq(tfu_report_reason_number(&r, "z"), 1);
    ck_assert_uint_eq(tfu_report_reason_number(&r, "a"), 2);
    tfu_report_reasons_free(&r);
}
END_TEST

START_TEST(sets)
{
    struct tfu_run_sets s;
    char name[TFU_RUN_SET_NAME], again[TFU_RUN_SET_NAME];
    const size_t two[] = {0, 1}, other[] = {1, 0};
    ck_assert_int_eq(tfu_run_sets_collect(&s, &sample_report, NULL), TFU_OK);
    size_t together = 0;
    for (size_t i = 0; i < s.count; i++) {
        together += s.set[i].together;
        for (size_t k = 0; k < i; k++) /* no two have runs in one place, nor a name */
            ck_assert(strcmp(s.set[k].name, s.set[i].name) != 0 &&
                      (!s.set[k].together || !s.set[i].together ||
                       s.set[k].run[0] + s.set[k].runs <= s.set[i].run[0]));
    }
    ck_assert_uint_gt(together, 3);
    ck_assert_uint_lt(together, s.count);
    tfu_run_sets_free(&s);
    tfu_run_set_name(&sample_report, two, 2, name);
    tfu_run_set_name(&sample_report, two, 2, again);
    ck_assert_str_eq(name, again);
    tfu_run_set_name(&sample_report, other, 2, again);
    ck_assert_str_ne(name, again);
    tfu_run_set_name(&sample_report, two + 1, 1, name);
    ck_assert_str_eq(name, "run-2");
    tfu_run_set_name(&sample_report, NULL, 0, name);
    ck_assert_str_eq(name, "");
}
END_TEST

static enum tfu_status inlined(struct tfu_text *t, const char *svg)
{
    const struct tfu_svg_words words = {.prefix = "x", .title = "T<", .description = "D&"};
    return tfu_svg_put_inline(t, svg, strlen(svg), &words, NULL);
}

START_TEST(drawings)
{
    struct tfu_text t = TFU_TEXT_INIT;
    ck_assert_int_eq(
        inlined(&t, "<?xml version='1.0'?>\n<svg xmlns=\"http://x\" width=\"5\"><title>G</title>"
                    "<desc>by</desc><!-- c --><g id=\"gnuplot_plot_1\"><path id='p' d=\"M<\"/>"
                    "<use xlink:href='#p' fill=\"url(#p)\"/></g><text>a&lt;b</text></svg>\n"),
        TFU_OK);
    is_and_free(&t, "<svg role=\"img\" aria-labelledby=\"x-title x-desc\" width=\"5\">"
                    "<title id=\"x-title\">T&lt;</title><desc id=\"x-desc\">D&amp;</desc>"
                    "<g><path id='x-p' d=\"M<\"/><use xlink:href='#x-p' fill=\"url(#x-p)\"/></g>"
                    "<text>a&lt;b</text></svg>\n");
}
END_TEST

START_TEST(no_drawings)
{
    static const char *const refused[] = {
        "",
        "no drawing",
        "<html></html>",
        "<svg><script>x</script></svg>",
        "<svg onload=\"x\"></svg>",
        "<svg><foreignObject></foreignObject></svg>",
        "<svg><image href=\"https://x/y.png\"/></svg>",
        "<svg><use xlink:href=\"other.svg#a\"/></svg>",
        "<svg><g id=x></g></svg>",
        "<svg><g id=\"x",
        "<svg><title>x",
        "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg></svg>",
        "<svg",
    };
    for (size_t i = 0; i < TFU_COUNT(refused); i++) {
        struct tfu_text t = TFU_TEXT_INIT;
        tfu_text_puts(&t, "before");
        ck_assert_msg(inlined(&t, refused[i]) == TFU_ECORRUPT, "%s", refused[i]);
        is_and_free(&t, "before");
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("formats of a report");
    TCase *c = tcase_create("formats");
    tcase_add_test(c, lines);
    tcase_add_test(c, prose);
    tcase_add_test(c, numbers);
    tcase_add_test(c, names);
    tcase_add_test(c, heads);
    tcase_add_test(c, sets);
    tcase_add_test(c, drawings);
    tcase_add_test(c, no_drawings);
    suite_add_tcase(s, c);
    return run_suite(s);
}
