/* SPDX-License-Identifier: MIT */
#include "core/analysis/side.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/compare_parameters.h"
#include "core/study/metrics.h"
#include "core/study/same_images.h"

/* ---- the metric */

enum tfu_status tfu_yardstick_open(struct tfu_yardstick *y, struct tfu_analysis_context *c,
                                   struct tfu_error *e)
{
    const struct tfu_analysis_common *o = c->common;
    *y = (struct tfu_yardstick){.context = c, .metric = &o->metric->choice};
    y->needs = ((const struct tfu_metric_ops *)y->metric->plugin->ops)->needs;
    y->rows = o->rows ? o->rows : tfu_metric_rows(y->metric);
    y->draws = o->draws ? o->draws : 1;
    return tfu_analysis_threads(c, 0, e);
}

/* ---- one network */

/* Row i has to be the same part of the same image for both. */
static enum tfu_status check_images(const struct tfu_side *a, const struct tfu_side *b,
                                    struct tfu_error *e)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a->data), *y = tfu_dataset_info(b->data);
    if (tfu_images_are_same(a->data, b->data))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "the %s data of '%s' (%" PRId64 " images) and of '%s' (%" PRId64
                         ") are not the same images, so that their activations do not belong "
                         "together; say with `data`, a or b, whose images both are to see",
                         tfu_split_name(a->split), a->subject->label, x->count, b->subject->label,
                         y->count);
}

static enum tfu_status open_images(struct tfu_side *s, const struct tfu_yardstick *y,
                                   const struct tfu_side_request *r, struct tfu_error *e)
{
    const struct tfu_analysis_common *o = y->context->common;
    const struct tfu_side *other = r->other;
    enum tfu_status st = tfu_split_choose(
        s->subject->experiment, r->split ? r->split : tfu_analysis_split_name(o), &s->split, e);
    if (st != TFU_OK)
        return st;
    if (other && o->data != TFU_DATA_OWN) {
        s->data = other->data; /* that was opened first for that */
        return TFU_OK;
    }
    st = tfu_analysis_images(y->context, s->subject, s->split, &s->data, e);
    return st == TFU_OK && other ? check_images(other, s, e) : st;
}

static void on_progress(void *arg, int64_t done, int64_t total)
{
    const struct tfu_side *s = arg;
    const struct tfu_analysis_host *h = &s->context->host;
    if (h->progress)
        h->progress(h->arg, s->split, done, total);
}

static enum tfu_status open_capture(struct tfu_side *s, const struct tfu_yardstick *y,
                                    const struct tfu_string_list *nodes, struct tfu_error *e)
{
    const struct tfu_analysis_common *o = y->context->common;
    const struct tfu_capture_request request = {
        .subject = s->subject,
        .data = s->data,
        .images = o->images ? o->images : y->rows,
        .sampling = {.rows = y->rows,
                     .channels = o->channels,
                     .draws = y->draws,
                     .same_rows = y->same_rows,
                     .seed = (uint64_t)o->seed},
        .maps = y->needs & TFU_NEEDS_MAPS,
        .arg = s,
        .progress = on_progress,
    };
    const enum tfu_status st = tfu_capture_new(&s->capture, &request, e);
    if (st != TFU_OK)
        return st;
    return (y->needs & TFU_NEEDS_PARAMETERS ? tfu_parameters_choose : tfu_nodes_choose)(
        &s->node, &s->node_count, tfu_capture_graph(s->capture), nodes ? nodes->item : NULL,
        nodes ? nodes->count : 0, e);
}

enum tfu_status tfu_side_open(struct tfu_side *s, const struct tfu_yardstick *y,
                              const struct tfu_side_request *request, struct tfu_error *e)
{
    *s = (struct tfu_side){.context = y->context};
    enum tfu_status st = tfu_analysis_subject(y->context, &request->network, &s->subject, e);
    if (st == TFU_OK)
        st = open_images(s, y, request, e);
    return st == TFU_OK ? open_capture(s, y, request->nodes, e) : st;
}

void tfu_side_close(struct tfu_side *s)
{
    tfu_capture_free(s->capture);
    free(s->node);
    *s = (struct tfu_side){.subject = NULL};
}

/* ---- two */

enum tfu_status tfu_sides_open(struct tfu_side *a, struct tfu_side *b,
                               const struct tfu_yardstick *y,
                               const struct tfu_side_request *request_a,
                               const struct tfu_side_request *request_b, struct tfu_error *e)
{
    const bool b_first = y->context->common->data == TFU_DATA_B;
    struct tfu_side *side[] = {b_first ? b : a, b_first ? a : b};
    struct tfu_side_request request[] = {b_first ? *request_b : *request_a,
                                         b_first ? *request_a : *request_b};
    request[0].other = NULL;
    request[1].other = side[0];
    *a = *b = (struct tfu_side){.subject = NULL};
    const enum tfu_status st = tfu_side_open(side[0], y, &request[0], e);
    return st == TFU_OK ? tfu_side_open(side[1], y, &request[1], e) : st;
}

static void list_nodes(const struct tfu_side *s, struct tfu_text *out)
{
    for (size_t i = 0; i < s->node_count; i++)
        tfu_text_printf(out, "%s%s", i ? ", " : "", s->node[i].name);
}

