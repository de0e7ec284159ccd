/* SPDX-License-Identifier: MIT
 *
 * What every initializer has to keep: the same bits in any order, with any number of threads and
 * whatever other rules do; and weight_transplant at its ends and at every stage between.
 */
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/setting.h"

#define CBR      "{plugin: cbr_tiny}"
#define SOURCE   "source: '%s/source'"
#define MEAN_VAR "{plugin: mean_var, " SOURCE ", batchnorm: mean_var}"

static const char *const initializers[] = {
    "{plugin: random%s}",
    "{plugin: pretrained, source: 'DIR/source'%s}",
    "{plugin: pretrained, source: 'DIR/source', head: reinit%s}",
    "{plugin: mean_var, source: 'DIR/source'%s}",
    "{plugin: mean_var, source: 'DIR/source', batchnorm: mean_var, per: channel%s}",
    "{plugin: mean_var, source: 'DIR/source', sampling: shuffle, batchnorm: mean_var%s}",
    "{plugin: mean_var, source: 'DIR/source', sampling: bootstrap, batchnorm: mean_var%s}",
    "{plugin: weight_transplant, source: 'DIR/source', through: block2%s}",
    ("{plugin: weight_transplant, source: 'DIR/source', layers: 3, names: ['fc.*'], "
     "rest: {plugin: mean_var, source: 'DIR/source'}%s}"),
    "{plugin: gabor%s}",
    "{plugin: gabor, rest: {plugin: mean_var, source: 'DIR/source'}%s}",
};

/* One of them as a rule with further keys, in a list after `before`. */
static const char *rules(const char *before, int which, const char *keys)
{
    static char text[4][2048];
    static int next;
    char one[1024], *to = text[next++ % 4];
    struct tfu_text t = TFU_TEXT_INIT;
    snprintf(one, sizeof one, initializers[which], keys);
    for (const char *c = one; *c; c++)
        if (strncmp(c, "DIR", 3) == 0) {
            tfu_text_puts(&t, folder_path("."));
            c += 2;
        } else {
            tfu_text_append(&t, c, 1);
        }
    snprintf(to, sizeof text[0], "[%s%s]", before, tfu_text_get(&t));
    tfu_text_free(&t);
    return to;
}

START_TEST(threads)
{
    struct setting source = setting_source(CBR, "source");
    struct setting one = setting_filled(CBR, rules("", _i, "")),
                   more = setting_open(CBR, rules("", _i, ""));
    for (uint32_t t = 2; t <= 3; t++) {
        setting_scramble(&more, t);
        setting_run(&more, t);
        setting_same(&one, &more, NULL);
        ck_assert_str_eq(tfu_text_get(&one.report), tfu_text_get(&more.report));
    }
    setting_close(&more);
    setting_close(&one);
    setting_close(&source);
}
END_TEST

static bool in_block3(const struct tfu_graph *g, uint32_t param)
{
    return strncmp(g->param[param].name, "block3.", 7) == 0;
}

static bool is_a_weight(const struct tfu_graph *g, uint32_t param)
{
    return g->param[param].role == TFU_ROLE_WEIGHT;
}

/* Whatever other rules there are, and alone for some of the parameters. */
START_TEST(other_rules)
{
    static const char *const other = "{plugin: random, scheme: glorot_uniform}, ";
    struct setting source = setting_source(CBR, "source");
    struct setting all = setting_filled(CBR, rules("", _i, ""));
    struct setting s = setting_filled(CBR, rules(other, _i, ", match: ['block3.*']"));
    setting_same(&all, &s, in_block3);
    setting_close(&s);
    s = setting_filled(CBR, rules(other, _i, ", stages: [block3]"));
    setting_same(&all, &s, in_block3);
    setting_close(&s);
    s = setting_filled(CBR, rules(other, _i, ", match: ['*.conv.weight', 'fc.weight']"));
    setting_same(&all, &s, is_a_weight);
    setting_close(&s);
    setting_close(&all);
    setting_close(&source);
}
END_TEST

START_TEST(seeds)
{
    struct setting source = setting_source(CBR, "source");
    struct setting a = setting_filled(CBR, "[" MEAN_VAR "]"),
                   b = setting_open(CBR, "[" MEAN_VAR "]");
    b.seed = 2;
    setting_run(&b, 1);
    for (uint32_t p = 0; p < a.graph->param_count; p++) {
        size_t n;
        const char *name = a.graph->param[p].name;
        const float *x = setting_get(&a, name, &n), *y = setting_get(&b, name, &n);
        ck_assert_msg(memcmp(x, y, n * sizeof *x) != 0, "'%s' does not depend on the seed", name);
    }
    setting_close(&b);
    setting_close(&a);
    setting_close(&source);
}
END_TEST

/* ---- weight_transplant */

static const char *const rests[] = {
    "{plugin: random, scheme: glorot_normal, truncated: true, bias: 0.5}",
    "{plugin: mean_var, source: '%s/source', batchnorm: mean_var}",
    "{plugin: mean_var, source: '%s/source', sampling: bootstrap}",
    "{plugin: gabor}",
};

static struct setting transplanted(const char *what, const char *rest)
{
    char init[1024];
    snprintf(init, sizeof init, "[{plugin: weight_transplant, source: '%%s/source', %s, rest: %s}]",
             what, rest);
    return setting_filled(CBR, init);
}

static struct setting filled_by(const char *initializer)
{
    char init[512];
    snprintf(init, sizeof init, "[%s]", initializer);
    return setting_filled(CBR, init);
}

