/* SPDX-License-Identifier: MIT */
#include "core/train/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/calling.h"
#include "core/base/host.h"

/* One metric of the configuration. */
struct instance {
    const struct tfu_plugin *plugin;
    const struct tfu_metric_ops *ops;
    void *self;
    struct tfu_metric_host host; /* what the plugin sees; its `host` points back here */
    struct tfu_scorer *scorer;
    struct tfu_error *error; /* of the call in progress */
    struct tfu_calling calling;
    const struct tfu_calling *outer;
};

enum { WISHES_MAX = 64 };

struct tfu_scorer {
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    bool captures;
    struct instance *instance;
    size_t instance_count;
    struct tfu_arena wish_arena;
    struct tfu_tap_wish wish[WISHES_MAX];
    size_t wish_count;
    struct tfu_arena arena; /* keys and notes of the last finish */
    struct tfu_score *score;
    const struct instance **owner; /* of each score */
    size_t score_count, score_capacity;
};

/* ---- the host's side of a metric */

static enum tfu_status host_fail(struct tfu_metric_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    const struct instance *m = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(m->error, st, fmt, args);
    va_end(args);
    return st;
}

static enum tfu_status host_want_tap(struct tfu_metric_host *h, const char *source,
                                     const char *glob)
{
    struct instance *m = h->host;
    struct tfu_scorer *s = m->scorer;
    if (!s->captures)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it looks at activations ('%s'), which are not captured while a network is "
                       "trained or scored; it is for comparing and probing networks",
                       glob);
    if (strcmp(source, "a") != 0 && strcmp(source, "b") != 0)
        return h->fail(h, TFU_EINVAL, "want_tap() knows the sources 'a' and 'b', not '%s'", source);
    if (s->wish_count == WISHES_MAX)
        return h->fail(h, TFU_EINVAL, "it asks for more than %d patterns of nodes", WISHES_MAX);
    struct tfu_tap_wish *wish = &s->wish[s->wish_count];
    wish->source = source[0] == 'a' ? "a" : "b";
    wish->glob = tfu_arena_strdup(&s->wish_arena, glob);
    if (!wish->glob)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    s->wish_count++;
    return TFU_OK;
}

static void host_parallel(struct tfu_metric_host *h, uint32_t tasks,
                          void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct instance *m = h->host;
    if (m->scorer->threads)
        tfu_threads_run(m->scorer->threads, tasks, task, arg);
    else
        for (uint32_t i = 0; i < tasks; i++)
            task(arg, i, 0);
}

static bool key_is_good(const char *key)
{
    return key[0] && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key);
}

static struct tfu_score *find_score(const struct tfu_scorer *s, const char *key)
{
    for (size_t i = 0; i < s->score_count; i++)
        if (strcmp(s->score[i].key, key) == 0)
            return &s->score[i];
    return NULL;
}

static bool reserve_score(struct tfu_scorer *s)
{
    if (s->score_count < s->score_capacity)
        return true;
    const size_t capacity = s->score_capacity ? 2 * s->score_capacity : 64;
    struct tfu_score *score = realloc(s->score, capacity * sizeof *score);
    if (score)
        s->score = score;
    const struct instance **owner = score ? realloc(s->owner, capacity * sizeof *owner) : NULL;
    if (!owner)
        return false;
    s->owner = owner;
    s->score_capacity = capacity;
    return true;
}

/* A failure here shows when the metric's finalize() has returned. */
static void add_score(struct instance *m, const char *key, double value, const char *note)
{
    struct tfu_scorer *s = m->scorer;
    const struct tfu_score *same = find_score(s, key);
    if (!key_is_good(key)) {
        tfu_error_set(m->error, TFU_EINVAL,
                      "key '%s' is not made of lower case letters, digits, dots and underscores",
                      key);
        return;
    }
    if (same) {
        tfu_error_set(m->error, TFU_EINVAL,
                      "key '%s' was reported by metric '%s' already; list each metric once", key,
                      s->owner[same - s->score]->plugin->name);
        return;
    }
    char *copy = tfu_arena_strdup(&s->arena, key);
    if (!copy || !reserve_score(s)) {
        tfu_error_memory(m->error, "keeping scores", 0);
        return;
    }
    s->owner[s->score_count] = m;
    s->score[s->score_count++] = (struct tfu_score){.key = copy, .value = value, .note = note};
}

