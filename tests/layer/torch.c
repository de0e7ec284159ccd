/* SPDX-License-Identifier: MIT
 *
 * Core layers against PyTorch: layers.fixture, written by make_layers.py, which says its format.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/host.h"
#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/trial/trial.h"
#include "tests/support/check_main.h"

enum { MAX = 16 };

/* A tensor of the file. */
struct record {
    bool want; /* else give */
    char name[32];
    struct tfu_tensor tensor; /* float64; owns its data */
};

struct fixture_case {
    char op[32], label[128];
    int training;
    uint32_t attr_count, record_count;
    char attr_name[MAX][32];
    struct tfu_attr attr[MAX];
    struct record record[MAX];
};

static void read_record(FILE *f, const char *kind, const char *text, struct record *r)
{
    int at = 0;
    *r = (struct record){.want = strcmp(kind, "want") == 0};
    struct tfu_shape *s = &r->tensor.shape;
    ck_assert_int_eq(sscanf(text, "%31s %" SCNu32 "%n", r->name, &s->rank, &at), 2);
    ck_assert_uint_le(s->rank, TFU_MAX_RANK);
    for (uint32_t d = 0; d < s->rank; d++) {
        int used = 0;
        ck_assert_int_eq(sscanf(text + at, "%" SCNd64 "%n", &s->dim[d], &used), 1);
        at += used;
    }
    const size_t n = (size_t)tfu_shape_count(s);
    r->tensor.dtype = TFU_F64;
    r->tensor.data = malloc(n * sizeof(double));
    ck_assert_ptr_nonnull(r->tensor.data);
    ck_assert_uint_eq(fread(r->tensor.data, sizeof(double), n, f), n);
}

/* False at the end of the file. */
static bool read_case(FILE *f, struct fixture_case *c)
{
    char line[256], kind[8];
    *c = (struct fixture_case){0};
    if (!fgets(line, sizeof line, f))
        return false;
    ck_assert_int_eq(sscanf(line, "case %31s %d %127[^\n]", c->op, &c->training, c->label), 3);
    while (fgets(line, sizeof line, f) && strcmp(line, "end\n") != 0) {
        int at = 0;
        ck_assert_int_eq(sscanf(line, "%7s %n", kind, &at), 1);
        if (strcmp(kind, "attr") == 0) {
            struct tfu_attr *a = &c->attr[c->attr_count];
            a->name = c->attr_name[c->attr_count++];
            ck_assert_int_eq(sscanf(line + at, "%31s %lf", c->attr_name[c->attr_count - 1], &a->f),
                             2);
            a->i = (int64_t)a->f;
        } else {
            read_record(f, kind, line + at, &c->record[c->record_count++]);
        }
    }
    return true;
}

static void free_case(struct fixture_case *c)
{
    for (uint32_t i = 0; i < c->record_count; i++)
        free(c->record[i].tensor.data);
}

/* The tensor that a record gives or wants. */
static const struct tfu_tensor *match(const struct tfu_trial *t, const struct fixture_case *c,
                                      const struct record *r)
{
    const struct tfu_tensor *view = tfu_trial_find(t, r->name);
    ck_assert_msg(view, "%s, %s: there is no tensor '%s'", c->op, c->label, r->name);
    ck_assert_msg(tfu_shape_equal(&view->shape, &r->tensor.shape), "%s, %s: shape of %s", c->op,
                  c->label, r->name);
    return view;
}

static void compare_case(const struct fixture_case *c)
{
    struct tfu_shape in[MAX];
    uint32_t n_in = 0;
    for (uint32_t i = 0; i < c->record_count; i++)
        if (strncmp(c->record[i].name, "in[", 3) == 0)
            in[n_in++] = c->record[i].tensor.shape;
    const struct tfu_trial_request r = {.op = c->op,
                                        .layer = tfu_layer_find(c->op),
                                        .in = in,
                                        .n_in = n_in,
                                        .attr = c->attr,
                                        .attr_count = c->attr_count,
                                        .dtype = TFU_F64,
                                        .training = c->training};
    struct tfu_trial *t;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_trial_new(&t, &r, &e) == TFU_OK, "%s, %s: %s", c->op, c->label, e.text);
    for (uint32_t i = 0; i < c->record_count; i++)
        if (!c->record[i].want)
            memcpy(match(t, c, &c->record[i])->data, c->record[i].tensor.data,
                   (size_t)tfu_shape_count(&c->record[i].tensor.shape) * sizeof(double));
    /* not through tfu_trial_define(), which accepts no results that are not numbers */
    struct tfu_host_call host;
    struct tfu_host *h = tfu_host_call_init(&host, NULL, &e);
    ck_assert_msg(r.layer->forward(tfu_trial_call(t), h) == TFU_OK, "%s", e.text);
    if (c->training)
        ck_assert_msg(r.layer->backward(tfu_trial_call(t), h) == TFU_OK, "%s", e.text);
    for (uint32_t i = 0; i < c->record_count; i++) {
        const struct record *want = &c->record[i];
        if (!want->want)
            continue;
        const struct tfu_difference d = tfu_tensor_compare(match(t, c, want), &want->tensor);
        ck_assert_msg(d.error < 1e-10,
                      "%s, %s: element %" PRId64 " of %s is %.17g, in PyTorch %.17g", c->op,
                      c->label, d.at, want->name, d.value, d.truth);
    }
    tfu_trial_free(t);
}

START_TEST(agrees_with_pytorch)
{
    char path[1024];
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, sizeof path, "%s/tests/layer/layers.fixture", top ? top : ".");
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f, "cannot open '%s'; set TOP_SRCDIR", path);
    struct fixture_case c;
    int cases = 0;
    for (; read_case(f, &c); cases++) {
        compare_case(&c);
        free_case(&c);
    }
    fclose(f);
    ck_assert_int_eq(cases, 46);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("torch");
    TCase *t = tcase_create("torch");
    suite_add_tcase(s, t);
    tcase_add_test(t, agrees_with_pytorch);
    return run_suite(s);
}
