/* SPDX-License-Identifier: MIT
 *
 * similarity: a metric over two saved matrices of activations.
 */
#include <inttypes.h>
#include <math.h>

#include "core/analysis/all.h"
#include "core/study/chance.h"
#include "core/study/matrices.h"

struct config {
    struct tfu_analysis_common common;
    int32_t neurons_first;
};

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_SIMILARITY),
    TFU_OPT_BOOL(struct config, neurons_first, 0,
                 "the files are neurons x data points, as google/svcca has them"),
    TFU_OPTION_THREADS,
};

/* Is it an item of a series? Its number, and its series in `name`; -1: it is none. */
static long series_index(const struct tfu_score *s, struct tfu_result *out, const char **name)
{
    size_t stem = 0;
    const long at = tfu_score_series_index(s->key, &stem);
    *name = at < 0 ? s->key : tfu_result_printf(out, "%.*s", (int)stem, s->key);
    return at;
}

static void say_numbers(const struct tfu_matrices *m, struct tfu_result *out)
{
    const char *name;
    for (size_t i = 0; i < m->count; i++) {
        const struct tfu_score *s = &m->score[i];
        if (series_index(s, out, &name) >= 0)
            continue;
        if (isnan(s->value))
            tfu_result_say(out, "  %-24s n/a (%s)", s->key, s->note ? s->note : "");
        else
            tfu_result_say(out, "  %-24s %.12g", s->key, s->value);
    }
}

/* Eight numbers a line, below the name. */
static void say_series(const struct tfu_matrices *m, struct tfu_result *out)
{
    const char *name;
    struct tfu_text line = TFU_TEXT_INIT;
    for (size_t i = 0; i < m->count; i++) {
        const long at = series_index(&m->score[i], out, &name);
        if (at < 0)
            continue;
        if (at == 0)
            tfu_result_say(out, "  %s", name);
        tfu_text_puts(&line, at % 8 ? " " : "    ");
        if (isnan(m->score[i].value))
            tfu_text_printf(&line, "%8s", "n/a");
        else
            tfu_text_printf(&line, "%.6f", m->score[i].value);
        if (at % 8 == 7 || i + 1 == m->count || series_index(&m->score[i + 1], out, &name) <= 0)
            tfu_result_say(out, "%s", tfu_result_keep(out, &line));
    }
}

static void put_tables(const struct tfu_matrices *m, const struct tfu_matrices_request *r,
                       struct tfu_result *out)
{
    static const struct tfu_column about[] = {
        {.name = "x"}, {.name = "y"}, {.name = "metric"}, {.name = "data_points"}};
    static const struct tfu_column metrics[] = {{.name = "key"}, {.name = "value"}};
    static const struct tfu_column series[] = {
        {.name = "key"}, {.name = "index"}, {.name = "value"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "about", TFU_TABLE_JSON, about, TFU_COUNT(about));
    tfu_cell_text(t, "%s", r->path[0]);
    tfu_cell_text(t, "%s", r->path[1]);
    tfu_cell_text(t, "%s", r->metric->plugin->name);
    tfu_cell_whole(t, m->rows);
    struct tfu_result_table *one =
        tfu_result_table(out, "metrics", TFU_TABLE_DATA, metrics, TFU_COUNT(metrics));
    struct tfu_result_table *many =
        tfu_result_table(out, "series", TFU_TABLE_DATA, series, TFU_COUNT(series));
    for (size_t i = 0; i < m->count; i++) {
        const char *name;
        const long at = series_index(&m->score[i], out, &name);
        t = at < 0 ? one : many;
        tfu_cell_text(t, "%s", name);
        if (at >= 0)
            tfu_cell_whole(t, at);
        if (isnan(m->score[i].value) && m->score[i].note)
            tfu_cell_none(t, m->score[i].note);
        else
            tfu_cell_number(t, m->score[i].value);
    }
}

static void warn_of_chance(const struct tfu_matrices *m, struct tfu_log *log)
{
    struct tfu_chance chance = {.rows = 0};
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < m->count; i++)
        tfu_chance_take(&chance, m->score[i].key, m->score[i].value);
    if (tfu_chance_is_high(&chance)) {
        tfu_chance_describe(&chance, &text);
        tfu_log_write(log, TFU_LOG_WARNING, "%s", tfu_text_get(&text));
    }
    tfu_text_free(&text);
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct tfu_matrices m;
    enum tfu_status st = tfu_analysis_threads(c, 0, e);
    const struct tfu_matrices_request request = {
        .path = {n->of[0], n->of[1]},
        .neurons_first = ((const struct config *)config)->neurons_first != 0,
        .metric = &c->common->metric->choice,
        .registry = c->host.registry,
        .threads = c->threads,
        .log = c->host.log,
    };
    if (st == TFU_OK)
        st = tfu_matrices_compare(&m, &request, e);
    if (st != TFU_OK)
        return st;
    tfu_result_say(out, "%s of %s and %s, %" PRId64 " data points", request.metric->plugin->name,
                   request.path[0], request.path[1], m.rows);
    say_numbers(&m, out);
    say_series(&m, out);
    put_tables(&m, &request, out);
    warn_of_chance(&m, c->host.log);
    tfu_matrices_free(&m);
    return TFU_OK;
}

const struct tfu_analysis tfu_analysis_similarity = {
    .name = "similarity",
    .group = "",
    .summary = "compare two saved matrices of activations",
    .about = "How similar are two saved matrices of activations? Rows are data points, the same "
             "ones in\n"
             "the same order in both; columns are neurons, and the two may have different numbers "
             "of them.\n"
             "Arrays of rank 4 (N,H,W,C) are maps of convolutions: every position is a row.\n"
             "\n"
             "X and Y are files of numpy (.npy; .npz, pickled arrays), of PyTorch (.pt, .pth) or "
             "of\n"
             "safetensors. Of several matrices in a file one is named: FILE:NAME.\n",
    .takes = TFU_ANALYSIS_TAKES_FILES,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .ability = &tfu_metric_compares_matrices,
    .run = run,
};
