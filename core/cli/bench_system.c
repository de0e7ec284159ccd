/* SPDX-License-Identifier: MIT */
#include "core/cli/bench_system.h"
#include "core/cli/output.h"

#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/machine.h"
#include "core/base/processor.h"
#include "core/base/speed.h"
#include "core/config/defaults.h"
#include "core/plugin/blas.h"
#include "core/plugin/blas_speed.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text[0] ? json_string(text) : json_null());
}

static void set_count(json_t *object, const char *key, uint64_t n)
{
    json_object_set_new(object, key, json_integer((json_int_t)n));
}

static json_t *describe_processor(const struct tfu_processor *p, const struct tfu_machine *m)
{
    json_t *o = json_object(), *sets = json_array();
    set_text(o, "name", p->name);
    set_text(o, "vendor", p->vendor);
    set_count(o, "family", p->family);
    set_count(o, "model", p->model);
    set_count(o, "stepping", p->stepping);
    set_count(o, "sockets", m->sockets);
    set_count(o, "cores", m->cores);
    set_count(o, "threads", m->threads);
    set_count(o, "allowed", m->allowed);
    set_count(o, "available", m->available);
    for (uint32_t bit = 1; bit; bit <<= 1)
        if (p->sets & bit && tfu_processor_set_name(bit))
            json_array_append_new(sets, json_string(tfu_processor_set_name(bit)));
    json_object_set_new(o, "instruction_sets", sets);
    return o;
}

static json_t *describe_caches(const struct tfu_machine *m)
{
    json_t *caches = json_array();
    for (uint32_t i = 0; i < m->cache_count; i++) {
        const struct tfu_cache *c = &m->cache[i];
        json_t *o = json_object();
        set_count(o, "level", c->level);
        set_text(o, "type", c->type);
        set_count(o, "bytes", c->bytes);
        set_count(o, "line", c->line);
        set_count(o, "shared_by", c->shared);
        json_array_append_new(caches, o);
    }
    return caches;
}

static json_t *describe_system(const struct tfu_machine *m)
{
    json_t *o = json_object();
    set_text(o, "system", m->system);
    set_text(o, "kernel", m->kernel);
    set_text(o, "libc", m->libc);
    set_text(o, "clock", m->clock);
    set_count(o, "memory", m->memory);
    set_count(o, "memory_available", m->memory_free);
    json_object_set_new(o, "load", json_real(m->load));
    return o;
}

/* What `isa: auto` of the backend cpu takes. */
static json_t *describe_program(const struct tfu_processor *p)
{
    json_t *o = json_object();
    const char *isa = "portable";
    uint64_t bits = 128;
#ifdef HAVE_AVX2
    if ((p->sets & TFU_SET_AVX2) && (p->sets & TFU_SET_FMA)) {
        isa = "avx2";
        bits = 256;
    }
#endif
#ifdef HAVE_AVX512
    if ((p->sets & TFU_SET_AVX512) == TFU_SET_AVX512) {
        isa = "avx512";
        bits = 512;
    }
#endif
    set_text(o, "version", PACKAGE_VERSION);
#ifdef __clang__
    set_text(o, "compiler", __VERSION__);
#else
    set_text(o, "compiler", "gcc " __VERSION__);
#endif
    set_text(o, "isa", isa);
    set_count(o, "vector_bits", bits);
#ifdef __OPTIMIZE__
    json_object_set_new(o, "optimised", json_true());
#else
    json_object_set_new(o, "optimised", json_false());
#endif
    return o;
}

static json_t *describe_blas(const struct tfu_blas *b)
{
    static const char *const parallel[] = {"none", "pthreads", "OpenMP"};
    json_t *o = json_object();
    set_text(o, "file", b->file);
    set_text(o, "config", b->config);
    set_text(o, "core", b->core);
    set_text(o, "chosen_by", tfu_blas_how_name(b->how));
    set_text(o, "took_by_itself", b->took);
    set_text(o, "wanted", b->wanted);
    set_text(o, "threading",
             b->parallel >= 0 && b->parallel < (int)TFU_COUNT(parallel) ? parallel[b->parallel]
                                                                        : "");
    set_count(o, "threads", 1);
    return o;
}

/* What looking at the clock costs, and the least time that it tells. */
static json_t *measure_clock(void)
{
    enum { CALLS = 20000 };
    struct timespec resolution = {.tv_sec = 0};
    json_t *o = json_object();
    const double begin = tfu_clock_seconds();
    for (int i = 0; i < CALLS; i++)
        tfu_clock_seconds();
    json_object_set_new(o, "call_seconds", json_real((tfu_clock_seconds() - begin) / CALLS));
    clock_getres(CLOCK_MONOTONIC, &resolution);
    json_object_set_new(o, "resolution_seconds",
                        json_real((double)resolution.tv_sec + 1e-9 * (double)resolution.tv_nsec));
    return o;
}

/* Everything that is measured, with one thread and with all. */
struct workers {
    struct tfu_threads *pool[2];
    size_t count; /* 1 where all are one */
};

static void add_rate(json_t *row, size_t which, double rate)
{
    json_object_set_new(row, which == 0 ? "one_thread" : "all_threads", json_real(rate));
}