static enum tfu_status check_counts(const struct tfu_side *a, const struct tfu_side *b,
                                    struct tfu_error *e)
{
    if (a->node_count == b->node_count)
        return TFU_OK;
    struct tfu_text left = TFU_TEXT_INIT, right = TFU_TEXT_INIT;
    list_nodes(a, &left);
    list_nodes(b, &right);
    const enum tfu_status st = tfu_error_set(
        e, TFU_EINVAL,
        "'%s' has %zu nodes to compare (%s) and '%s' has %zu (%s); pair them with `nodes` and "
        "`nodes_b`, or compare all with all by `matrix`",
        a->subject->label, a->node_count, tfu_text_get(&left), b->subject->label, b->node_count,
        tfu_text_get(&right));
    tfu_text_free(&left);
    tfu_text_free(&right);
    return st;
}

enum tfu_status tfu_sides_compare(struct tfu_comparison *out, const struct tfu_yardstick *y,
                                  const struct tfu_side *a, const struct tfu_side *b, bool matrix,
                                  bool noise, struct tfu_error *e)
{
    *out = (struct tfu_comparison){.pair = NULL};
    const enum tfu_status st =
        matrix || (y->needs & TFU_NEEDS_PARAMETERS) ? TFU_OK : check_counts(a, b, e);
    const struct tfu_compare_request request = {
        .a = a->capture,
        .b = b->capture,
        .metric = y->metric,
        .registry = y->context->host.registry,
        .threads = y->context->threads,
        .node_a = a->node,
        .node_b = b->node,
        .count_a = a->node_count,
        .count_b = b->node_count,
        .matrix = matrix,
        .pooled = y->context->common->per == TFU_PER_IMAGE,
        .noise = noise,
        .memory = (size_t)y->context->common->memory << 20,
    };
    if (st != TFU_OK)
        return st;
    return y->needs & TFU_NEEDS_PARAMETERS ? tfu_compare_parameters(out, &request, e)
                                           : tfu_compare(out, &request, e);
}

/* ---- in words */

/* "900 to 10000 rows" where it differs. */
static void put_range(struct tfu_text *out, int64_t low, int64_t high, const char *what)
{
    if (low == high)
        tfu_text_printf(out, "%" PRId64 " %s", low, what);
    else
        tfu_text_printf(out, "%" PRId64 " to %" PRId64 " %s", low, high, what);
}

/* Least and most of a comparison's draws. */
struct sizes {
    int64_t rows[2], channels[2];
};

static struct sizes sizes_of(const struct tfu_comparison *r)
{
    struct sizes s = {{INT64_MAX, 0}, {INT64_MAX, 0}};
    for (size_t i = 0; i < r->pair_count; i++)
        for (int64_t k = 0; k < r->draws; k++) {
            const struct tfu_compare_draw *d = &r->pair[i].draw[k];
            const int64_t least = d->columns_a < d->columns_b ? d->columns_a : d->columns_b;
            const int64_t most = d->columns_a < d->columns_b ? d->columns_b : d->columns_a;
            s.rows[0] = d->rows < s.rows[0] ? d->rows : s.rows[0];
            s.rows[1] = d->rows > s.rows[1] ? d->rows : s.rows[1];
            s.channels[0] = least < s.channels[0] ? least : s.channels[0];
            s.channels[1] = most > s.channels[1] ? most : s.channels[1];
        }
    return s;
}

void tfu_yardstick_describe(const struct tfu_yardstick *y, const struct tfu_comparison *r,
                            struct tfu_text *out)
{
    if (y->needs & TFU_NEEDS_PARAMETERS) {
        tfu_text_puts(out, "all trained parameters");
        return;
    }
    const struct sizes s = sizes_of(r);
    const bool images = y->context->common->per == TFU_PER_IMAGE;
    put_range(out, s.rows[0], s.rows[1],
              y->needs & (TFU_NEEDS_MAPS | TFU_NEEDS_FIT) ? "images"
              : images                                    ? "rows (images)"
                                                          : "rows (positions)");
    tfu_text_puts(out, ", ");
    put_range(out, s.channels[0], s.channels[1], "channels");
    tfu_text_printf(out, ", %" PRId64 " draw%s", r->draws, r->draws == 1 ? "" : "s");
}

void tfu_yardstick_advise(const struct tfu_yardstick *y, const struct tfu_comparison *r,
                          struct tfu_text *out)
{
    const struct sizes s = sizes_of(r);
    if (y->needs & (TFU_NEEDS_PARAMETERS | TFU_NEEDS_MAPS | TFU_NEEDS_FIT))
        return;
    if (s.rows[0] == s.rows[1] && s.channels[0] == s.channels[1])
        return;
    tfu_text_puts(out,
                  "layers differ in their numbers of rows or channels, which alone change what "
                  "many metrics give: hold them equal with");
    if (s.rows[0] != s.rows[1])
        tfu_text_printf(out, " `rows` %" PRId64, s.rows[0]);
    if (s.channels[0] != s.channels[1])
        tfu_text_printf(out, "%s `channels` %" PRId64, s.rows[0] != s.rows[1] ? " and" : "",
                        s.channels[0]);
}
