/* SPDX-License-Identifier: MIT
 *
 * store.h - a store of made-up runs in the scratch folder, and an index of it as text.
 */
#ifndef TFU_TESTS_INDEX_STORE_H
#define TFU_TESTS_INDEX_STORE_H

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "core/index/column.h"
#include "core/index/index.h"
#include "tests/support/scratch.h"

struct store_log {
    struct tfu_log log;
    char text[8192]; /* notes and warnings, a line each */
};

static inline void store_take_line(void *arg, enum tfu_log_level level, const char *line)
{
    struct store_log *l = arg;
    const size_t n = strlen(l->text);
    (void)level;
    snprintf(l->text + n, sizeof l->text - n, "%s\n", line);
}

static inline void store_put(const char *path, const char *fmt, ...) TFU_PRINTF(2, 3);
static inline void store_put(const char *path, const char *fmt, ...)
{
    remove(scratch_path(path)); /* a new file each time, as a run's own are */
    FILE *f = fopen(scratch_path(path), "w");
    va_list args;
    ck_assert_msg(f != NULL, "%s", path);
    va_start(args, fmt);
    vfprintf(f, fmt, args);
    va_end(args);
    ck_assert_int_eq(fclose(f), 0);
}

static inline void store_make(const char *path)
{
    mkdir(scratch_path(path), 0777);
}

/* runs/NAME/ID, begun, with so many lines of metrics. */
static inline void store_begin(const char *name, unsigned id, unsigned seed, int lines)
{
    char folder[128], path[256];
    store_make("runs");
    snprintf(folder, sizeof folder, "runs/%s", name);
    store_make(folder);
    snprintf(folder, sizeof folder, "runs/%s/%012x", name, id);
    store_make(folder);
    snprintf(path, sizeof path, "%s/config.yaml", folder);
    store_put(path,
              "seed: %u\nname: %s\narch:\n  plugin: %s\ninit:\n  - plugin: random\n"
              "    scheme: he_normal\ntrain:\n  optimizer: {plugin: adam, lr: %s}\n  steps: 100\n"
              "data:\n  train:\n    classes: [1, 2]\n",
              seed, name, seed % 2 ? "cbr_tiny" : "resnet50", seed % 3 ? "0.001" : "1.0e-4");
    snprintf(path, sizeof path, "%s/env.json", folder);
    store_put(path, "{\"sessions\": [{\"started\": \"2026-03-01T12:00:00Z\", \"step\": 0,"
                    " \"transfuse\": \"0.1.0\", \"host\": {\"name\": \"node3\", \"cpu\": \"x\","
                    " \"threads\": 2}}]}");
    snprintf(path, sizeof path, "%s/metrics.csv", folder);
    remove(scratch_path(path));
    FILE *f = fopen(scratch_path(path), "w");
    fputs("step,epoch,split,metric,value,note\n", f);
    for (int i = 1; i <= lines; i++)
        fprintf(f, "%d,1,test,auc,%.9g,\n", i, 0.5 + (double)((seed * 7 + (unsigned)i) % 10) / 20);
    fclose(f);
}

static inline void store_finish(const char *name, unsigned id, double auc)
{
    char path[256];
    snprintf(path, sizeof path, "runs/%s/%012x/checkpoints", name, id);
    store_make(path);
    snprintf(path, sizeof path, "runs/%s/%012x/checkpoints/final.safetensors", name, id);
    store_put(path, "weights");
    snprintf(path, sizeof path, "runs/%s/%012x/summary.json", name, id);
    store_put(path,
              "{\"steps\": 100, \"seconds\": 12.5, \"metrics\": {\"test\": {\"auc\": %.17g}},"
              " \"best\": {\"metric\": \"auc\", \"split\": \"test\", \"value\": 0.9, \"step\": 3}}",
              auc);
}

static inline struct tfu_index *store_open_as(const struct tfu_index_request *with,
                                              struct store_log *said)
{
    struct tfu_index_request request = *with;
    struct tfu_index *x = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    struct store_log own;
    struct store_log *l = said ? said : &own;
    l->text[0] = '\0';
    tfu_log_init(&l->log, store_take_line, l);
    request.store = scratch_path("runs");
    request.log = &l->log;
    ck_assert_msg(tfu_index_open(&x, &request, &e) == TFU_OK, "%s", e.text);
    tfu_log_destroy(&l->log);
    return x;
}

