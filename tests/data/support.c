/* SPDX-License-Identifier: MIT */
#include "tests/data/support.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/component/formula.h"

#undef fail /* a macro of Check; here it is a function of the host */

float formula_pixel(int64_t i, int64_t p)
{
    return (float)formula((uint64_t)i + 1, (uint64_t)p);
}

static enum tfu_status formula_open(void **self, const void *config, struct tfu_host *h)
{
    struct formula_config *c = malloc(sizeof *c);
    *self = NULL;
    if (!c)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset formula");
    *c = *(const struct formula_config *)config;
    *self = c;
    return TFU_OK;
}

static enum tfu_status formula_info(const void *self, struct tfu_dataset_info *out)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    const struct formula_config *c = self;
    *out = (struct tfu_dataset_info){.struct_size = sizeof *out,
                                     .label_columns = c->label_columns,
                                     .count = c->count,
                                     .height = c->height,
                                     .width = c->width,
                                     .channels = c->channels,
                                     .classes = c->classes,
                                     .class_names = c->classes == 10 ? names : NULL,
                                     .fingerprint = "f0"};
    return TFU_OK;
}

static float label(const struct formula_config *c, int64_t i)
{
    if (i == c->wrong_label)
        return (float)c->classes;
    if (c->unknown && i % 7 == 6)
        return NAN;
    return c->classes ? (float)(i % c->classes) : -(float)i;
}

static enum tfu_status formula_get(const void *self, int64_t index, float *pixels, float *labels,
                                   struct tfu_host *h)
{
    const struct formula_config *c = self;
    if (pixels && index == c->broken)
        return c->silent ? TFU_EIO : h->fail(h, TFU_EIO, "the disk is gone");
    for (int64_t p = 0; pixels && p < c->height * c->width * c->channels; p++)
        pixels[p] = c->pixels ? c->pixels[index * c->height * c->width * c->channels + p]
                              : formula_pixel(index, p);
    for (uint32_t k = 0; labels && k < c->label_columns; k++)
        labels[k] =
            c->labels ? c->labels[index * c->label_columns + k] : label(c, index) + (float)k;
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = formula_open,
                                           .close = free,
                                           .info = formula_info,
                                           .get = formula_get};

static const struct tfu_plugin formula_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "formula",
    .version = "1",
    .summary = "computed examples",
    .config_size = sizeof(struct formula_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};

struct formula_config formula_config(int64_t count, int64_t height, int64_t width, int64_t channels)
{
    return (struct formula_config){.count = count,
                                   .height = height,
                                   .width = width,
                                   .channels = channels,
                                   .classes = 10,
                                   .label_columns = 1,
                                   .broken = -1,
                                   .wrong_label = -1};
}

struct tfu_data_split formula_split(const struct formula_config *c)
{
    return (struct tfu_data_split){
        .present = 1, .choice = {.name = "formula", .plugin = &formula_plugin, .config = c}};
}

static void set_path(const struct tfu_plugin *p, const char *name, const char *value,
                     struct idx_files *f)
{
    for (uint32_t i = 0; i < p->option_count; i++)
        if (strcmp(p->options[i].name, name) == 0) {
            ck_assert_uint_eq(p->options[i].type, TFU_PATH);
            f->path[p->options[i].offset / sizeof f->path[0]] = value;
            return;
        }
    ck_abort_msg("there is no option '%s'", name);
}

const struct tfu_data_split *idx_split(struct idx_files *f, const struct tfu_plugin *plugin,
                                       const char *images, const char *labels)
{
    ck_assert_uint_le(plugin->config_size, sizeof f->path);
    set_path(plugin, "images", images, f);
    set_path(plugin, "labels", labels, f);
    f->split = (struct tfu_data_split){
        .present = 1, .choice = {.name = "idx", .plugin = plugin, .config = f->path}};
    return &f->split;
}

struct tfu_dataset *open_dataset(const struct tfu_data_split *split, struct tfu_registry *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dataset *d = NULL;
    tfu_dataset_open(&d, split, r, NULL, &e);
    ck_assert_msg(e.status == TFU_OK && d, "%s", e.text);
    return d;
}

void expect_refusal(const struct tfu_data_split *split, struct tfu_registry *r, enum tfu_status st,
                    const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dataset *d = (struct tfu_dataset *)&e; /* to be overwritten */
    ck_assert_int_eq(tfu_dataset_open(&d, split, r, NULL, &e), st);
    ck_assert_ptr_null(d);
    ck_assert_str_eq(e.text, text);
    ck_assert_int_eq(e.status, st);
}
