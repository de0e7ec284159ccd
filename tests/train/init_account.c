/* SPDX-License-Identifier: MIT
 *
 * The account of a load: what a source lacks, has in another shape or has too much is refused with
 * all names, allowed by name, and told in the report.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/io/npz.h"
#include "core/io/weights.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/setting.h"

/* Seven parameters: a convolution, its normalisation, the classifier. */
#define ONE_BLOCK "{plugin: cbr_tiny, truncate: block1}"
#define SOURCE    "source: '%s/source'"

enum { PARAMS = 7, MAX_TENSORS = 12 };

struct list {
    struct tfu_safetensors_tensor tensor[MAX_TENSORS];
    size_t count;
};

/* The network's own tensors, under `prefix`. */
static struct list tensors_of(const struct setting *s, const char *prefix)
{
    static char name[PARAMS][80];
    struct list l = {.count = s->graph->param_count};
    ck_assert_uint_eq(l.count, PARAMS);
    for (uint32_t p = 0; p < PARAMS; p++) {
        const struct tfu_graph_param *param = &s->graph->param[p];
        snprintf(name[p], sizeof name[p], "%s%s", prefix, param->name);
        l.tensor[p] = (struct tfu_safetensors_tensor){.name = name[p],
                                                      .dtype = TFU_STORED_F32,
                                                      .rank = param->shape.rank,
                                                      .dim = param->shape.dim,
                                                      .data = param_of(s->network, p).data};
    }
    return l;
}

static struct tfu_safetensors_tensor *find(struct list *l, const char *name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->tensor[i].name, name) == 0)
            return &l->tensor[i];
    ck_abort_msg("no tensor '%s'", name);
    return NULL;
}

static void leave_out(struct list *l, const char *name)
{
    struct tfu_safetensors_tensor *t = find(l, name);
    *t = l->tensor[--l->count];
}

/* Numbers for tensors that are not the network's. */
static const float zeros[7 * 32];

static void reshape(struct list *l, const char *name, size_t rank, const int64_t *dim)
{
    struct tfu_safetensors_tensor *t = find(l, name);
    t->rank = rank;
    t->dim = dim;
    t->data = zeros;
}

static void add(struct list *l, const char *name, size_t rank, const int64_t *dim)
{
    l->tensor[l->count++] = (struct tfu_safetensors_tensor){
        .name = name, .dtype = TFU_STORED_F32, .rank = rank, .dim = dim, .data = zeros};
}

