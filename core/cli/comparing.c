/* SPDX-License-Identifier: MIT */
#include "core/cli/comparing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum tfu_status tfu_split_list(const char *text, char **buffer, const char ***item, size_t *count,
                               struct tfu_error *e)
{
    *count = 0;
    *buffer = strdup(text ? text : "");
    *item = calloc(strlen(text ? text : "") + 2, sizeof **item);
    if (!*buffer || !*item)
        return tfu_error_memory(e, "reading a list", 0);
    char *rest = *buffer;
    for (char *one; (one = strsep(&rest, ","));)
        if (*one)
            (*item)[(*count)++] = one;
    return TFU_OK;
}

/* ---- what all networks share */

/* A metric that holds all rows has a limit of its own; more are not taken unless asked for. */
static int64_t default_rows(const struct tfu_plugin_choice *metric)
{
    static const int64_t usual = 10000;
    const struct tfu_plugin *p = metric->plugin;
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        if (strcmp(o->name, "rows_max") == 0 && o->type == TFU_INT) {
            int64_t limit;
            memcpy(&limit, (const char *)metric->config + o->offset, sizeof limit);
            return limit < usual ? limit : usual;
        }
    }
    return usual;
}

enum tfu_status tfu_comparing_open(struct tfu_comparing *c, struct tfu_cli *cli,
                                   const struct tfu_comparing_options *options, struct tfu_error *e)
{
    *c = (struct tfu_comparing){.options = options, .log = &cli->log};
    tfu_progress_init(&c->progress, options->quiet);
    enum tfu_status st = tfu_cli_registry(cli, &c->registry, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&c->diagnostics, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&c->threads, (uint32_t)options->threads, e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&c->choice, TFU_KIND_METRIC, options->metric, options->pair,
                            options->pair_count, c->registry, c->diagnostics, e);
    if (st != TFU_OK)
        return st;
    c->metric = tfu_chosen_get(c->choice);
    c->needs = ((const struct tfu_metric_ops *)c->metric->plugin->ops)->needs;
    c->rows = options->rows ? options->rows : default_rows(c->metric);
    return TFU_OK;
}

void tfu_comparing_close(struct tfu_comparing *c)
{
    tfu_progress_end(&c->progress);
    tfu_chosen_free(c->choice);
    tfu_threads_free(c->threads);
    tfu_diagnostics_free(c->diagnostics);
    tfu_registry_free(c->registry);
}

int tfu_comparing_error(const struct tfu_comparing *c, const struct tfu_error *e)
{
    return c->diagnostics && tfu_diagnostics_count(c->diagnostics) > 0
               ? tfu_cli_diagnostics(c->diagnostics)
               : tfu_cli_error(e);
}

/* ---- one network */

static enum tfu_status open_subject(struct tfu_side *s, struct tfu_comparing *c,
                                    const struct tfu_side_request *r, struct tfu_error *e)
{
    const struct tfu_comparing_options *o = c->options;
    const char **override = calloc(o->set_count + r->override_count + 1, sizeof *override);
    if (!override)
        return tfu_error_memory(e, "opening a network", 0);
    size_t count = 0;
    for (size_t i = 0; i < o->set_count; i++)
        override[count++] = o->set[i];
    for (size_t i = 0; i < r->override_count; i++)
        override[count++] = r->override[i];
    const struct tfu_subject_request request = {
        .spec = r->spec,
        .config = o->config,
        .initial = r->initial,
        .override = override,
        .override_count = count,
        .registry = c->registry,
        .threads = c->threads,
        .log = c->log,
    };
    const enum tfu_status st = tfu_subject_open(&s->subject, &request, c->diagnostics, e);
    free(override);
    return st;
}

static const struct tfu_dataset *images_of(const struct tfu_side *s, const struct tfu_side *other)
{
    return s->data ? s->data : other->data;
}