static json_t *measure_peaks(const struct workers *w, const struct tfu_processor *p)
{
    const struct tfu_speed_set *set;
    const size_t count = tfu_speed_sets(&set);
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++)
        for (int wide = 0; wide < 2 && (p->sets & set[i].needs) == set[i].needs; wide++) {
            json_t *row = json_object();
            set_text(row, "instructions", set[i].name);
            set_text(row, "type", wide ? "float64" : "float32");
            for (size_t k = 0; k < w->count; k++)
                add_rate(row, k,
                         tfu_speed_operations(w->pool[k], wide ? set[i].float64 : set[i].float32));
            json_array_append_new(rows, row);
        }
    return rows;
}

static enum tfu_status measure_products(const struct workers *w, struct tfu_registry *r,
                                        json_t **out, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    json_t *sgemm = json_object(), *dgemm = json_object();
    *out = json_array();
    set_text(sgemm, "function", "sgemm");
    set_text(dgemm, "function", "dgemm");
    for (size_t k = 0; st == TFU_OK && k < w->count; k++) {
        struct tfu_blas_speed speed;
        st = tfu_blas_speed(r, w->pool[k], &speed, e);
        add_rate(sgemm, k, speed.sgemm);
        add_rate(dgemm, k, speed.dgemm);
    }
    json_array_append_new(*out, sgemm);
    json_array_append_new(*out, dgemm);
    return st;
}

/* Four times the largest cache, so that it holds next to nothing of it. */
static size_t memory_size(const struct tfu_machine *m)
{
    uint64_t bytes = 64 << 20;
    for (uint32_t i = 0; i < m->cache_count; i++)
        if (4 * m->cache[i].bytes > bytes)
            bytes = 4 * m->cache[i].bytes;
    const uint64_t most = m->memory_free ? m->memory_free / 4 : 256 << 20;
    bytes = bytes < most ? bytes : most;
    return (size_t)(bytes < 1 << 30 ? bytes : 1 << 30);
}

static enum tfu_status measure_memory(const struct workers *w, const struct tfu_machine *m,
                                      json_t **out, struct tfu_error *e)
{
    static const struct {
        const char *name;
        enum tfu_speed_move move;
    } moves[] = {{"copy", TFU_SPEED_COPY}, {"triad", TFU_SPEED_TRIAD}};
    enum tfu_status st = TFU_OK;
    const size_t bytes = memory_size(m);
    *out = json_array();
    for (size_t i = 0; i < TFU_COUNT(moves); i++) {
        json_t *row = json_object();
        set_text(row, "what", moves[i].name);
        set_count(row, "bytes", bytes);
        for (size_t k = 0; st == TFU_OK && k < w->count; k++) {
            double rate;
            st = tfu_speed_memory(w->pool[k], moves[i].move, bytes, &rate, e);
            add_rate(row, k, rate);
        }
        json_array_append_new(*out, row);
    }
    return st;
}

static enum tfu_status measure(struct tfu_registry *r, uint32_t threads, json_t *report,
                               const struct tfu_processor *p, const struct tfu_machine *m,
                               struct tfu_error *e)
{
    struct workers w = {.count = 1};
    json_t *products = NULL, *memory = NULL;
    enum tfu_status st = tfu_threads_new(&w.pool[0], 1, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&w.pool[1], threads, e);
    if (st == TFU_OK) {
        const uint32_t all = tfu_threads_count(w.pool[1]);
        w.count = all > 1 ? 2 : 1;
        set_count(report, "measured_threads", all);
        json_object_set_new(report, "clock", measure_clock());
        json_object_set_new(report, "peak", measure_peaks(&w, p));
        st = measure_products(&w, r, &products, e);
        json_object_set_new(report, "products", products);
    }
    if (st == TFU_OK) {
        st = measure_memory(&w, m, &memory, e);
        json_object_set_new(report, "memory", memory);
    }
    tfu_threads_free(w.pool[1]);
    tfu_threads_free(w.pool[0]);
    return st;
}

/* The backend brings the BLAS along. A machine without it is still worth a report. */
static void open_backend(struct tfu_registry *r, json_t *report)
{
    const struct tfu_plugin *p;
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_registry_find(r, TFU_KIND_BACKEND, TFU_DEFAULT_BACKEND, NULL, &p, &e) != TFU_OK)
        set_text(report, "backend_error", e.text);
    const struct tfu_blas *b = tfu_registry_blas(r);
    json_object_set_new(report, "blas", b->how == TFU_BLAS_NONE ? json_null() : describe_blas(b));
}

int tfu_bench_system(struct tfu_cli *cli, uint32_t threads, bool as_json)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *r;
    struct tfu_processor p;
    struct tfu_machine m;
    cli->no_notes = true; /* the report has it all */
    tfu_processor_read(&p);
    tfu_machine_read(&m);
    if (tfu_cli_registry(cli, &r, &e) != TFU_OK)
        return tfu_cli_error(&e);
    json_t *report = json_object();
    json_object_set_new(report, "program", describe_program(&p));
    json_object_set_new(report, "system", describe_system(&m));
    json_object_set_new(report, "processor", describe_processor(&p, &m));
    json_object_set_new(report, "caches", describe_caches(&m));
    open_backend(r, report);
    int status = TFU_EXIT_OK;
    if (measure(r, threads, report, &p, &m, &e) != TFU_OK)
        status = tfu_cli_error(&e);
    if (status == TFU_EXIT_OK && as_json) {
        if (tfu_cli_json_print(json_incref(report), &e) != TFU_OK)
            status = tfu_cli_error(&e);
    } else if (status == TFU_EXIT_OK) {
        tfu_bench_system_print(report);
    }
    json_decref(report);
    tfu_registry_free(r);
    return status;
}
