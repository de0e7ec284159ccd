/* SPDX-License-Identifier: MIT */
#include "tests/plugins/transform/trying.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/choice.h"

static const struct setting *find_setting(const struct setting *s, const char *name)
{
    for (; s && s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

static int32_t choice_of(const struct tfu_option *o, const char *text)
{
    for (int32_t i = 0; o->choices[i]; i++)
        if (strcmp(o->choices[i], text) == 0)
            return i;
    ck_abort_msg("option '%s' has no choice '%s'", o->name, text);
}

static void set_option(struct transform *t, const struct tfu_option *o, const struct setting *s,
                       int64_t whole[4])
{
    void *field = t->config + o->offset;
    const int64_t number = s ? (int64_t)s->number[0] : o->idef;
    const double real = s ? s->number[0] : o->fdef;
    const char *text = s && s->text ? s->text : "";
    const int32_t choice = o->type == TFU_ENUM ? choice_of(o, s ? text : o->sdef) : (int32_t)number;
    for (size_t i = 0; s && i < s->count; i++)
        whole[i] = (int64_t)s->number[i];
    const struct tfu_int_list whole_list = {whole, s ? s->count : 0};
    const struct tfu_float_list real_list = {s ? s->number : NULL, s ? s->count : 0};
    if (o->type == TFU_INT)
        memcpy(field, &number, sizeof number);
    else if (o->type == TFU_FLOAT)
        memcpy(field, &real, sizeof real);
    else if (o->type == TFU_ENUM || o->type == TFU_BOOL)
        memcpy(field, &choice, sizeof choice);
    else if (o->type == TFU_STRING)
        memcpy(field, &text, sizeof text);
    else if (o->type == TFU_INT_LIST)
        memcpy(field, &whole_list, sizeof whole_list);
    else if (o->type == TFU_FLOAT_LIST)
        memcpy(field, &real_list, sizeof real_list);
    else
        ck_abort_msg("option '%s' has a type that these tests do not set", o->name);
}

enum tfu_status transform_try(struct transform *t, const char *name, const struct setting *s,
                              int64_t height, int64_t width, int64_t channels, struct tfu_error *e)
{
    *t = (struct transform){.registry = open_registry(), .split = {.transform_count = 1}};
    const enum tfu_status found =
        tfu_registry_find(t->registry, TFU_KIND_TRANSFORM, name, NULL, &t->choice.plugin, e);
    ck_assert_msg(found == TFU_OK, "%s", e->text);
    const struct tfu_plugin *p = t->choice.plugin;
    t->config = calloc(1, p->config_size);
    ck_assert_ptr_nonnull(t->config);
    t->choice.config = t->config;
    ck_assert_uint_le(p->option_count, TRANSFORM_OPTIONS);
    for (uint32_t i = 0; i < p->option_count; i++)
        set_option(t, &p->options[i], find_setting(s, p->options[i].name), t->whole[i]);
    t->split.transform = &t->choice;
    const struct tfu_dataset_info info = {.struct_size = sizeof info,
                                          .count = 1,
                                          .height = height,
                                          .width = width,
                                          .channels = channels};
    const enum tfu_status st =
        tfu_pipeline_open(&t->pipeline, &t->split, &info, t->registry, NULL, e);
    if (st != TFU_OK) {
        free(t->config);
        tfu_registry_free(t->registry);
    }
    return st;
}

void transform_open(struct transform *t, const char *name, const struct setting *s, int64_t height,
                    int64_t width, int64_t channels)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = transform_try(t, name, s, height, width, channels, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
}

void transform_close(struct transform *t)
{
    tfu_pipeline_close(&t->pipeline);
    free(t->config);
    tfu_registry_free(t->registry);
}

const struct tfu_normalisation *transform_normalisation(const struct transform *t)
{
    const struct tfu_transform_ops *ops = t->choice.plugin->ops;
    return ops->normalisation(t->pipeline.step[0].self);
}

void example_begin(struct tfu_example_work *w, struct tfu_error *e)
{
    *e = (struct tfu_error)TFU_ERROR_INIT;
    tfu_example_begin(w, NULL, e);
}

struct tfu_tensor *example_add(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                               int64_t d0, int64_t d1, int64_t d2)
{
    const struct tfu_shape shape =
        tfu_shape_make(kind == TFU_FIELD_IMAGE ? 3 : 2, d0, d1, d2, 1, 1);
    struct tfu_tensor *t = tfu_example_add(w, kind, dtype, &shape);
    ck_assert_msg(t != NULL, "%s", w->error->text);
    return t;
}

struct tfu_tensor *example_get(const struct tfu_example_work *w, uint32_t kind)
{
    struct tfu_tensor *t = tfu_example_find(&w->example, kind);
    ck_assert_ptr_nonnull(t);
    return t;
}

double example_number(const struct tfu_tensor *t, int64_t at)
{
    return t->dtype == TFU_U8    ? (double)((const uint8_t *)t->data)[at]
           : t->dtype == TFU_U16 ? (double)((const uint16_t *)t->data)[at]
                                 : (double)((const float *)t->data)[at];
}

void transform_run(const struct transform *t, struct tfu_example_work *w, uint32_t random,
                   uint64_t key)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_pipeline_run(&t->pipeline, w, random == CHANCE, key, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
}
