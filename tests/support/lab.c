/* SPDX-License-Identifier: MIT */
#include "tests/support/lab.h"

#include "core/base/random.h"
#include "core/graph/access.h"
#include "core/io/folder.h"
#include "core/train/shelf.h"
#include "tests/support/choice.h"
#include "tests/support/scratch.h"

/* what is relative in it is so to the scratch folder */
static const char text[] = "seed: 3\n"
                           "task: {kind: classification, classes: 3}\n"
                           "arch: {plugin: cbr_tiny, slim: {from: block1, divide: 8}}\n"
                           "init: [{plugin: random}]\n"
                           "data:\n"
                           "  train: {plugin: idx, images: images, labels: labels}\n"
                           "  test: {plugin: idx, images: images, labels: labels}\n"
                           "train: {optimizer: {plugin: sgd, lr: 1}, batch: 4, steps: 1}\n"
                           "metrics: [{plugin: accuracy}]\n";

void lab_open(struct lab *l, uint32_t threads)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char command[1024];
    const char *build = getenv("TOP_BUILDDIR");
    ck_assert(build);
    scratch_begin();
    snprintf(command, sizeof command,
             "cd '%s' && '%s/tests/support/make_idx' images labels 11 12 3 1", scratch, build);
    ck_assert_int_eq(system(command), 0);
    lab_write_config("c.yaml", NULL, NULL);
    *l = (struct lab){.registry = open_registry()};
    ck_assert_int_eq(tfu_diagnostics_new(&l->diagnostics, &e), TFU_OK);
    ck_assert_int_eq(tfu_threads_new(&l->threads, threads, &e), TFU_OK);
    l->subject = lab_subject(l, "c.yaml", NULL);
    ck_assert_int_eq(tfu_assemble_data(&l->data, &l->subject->context, TFU_SPLIT_TEST, &e), TFU_OK);
}

void lab_close(struct lab *l)
{
    tfu_dataset_close(l->data);
    tfu_subject_close(l->subject);
    tfu_threads_free(l->threads);
    tfu_diagnostics_free(l->diagnostics);
    tfu_registry_free(l->registry);
    scratch_end();
}

const char *lab_path(const char *name)
{
    return scratch_path(name);
}

void lab_write(const char *name, const char *bytes)
{
    scratch_write(scratch_path(name), bytes, strlen(bytes));
}

void lab_write_config(const char *name, const char *replaced, const char *by)
{
    struct tfu_text out = TFU_TEXT_INIT;
    const char *at = replaced ? strstr(text, replaced) : NULL;
    ck_assert(at || !replaced);
    if (at)
        tfu_text_printf(&out, "%.*s%s%s", (int)(at - text), text, by, at + strlen(replaced));
    else
        tfu_text_puts(&out, text);
    lab_write(name, tfu_text_get(&out));
    tfu_text_free(&out);
}

struct tfu_subject *lab_subject(struct lab *l, const char *spec, struct tfu_digests *digests)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_subject *s;
    const struct tfu_subject_request request = {.spec = scratch_path(spec),
                                                .registry = l->registry,
                                                .threads = l->threads,
                                                .digests = digests};
    tfu_subject_open(&s, &request, l->diagnostics, &e);
    ck_assert_msg(s != NULL, "%s: %s", spec, e.text);
    return s;
}

/* ---- runs */

static void change(struct tfu_network *n, int64_t step)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    struct tfu_error e = TFU_ERROR_INIT;
    for (uint32_t p = 0; p < g->param_count; p++) {
        float *w = tfu_network_draft(n, tfu_region_param(p));
        struct tfu_random r;
        tfu_random_init(&r, tfu_random_key((uint64_t)step, "lab", g->param[p].name));
        for (int64_t i = 0; i < tfu_shape_count(&g->param[p].shape); i++)
            w[i] = (float)(0.5 * tfu_random_uniform(&r));
        ck_assert_int_eq(tfu_network_commit(n, tfu_region_param(p), &e), TFU_OK);
    }
}

/* Checkpoints of a network that is changed from step to step. */
static void save_steps(const struct tfu_subject *s, const struct tfu_dataset *data,
                       const char *folder, const int64_t *step, size_t count)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g;
    struct tfu_network *n;
    const struct tfu_assemble_options options = {.training = false};
    ck_assert_int_eq(tfu_assemble_graph(&g, &s->context, tfu_dataset_info(data), 4, &e), TFU_OK);
    ck_assert_int_eq(tfu_assemble_network(&n, g, &s->context, &options, &e), TFU_OK);
    for (size_t i = 0; i < count; i++) {
        const struct tfu_train_state state = {.step = step[i]};
        char *path = tfu_shelf_path(folder, TFU_SHELF_STEP, step[i]);
        const struct tfu_checkpoint_request request = {
            .path = path, .network = n, .state = &state, .config = "", .data = ""};
        change(n, step[i]);
        ck_assert_msg(tfu_checkpoint_save(&request, &e) == TFU_OK, "%s", e.text);
        free(path);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
}

void lab_make_run(struct lab *l, const char *name, const char *config, const int64_t *step,
                  size_t count)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text resolved = TFU_TEXT_INIT, path = TFU_TEXT_INIT;
    struct tfu_subject *s = lab_subject(l, config, NULL);
    ck_assert_int_eq(tfu_folder_make(scratch_path(name), &e), TFU_OK);
    ck_assert_int_eq(tfu_shelf_create(scratch_path(name), &e), TFU_OK);
    ck_assert_int_eq(tfu_config_print(s->config, false, &resolved, &e), TFU_OK);
    tfu_text_printf(&path, "%s/config.yaml", name);
    lab_write(tfu_text_get(&path), tfu_text_get(&resolved));
    if (count)
        save_steps(s, l->data, scratch_path(name), step, count);
    tfu_text_free(&resolved);
    tfu_text_free(&path);
    tfu_subject_close(s);
}