START_TEST(all_is_pretrained)
{
    struct setting source = setting_source(CBR, "source");
    struct setting all = filled_by("{plugin: pretrained, source: '%s/source'}");
    setting_same(&all, &source, NULL);
    static const char *const everything[] = {"through: fc", "layers: 9", "layers: 1000000",
                                             "names: ['*']", "through: none, names: ['*']"};
    for (size_t i = 0; i < TFU_COUNT(everything); i++) {
        struct setting s = transplanted(everything[i], rests[_i]);
        setting_same(&s, &all, NULL);
        setting_close(&s);
    }
    setting_close(&all);
    setting_close(&source);
}
END_TEST

START_TEST(none_is_the_rest)
{
    struct setting source = setting_source(CBR, "source");
    struct setting rest = filled_by(rests[_i]);
    static const char *const nothing[] = {"through: none", "layers: 0"};
    for (size_t i = 0; i < TFU_COUNT(nothing); i++) {
        struct setting s = transplanted(nothing[i], rests[_i]);
        setting_same(&s, &rest, NULL);
        setting_close(&s);
    }
    setting_close(&rest);
    setting_close(&source);
}
END_TEST

/* Of `s`: the first `params` parameters are the source's, the others `rest`'s. */
static void check_split(const struct setting *s, const struct setting *source,
                        const struct setting *rest, uint32_t params)
{
    for (uint32_t p = 0; p < s->graph->param_count; p++) {
        size_t n;
        const char *name = s->graph->param[p].name;
        const float *got = setting_get(s, name, &n),
                    *want = setting_get(p < params ? source : rest, name, &n);
        ck_assert_msg(memcmp(got, want, n * sizeof *got) == 0, "'%s' is not the %s's", name,
                      p < params ? "source" : "rest");
    }
}

/* A block is a convolution with a weight and a normalisation with four parameters. */
enum { BLOCKS = 4, BLOCK_PARAMS = 5 };

START_TEST(every_stage)
{
    struct setting source = setting_source(CBR, "source");
    struct setting rest = filled_by(rests[_i]);
    for (uint32_t k = 1; k <= BLOCKS; k++) {
        char through[32];
        snprintf(through, sizeof through, "through: block%u", k);
        struct setting s = transplanted(through, rests[_i]);
        check_split(&s, &source, &rest, k * BLOCK_PARAMS);
        setting_close(&s);
    }
    setting_close(&rest);
    setting_close(&source);
}
END_TEST

START_TEST(every_layer)
{
    static const uint32_t params[] = {0, 1, 5, 6, 10, 11, 15, 16, 20, 22};
    struct setting source = setting_source(CBR, "source");
    struct setting rest = filled_by(rests[_i]);
    for (uint32_t k = 0; k < TFU_COUNT(params); k++) {
        char layers[32];
        snprintf(layers, sizeof layers, "layers: %u", k);
        struct setting s = transplanted(layers, rests[_i]);
        check_split(&s, &source, &rest, params[k]);
        setting_close(&s);
    }
    setting_close(&rest);
    setting_close(&source);
}
END_TEST

static bool by_name(const struct tfu_graph *g, uint32_t param)
{
    const char *name = g->param[param].name;
    return strncmp(name, "block1.", 7) == 0 || strncmp(name, "block3.bn.", 10) == 0 ||
           strcmp(name, "fc.bias") == 0;
}

static bool not_by_name(const struct tfu_graph *g, uint32_t param)
{
    return !by_name(g, param);
}

START_TEST(named)
{
    struct setting source = setting_source(CBR, "source");
    struct setting rest = filled_by(rests[_i]);
    struct setting s = transplanted("through: block1, names: ['block3.b?.*', fc.bias]", rests[_i]);
    setting_same(&s, &source, by_name);
    setting_same(&s, &rest, not_by_name);
    setting_close(&s);
    setting_close(&rest);
    setting_close(&source);
}
END_TEST

static const struct {
    const char *options, *words;
} refused[] = {
    {"through: block1, layers: 2",
     "through: block1 and layers: 2 both say how much is transplanted; set one"},
    {"rest: {plugin: random}", "nothing says what is transplanted; set `through: STAGE` (or none)"},
    {"through: block9",
     "the network has no stage 'block9'; its stages are block1, block2, block3, block4, fc"},
    {"through: block1, names: [fc.wieght]",
     "'fc.wieght' matches no parameter of the network; did you mean 'fc.weight'?"},
    {"layers: 1, rest: {plugin: random, scheme: uniform, truncated: true}",
     "initializer 'random': truncated goes with he_normal"},
};

START_TEST(bad_options)
{
    char init[512];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(init, sizeof init, "[{plugin: weight_transplant, source: none, %s}]",
             refused[_i].options);
    struct setting s = setting_open(CBR, init);
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, refused[_i].words) != NULL, "%s", e.text);
    ck_assert_int_eq(e.line, 3);
    setting_close(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transplant");
    const int all = (int)TFU_COUNT(initializers), inner = (int)TFU_COUNT(rests);
    TCase *t = tcase_create("bits");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_loop_test(t, threads, 0, all);
    tcase_add_loop_test(t, other_rules, 0, all);
    tcase_add_test(t, seeds);
    suite_add_tcase(s, t);
    t = tcase_create("weight_transplant");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_loop_test(t, all_is_pretrained, 0, inner);
    tcase_add_loop_test(t, none_is_the_rest, 0, inner);
    tcase_add_loop_test(t, every_stage, 0, inner);
    tcase_add_loop_test(t, every_layer, 0, inner);
    tcase_add_loop_test(t, named, 0, inner);
    tcase_add_loop_test(t, bad_options, 0, (int)TFU_COUNT(refused));
    suite_add_tcase(s, t);
    return run_suite(s);
}
