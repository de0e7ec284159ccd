/* SPDX-License-Identifier: MIT */
#include "tests/support/datasets.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/formula.h"

#undef fail /* a macro of Check; here it is a function of the host */

float formula_pixel(int64_t i, int64_t p)
{
    return (float)formula((uint64_t)i + 1, (uint64_t)p);
}

struct formula {
    struct formula_config config;
    struct tfu_dataset_info info;
};

static enum tfu_status formula_open(void **self, const void *config, struct tfu_dataset_host *h)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    const struct formula_config *c = config;
    struct formula *f = malloc(sizeof *f);
    *self = f;
    if (!f)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset formula");
    f->config = *c;
    f->info = (struct tfu_dataset_info){.struct_size = sizeof f->info,
                                        .target = c->classes         ? TFU_FIELD_CLASS
                                                  : c->label_columns ? TFU_FIELD_NUMBERS
                                                                     : 0,
                                        .label_columns = c->label_columns,
                                        .count = c->count,
                                        .height = c->height,
                                        .width = c->width,
                                        .channels = c->channels,
                                        .classes = c->classes,
                                        .class_names = c->classes == 10 ? names : NULL,
                                        .fingerprint = "f0",
                                        .attributes = c->attributes,
                                        .attribute_names = c->attribute_names};
    return TFU_OK;
}

static const struct tfu_dataset_info *formula_info(const void *self)
{
    return &((const struct formula *)self)->info;
}

static float label(const struct formula_config *c, int64_t i)
{
    if (i == c->wrong_label)
        return (float)c->classes;
    if (c->unknown && i % 7 == 6)
        return NAN;
    return c->classes ? (float)(i % c->classes) : -(float)i;
}

static enum tfu_status formula_labels(const void *self, int64_t first, int64_t count, float *labels,
                                      struct tfu_dataset_host *h)
{
    const struct formula_config *c = &((const struct formula *)self)->config;
    (void)h;
    for (int64_t i = first; i < first + count; i++)
        for (int64_t k = 0; k < c->label_columns; k++)
            *labels++ = c->labels ? c->labels[i * c->label_columns + k] : label(c, i) + (float)k;
    return TFU_OK;
}

/* Up to so many tenths of a millisecond; not at all every other time. */
static void sleep_by_chance(int64_t tenths)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    const long chance = t.tv_nsec / 100;
    if (chance % 2)
        nanosleep(&(struct timespec){.tv_nsec = chance % 1000 * 100 * (long)tenths}, NULL);
}

static enum tfu_status formula_get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct formula_config *c = &((const struct formula *)self)->config;
    const int64_t pixels = c->height * c->width * c->channels;
    const struct tfu_shape shape = tfu_shape_make(3, c->height, c->width, c->channels, 1, 1);
    if (c->sleep > 0)
        sleep_by_chance(c->sleep);
    if (index == c->broken)
        return c->silent ? TFU_EIO : h->fail(h, TFU_EIO, "the disk is gone");
    const struct tfu_tensor *t = h->add(h, TFU_FIELD_IMAGE, TFU_F32, &shape);
    if (!t)
        return TFU_ENOMEM;
    for (int64_t p = 0; p < pixels; p++)
        ((float *)t->data)[p] = c->pixels ? c->pixels[index * pixels + p] : formula_pixel(index, p);
    return TFU_OK;
}

static const char *formula_name(const void *self, int64_t index)
{
    const struct formula_config *c = &((const struct formula *)self)->config;
    return c->names ? c->names[index] : NULL;
}

static const char *formula_group(const void *self, int64_t index)
{
    const struct formula_config *c = &((const struct formula *)self)->config;
    return c->groups ? c->groups[index] : NULL;
}

static const char *formula_attribute(const void *self, int64_t index, int64_t which)
{
    const struct formula_config *c = &((const struct formula *)self)->config;
    return c->attribute_words[index * c->attributes + which];
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = formula_open,
                                           .close = free,
                                           .info = formula_info,
                                           .labels = formula_labels,
                                           .get = formula_get,
                                           .name = formula_name,
                                           .group = formula_group,
                                           .attribute = formula_attribute};

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

/* ---- the short forms, as a configuration would have them */

struct step {
    struct tfu_plugin_choice choice;
    _Alignas(16) unsigned char config[128];
};

static void *option(const struct step *s, const char *name)
{
    const struct tfu_plugin *p = s->choice.plugin;
    for (uint32_t i = 0; i < p->option_count; i++)
        if (strcmp(p->options[i].name, name) == 0)
            return (unsigned char *)s->config + p->options[i].offset;
    ck_abort_msg("there is no option '%s'", name);
    return NULL;
}

static struct step *find_step(const char *name, struct tfu_registry *r)
{
    static struct step steps[256]; /* in turn: so many are never in use at once */
    static size_t used;
    struct step *s = &steps[used++ % TFU_COUNT(steps)];
    struct tfu_error e = TFU_ERROR_INIT;
    *s = (struct step){.choice = {.name = name, .config = s->config}};
    tfu_registry_find(r, TFU_KIND_TRANSFORM, name, NULL, &s->choice.plugin, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_uint_le(s->choice.plugin->config_size, sizeof s->config);
    return s;
}

const struct tfu_data_split *with_transforms(const struct tfu_data_split *split,
                                             struct tfu_registry *r)
{
    static struct {
        struct tfu_data_split split;
        struct tfu_plugin_choice choice[2];
    } places[256];
    static size_t used;
    if (split->transform_count > 0) /* they are there */
        return split;
    const struct tfu_data_select *select = &split->select;
    struct tfu_plugin_choice *choice = places[used % TFU_COUNT(places)].choice;
    struct tfu_data_split *out = &places[used++ % TFU_COUNT(places)].split;
    *out = *split;
    out->transform = choice;
    if (select->resize.count) {
        struct step *s = find_step("resize", r);
        *(struct tfu_int_list *)option(s, "size") = select->resize;
        choice[out->transform_count++] = s->choice;
    }
    if (select->normalise.channels || select->normalise.mean.count ||
        select->normalise.deviation.count ||
        (select->normalise.preprocessing && select->normalise.preprocessing[0])) {
        struct step *s = find_step("normalise", r);
        *(int64_t *)option(s, "channels") = select->normalise.channels;
        *(struct tfu_float_list *)option(s, "mean") = select->normalise.mean;
        *(struct tfu_float_list *)option(s, "deviation") = select->normalise.deviation;
        *(const char **)option(s, "preprocessing") =
            select->normalise.preprocessing ? select->normalise.preprocessing : "";
        choice[out->transform_count++] = s->choice;
    }
    return out;
}

struct tfu_dataset *open_dataset(const struct tfu_data_split *split, struct tfu_registry *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    split = with_transforms(split, r);
    struct tfu_dataset *d = NULL;
    tfu_dataset_open(&d, split, r, NULL, &e);
    ck_assert_msg(e.status == TFU_OK && d, "%s", e.text);
    return d;
}

void expect_refusal(const struct tfu_data_split *split, struct tfu_registry *r, enum tfu_status st,
                    const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    split = with_transforms(split, r);
    struct tfu_dataset *d = (struct tfu_dataset *)&e; /* to be overwritten */
    ck_assert_int_eq(tfu_dataset_open(&d, split, r, NULL, &e), st);
    ck_assert_ptr_null(d);
    ck_assert_str_eq(e.text, text);
    ck_assert_int_eq(e.status, st);
}