static void save(const struct list *l, const char *name)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_safetensors_write(folder_path(name), l->tensor, l->count, NULL, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

static const char *digest_of(const char *name)
{
    static char hex[TFU_HASH_HEX];
    const struct tfu_weights_request r = {.path = folder_path(name)};
    struct tfu_weights *w = NULL;
    ck_assert_int_eq(tfu_weights_open(&w, &r, NULL), TFU_OK);
    ck_assert_int_eq(tfu_weights_sha256(w, hex, NULL), TFU_OK);
    tfu_weights_close(w);
    return hex;
}

/* ---- sources that do not quite fit */

static const int64_t seven_by_32[] = {7, 32}, seven[] = {7}, wide[] = {64}, scalar[] = {1};

/* One that differs in every way. */
static void spoil(struct list *l)
{
    leave_out(l, "block1.bn.bias");
    reshape(l, "block1.bn.weight", 1, seven);
    reshape(l, "fc.weight", 2, seven_by_32);
    add(l, "layer9.weight", 1, wide);
    add(l, "block1.bn.num_batches_tracked", 0, scalar);
}

static void lack_the_head(struct list *l)
{
    leave_out(l, "fc.weight");
    leave_out(l, "fc.bias");
}

static void nothing(struct list *l)
{
    (void)l;
}

static void other_head(struct list *l)
{
    reshape(l, "fc.weight", 2, seven_by_32);
    leave_out(l, "fc.bias");
    add(l, "fc.extra", 1, wide);
}

/* As a torch.nn.Sequential of another network's children names them, with one more among them. */
static void number(struct list *l)
{
    static char name[PARAMS][80];
    lack_the_head(l);
    for (size_t i = 0; i < l->count; i++) {
        snprintf(name[i], sizeof name[i], "backbone.2%s", strchr(l->tensor[i].name, '.'));
        l->tensor[i].name = name[i];
    }
    add(l, "backbone.0.conv.weight", 1, wide);
    add(l, "backbone.2.bn.num_batches_tracked", 0, scalar);
}

/* Tensors that no module of the network has. */
static void number_others(struct list *l)
{
    number(l);
    leave_out(l, "backbone.2.bn.bias");
}

static void other_names(struct list *l)
{
    while (l->count > 0)
        leave_out(l, l->tensor[0].name);
    add(l, "features.0.weight", 1, wide);
    add(l, "features.1.weight", 1, wide);
}

/* %P in a text stands for the file's path and %H for its digest. */
static const struct {
    void (*change)(struct list *l);
    const char *rule, *refused, *report;
} loads[] = {
    {nothing, "plugin: pretrained, " SOURCE, NULL,
     "init.0 pretrained takes from %P (safetensors, SHA-256 %H)\n"
     "  loaded       7 of 7 parameters, 2693 numbers\n"
     "  missing      0\n"
     "  mismatched   0\n"
     "  unexpected   0\n"
     "block1.conv.weight      32x3x5x5  init.0 pretrained  copied from source: mean "},
    {spoil, "plugin: pretrained, " SOURCE,
     "does not fit the network: 1 missing, 2 mismatched, 1 unexpected (of 7 parameters and 8 "
     "tensors)\n"
     "  mismatched  block1.bn.weight  [32] in the network, in the file [7]\n"
     "  missing     block1.bn.bias  [32]\n"
     "  mismatched  fc.weight  [5, 32] in the network, in the file [7, 32]\n"
     "  unexpected  layer9.weight  [64]\n"
     "allow by name what is meant: `head: reinit` for a new classifier; "
     "`allow_missing: [PATTERN]` `allow_mismatched: [PATTERN]` `allow_unexpected: [PATTERN]`",
     NULL},
    {spoil,
     "plugin: pretrained, " SOURCE ", allow_missing: ['*.bias'], allow_mismatched: [fc.weight, "
     "'*.bn.weight'], allow_unexpected: ['layer?.*']",
     NULL,
     "init.0 pretrained takes from %P (safetensors, SHA-256 %H)\n"
     "  loaded       4 of 7 parameters, 2469 numbers\n"
     "  missing      1, allowed: block1.bn.bias\n"
     "  mismatched   2, allowed: block1.bn.weight, fc.weight\n"
     "  unexpected   1, allowed: layer9.weight\n"
     "  counters     1 num_batches_tracked, for which there is no use\n"
     "block1.conv.weight      32x3x5x5  init.0 pretrained  copied from source: mean "},
    {spoil,
     "plugin: pretrained, " SOURCE ", allow_missing: ['*.bias'], allow_unexpected: ['layer?.*'], "
     "head: reinit",
     "does not fit the network: 0 missing, 1 mismatched, 0 unexpected (of 7 parameters and 8 "
     "tensors)\n"
     "  mismatched  block1.bn.weight  [32] in the network, in the file [7]\n"
     "allow by name what is meant: `allow_mismatched: [PATTERN]`",
     NULL},
    {lack_the_head, "plugin: pretrained, " SOURCE,
     "does not fit the network: 2 missing, 0 mismatched, 0 unexpected (of 7 parameters and 5 "
     "tensors)\n"
     "  missing     fc.weight  [5, 32]\n"
     "  missing     fc.bias  [5]\n"
     "allow by name what is meant: `head: reinit` for a new classifier; `allow_missing: [PATTERN]`",
     NULL},
    {other_head, "plugin: pretrained, " SOURCE ", head: reinit", NULL,
     "init.0 pretrained takes from %P (safetensors, SHA-256 %H)\n"
     "  loaded       5 of 7 parameters, 2528 numbers\n"
     "  head         2 initialised anew: fc.weight, fc.bias\n"
     "  missing      0\n"
     "  mismatched   0\n"
     "  unexpected   0\n"
     "  head unused  1: fc.extra\n"
     "block1.conv.weight      32x3x5x5  init.0 pretrained  copied from source: mean "},
    {number, "plugin: pretrained, " SOURCE ", head: reinit, allow_unexpected: ['0.*']", NULL,
     "init.0 pretrained takes from %P (safetensors, SHA-256 %H; without prefix 'backbone.', '2.' "
     "for 'block1.')\n"
     "  loaded       5 of 7 parameters, 2528 numbers\n"
     "  head         2 initialised anew: fc.weight, fc.bias\n"
     "  missing      0\n"
     "  mismatched   0\n"
     "  unexpected   1, allowed: 0.conv.weight\n"
     "  counters     1 num_batches_tracked, for which there is no use\n"
     "block1.conv.weight      32x3x5x5  init.0 pretrained  copied from source: mean "},
    {number_others, "plugin: pretrained, " SOURCE ", head: reinit",
     "does not fit the network: 5 missing, 0 mismatched, 5 unexpected (of 7 parameters and 6 "
     "tensors)\n"
     "  missing     block1.conv.weight  [32, 3, 5, 5]\n"
     "  missing     block1.bn.weight  [32]\n"
     "  missing     block1.bn.bias  [32]\n"
     "  missing     block1.bn.running_mean  [32]\n"
     "  missing     block1.bn.running_var  [32]\n"
     "  unexpected  0.conv.weight  [64]\n"
     "  unexpected  2.bn.running_mean  [32]\n"
     "  unexpected  2.bn.running_var  [32]\n"
     "  unexpected  2.bn.weight  [32]\n"
     "  unexpected  2.conv.weight  [32, 3, 5, 5]\n"
     "nothing fits: is it a file of another architecture, or do its names have a prefix to "
     "`strip`?",
     NULL},
    {other_names, "plugin: pretrained, " SOURCE,
     "does not fit the network: 7 missing, 0 mismatched, 2 unexpected (of 7 parameters and 2 "
     "tensors)\n"
     "  missing     block1.conv.weight  [32, 3, 5, 5]\n"
     "  missing     block1.bn.weight  [32]\n"
     "  missing     block1.bn.bias  [32]\n"
     "  missing     block1.bn.running_mean  [32]\n"
     "  missing     block1.bn.running_var  [32]\n"
     "  missing     fc.weight  [5, 32]\n"
     "  missing     fc.bias  [5]\n"
     "  unexpected  features.0.weight  [64]\n"
     "  unexpected  features.1.weight  [64]\n"
     "nothing fits: is it a file of another architecture, or do its names have a prefix to "
     "`strip`?",
     NULL},
    /* what is not asked for need not fit */
    {other_head,
     "plugin: weight_transplant, through: block1, " SOURCE ", allow_unexpected: [fc.extra]", NULL,
     "init.0 weight_transplant takes from %P (safetensors, SHA-256 %H)\n"
     "  loaded       5 of 7 parameters, 2528 numbers\n"
     "  missing      0\n"
     "  mismatched   0\n"
     "  unexpected   1, allowed: fc.extra\n"
     "block1.conv.weight      32x3x5x5  init.0 weight_transplant  transplanted from source: "},
    /* a shape that does not fit the outer initializer is not hidden by an inner one that it fits */
    {other_head,
     "plugin: weight_transplant, through: fc, " SOURCE
     ", allow_unexpected: [fc.extra], allow_missing: [fc.bias], rest: {plugin: mean_var, " SOURCE
     ", any_shape: true}",
     "does not fit the network: 0 missing, 1 mismatched, 0 unexpected (of 7 parameters and 7 "
     "tensors)\n"
     "  mismatched  fc.weight  [5, 32] in the network, in the file [7, 32]\n"
     "allow by name what is meant: `head: reinit` for a new classifier; "
     "`allow_mismatched: [PATTERN]`",
     NULL},
};

static char *expand(const char *text)
{
    struct tfu_text t = TFU_TEXT_INIT;
    for (const char *c = text; *c; c++)
        if (c[0] == '%' && (c[1] == 'P' || c[1] == 'H'))
            tfu_text_puts(&t, *++c == 'P' ? folder_path("source") : digest_of("source"));
        else
            tfu_text_append(&t, c, 1);
    char *copy = strdup(tfu_text_get(&t));
    tfu_text_free(&t);
    return copy;
}

START_TEST(load)
{
    char init[1024];
    struct tfu_error e = TFU_ERROR_INIT;
    struct setting source = setting_source(ONE_BLOCK, "source");
    struct list l = tensors_of(&source, "");
    loads[_i].change(&l);
    save(&l, "source");
    snprintf(init, sizeof init, "[{%s}]", loads[_i].rule);
    struct setting s = setting_open(ONE_BLOCK, init);
    const enum tfu_status st = setting_try(&s, 2, &e);
    if (loads[_i].refused) {
        ck_assert_int_eq(st, TFU_ESHAPE);
        ck_assert_str_eq(e.text, loads[_i].refused);
        ck_assert_str_eq(e.source, folder_path("source"));
        ck_assert_uint_eq(s.report.length, 0);
    } else {
        char *want = expand(loads[_i].report);
        ck_assert_msg(st == TFU_OK, "%s", e.text);
        if (strncmp(tfu_text_get(&s.report), want, strlen(want)) != 0)
            ck_abort_msg("%s\nshould begin with\n%s", tfu_text_get(&s.report), want);
        free(want);
    }
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* A source that has diverged. */
START_TEST(not_finite)
{
    static float numbers[32] = {[5] = NAN};
    struct tfu_error e = TFU_ERROR_INIT;
    struct setting source = setting_source(ONE_BLOCK, "source");
    struct list l = tensors_of(&source, "");
    find(&l, "block1.bn.bias")->data = numbers;
    save(&l, "source");
    struct setting s = setting_open(ONE_BLOCK, "[{plugin: pretrained, " SOURCE "}]");
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_ENUMERIC);
    ck_assert_str_eq(e.source, folder_path("source"));
    ck_assert_str_eq(e.text, "initializer 'pretrained', parameter 'block1.bn.bias': number 5 of "
                             "tensor 'block1.bn.bias' is nan: the training that it is from has "
                             "diverged, or the file is damaged");
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* ---- names and digests */

START_TEST(prefix)
{
    struct setting source = setting_source(ONE_BLOCK, "source");
    struct list l = tensors_of(&source, "encoder.");
    add(&l, "momentum.queue", 1, wide);
    save(&l, "source");
    struct setting s =
        setting_filled(ONE_BLOCK, "[{plugin: pretrained, " SOURCE ", strip: encoder.}]");
    setting_same(&s, &source, NULL);
    setting_close(&s);
    s = setting_open(ONE_BLOCK, "[{plugin: pretrained, " SOURCE ", strip: decoder.}]");
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_ne(setting_try(&s, 1, &e), TFU_OK);
    ck_assert_msg(strstr(e.text, "decoder.") != NULL, "%s", e.text);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

START_TEST(digest)
{
    char init[400];
    struct tfu_error e = TFU_ERROR_INIT;
    struct setting source = setting_source(ONE_BLOCK, "source");
    snprintf(init, sizeof init, "[{plugin: pretrained, source: '%%s/source', sha256: '%.10s'}]",
             digest_of("source"));
    struct setting s = setting_filled(ONE_BLOCK, init);
    setting_same(&s, &source, NULL);
    setting_close(&s);
    s = setting_open(ONE_BLOCK, "[{plugin: pretrained, " SOURCE ", sha256: '0123456789'}]");
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_ECORRUPT);
    ck_assert_msg(strstr(e.text, "0123456789") != NULL, "%s", e.text);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* Two rules with a file each, and one that only looks. */
START_TEST(two_sources)
{
    struct setting a = setting_source(ONE_BLOCK, "a"),
                   b = setting_open(ONE_BLOCK, "[{plugin: random}]");
    setting_scramble(&b, 99);
    setting_save(&b, "b");
    struct setting s =
        setting_filled(ONE_BLOCK, "[{plugin: pretrained, source: '%s/a'}, "
                                  "{plugin: pretrained, source: '%s/b', match: ['fc.*']}, "
                                  "{plugin: gabor, gain: source, source: '%s/b', "
                                  "match: [block1.conv.weight]}]");
    size_t n;
    const float *w = setting_get(&s, "fc.weight", &n), *want = setting_get(&b, "fc.weight", &n);
    ck_assert(memcmp(w, want, n * sizeof *w) == 0);
    w = setting_get(&s, "block1.bn.bias", &n);
    want = setting_get(&a, "block1.bn.bias", &n);
    ck_assert(memcmp(w, want, n * sizeof *w) == 0);
    const char *report = tfu_text_get(&s.report);
    const char *first = strstr(report, "init.0 pretrained takes from"),
               *second = strstr(report, "init.1 pretrained takes from"),
               *third = strstr(report, "init.2 gabor takes from");
    ck_assert_msg(first && second && third && first < second && second < third, "%s", report);
    ck_assert_ptr_nonnull(strstr(first, "  loaded       4 of 7 parameters, 128 numbers\n"));
    ck_assert_ptr_nonnull(strstr(second, "  loaded       2 of 7 parameters, 165 numbers\n"));
    ck_assert_ptr_nonnull(strstr(third, "  loaded       0 of 7 parameters, 0 numbers\n"));
    setting_close(&s);
    setting_close(&b);
    setting_close(&a);
}
END_TEST

static const struct {
    const char *rule, *key;
} idle[] = {
    {"plugin: random, allow_missing: [x]", "allow_missing"},
    {"plugin: random, allow_mismatched: [x]", "allow_mismatched"},
    {"plugin: random, allow_unexpected: [x]", "allow_unexpected"},
    {"plugin: random, head: reinit", "head"},
    {"plugin: random, sha256: '01234567'", "sha256"},
    {"plugin: random, strip: module.", "strip"},
    {"plugin: gabor, rest: {plugin: random}, head: reinit", "head"},
};

START_TEST(idle_key)
{
    char init[200], words[200];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(init, sizeof init, "[{%s}]", idle[_i].rule);
    snprintf(
        words, sizeof words,
        "init.0: `%s` says how a file of weights is read, but '%s' is given none; remove the key",
        idle[_i].key, strstr(idle[_i].rule, "gabor") ? "gabor" : "random");
    struct setting s = setting_open(ONE_BLOCK, init);
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, words);
    ck_assert_int_eq(e.line, 3);
    setting_close(&s);
}
END_TEST

START_TEST(no_file)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct setting s = setting_open(ONE_BLOCK, "[{plugin: pretrained, source: '%s/absent'}]");
    ck_assert_int_eq(setting_try(&s, 2, &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, "cannot open") && strstr(e.text, "/absent'"), "%s", e.text);
    setting_close(&s);
}
END_TEST

/* ---- formats: the same numbers from npz and .pth, and F16 to its own precision */

START_TEST(npz)
{
    struct setting source = setting_source(ONE_BLOCK, "source");
    const struct list l = tensors_of(&source, "");
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_npz_write(folder_path("source"), l.tensor, l.count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    struct setting s = setting_filled(ONE_BLOCK, "[{plugin: pretrained, " SOURCE "}]");
    setting_same(&s, &source, NULL);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* What torch.save() wrote (make_source.py): names in a dictionary in a dictionary, each behind
 * "module.". */
START_TEST(pth)
{
    char init[4096];
    const char *top = getenv("TOP_SRCDIR");
    snprintf(init, sizeof init, "[{plugin: pretrained, source: '%s/tests/train/source.pth'}]",
             top ? top : ".");
    struct setting s = setting_filled(ONE_BLOCK, init);
    size_t n, done = 0;
    for (uint32_t p = 0; p < s.graph->param_count; p++) {
        const float *w = setting_get(&s, s.graph->param[p].name, &n);
        for (size_t i = 0; i < n; i++, done++)
            ck_assert_float_eq(w[i], (float)(done % 1021) / 1024);
    }
    ck_assert_uint_eq(done, 2693);
    const char *report = tfu_text_get(&s.report);
    ck_assert_msg(strstr(report, "; without dictionary 'state_dict', 1 other item left "
                                 "out, prefix 'module.')\n") != NULL,
                  "%s", report);
    ck_assert_ptr_nonnull(strstr(report, "  counters     1 num_batches_tracked"));
    setting_close(&s);
}
END_TEST

START_TEST(half_precision)
{
    /* 1, -2, 65504, 2^-24, 1/3 to eleven bits */
    static const uint16_t stored[] = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555};
    static const float want[] = {1, -2, 65504, 0x1p-24f, 0x1.554p-2f};
    struct setting source = setting_source(ONE_BLOCK, "source");
    struct list l = tensors_of(&source, "");
    find(&l, "fc.bias")->dtype = TFU_STORED_F16;
    find(&l, "fc.bias")->data = stored;
    save(&l, "source");
    struct setting s = setting_filled(ONE_BLOCK, "[{plugin: pretrained, " SOURCE "}]");
    size_t n;
    const float *w = setting_get(&s, "fc.bias", &n);
    for (int i = 0; i < 5; i++)
        ck_assert_float_eq(w[i], want[i]);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("account");
    TCase *t = tcase_create("account");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_loop_test(t, load, 0, (int)TFU_COUNT(loads));
    tcase_add_test(t, prefix);
    tcase_add_test(t, digest);
    tcase_add_test(t, two_sources);
    tcase_add_test(t, not_finite);
    tcase_add_loop_test(t, idle_key, 0, (int)TFU_COUNT(idle));
    tcase_add_test(t, no_file);
    tcase_add_test(t, npz);
    tcase_add_test(t, pth);
    tcase_add_test(t, half_precision);
    suite_add_tcase(s, t);
    return run_suite(s);
}
