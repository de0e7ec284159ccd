/* SPDX-License-Identifier: MIT
 *
 * The table and the drawing of a small graph, by golden text. With an argument (dot) it prints the
 * drawing alone, for summary.test.
 */
#include <stdio.h>
#include <string.h>

#include "core/graph/summary.h"
#include "tests/support/check_main.h"
#include "tests/support/networks.h"

/* Names that mean something to dot. */
static void small(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem \"1\"");
    b->scope_push(b, "layer%d", 1);
    x = tfu_conv2d(b, "a<b&c>", x,
                   (struct tfu_conv2d_attrs){
                       .out = 40, .kernel = 3, .kernel_w = 5, .stride = 2, .pad = 1, .groups = 4});
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.frozen = 1});
    b->scope_pop(b);
    b->stage(b, "body");
    x = tfu_add(b, "add", x, tfu_relu(b, "relu", x));
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static const char golden_table[] =
    "sketch, input 9x9x8\n"
    "\n"
    "  layer          operation              output   parameters  multiply-adds\n"
    "stem \"1\": 1,280 parameters, 0.02 million multiply-adds\n"
    "  layer1.a<b&c>  conv2d                 5x4x40        1,200         0.02 M\n"
    "  layer1.bn      batchnorm              5x4x40           80               \n"
    "body: 0 parameters, 0.00 million multiply-adds\n"
    "  relu           relu                   5x4x40                            \n"
    "  add            add                    5x4x40                            \n"
    "  pool           global_avgpool             40                            \n"
    "fc: 123 parameters, 0.00 million multiply-adds\n"
    "  fc             linear                      3          123         0.00 M\n"
    "\n"
    "1,403 trained parameters, 0.000 billion multiply-adds an image\n";

static const char golden_dot[] =
    "digraph \"sketch\" {\n"
    "    rankdir=TB;\n"
    "    node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11, "
    "margin=\"0.12,0.05\"];\n"
    "    edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n"
    "    image [label=\"image\", shape=ellipse, fillcolor=\"#ffffff\"];\n"
    "    subgraph cluster_0 {\n"
    "        label=\"stem \\\"1\\\"\"; labeljust=l; fontname=\"Helvetica-Bold\"; fontsize=12; "
    "color=\"#9a9a9a\"; style=rounded;\n"
    "        n0 [label=<<b>a&lt;b&amp;c&gt;</b><br/>conv2d 3x5, stride 2, 4 groups<br/>"
    "<font point-size=\"9\">1,200 parameters</font>>, fillcolor=\"#d9e8f5\"];\n"
    "        n1 [label=<<b>bn</b><br/>batchnorm<br/><font point-size=\"9\">80 parameters</font>>, "
    "fillcolor=\"#d9e8f5\"];\n"
    "    }\n"
    "    subgraph cluster_1 {\n"
    "        label=\"body\"; labeljust=l; fontname=\"Helvetica-Bold\"; fontsize=12; "
    "color=\"#9a9a9a\"; style=rounded;\n"
    "        n2 [label=<<b>relu</b><br/>relu>, fillcolor=\"#f4f4f4\"];\n"
    "        n3 [label=<<b>add</b><br/>add>, fillcolor=\"#fbe3c8\"];\n"
    "        n4 [label=<<b>pool</b><br/>global_avgpool>, fillcolor=\"#f4f4f4\"];\n"
    "    }\n"
    "    subgraph cluster_2 {\n"
    "        label=\"fc\"; labeljust=l; fontname=\"Helvetica-Bold\"; fontsize=12; "
    "color=\"#9a9a9a\"; style=rounded;\n"
    "        n5 [label=<<b>fc</b><br/>linear<br/><font point-size=\"9\">123 parameters</font>>, "
    "fillcolor=\"#d9e8f5\"];\n"
    "    }\n"
    "    image -> n0 [label=\" 9x9x8\"];\n"
    "    n0 -> n1 [label=\" 5x4x40\"];\n"
    "    n1 -> n2 [label=\" 5x4x40\"];\n"
    "    n1 -> n3 [label=\" 5x4x40\"];\n"
    "    n2 -> n3 [label=\" 5x4x40\"];\n"
    "    n3 -> n4 [label=\" 5x4x40\"];\n"
    "    n4 -> n5 [label=\" 40\"];\n"
    "}\n";

static void check_text(void (*write)(const struct tfu_graph *g, struct tfu_text *out),
                       const char *golden)
{
    struct tfu_graph *g = draw(small, image(7, 9, 9, 8), NULL);
    struct tfu_text text = TFU_TEXT_INIT;
    write(g, &text);
    ck_assert(!text.failed);
    ck_assert_str_eq(tfu_text_get(&text), golden);
    tfu_text_free(&text);
    tfu_graph_free(g);
}

START_TEST(table)
{
    check_text(tfu_graph_summary, golden_table);
}
END_TEST

START_TEST(drawing)
{
    check_text(tfu_graph_dot, golden_dot);
}
END_TEST

START_TEST(numbers)
{
    struct tfu_graph *g = draw(small, image(7, 9, 9, 8), NULL);
    /* 7 images, 5 x 4 places, 40 channels out, windows of 3 x 5 x (8 / 4) */
    ck_assert_double_eq(tfu_graph_multiply_adds(g, 0), 7.0 * 5 * 4 * 40 * 3 * 5 * 2);
    ck_assert_double_eq(tfu_graph_multiply_adds(g, 1), 0);
    ck_assert_double_eq(tfu_graph_multiply_adds(g, 5), 7.0 * 40 * 3);
    ck_assert_int_eq(tfu_graph_node_trained(g, 1), 80);
    tfu_graph_free(g);
    static const struct {
        int64_t n;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {-1000, "-1,000"},
                 {123456, "123,456"},
                 {1079845, "1,079,845"},
                 {INT64_MAX, "9,223,372,036,854,775,807"},
                 {INT64_MIN, "-9,223,372,036,854,775,808"}};
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        char buffer[32];
        ck_assert_str_eq(tfu_thousands(cases[i].n, buffer), cases[i].text);
    }
    char buffer[96];
    const struct tfu_shape wide =
        tfu_shape_make(5, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX);
    ck_assert_str_eq(tfu_image_text(&wide, buffer),
                     "9223372036854775807x9223372036854775807x9223372036854775807x"
                     "9223372036854775807");
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1) {
        (void)argv;
        fputs(golden_dot, stdout);
        return EXIT_SUCCESS;
    }
    Suite *s = suite_create("summary");
    TCase *t = tcase_create("summary");
    tcase_add_test(t, table);
    tcase_add_test(t, drawing);
    tcase_add_test(t, numbers);
    suite_add_tcase(s, t);
    return run_suite(s);
}
