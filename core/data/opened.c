/* SPDX-License-Identifier: MIT */
#include "core/data/opened.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/leave_out.h"

static enum tfu_status check_class(const struct tfu_source *s, int64_t i, float v,
                                   struct tfu_error *e)
{
    if (isnan(v) || (v >= 0 && v < (float)s->info.classes && v == floorf(v)))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "example %lld of dataset '%s' has the label %g; class indices are 0 "
                         "to %lld",
                         (long long)i, tfu_source_plugin(s), (double)v,
                         (long long)s->info.classes - 1);
}

enum tfu_status tfu_opened_labels(const struct tfu_source *s, float **out, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &s->info;
    const size_t numbers = (size_t)(i->count * i->label_columns);
    *out = calloc(numbers + 1, sizeof **out);
    enum tfu_status st = *out ? tfu_source_labels(s, 0, i->count, *out, e)
                              : tfu_error_memory(e, "reading labels", numbers * sizeof **out);
    for (int64_t k = 0; st == TFU_OK && i->classes && k < i->count; k++)
        st = check_class(s, k, (*out)[k], e);
    return st;
}

static enum tfu_status cut(struct tfu_opened_data *o, const struct tfu_data_cut *config,
                           struct tfu_error *e)
{
    float *labels = NULL;
    enum tfu_status st = tfu_opened_labels(&o->source, &labels, e);
    const struct tfu_cut_request request = {
        .config = config,
        .source = &o->source,
        .groups = &o->groups,
        .attributes = &o->attributes,
        .labels = labels,
    };
    if (st == TFU_OK)
        st = tfu_cut_make(&o->cut, &request, e);
    free(labels);
    return st;
}

enum tfu_status tfu_opened_new(struct tfu_opened_data **out, const struct tfu_data_split *split,
                               struct tfu_registry *registry, struct tfu_log *log,
                               struct tfu_error *e)
{
    *out = NULL;
    struct tfu_opened_data *o = calloc(1, sizeof *o);
    if (!o)
        return tfu_error_memory(e, "opening a dataset", 0);
    enum tfu_status st = tfu_source_open(&o->source, split, registry, log, e);
    if (st != TFU_OK) {
        free(o);
        return st;
    }
    st = tfu_example_groups_read(&o->groups, &o->source, e);
    if (st == TFU_OK)
        st = tfu_attributes_read(&o->attributes, &o->source, e);
    if (st == TFU_OK)
        st = tfu_leave_out(&o->left_out, &o->source, log, e);
    if (st == TFU_OK && split->cut)
        st = cut(o, split->cut, e);
    if (st == TFU_OK)
        *out = o;
    else
        tfu_opened_release(o);
    return st;
}

struct tfu_opened_data *tfu_opened_hold(struct tfu_opened_data *o)
{
    o->holders++;
    return o;
}

void tfu_opened_release(struct tfu_opened_data *o)
{
    if (!o || o->holders-- > 0)
        return;
    free(o->left_out);
    tfu_cut_free(&o->cut);
    tfu_attributes_free(&o->attributes);
    tfu_example_groups_free(&o->groups);
    tfu_source_close(&o->source);
    free(o);
}

enum tfu_status tfu_opened_part_fingerprint(const struct tfu_opened_data *o, int32_t part,
                                            char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    struct tfu_hash *h;
    enum tfu_status st = tfu_hash_new(&h, e);
    if (st != TFU_OK)
        return st;
    tfu_hash_add(h, o->source.info.fingerprint, strlen(o->source.info.fingerprint));
    for (int64_t i = 0; i < o->source.info.count; i++)
        if (o->cut.part[i] == part)
            tfu_hash_add(h, &i, sizeof i);
    st = tfu_hash_hex(h, hex, e);
    tfu_hash_free(h);
    return st;
}
