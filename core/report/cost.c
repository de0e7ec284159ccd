/* SPDX-License-Identifier: MIT */
#include "core/report/cost.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/log_tally.h"
#include "core/base/processor.h"
#include "core/bench/run.h"
#include "core/graph/summary.h"
#include "core/report/cost_kept.h"

enum { STEPS = 20, KEY_SIZE = 13 };

struct tfu_cost_kept {
    char key[KEY_SIZE];
    struct tfu_report_cost cost;
    struct tfu_log log; /* what its data note */
    bool has_log;
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
    /* what there is to note was noted when it was looked at */
    enum tfu_status st = tfu_bench_model_open(&m, &request, c->registry, NULL, e);
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

/* What follows from the configuration alone. */
static enum tfu_status look_at(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                               const char *config, struct tfu_cost_kept *kept, struct tfu_error *e)
{
    struct tfu_report_cost *out = &kept->cost;
    struct tfu_bench_model m;
    struct tfu_error why = TFU_ERROR_INIT;
    const struct tfu_bench_model_request request = {.what = config};
    *out = (struct tfu_report_cost){.parameters = NAN,
                                    .multiply_adds = NAN,
                                    .peak_memory = NAN,
                                    .latency_1 = NAN,
                                    .latency_8 = NAN};
    if (!config)
        return no_memory(e);
    tfu_log_keep_notes(&kept->log, c->log);
    kept->has_log = true;
    enum tfu_status st = tfu_bench_model_open(&m, &request, c->registry, &kept->log, &why);
    if (st == TFU_OK)
        st = plan(out, &m, &why);
    if (st != TFU_OK && st != TFU_ENOMEM) {
        out->why = why_of(cases, &m, &why); /* a hole in the table, and no failure of the report */
        st = out->why ? TFU_OK : no_memory(e);
    } else if (st != TFU_OK) {
        no_memory(e);
    }
    tfu_bench_model_close(&m);
    return st;
}

static enum tfu_status find_out(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                size_t item, struct tfu_cost_kept *kept, struct tfu_error *e)
{
    const char *config =
        tfu_arena_printf(cases->arena, "%s/%s/config.yaml", c->store, cases->item[item].path);
    const enum tfu_status st = look_at(c, cases, config, kept, e);
    return st == TFU_OK && kept->cost.known ? times_of(c, cases, config, kept->key, &kept->cost, e)
                                            : st;
}

/* ---- of a case that is not done */

/* Of the sections of a configuration that decide what a network is. */
static void key_of_text(const char *text, char key[KEY_SIZE])
{
    static const char *const section[] = {"arch:", "task:",  "backend:", "algorithm:",
                                          "data:", "train:", "threads:", "deterministic:"};
    struct tfu_text kept = TFU_TEXT_INIT;
    uint8_t digest[TFU_HASH_SIZE];
    char hex[2 * TFU_HASH_SIZE + 1];
    bool in = false;
    for (const char *line = text; *line;) {
        const size_t n = strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
        if (line[0] != ' ' && line[0] != '-') {
            in = false;
            for (size_t i = 0; i < TFU_COUNT(section); i++)
                in |= strncmp(line, section[i], strlen(section[i])) == 0;
        }
        if (in)
            tfu_text_append(&kept, line, n);
        line += n;
    }
    tfu_hash_bytes(tfu_text_get(&kept), kept.length, digest);
    tfu_hash_to_hex(digest, hex);
    memcpy(key, hex, KEY_SIZE - 1);
    key[KEY_SIZE - 1] = '\0';
    tfu_text_free(&kept);
}

/* Networks are built of files: the text becomes one for a moment. */
static enum tfu_status look_at_text(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                    const struct tfu_text *text, struct tfu_cost_kept *kept,
                                    struct tfu_error *e)
{
    static const char ending[] = ".yaml";
    const char *folder = getenv("TMPDIR");
    char *path = tfu_arena_printf(cases->arena, "%s/transfuse-cost-XXXXXX%s",
                                  folder && folder[0] ? folder : "/tmp", ending);
    const int fd = path ? mkstemps(path, sizeof ending - 1) : -1;
    if (fd < 0)
        return path ? tfu_error_errno(e, errno, "cannot write", path) : no_memory(e);
    const ssize_t n = write(fd, text->data, text->length);
    enum tfu_status st = n == (ssize_t)text->length
                             ? TFU_OK
                             : tfu_error_errno(e, n < 0 ? errno : ENOSPC, "cannot write", path);
    close(fd);
    if (st == TFU_OK)
        st = look_at(c, cases, path, kept, e);
    unlink(path);
    return st;
}

/* ---- those that were found */

static struct tfu_cost_kept *find(const struct tfu_report_costs_of *c, const char *key)
{
    struct tfu_cost_kept *k = c->first;
    while (k && strcmp(k->key, key) != 0)
        k = k->next;
    return k;
}

/* A new one, which is filled by whoever asked. */
static struct tfu_cost_kept *add(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                 const char *key)
{
    struct tfu_cost_kept *k = tfu_arena_alloc(cases->arena, sizeof *k);
    if (!k)
        return NULL;
    memcpy(k->key, key, sizeof k->key);
    k->next = c->first;
    c->first = k;
    return k;
}

/* Where the case's cost is kept, once it is known; NULL: memory ran out. */
static struct tfu_cost_kept **place_of(struct tfu_report_costs_of *c,
                                       struct tfu_report_cases *cases, size_t item)
{
    if (!c->of)
        c->of = tfu_arena_array(cases->arena, cases->count + 1, sizeof *c->of);
    return c->of ? &c->of[item] : NULL;
}

/* Of one that is not done; NULL: it is not known, for it needs a run that is not done. */
static enum tfu_status find_plan(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                 size_t item, struct tfu_cost_kept **out, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error why = TFU_ERROR_INIT;
    char key[KEY_SIZE];
    enum tfu_status st =
        tfu_sweep_resolve(cases->sweep, cases->sweep->support + item, &text, NULL, &why);
    if (st == TFU_OK && text.failed)
        st = TFU_ENOMEM;
    if (st != TFU_OK) {
        tfu_text_free(&text);
        return st == TFU_ENOMEM ? no_memory(e) : TFU_OK;
    }
    key_of_text(tfu_text_get(&text), key);
    *out = find(c, key);
    if (!*out) {
        *out = add(c, cases, key);
        st = *out ? look_at_text(c, cases, &text, *out, e) : no_memory(e);
    }
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_report_cost_plan(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                     size_t item, const struct tfu_report_cost **out,
                                     struct tfu_error *e)
{
    static const struct tfu_report_cost unknown = {.known = false};
    struct tfu_cost_kept **kept = place_of(c, cases, item);
    enum tfu_status st = kept ? TFU_OK : no_memory(e);
    if (st == TFU_OK && !*kept)
        st = find_plan(c, cases, item, kept, e);
    *out = st == TFU_OK && *kept ? &(*kept)->cost : &unknown;
    return st;
}

enum tfu_status tfu_report_cost_get(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                    size_t item, const struct tfu_report_cost **out,
                                    struct tfu_error *e)
{
    struct tfu_cost_kept **kept = place_of(c, cases, item);
    char key[KEY_SIZE];
    enum tfu_status st = kept ? TFU_OK : no_memory(e);
    if (st == TFU_OK && !*kept) {
        st = key_of(cases, item, key, e);
        if (st == TFU_OK && !(*kept = find(c, key))) {
            *kept = add(c, cases, key);
            st = *kept ? find_out(c, cases, item, *kept, e) : no_memory(e);
        }
    }
    if (st == TFU_OK)
        *out = &(*kept)->cost;
    return st;
}

enum tfu_status tfu_report_costs_end(struct tfu_report_costs_of *c,
                                     const struct tfu_report_cases *cases, struct tfu_error *e)
{
    struct tfu_log_tally notes = {.count = 0};
    for (size_t i = 0; c->of && i < cases->count; i++)
        if (c->of[i] && c->of[i]->has_log)
            tfu_log_tally_add(&notes, &c->of[i]->log);
    for (struct tfu_cost_kept *k = c->first; k; k = k->next)
        if (k->has_log)
            tfu_log_destroy(&k->log);
    *c = (struct tfu_report_costs_of){.log = c->log};
    return tfu_log_tally_write(&notes, c->log, e);
}
