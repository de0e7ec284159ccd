/* SPDX-License-Identifier: MIT
 *
 * elementwise FOLDER [CASE...]: every number of the cases that make_parity.py has written there,
 * with the weights as PyTorch saved them (CASE.pth), on the cpu backend and by the definitions in
 * float64. Prints, by kind of number, the largest difference relative to its tensor's largest.
 * Not run by `make check`: the files are large, and definitions take minutes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/weights.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/parity.h"

static struct tfu_weights *open_weights(const char *in, const char *name, const char *end)
{
    char path[4096];
    struct tfu_weights *w = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(path, sizeof path, "%s/%s.%s", in, name, end);
    tfu_weights_open(&w, &(struct tfu_weights_request){.path = path}, &e);
    ck_assert_msg(w != NULL, "%s: %s", e.source, e.text);
    return w;
}

/* All numbers of a tensor, which has to have so many. */
static double *read_numbers(const struct tfu_weights *w, const char *name, size_t count)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const size_t i = tfu_weights_find(w, name);
    double *v = calloc(count + 1, sizeof *v);
    ck_assert_ptr_nonnull(v);
    ck_assert_msg(i != SIZE_MAX, "no %s", name);
    ck_assert_int_eq(tfu_weights_get(w, i)->count, (int64_t)count);
    ck_assert_msg(tfu_weights_read_double(w, i, v, &e) == TFU_OK, "%s", e.text);
    return v;
}

static void load(const struct model *m, const struct tfu_weights *w)
{
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        const struct tfu_tensor t = param_of(m->network, p);
        double *v = read_numbers(w, m->graph->param[p].name, model_count(m, p));
        for (size_t i = 0; i < model_count(m, p); i++)
            if (t.dtype == TFU_F64)
                ((double *)t.data)[i] = v[i];
            else
                ((float *)t.data)[i] = (float)v[i];
        free(v);
    }
}

/* By kind: logits, gradients, running statistics. */
struct worst {
    const struct tfu_weights *want;
    double logits, gradient, running, least;
};

static void compare(void *arg, const char *name, const struct tfu_tensor *t)
{
    struct worst *w = arg;
    const size_t n = (size_t)tfu_shape_count(&t->shape);
    double *want = read_numbers(w->want, name, n);
    double largest = 0, far = 0;
    double *kind = name[0] == 'l' ? &w->logits : name[0] == 'g' ? &w->gradient : &w->running;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(want[i]));
        far = fmax(far, fabs(parity_number(t, i) - want[i]));
    }
    if (kind == &w->gradient)
        largest = fmax(largest, w->least);
    *kind = fmax(*kind, far / largest);
    free(want);
}

/* A bias before a normalisation has no gradient: nothing to be relative to. */
static double least_gradient(const struct tfu_weights *want)
{
    double most = 0;
    for (size_t i = 0; i < tfu_weights_count(want); i++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(want, i);
        if (strncmp(t->name, "gradient.", 9) != 0)
            continue;
        double *v = read_numbers(want, t->name, (size_t)t->count);
        for (int64_t k = 0; k < t->count; k++)
            most = fmax(most, fabs(v[k]));
        free(v);
    }
    return 1e-4 * most;
}

/* The command line, for the tests. */
static const char *folder;
static const struct parity_case *chosen[64];

START_TEST(every_number)
{
    const struct parity_case *c = chosen[_i];
    struct tfu_weights *weights = open_weights(folder, c->name, "pth");
    struct tfu_weights *want = open_weights(folder, c->name, "npz");
    for (int wide = 0; wide < 2; wide++) {
        struct worst w = {.want = want, .least = least_gradient(want)};
        struct model m = parity_open(c, wide ? "reference" : "cpu", wide ? TFU_F64 : TFU_F32);
        load(&m, weights);
        parity_run(&m, compare, &w);
        printf("%-22s %-9s logits %.1e  gradients %.1e  running %.1e\n", c->name,
               wide ? "float64" : "cpu", w.logits, w.gradient, w.running);
        fflush(stdout);
        model_close(&m);
    }
    tfu_weights_close(weights);
    tfu_weights_close(want);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *s = suite_create("elementwise");
    TCase *t = tcase_create("elementwise");
    int count = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: elementwise FOLDER [CASE...]\n");
        return 2;
    }
    folder = argv[1];
    for (size_t i = 0; i < parity_case_count && i < TFU_COUNT(chosen); i++) {
        bool wanted = argc == 2;
        for (int k = 2; k < argc; k++)
            wanted = wanted || strcmp(argv[k], parity_cases[i].name) == 0;
        if (wanted)
            chosen[count++] = &parity_cases[i];
    }
    tcase_set_timeout(t, 0);
    tcase_add_loop_test(t, every_number, 0, count);
    suite_add_tcase(s, t);
    return run_suite(s);
}
