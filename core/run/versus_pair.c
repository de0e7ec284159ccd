/* SPDX-License-Identifier: MIT */
#include "core/run/versus_pair.h"

#include <stdlib.h>

#include "core/config/versus.h"
#include "core/study/compare_parameters.h"
#include "core/study/metrics.h"
#include "core/study/same_images.h"

static uint32_t needs(const struct tfu_versus_pair *p)
{
    return ((const struct tfu_metric_ops *)p->config->choice.plugin->ops)->needs;
}

/* An error about the configuration, with its place there. */
static enum tfu_status refuse(const struct tfu_versus_pair *p, struct tfu_mark m, const char *text,
                              struct tfu_error *e)
{
    return tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column, "metrics.%zu: %s",
                        p->config->place, text);
}

/* What is refused or fails below; a wrong value gets its place. */
static enum tfu_status pass_on(const struct tfu_versus_pair *p, const struct tfu_error *said,
                               struct tfu_error *e)
{
    if (said->status == TFU_EINVAL)
        return refuse(p, p->config->choice.mark, said->text, e);
    tfu_error_set(e, said->status, "%s", said->text);
    return said->status == TFU_EINTERRUPTED ? said->status
                                            : tfu_error_prefix(e, "metrics.%zu", p->config->place);
}

static void on_progress(void *arg, int64_t done, int64_t total)
{
    const struct tfu_versus_pair *p = arg;
    if (p->hooks && p->hooks->progress)
        p->hooks->progress(p->hooks->arg, p->session->monitor, done, total);
}

static bool is_interrupted(void *arg)
{
    const struct tfu_versus_pair *p = arg;
    return p->hooks && p->hooks->interrupted && p->hooks->interrupted(p->hooks->arg);
}

static enum tfu_status open_side(struct tfu_versus_pair *p, struct tfu_versus_side *s,
                                 struct tfu_error *e)
{
    const struct tfu_versus *w = p->config;
    const struct tfu_session *session = p->session;
    const int64_t rows = w->rows ? w->rows : tfu_metric_rows(&w->choice);
    const struct tfu_capture_request request = {
        .subject = s->subject,
        .data = s->data,
        /* `init:` is for the images that are trained on */
        .preprocessing = s->subject == p->other.subject
                             ? NULL
                             : tfu_dataset_preprocessing(session->data[TFU_SPLIT_TRAIN]),
        .images = w->images ? w->images : rows,
        .sampling = {.rows = rows,
                     .channels = w->channels,
                     .draws = w->draws,
                     .seed = (uint64_t)w->seed},
        .maps = needs(p) & TFU_NEEDS_MAPS,
        .arg = p,
        .progress = on_progress,
        .interrupted = is_interrupted,
    };
    const enum tfu_status st = tfu_capture_new(&s->capture, &request, e);
    if (st != TFU_OK)
        return st;
    return (needs(p) & TFU_NEEDS_PARAMETERS ? tfu_parameters_choose : tfu_nodes_choose)(
        &s->node, &s->node_count, tfu_capture_graph(s->capture), w->nodes.item, w->nodes.count, e);
}

void tfu_versus_pair_list(const struct tfu_versus_side *s, struct tfu_text *out)
{
    for (size_t i = 0; i < s->node_count; i++)
        tfu_text_printf(out, "%s%s", i ? ", " : "", s->node[i].name);
}

/* The i-th with the i-th: there have to be as many. */
static enum tfu_status check_nodes(const struct tfu_versus_pair *p, struct tfu_error *e)
{
    if (p->a.node_count == p->b.node_count || (needs(p) & TFU_NEEDS_PARAMETERS))
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "the network under training has %zu nodes to compare (",
                    p->b.node_count);
    tfu_versus_pair_list(&p->b, &text);
    tfu_text_printf(&text, ") and '%s' has %zu (", p->a.subject->label, p->a.node_count);
    tfu_versus_pair_list(&p->a, &text);
    tfu_text_puts(&text, "); choose by `nodes` such as both have");
    const enum tfu_status st = refuse(p, p->config->choice.mark, tfu_text_get(&text), e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status open_images(struct tfu_versus_pair *p, struct tfu_error *e)
{
    const struct tfu_session *s = p->session;
    const enum tfu_split split = s->monitor;
    p->b.data = p->a.data = s->data[split];
    if (!p->other.subject)
        return TFU_OK;
    enum tfu_status st = TFU_OK;
    if (tfu_experiment_split(p->other.subject->experiment, split)->present)
        st = tfu_assemble_images(&p->data, &p->other.subject->context, split, e);
    if (st != TFU_OK || (p->data && tfu_images_are_same(p->data, s->data[split]))) {
        p->a.data = p->data;
        return st;
    }
    const struct tfu_mark m = p->config->mark;
    return tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column,
                        "metrics.%zu.against: the %s data of that run are not those of this one, "
                        "so that their activations do not belong together",
                        p->config->place, tfu_split_name(split));
}

