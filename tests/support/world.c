/* SPDX-License-Identifier: MIT */
#include "tests/support/world.h"

#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/scratch.h"

enum { SIZE = 6, CLASSES = 3, IMAGES = 9 };

static const char config[] = "seed: 3\n"
                             "task: {kind: classification, classes: 3}\n"
                             "arch: {plugin: cbr_tiny, truncate: block1}\n"
                             "init: [{plugin: random}]\n"
                             "data:\n"
                             "  train: {plugin: idx, images: images, labels: labels}\n"
                             "  test: {plugin: idx, images: images, labels: labels}\n"
                             "train:\n"
                             "  optimizer: {plugin: sgd, lr: 1e-3}\n"
                             "  batch: 4\n"
                             "  steps: 3\n"
                             "  evaluate: {every_steps: 3, every_epochs: 0}\n"
                             "  checkpoint: {every_steps: 3, keep: 1}\n"
                             "metrics: [{plugin: auc}, {plugin: accuracy}]\n"
                             "backend: {plugin: reference}\n"
                             "threads: 1\n";

/* Class k is dark with a bright row k. */
static void write_data(void)
{
    unsigned char images[16 + IMAGES * SIZE * SIZE] = {0, 0, 8, 3,    0, 0, 0, IMAGES,
                                                       0, 0, 0, SIZE, 0, 0, 0, SIZE};
    unsigned char labels[8 + IMAGES] = {0, 0, 8, 1, 0, 0, 0, IMAGES};
    for (int i = 0; i < IMAGES; i++) {
        labels[8 + i] = (unsigned char)(i % CLASSES);
        for (int p = 0; p < SIZE * SIZE; p++)
            images[16 + i * SIZE * SIZE + p] =
                (unsigned char)((p * 7 + i * 11) % 100 + (p / SIZE == i % CLASSES ? 100 : 0));
    }
    scratch_write("images", images, sizeof images);
    scratch_write("labels", labels, sizeof labels);
}

void world_begin(void)
{
    scratch_begin();
    ck_assert_int_eq(chdir(scratch), 0);
    write_data();
    scratch_write("run.yaml", config, sizeof config - 1);
}

void world_end(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_end();
}

struct world world_open(void)
{
    struct world w = {.error = TFU_ERROR_INIT};
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    ck_assert_msg(path != NULL, "TRANSFUSE_PLUGIN_PATH says where the plugins are");
    ck_assert_int_eq(tfu_registry_new(&w.registry, path, NULL), TFU_OK);
    ck_assert_int_eq(tfu_diagnostics_new(&w.diagnostics, NULL), TFU_OK);
    return w;
}

void world_close(struct world *w)
{
    tfu_diagnostics_free(w->diagnostics);
    tfu_registry_free(w->registry);
}

struct tfu_target_request world_target(const struct world *w, const char *const *override)
{
    struct tfu_target_request r = {
        .config = "run.yaml", .override = override, .registry = w->registry};
    while (override && override[r.override_count])
        r.override_count++;
    return r;
}

void world_ok(const struct world *w, enum tfu_status st)
{
    struct tfu_text findings = TFU_TEXT_INIT;
    tfu_diagnostics_print(w->diagnostics, &findings);
    ck_assert_msg(st == TFU_OK, "%s\n%s", w->error.text, tfu_text_get(&findings));
    tfu_text_free(&findings);
}
