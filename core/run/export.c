/* SPDX-License-Identifier: MIT */
#include "core/run/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/onnx/onnx.h"
#include "core/task/task.h"

#include <transfuse/option.h>

const char *const tfu_export_formats[] = {"tfm", "onnx", NULL};

/* ---- what is done to images */

/* The value of option `name` of a transform; NULL: it has none of that name and type. */
static const void *option(const struct tfu_plugin_choice *c, const char *name, uint32_t type)
{
    const struct tfu_plugin *plugin = c->plugin;
    for (uint32_t i = 0; i < plugin->option_count; i++) {
        const struct tfu_option *o =
            (const void *)((const char *)plugin->options + (size_t)i * plugin->option_size);
        if (o->type == type && strcmp(o->name, name) == 0)
            return (const char *)c->config + o->offset;
    }
    return NULL;
}

/* `resize` to a height and a width, without a frame. */
static bool take_resize(const struct tfu_plugin_choice *c, struct tfu_model_prepare *out)
{
    const struct tfu_int_list *size = option(c, "size", TFU_INT_LIST);
    const int32_t *filter = option(c, "filter", TFU_ENUM), *pad = option(c, "pad", TFU_BOOL);
    if (!size || !filter || !pad || size->count != 2 || *pad)
        return false;
    out->height = size->item[0];
    out->width = size->item[1];
    out->bicubic = *filter == 1;
    return true;
}

/* What a model file can say is at most a `resize`, and a `normalise` behind it. Of the first other
 * transform the place is returned; all of them are taken: their number. */
static size_t take_steps(const struct tfu_data_split *split, struct tfu_model_prepare *out)
{
    bool normalised = false;
    for (size_t i = 0; i < split->transform_count; i++) {
        const char *name = split->transform[i].plugin->name;
        if (strcmp(name, "normalise") == 0 && !normalised)
            normalised = true;
        else if (strcmp(name, "resize") != 0 || normalised || out->height ||
                 !take_resize(&split->transform[i], out))
            return i;
    }
    return split->transform_count;
}

static void take_numbers(const struct tfu_pipeline *of, struct tfu_model_prepare *out)
{
    const struct tfu_preprocessing *q = &of->preprocessing;
    for (size_t c = 0; c < q->channels; c++) {
        out->mean[c] = q->mean[c];
        out->deviation[c] = q->deviation[c];
        out->normalise |= q->mean[c] != 0 || q->deviation[c] != 1;
    }
    out->reverse = q->order && strcmp(q->order, "bgr") == 0;
}

static void find_preparing(const struct tfu_predictor *p, struct tfu_model_prepare *out,
                           struct tfu_exported *x)
{
    const struct tfu_data_split *split = tfu_experiment_split(p->context.experiment, p->split);
    const struct tfu_pipeline *of = tfu_preparer_pipeline(p->preparer);
    const int64_t channels = tfu_preparer_source_channels(p->preparer);
    const size_t taken = take_steps(split, out);
    if (taken < split->transform_count)
        snprintf(x->why_text, sizeof x->why_text,
                 "the transform '%.60s' is none that a model file can hold (a `resize` to a height "
                 "and a width, then a `normalise`)",
                 split->transform[taken].plugin->name);
    else if ((channels != 1 && channels != 3) || !of->preprocessing.channels)
        snprintf(x->why_text, sizeof x->why_text,
                 "images of %lld channels are not converted by a model file", (long long)channels);
    if (x->why_text[0]) {
        *out = (struct tfu_model_prepare){.why = x->why_text};
        x->why = x->why_text;
        return;
    }
    out->channels = channels;
    take_numbers(of, out);
}

/* ---- the file */

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static enum tfu_model_scores scores_of(const struct tfu_predictor *p)
{
    const char *loss = tfu_loss_rule(&p->context.experiment->task).kind->name;
    int i = 0;
    while (tfu_model_scores_names[i + 1] && strcmp(tfu_model_scores_names[i], loss) != 0)
        i++;
    return (enum tfu_model_scores)i;
}

static enum tfu_status fill(struct tfu_exported *x, const struct tfu_model_draft *d,
                            struct tfu_error *e)
{
    x->arch = strdup(d->graph->arch);
    x->run = d->source.run ? strdup(d->source.run) : NULL;
    x->step = d->source.step;
    return x->arch && (x->run || !d->source.run) ? TFU_OK
                                                 : tfu_error_memory(e, "exporting a network", 0);
}

enum tfu_status tfu_export(const struct tfu_predictor *p, enum tfu_export_format format,
                           const char *path, struct tfu_exported *out, struct tfu_error *e)
{
    *out = (struct tfu_exported){.step = -1};
    struct tfu_model_draft draft = {
        .graph = p->graph,
        .network = p->network,
        .scores = scores_of(p),
        .names = p->names,
        .source = {.arch = p->graph->arch,
                   .run = base_name(p->target.folder),
                   .checkpoint = base_name(p->state.path ? p->state.path : p->state.wanted),
                   .data = p->state.data,
                   .step = p->state.step}};
    find_preparing(p, &draft.prepare, out);
    enum tfu_status st = fill(out, &draft, e);
    if (st == TFU_OK)
        st = format == TFU_EXPORT_ONNX ? tfu_onnx_write(path, &draft, e)
                                       : tfu_model_write(path, &draft, e);
    if (st != TFU_OK)
        tfu_exported_free(out);
    return st;
}

void tfu_exported_free(struct tfu_exported *x)
{
    free(x->arch);
    free(x->run);
    *x = (struct tfu_exported){.step = -1};
}