static void host_scalar(struct tfu_metric_host *h, const char *key, double value)
{
    add_score(h->host, key, value, isnan(value) ? "not a number" : NULL);
}

static void host_undefined(struct tfu_metric_host *h, const char *key, const char *fmt, ...)
{
    struct instance *m = h->host;
    va_list args;
    va_start(args, fmt);
    const char *note = tfu_arena_printf_v(&m->scorer->arena, fmt, args);
    va_end(args);
    if (note)
        add_score(m, key, NAN, note);
    else
        tfu_error_memory(m->error, "keeping scores", 0);
}

/* A series is as many scores, "<key>.0", "<key>.1", ... */
static void host_series(struct tfu_metric_host *h, const char *key, const double *value, size_t n)
{
    struct instance *m = h->host;
    for (size_t i = 0; i < n; i++) {
        const char *name = tfu_arena_printf(&m->scorer->arena, "%s.%zu", key, i);
        if (name)
            h->scalar(h, name, value[i]);
        else
            tfu_error_memory(m->error, "keeping scores", 0);
    }
}

long tfu_score_series_index(const char *key, size_t *length)
{
    const char *dot = strrchr(key, '.');
    if (!dot || !dot[1] || strspn(dot + 1, "0123456789") != strlen(dot + 1))
        return -1;
    *length = (size_t)(dot - key);
    return strtol(dot + 1, NULL, 10);
}

/* ---- calls into metrics */

static void call_begin(struct instance *m, const char *function, struct tfu_error *said)
{
    m->error = said;
    m->calling =
        (struct tfu_calling){.kind = "metric", .plugin = m->plugin->name, .function = function};
    m->outer = tfu_calling_begin(&m->calling);
}

/* The status of a call of `function`, with the plugin's name in front of its words. A metric that
 * failed on the host's side has failed, whatever it returned. */
static enum tfu_status call_end(struct instance *m, enum tfu_status st, const char *function,
                                struct tfu_error *e)
{
    tfu_calling_end(m->outer);
    struct tfu_error *said = m->error;
    tfu_host_check(st, m->plugin->name, function, said);
    m->error = NULL;
    if (said->status == TFU_OK)
        return TFU_OK;
    tfu_error_prefix(said, "metric '%s'", m->plugin->name);
    return tfu_error_set(e, said->status, "%s", said->text);
}

static enum tfu_status create(struct tfu_scorer *s, const struct tfu_scorer_request *request,
                              const struct tfu_plugin_choice *choice, struct tfu_error *e)
{
    struct instance *m = &s->instance[s->instance_count];
    m->plugin = choice->plugin;
    m->ops = choice->plugin->ops;
    m->scorer = s;
    m->host = (struct tfu_metric_host){
        .struct_size = sizeof m->host,
        .task = request->task,
        .outputs = request->outputs,
        .label_columns = request->label_columns,
        .class_names = request->class_names,
        .host = m,
        .want_tap = host_want_tap,
        .scalar = host_scalar,
        .undefined = host_undefined,
        .series = host_series,
        .fail = host_fail,
        .parallel = host_parallel,
        .threads = s->threads ? tfu_threads_count(s->threads) : 1,
    };
    struct tfu_error said = TFU_ERROR_INIT;
    call_begin(m, "create", &said);
    enum tfu_status st = m->ops->create(&m->self, choice->config, &m->host);
    const bool made = st == TFU_OK;
    st = call_end(m, st, "create", e);
    if (made) {
        tfu_registry_hold(s->registry, m->plugin);
        s->instance_count++;
    }
    return st;
}

