/* SPDX-License-Identifier: MIT */
#include "core/report/cost.h"

#include <math.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/processor.h"
#include "core/bench/run.h"
#include "core/graph/summary.h"
#include "core/report/cost_kept.h"

enum { STEPS = 20, KEY_SIZE = 13 };

struct tfu_cost_kept {
    char key[KEY_SIZE];
    struct tfu_report_cost cost;
    struct tfu_cost_kept *next;
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "looking at what networks cost", 0);
}

/* ---- which networks are alike */

/* Does what stands under the key change what a network is, or what it is given? */
static bool matters(const char *key)
{
    static const char *const section[] = {"arch.",        "task.",        "backend.",
                                          "algorithm",    "data.train.",  "train.batch",
                                          "train.memory", "train.freeze", "threads"};
    static const char *const not_of_it[] = {"data.train.limit", "data.train.seed"};
    bool is = false;
    for (size_t i = 0; i < TFU_COUNT(section); i++)
        is |= strncmp(key, section[i], strlen(section[i])) == 0;
    for (size_t i = 0; i < TFU_COUNT(not_of_it); i++)
        is &= strncmp(key, not_of_it[i], strlen(not_of_it[i])) != 0;
    return is;
}

static enum tfu_status key_of(struct tfu_report_cases *c, size_t item, char key[KEY_SIZE],
                              struct tfu_error *e)
{
    struct tfu_index_leaf *leaf;
    struct tfu_arena arena;
    struct tfu_text text = TFU_TEXT_INIT;
    uint8_t digest[TFU_HASH_SIZE];
    char hex[2 * TFU_HASH_SIZE + 1];
    size_t count;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = tfu_index_leaves(c->index, tfu_index_run(c->index, c->item[item].row),
                                          &arena, &leaf, &count, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        if (matters(leaf[i].key))
            tfu_text_printf(&text, "%s: %s\n", leaf[i].key, leaf[i].value);
    if (st == TFU_OK && text.failed)
        st = no_memory(e);
    if (st == TFU_OK) {
        tfu_hash_bytes(tfu_text_get(&text), text.length, digest);
        tfu_hash_to_hex(digest, hex);
        memcpy(key, hex, KEY_SIZE - 1);
        key[KEY_SIZE - 1] = '\0';
    }
    tfu_text_free(&text);
    tfu_arena_free(&arena);
    return st;
}

/* ---- what one costs */

/* The first line of what is wrong. */
static const char *why_of(struct tfu_report_cases *c, const struct tfu_bench_model *m,
                          const struct tfu_error *e)
{
    struct tfu_mark mark;
    const char *text = NULL;
    if (!m->findings || !tfu_diagnostics_get(m->findings, 0, &mark, &text))
        text = e->text;
    const char *plain = tfu_report_plain(c, text);
    return plain ? tfu_arena_printf(c->arena, "its network cannot be built: %s", plain) : NULL;
}

static enum tfu_status plan(struct tfu_report_cost *out, const struct tfu_bench_model *m,
                            struct tfu_error *e)
{
    struct tfu_network_memory training, inference;
    const struct tfu_graph *g = m->graph;
    const double batch = (double)g->value[g->input].shape.dim[0];
    double work = 0;
    for (uint32_t i = 0; i < g->node_count; i++)
        work += tfu_graph_multiply_adds(g, i) / batch;
    const enum tfu_status st = tfu_bench_model_plan(m, &training, &inference, e);
    if (st != TFU_OK)
        return st;
    out->known = true;
    out->parameters = (double)tfu_graph_trained_count(g);
    out->multiply_adds = work;
    out->peak_memory = (double)training.total;
    return TFU_OK;
}

static enum tfu_status measure(struct tfu_report_costs_of *c, const char *config, int64_t batch,
                               double *ms, struct tfu_error *e)
{
    struct tfu_bench_model m;
    struct tfu_bench_result result = {.seconds = NAN};
    const struct tfu_bench_model_request request = {.what = config, .batch = batch, .threads = 1};
    enum tfu_status st = tfu_bench_model_open(&m, &request, c->registry, c->log, e);
    if (st == TFU_OK)
        st = tfu_bench_run(&m, &(struct tfu_bench_run_request){.steps = STEPS}, &result, e);
    if (st == TFU_OK)
        *ms = result.seconds * 1e3;
    tfu_bench_result_free(&result);
    tfu_bench_model_close(&m);
    return st;
}

static enum tfu_status times_of(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                const char *config, const char *key, struct tfu_report_cost *out,
                                struct tfu_error *e)
{
    struct tfu_cost_times t;
    struct tfu_processor processor;
    enum tfu_status st = TFU_OK;
    tfu_cost_times_read(&t, c->store, key, cases->arena);
    if (c->measure && (isnan(t.latency_1) || isnan(t.latency_8))) {
        st = measure(c, config, 1, &t.latency_1, e);
        if (st == TFU_OK)
            st = measure(c, config, 8, &t.latency_8, e);
        if (st == TFU_OK) {
            tfu_processor_read(&processor);
            t.processor = tfu_arena_strdup(cases->arena, processor.name);
            st = t.processor ? tfu_cost_times_write(&t, c->store, key, e) : no_memory(e);
        }
    }
    out->latency_1 = t.latency_1;
    out->latency_8 = t.latency_8;
    out->processor = t.processor;
    return st;
}

static enum tfu_status find_out(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                size_t item, const char *key, struct tfu_report_cost *out,
                                struct tfu_error *e)
{
    struct tfu_bench_model m;
    struct tfu_error why = TFU_ERROR_INIT;
    const char *config =
        tfu_arena_printf(cases->arena, "%s/%s/config.yaml", c->store, cases->item[item].path);
    const struct tfu_bench_model_request request = {.what = config};
    *out = (struct tfu_report_cost){.parameters = NAN,
                                    .multiply_adds = NAN,
                                    .peak_memory = NAN,
                                    .latency_1 = NAN,
                                    .latency_8 = NAN};
    if (!config)
        return no_memory(e);
    enum tfu_status st = tfu_bench_model_open(&m, &request, c->registry, c->log, &why);
    if (st == TFU_OK)
        st = plan(out, &m, &why);
    if (st != TFU_OK && st != TFU_ENOMEM) {
        out->why = why_of(cases, &m, &why); /* a hole in the table, and no failure of the report */
        st = out->why ? TFU_OK : no_memory(e);
    } else if (st != TFU_OK) {
        no_memory(e);
    }
    tfu_bench_model_close(&m);
    return st == TFU_OK && out->known ? times_of(c, cases, config, key, out, e) : st;
}

enum tfu_status tfu_report_cost_get(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                    size_t item, const struct tfu_report_cost **out,
                                    struct tfu_error *e)
{
    char key[KEY_SIZE];
    enum tfu_status st = key_of(cases, item, key, e);
    if (st != TFU_OK)
        return st;
    for (struct tfu_cost_kept *k = c->first; k; k = k->next)
        if (strcmp(k->key, key) == 0) {
            *out = &k->cost;
            return TFU_OK;
        }
    struct tfu_cost_kept *k = tfu_arena_alloc(cases->arena, sizeof *k);
    if (!k)
        return no_memory(e);
    memcpy(k->key, key, sizeof key);
    st = find_out(c, cases, item, key, &k->cost, e);
    k->next = c->first;
    c->first = k;
    *out = &k->cost;
    return st;
}
