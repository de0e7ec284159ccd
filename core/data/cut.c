/* SPDX-License-Identifier: MIT */
#include "core/data/cut.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/cut_list.h"
#include "core/data/cut_shares.h"
#include "core/data/shared_groups.h"

enum { SHOWN = 5 };

static const char *const part_name[] = {"train", "valid", "test"};

/* A cut in the making. */
struct cutting {
    const struct tfu_cut_request *request;
    struct tfu_example_names names;
    uint8_t *part; /* TFU_CUT_OPEN: in none yet */
    /* While a list is read: */
    uint8_t to;
    int64_t twice;             /* examples that are in both lists */
    int64_t some_twice[SHOWN]; /* the first of them */
};

static enum tfu_status refuse(struct tfu_mark m, struct tfu_error *e, const char *fmt, ...)
    TFU_PRINTF(3, 4);

static enum tfu_status refuse(struct tfu_mark m, struct tfu_error *e, const char *fmt, ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_EINVAL;
}

/* ---- lists */

static void take(void *arg, int64_t example)
{
    struct cutting *c = arg;
    uint8_t *part = &c->part[example];
    if (*part != TFU_CUT_OPEN && *part != c->to) {
        if (c->twice < SHOWN)
            c->some_twice[c->twice] = example;
        c->twice++;
    }
    *part = c->to;
}

static enum tfu_status read_lists(struct cutting *c, struct tfu_error *e)
{
    const struct tfu_cut_part *part = c->request->config->part;
    struct tfu_name_index *index = NULL;
    enum tfu_status st = TFU_OK;
    for (int k = 0; st == TFU_OK && k < TFU_CUT_PARTS; k++) {
        if (part[k].kind != TFU_CUT_FILE)
            continue;
        if (!index)
            st = tfu_name_index_new(&index, c->request->source, &c->names, c->request->groups, e);
        c->to = (uint8_t)k;
        if (st == TFU_OK)
            st = tfu_cut_list_read(part[k].file, index, take, c, e);
    }
    tfu_name_index_free(index);
    if (st != TFU_OK || c->twice == 0)
        return st;
    struct tfu_text text = TFU_TEXT_INIT;
    for (int64_t i = 0; i < c->twice && i < SHOWN; i++)
        tfu_text_printf(&text, "%s%s", i ? ", " : "", c->names.name[c->some_twice[i]]);
    refuse(c->request->config->mark, e,
           "%" PRId64 " example%s in the lists of both valid and test: %s%s", c->twice,
           c->twice == 1 ? " is" : "s are", tfu_text_get(&text), c->twice > SHOWN ? ", ..." : "");
    tfu_text_free(&text);
    return TFU_EINVAL;
}

/* ---- a column */

static void list_words(const char *const *word, int64_t count, struct tfu_text *out)
{
    for (int64_t i = 0; i < count && i < 20; i++)
        tfu_text_printf(out, "%s'%s'", i ? ", " : "", word[i]);
    if (count > 20)
        tfu_text_puts(out, ", ...");
}

static enum tfu_status refuse_column(const struct cutting *c, struct tfu_error *e)
{
    const struct tfu_data_cut *config = c->request->config;
    const struct tfu_attributes *a = c->request->attributes;
    struct tfu_text text = TFU_TEXT_INIT;
    list_words(a->name, a->count, &text);
    refuse(config->mark, e, "data.split.column: dataset '%s' has no attribute '%s'; it has %s",
           tfu_source_plugin(c->request->source), config->column,
           a->count ? tfu_text_get(&text) : "none");
    tfu_text_free(&text);
    return TFU_EINVAL;
}