static struct tfu_compare_request compare_request(const struct tfu_versus_pair *p)
{
    const struct tfu_context *c = &p->session->context;
    return (struct tfu_compare_request){
        .a = p->a.capture,
        .b = p->b.capture,
        .metric = &p->config->choice,
        .registry = c->registry,
        .threads = c->threads,
        .node_a = p->a.node,
        .node_b = p->b.node,
        .count_a = p->a.node_count,
        .count_b = p->b.node_count,
        .pooled = p->config->per == TFU_VERSUS_PER_IMAGE,
    };
}

/* Activations of both sides, and a network as for an evaluation with the nodes that are kept. */
static enum tfu_status plan(struct tfu_versus_pair *p, struct tfu_error *said)
{
    const struct tfu_compare_request request = compare_request(p);
    size_t activations;
    p->bytes = tfu_network_memory(tfu_evaluator_network(p->session->evaluator)).total;
    if (needs(p) & TFU_NEEDS_PARAMETERS) {
        p->bytes *= 2; /* the other network stays */
        return TFU_OK;
    }
    for (size_t i = 0; i < p->b.node_count; i++)
        p->bytes += tfu_capture_kept_bytes(p->b.capture, &p->b.node[i].value, 1);
    const enum tfu_status st = tfu_compare_bytes(&activations, &request, said);
    p->bytes += activations;
    return st;
}

enum tfu_status tfu_versus_pair_open(struct tfu_versus_pair *p, const struct tfu_versus *w,
                                     const struct tfu_session *s, struct tfu_error *e)
{
    *p = (struct tfu_versus_pair){.config = w, .session = s};
    p->beginning = (struct tfu_subject){.experiment = s->context.experiment, .context = s->context};
    /* `init:` speaks when the run begins; what it warns of is not said again */
    p->beginning.context.log = NULL;
    p->now = p->beginning;
    p->beginning.label = (char *)"the beginning of the run";
    p->now.label = (char *)"the network under training";
    return tfu_versus_other_open(&p->other, w, &s->context, e);
}

enum tfu_status tfu_versus_pair_build(struct tfu_versus_pair *p, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    if (p->other.error.status != TFU_OK) {
        const struct tfu_error *o = &p->other.error;
        return tfu_error_at(e, o->status, o->source, o->line, o->column, "%s", o->text);
    }
    p->a.subject = p->other.subject ? p->other.subject : &p->beginning;
    p->b.subject = &p->now;
    enum tfu_status st = open_images(p, e);
    if (st != TFU_OK)
        return st;
    if (open_side(p, &p->a, &said) != TFU_OK || open_side(p, &p->b, &said) != TFU_OK)
        return pass_on(p, &said, e);
    tfu_capture_feed(p->b.capture, p->session->network);
    st = check_nodes(p, e);
    if (st == TFU_OK && plan(p, &said) != TFU_OK)
        st = pass_on(p, &said, e);
    return st;
}

static void close_side(struct tfu_versus_side *s)
{
    tfu_capture_free(s->capture);
    free(s->node);
}

void tfu_versus_pair_close(struct tfu_versus_pair *p)
{
    close_side(&p->a);
    close_side(&p->b);
    tfu_dataset_close(p->data);
    tfu_versus_other_close(&p->other);
}

enum tfu_status tfu_versus_pair_compare(struct tfu_comparison *out, struct tfu_versus_pair *p,
                                        struct tfu_error *e)
{
    const struct tfu_compare_request request = compare_request(p);
    const bool parameters = needs(p) & TFU_NEEDS_PARAMETERS;
    struct tfu_error said = TFU_ERROR_INIT;
    const enum tfu_status st =
        (parameters ? tfu_compare_parameters : tfu_compare)(out, &request, &said);
    if (st != TFU_OK)
        return pass_on(p, &said, e);
    if (!parameters) /* whose network is looked at again */
        tfu_capture_rest(p->a.capture);
    tfu_capture_rest(p->b.capture);
    return TFU_OK;
}