/* Row i has to be the same part of the same image for both. */
static enum tfu_status check_images(const struct tfu_side *a, const struct tfu_side *b,
                                    struct tfu_error *e)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a->data), *y = tfu_dataset_info(b->data);
    bool same = x->count == y->count && x->fingerprint && y->fingerprint &&
                strcmp(x->fingerprint, y->fingerprint) == 0;
    for (int64_t i = 0; same && i < x->count; i++)
        same = tfu_dataset_source_index(a->data, i) == tfu_dataset_source_index(b->data, i);
    if (same)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "the %s data of '%s' (%" PRId64 " images) and of '%s' (%" PRId64
                         ") are not the same images, so that their activations do not belong "
                         "together; say with --data a or --data b whose images both are to see",
                         tfu_split_name(a->split), a->subject->label, x->count, b->subject->label,
                         y->count);
}

static enum tfu_status open_images(struct tfu_side *s, struct tfu_comparing *c,
                                   const struct tfu_side_request *r, struct tfu_error *e)
{
    const char *whose = c->options->data;
    const struct tfu_side *other = r->other;
    enum tfu_status st = tfu_split_choose(s->subject->experiment,
                                          r->split ? r->split : c->options->split, &s->split, e);
    if (st != TFU_OK || (other && whose))
        return st; /* images are those of the other side, which was opened first for that */
    st = tfu_assemble_images(&s->data, &s->subject->context, s->split, e);
    return st == TFU_OK && other ? check_images(other, s, e) : st;
}

static void on_progress(void *arg, int64_t done, int64_t total)
{
    const struct tfu_side *s = arg;
    tfu_progress_evaluating(s->progress, s->split, done, total);
}

static enum tfu_status open_capture(struct tfu_side *s, struct tfu_comparing *c,
                                    const struct tfu_dataset *data, const char *nodes,
                                    struct tfu_error *e)
{
    const struct tfu_comparing_options *o = c->options;
    const struct tfu_capture_request request = {
        .subject = s->subject,
        .data = data,
        .images = o->images ? o->images : c->rows,
        .sampling = {.rows = c->rows,
                     .channels = o->channels,
                     .draws = o->draws,
                     .same_rows = o->same_rows,
                     .seed = (uint64_t)o->seed},
        .maps = c->needs & TFU_NEEDS_MAPS,
        .arg = s,
        .progress = on_progress,
    };
    enum tfu_status st = tfu_capture_new(&s->capture, &request, e);
    char *buffer = NULL;
    const char **pattern = NULL;
    size_t count = 0;
    if (st == TFU_OK)
        st = tfu_split_list(nodes, &buffer, &pattern, &count, e);
    if (st == TFU_OK)
        st = (c->needs & TFU_NEEDS_PARAMETERS ? tfu_parameters_choose : tfu_nodes_choose)(
            &s->node, &s->node_count, tfu_capture_graph(s->capture), pattern, count, e);
    free(buffer);
    free(pattern);
    return st;
}

enum tfu_status tfu_sides_open(struct tfu_side *a, struct tfu_side *b, struct tfu_comparing *c,
                               const struct tfu_side_request *request_a,
                               const struct tfu_side_request *request_b, struct tfu_error *e)
{
    const bool b_first = c->options->data && c->options->data[0] == 'b';
    struct tfu_side *side[] = {b_first ? b : a, b_first ? a : b};
    struct tfu_side_request request[] = {b_first ? *request_b : *request_a,
                                         b_first ? *request_a : *request_b};
    request[0].other = NULL;
    request[1].other = side[0];
    *a = *b = (struct tfu_side){.subject = NULL};
    const enum tfu_status st = tfu_side_open(side[0], c, &request[0], e);
    return st == TFU_OK ? tfu_side_open(side[1], c, &request[1], e) : st;
}

enum tfu_status tfu_side_open(struct tfu_side *s, struct tfu_comparing *c,
                              const struct tfu_side_request *request, struct tfu_error *e)
{
    *s = (struct tfu_side){.progress = &c->progress};
    enum tfu_status st = open_subject(s, c, request, e);
    if (st == TFU_OK)
        st = open_images(s, c, request, e);
    if (st == TFU_OK)
        st = open_capture(s, c, images_of(s, request->other), request->nodes, e);
    return st;
}