enum tfu_status tfu_scorer_new(struct tfu_scorer **out, const struct tfu_scorer_request *request,
                               struct tfu_error *e)
{
    *out = NULL;
    struct tfu_scorer *s = calloc(1, sizeof *s);
    if (!s)
        return tfu_error_memory(e, "making the metrics", sizeof *s);
    s->registry = request->registry;
    s->threads = request->threads;
    s->captures = request->captures;
    s->instance = calloc(request->metric_count + 1, sizeof *s->instance);
    tfu_arena_init(&s->arena, 0);
    tfu_arena_init(&s->wish_arena, 0);
    enum tfu_status st = s->instance ? TFU_OK : tfu_error_memory(e, "making the metrics", 0);
    for (size_t i = 0; st == TFU_OK && i < request->metric_count; i++)
        st = create(s, request, &request->metric[i], e);
    if (st != TFU_OK)
        tfu_scorer_free(s);
    else
        *out = s;
    return st;
}

void tfu_scorer_free(struct tfu_scorer *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->instance_count; i++) {
        call_begin(&s->instance[i], "destroy", NULL);
        s->instance[i].ops->destroy(s->instance[i].self);
        tfu_calling_end(s->instance[i].outer);
        tfu_registry_release(s->registry, s->instance[i].plugin);
    }
    tfu_arena_free(&s->arena);
    tfu_arena_free(&s->wish_arena);
    free(s->owner);
    free(s->score);
    free(s->instance);
    free(s);
}

const struct tfu_tap_wish *tfu_scorer_wishes(const struct tfu_scorer *s, size_t *count)
{
    *count = s->wish_count;
    return s->wish;
}

void tfu_scorer_reset(struct tfu_scorer *s)
{
    for (size_t i = 0; i < s->instance_count; i++) {
        call_begin(&s->instance[i], "reset", NULL);
        s->instance[i].ops->reset(s->instance[i].self);
        tfu_calling_end(s->instance[i].outer);
    }
}

enum tfu_status tfu_scorer_update(struct tfu_scorer *s, const struct tfu_batch *batch,
                                  struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < s->instance_count; i++) {
        struct instance *m = &s->instance[i];
        struct tfu_error said = TFU_ERROR_INIT;
        call_begin(m, "update", &said);
        st = call_end(m, m->ops->update(m->self, batch, &m->host), "update", e);
    }
    return st;
}

enum tfu_status tfu_scorer_look(struct tfu_scorer *s, const struct tfu_activations *batch,
                                struct tfu_error *e)
{
    struct tfu_tap tap[2];
    for (int i = 0; i < 2; i++)
        tap[i] = (struct tfu_tap){.struct_size = sizeof *tap,
                                  .source = i ? "b" : "a",
                                  .node = batch->node[i],
                                  .t = batch->t[i]};
    const struct tfu_tap *const taps[] = {&tap[0], &tap[1]};
    const struct tfu_batch b = {
        .struct_size = sizeof b,
        .part = batch->part,
        .rows = batch->rows,
        .positions = 1,
        .labels = batch->labels,
        .taps = taps,
        .tap_count = batch->t[1] ? 2 : 1,
    };
    return tfu_scorer_update(s, &b, e);
}

enum tfu_status tfu_scorer_finish(struct tfu_scorer *s, const struct tfu_score **score,
                                  size_t *count, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    s->score_count = 0;
    tfu_arena_free(&s->arena);
    for (size_t i = 0; st == TFU_OK && i < s->instance_count; i++) {
        struct instance *m = &s->instance[i];
        struct tfu_error said = TFU_ERROR_INIT;
        call_begin(m, "finalize", &said);
        st = call_end(m, m->ops->finalize(m->self, &m->host), "finalize", e);
    }
    *score = st == TFU_OK ? s->score : NULL;
    *count = st == TFU_OK ? s->score_count : 0;
    return st;
}

/* Who reports `key`: known after a finish; before it, a metric's keys begin with its name. */
static const struct instance *find_owner(const struct tfu_scorer *s, const char *key)
{
    const struct tfu_score *score = find_score(s, key);
    if (score)
        return s->owner[score - s->score];
    for (size_t i = 0; i < s->instance_count; i++) {
        const char *name = s->instance[i].plugin->name;
        const size_t n = strlen(name);
        if (strncmp(key, name, n) == 0 && (key[n] == '\0' || key[n] == '.'))
            return &s->instance[i];
    }
    return NULL;
}

bool tfu_scorer_lower_is_better(const struct tfu_scorer *s, const char *key)
{
    const struct instance *m = find_owner(s, key);
    return m && (m->ops->needs & TFU_LOWER_IS_BETTER);
}