static inline struct tfu_index *store_open(struct store_log *said)
{
    const struct tfu_index_request request = {.store = NULL};
    return store_open_as(&request, said);
}

/* Files that were written just now are looked at again: waits until they are no longer new. */
static inline void store_settle(void)
{
    usleep(30000);
}

/* All that an index says, but for its own numbers. To be freed. */
static inline char *store_dump(struct tfu_index *x)
{
    struct tfu_text t = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    for (size_t i = 0; i < tfu_index_count(x); i++) {
        const struct tfu_index_run *r = tfu_index_run(x, i);
        struct tfu_arena arena;
        struct tfu_index_leaf *leaf;
        struct tfu_index_score *score;
        struct tfu_index_point *point;
        struct tfu_index_artefact *file;
        struct tfu_index_session *session;
        size_t n;
        tfu_arena_init(&arena, 0);
        tfu_text_printf(&t, "%s %s [%s] %" PRId64 " %s %" PRId64 "/%" PRId64 " %g %s %s %s %s %g\n",
                        r->path, tfu_index_state_name(r->state), r->problem ? r->problem : "",
                        r->started, r->host ? r->host : "", r->step, r->steps, r->seconds,
                        r->seed ? r->seed : "", r->arch ? r->arch : "", r->init ? r->init : "",
                        r->best ? r->best : "", r->best_value);
        ck_assert_int_eq(tfu_index_leaves(x, r, &arena, &leaf, &n, &e), TFU_OK);
        for (size_t k = 0; k < n; k++)
            tfu_text_printf(&t, "  %s: %s\n", leaf[k].key, leaf[k].value);
        ck_assert_int_eq(tfu_index_scores(x, r, &arena, &score, &n, &e), TFU_OK);
        for (size_t k = 0; k < n; k++)
            tfu_text_printf(&t, "  %s %.17g@%" PRId64 " (%s) %.17g@%" PRId64 " %.17g@%" PRId64 "\n",
                            score[k].series, score[k].last, score[k].last_step,
                            score[k].note ? score[k].note : "", score[k].low, score[k].low_step,
                            score[k].high, score[k].high_step);
        ck_assert_int_eq(tfu_index_points(x, r, &arena, &point, &n, &e), TFU_OK);
        for (size_t k = 0; k < n; k++)
            tfu_text_printf(&t, "  %s@%" PRId64 "=%.17g %s\n", point[k].series, point[k].step,
                            point[k].value, point[k].note ? point[k].note : "");
        ck_assert_int_eq(tfu_index_artefacts(x, r, &arena, &file, &n, &e), TFU_OK);
        for (size_t k = 0; k < n; k++)
            tfu_text_printf(&t, "  %s %" PRId64 " %" PRId64 "\n", file[k].name, file[k].step,
                            file[k].bytes);
        ck_assert_int_eq(tfu_index_sessions(x, r, &arena, &session, &n, &e), TFU_OK);
        for (size_t k = 0; k < n; k++)
            tfu_text_printf(&t, "  session %" PRId64 " %" PRId64 " %s\n", session[k].started,
                            session[k].step, session[k].host ? session[k].host : "");
        tfu_arena_free(&arena);
    }
    ck_assert(!t.failed);
    return t.data ? t.data : strdup("");
}

/* Two dumps, of which only the first lines that differ are shown. */
static inline void store_same(const char *is, const char *expected)
{
    while (*is && *is == *expected) {
        const size_t n = strcspn(is, "\n") + 1, k = strcspn(expected, "\n") + 1;
        if (n != k || strncmp(is, expected, n) != 0)
            break;
        is += n;
        expected += n;
    }
    ck_assert_msg(!*is && !*expected, "is '%.300s', expected '%.300s'", is, expected);
}

/* What an index that is built of the folders anew says. To be freed. */
static inline char *store_rebuilt(void)
{
    char aside[600];
    snprintf(aside, sizeof aside, "%s/aside.sqlite", scratch);
    rename(scratch_path("runs/index.sqlite"), aside);
    remove(scratch_path("runs/index.sqlite-wal"));
    remove(scratch_path("runs/index.sqlite-shm"));
    struct tfu_index *x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_tally(x)->read, tfu_index_count(x));
    char *text = store_dump(x);
    tfu_index_close(x);
    remove(scratch_path("runs/index.sqlite"));
    rename(aside, scratch_path("runs/index.sqlite"));
    return text;
}

#endif