static enum tfu_status refuse_value(const struct cutting *c, const struct tfu_cut_part *part,
                                    const char *value, const struct tfu_attribute *a,
                                    struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    list_words(a->words.word, a->words.count, &text);
    refuse(part->mark, e, "no example has '%s' in its attribute '%s'; it has %s", value,
           c->request->config->column, tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_EINVAL;
}

static enum tfu_status read_column(struct cutting *c, struct tfu_error *e)
{
    const struct tfu_data_cut *config = c->request->config;
    const int64_t which = tfu_attributes_find(c->request->attributes, config->column);
    if (which < 0)
        return refuse_column(c, e);
    const struct tfu_attribute *a = &c->request->attributes->item[which];
    uint8_t *part = malloc((size_t)a->words.count);
    if (!part)
        return tfu_error_memory(e, "cutting data in parts", 0);
    memset(part, TFU_CUT_OPEN, (size_t)a->words.count);
    enum tfu_status st = TFU_OK;
    for (int k = 0; k < TFU_CUT_PARTS; k++)
        for (uint64_t i = 0; st == TFU_OK && i < config->part[k].values.count; i++) {
            const char *value = config->part[k].values.item[i];
            const int64_t word = tfu_words_find(&a->words, value);
            if (word < 0)
                st = refuse_value(c, &config->part[k], value, a, e);
            else if (part[word] != TFU_CUT_OPEN && part[word] != k)
                st = refuse(config->part[k].mark, e, "'%s' is a value of both valid and test",
                            value);
            else
                part[word] = (uint8_t)k;
        }
    for (int64_t i = 0; st == TFU_OK && i < c->names.count; i++)
        c->part[i] = part[a->value[i]];
    free(part);
    return st;
}

/* ---- shares */

static enum tfu_status find_by(const struct cutting *c, bool *by_group, struct tfu_error *e)
{
    const struct tfu_data_cut *config = c->request->config;
    const int64_t groups = c->request->groups->count;
    const char *plugin = tfu_source_plugin(c->request->source);
    *by_group = config->by != TFU_CUT_BY_EXAMPLE && groups > 0;
    if (config->by == TFU_CUT_BY_GROUP && !groups)
        return refuse(config->mark, e,
                      "data.split.by is group, but dataset '%s' knows no groups; have it read them "
                      "(as by its option `group`), or cut by example",
                      plugin);
    if (config->by == TFU_CUT_BY_EXAMPLE && groups && !config->unsafe)
        return refuse(config->mark, e,
                      "data.split.by is example, but the %" PRId64
                      " examples of dataset '%s' are of %" PRId64
                      " groups: one may be trained on and tested, and the numbers be too good; cut "
                      "by group, or say `unsafe: true` as well",
                      c->names.count, plugin, groups);
    return TFU_OK;
}

static enum tfu_status cut_shares(struct cutting *c, bool *by_group, struct tfu_error *e)
{
    const struct tfu_cut_request *r = c->request;
    const struct tfu_cut_part *part = r->config->part;
    *by_group = false;
    if (part[TFU_CUT_VALID].kind != TFU_CUT_SHARE && part[TFU_CUT_TEST].kind != TFU_CUT_SHARE)
        return TFU_OK;
    const enum tfu_status st = find_by(c, by_group, e);
    if (st != TFU_OK)
        return st;
    struct tfu_cut_shares shares = {
        .count = c->names.count,
        .names = c->names.name,
        .groups = *by_group ? r->groups : NULL,
        .target = r->source->info.target,
        .columns = r->source->info.label_columns,
        .labels = r->labels,
        .seed = (uint64_t)r->config->seed,
    };
    for (int k = 0; k < TFU_CUT_PARTS; k++)
        shares.share[k] = part[k].kind == TFU_CUT_SHARE ? part[k].share : 0;
    return tfu_cut_by_shares(c->part, &shares, e);
}

/* ---- the whole */

static enum tfu_status count(const struct cutting *c, struct tfu_cut *out, struct tfu_error *e)
{
    const struct tfu_data_cut *config = c->request->config;
    const int64_t groups = c->request->groups->count;
    for (int64_t i = 0; i < c->names.count; i++) {
        if (c->part[i] == TFU_CUT_OPEN)
            c->part[i] = TFU_CUT_TRAIN;
        out->examples[c->part[i]]++;
    }
    for (int k = 0; k < TFU_CUT_PARTS; k++) {
        const struct tfu_cut_part *part = &config->part[k];
        if (out->examples[k] || (k != TFU_CUT_TRAIN && !part->kind))
            continue;
        struct tfu_text of = TFU_TEXT_INIT;
        tfu_text_printf(&of, "%" PRId64 " examples", c->names.count);
        if (groups)
            tfu_text_printf(&of, " of %" PRId64 " groups", groups);
        refuse(k == TFU_CUT_TRAIN ? config->mark : part->mark, e,
               "data.split leaves no example in the %s data, of %s", part_name[k],
               tfu_text_get(&of));
        tfu_text_free(&of);
        return TFU_EINVAL;
    }
    return TFU_OK;
}

static enum tfu_status check_shared(const struct cutting *c, struct tfu_error *e)
{
    const struct tfu_data_cut *config = c->request->config;
    struct tfu_text text = TFU_TEXT_INIT;
    if (config->unsafe || config->shared_groups == TFU_SHARED_GROUPS_ALLOW)
        return TFU_OK;
    enum tfu_status st =
        tfu_shared_groups_of_parts(c->request->groups, c->part, c->names.count, &text, e);
    if (st == TFU_OK && text.length)
        st = refuse(config->mark, e, "%s; %s", text.data, TFU_SHARED_GROUPS_ADVICE);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status make(struct cutting *c, struct tfu_cut *out, struct tfu_error *e)
{
    enum tfu_status st = tfu_example_names_read(&c->names, c->request->source, e);
    if (st != TFU_OK)
        return st;
    c->part = malloc((size_t)c->names.count);
    if (!c->part)
        return tfu_error_memory(e, "cutting data in parts", 0);
    memset(c->part, TFU_CUT_OPEN, (size_t)c->names.count);
    st = c->request->config->column[0] ? read_column(c, e) : read_lists(c, e);
    if (st == TFU_OK)
        st = cut_shares(c, &out->by_group, e);
    if (st == TFU_OK)
        st = count(c, out, e);
    return st == TFU_OK ? check_shared(c, e) : st;
}

enum tfu_status tfu_cut_make(struct tfu_cut *out, const struct tfu_cut_request *request,
                             struct tfu_error *e)
{
    struct cutting c = {.request = request};
    *out = (struct tfu_cut){.part = NULL};
    const enum tfu_status st = make(&c, out, e);
    tfu_example_names_free(&c.names);
    if (st == TFU_OK)
        out->part = c.part;
    else
        free(c.part);
    return st;
}

void tfu_cut_free(struct tfu_cut *c)
{
    free(c->part);
    *c = (struct tfu_cut){.part = NULL};
}
