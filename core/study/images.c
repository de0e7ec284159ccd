/* SPDX-License-Identifier: MIT */
#include "core/study/images.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/log_tally.h"

struct opened {
    struct opened *next;
    char *section; /* of the configuration, as text */
    enum tfu_split split;
    const struct tfu_registry *registry;
    struct tfu_config *config; /* which the dataset looks into */
    struct tfu_dataset *data;
    struct tfu_log log; /* what it notes is true of all runs that have the same section */
    char **run;         /* their folders */
    size_t runs;
};

struct tfu_images {
    struct opened *first;
    size_t count;
    struct tfu_log *log; /* of the subjects */
};

enum tfu_status tfu_images_new(struct tfu_images **out, struct tfu_error *e)
{
    *out = calloc(1, sizeof **out);
    return *out ? TFU_OK : tfu_error_memory(e, "opening data", 0);
}

static void free_opened(struct opened *o)
{
    tfu_dataset_close(o->data);
    tfu_config_free(o->config);
    tfu_log_destroy(&o->log);
    for (size_t i = 0; i < o->runs; i++)
        free(o->run[i]);
    free(o->run);
    free(o->section);
    free(o);
}

void tfu_images_free(struct tfu_images *images)
{
    struct tfu_log_tally notes = {.count = 0};
    while (images && images->first) {
        struct opened *o = images->first;
        images->first = o->next;
        for (size_t i = 0; i < o->runs; i++)
            tfu_log_tally_add(&notes, &o->log);
        free_opened(o);
    }
    if (images)
        tfu_log_tally_write(&notes, images->log, NULL);
    free(images);
}

/* The subject is shown these data. */
static enum tfu_status count_run(struct opened *o, const struct tfu_subject *s, struct tfu_error *e)
{
    const char *run = s->folder ? s->folder : s->label;
    for (size_t i = 0; i < o->runs; i++)
        if (strcmp(o->run[i], run) == 0)
            return TFU_OK;
    char **more = reallocarray(o->run, o->runs + 1, sizeof *more);
    if (more)
        o->run = more;
    if (!more || !(more[o->runs] = strdup(run)))
        return tfu_error_memory(e, "opening data", 0);
    o->runs++;
    return TFU_OK;
}

/* Is it what is said of the split here? A plugin's name means the same in one registry. */
static bool is_same(const struct opened *o, const struct tfu_subject *s, enum tfu_split split,
                    const char *section)
{
    return o->registry == s->context.registry && o->split == split &&
           strcmp(o->section, section) == 0;
}

/* `section` becomes the new one's, or is freed. */
static enum tfu_status add(struct tfu_images *images, const struct tfu_subject *s,
                           enum tfu_split split, char *section, struct opened **out,
                           struct tfu_error *e)
{
    struct opened *o = calloc(1, sizeof *o);
    if (!o) {
        free(section);
        return tfu_error_memory(e, "opening data", 0);
    }
    struct tfu_context context = s->context;
    o->section = section;
    images->log = s->context.log;
    tfu_log_keep_notes(&o->log, s->context.log);
    context.log = &o->log;
    const enum tfu_status st = tfu_assemble_open(&o->data, &context, split, e);
    if (st != TFU_OK) {
        free_opened(o);
        return st;
    }
    o->split = split;
    o->registry = s->context.registry;
    o->config = tfu_config_hold(s->config);
    o->next = images->first;
    images->first = *out = o;
    images->count++;
    return TFU_OK;
}

static enum tfu_status find(struct tfu_images *images, const struct tfu_subject *s,
                            enum tfu_split split, struct opened **out, struct tfu_error *e)
{
    struct tfu_text section = TFU_TEXT_INIT;
    const struct tfu_data_split *said = tfu_experiment_split(s->experiment, split);
    /* of one that is not there nothing is said: opening it says so */
    const enum tfu_status st =
        said->present ? tfu_config_print_split(s->config, said, &section, e) : TFU_OK;
    if (st != TFU_OK) {
        tfu_text_free(&section);
        return st;
    }
    for (*out = images->first; *out; *out = (*out)->next)
        if (is_same(*out, s, split, tfu_text_get(&section))) {
            tfu_text_free(&section);
            return TFU_OK;
        }
    return add(images, s, split, section.data, out, e);
}

enum tfu_status tfu_images_get(struct tfu_images *images, const struct tfu_subject *subject,
                               enum tfu_split split, bool labelled, const struct tfu_dataset **out,
                               struct tfu_error *e)
{
    struct opened *o;
    *out = NULL;
    enum tfu_status st = find(images, subject, split, &o, e);
    if (st == TFU_OK)
        st = count_run(o, subject, e);
    if (st == TFU_OK)
        st = tfu_assemble_check_labels(o->data, &subject->context, split, labelled, e);
    if (st == TFU_OK)
        *out = o->data;
    return st;
}

size_t tfu_images_opened(const struct tfu_images *images)
{
    return images->count;
}