void tfu_side_close(struct tfu_side *s)
{
    tfu_capture_free(s->capture);
    tfu_dataset_close(s->data);
    tfu_subject_close(s->subject);
    free(s->node);
    *s = (struct tfu_side){.subject = NULL};
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
        "'%s' has %zu nodes to compare (%s) and '%s' has %zu (%s); pair them with --nodes and "
        "--nodes-b, or compare all with all by --matrix",
        a->subject->label, a->node_count, tfu_text_get(&left), b->subject->label, b->node_count,
        tfu_text_get(&right));
    tfu_text_free(&left);
    tfu_text_free(&right);
    return st;
}

enum tfu_status tfu_sides_compare(struct tfu_comparison *out, const struct tfu_comparing *c,
                                  const struct tfu_side *a, const struct tfu_side *b, bool matrix,
                                  bool noise, struct tfu_error *e)
{
    *out = (struct tfu_comparison){.pair = NULL};
    const enum tfu_status st =
        matrix || (c->needs & TFU_NEEDS_PARAMETERS) ? TFU_OK : check_counts(a, b, e);
    const struct tfu_compare_request request = {
        .a = a->capture,
        .b = b->capture,
        .metric = c->metric,
        .registry = c->registry,
        .threads = c->threads,
        .node_a = a->node,
        .node_b = b->node,
        .count_a = a->node_count,
        .count_b = b->node_count,
        .matrix = matrix,
        .pooled = c->options->per && c->options->per[0] == 'i',
        .noise = noise,
        .memory = (size_t)c->options->memory << 20,
    };
    if (st != TFU_OK)
        return st;
    return c->needs & TFU_NEEDS_PARAMETERS ? tfu_compare_parameters(out, &request, e)
                                           : tfu_compare(out, &request, e);
}

enum tfu_status tfu_comparing_figure_written(const struct tfu_comparing *c, enum tfu_status st,
                                             struct tfu_error *e)
{
    if (st != TFU_ENOTFOUND)
        return st;
    tfu_log_write(c->log, TFU_LOG_WARNING, "%s", e->text);
    *e = (struct tfu_error)TFU_ERROR_INIT;
    return TFU_OK;
}

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

void tfu_comparing_describe(const struct tfu_comparing *c, const struct tfu_comparison *r,
                            struct tfu_text *out)
{
    if (c->needs & TFU_NEEDS_PARAMETERS) {
        tfu_text_puts(out, "all trained parameters");
        return;
    }
    const struct sizes s = sizes_of(r);
    const bool images = c->options->per && strcmp(c->options->per, "image") == 0;
    put_range(out, s.rows[0], s.rows[1],
              c->needs & (TFU_NEEDS_MAPS | TFU_NEEDS_FIT) ? "images"
              : images                                    ? "rows (images)"
                                                          : "rows (positions)");
    tfu_text_puts(out, ", ");
    put_range(out, s.channels[0], s.channels[1], "channels");
    tfu_text_printf(out, ", %" PRId64 " draw%s", r->draws, r->draws == 1 ? "" : "s");
}

void tfu_comparing_advise(const struct tfu_comparing *c, const struct tfu_comparison *r,
                          struct tfu_text *out)
{
    const struct sizes s = sizes_of(r);
    if (c->needs & (TFU_NEEDS_PARAMETERS | TFU_NEEDS_MAPS | TFU_NEEDS_FIT))
        return;
    if (s.rows[0] == s.rows[1] && s.channels[0] == s.channels[1])
        return;
    tfu_text_puts(out,
                  "layers differ in their numbers of rows or channels, which alone change what "
                  "many metrics give: hold them equal with");
    if (s.rows[0] != s.rows[1])
        tfu_text_printf(out, " --rows %" PRId64, s.rows[0]);
    if (s.channels[0] != s.channels[1])
        tfu_text_printf(out, " --channels %" PRId64, s.channels[0]);
}
