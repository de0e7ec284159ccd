/* SPDX-License-Identifier: MIT */
#include "core/train/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/train/score_parts.h"

/* ---- what metrics ask for and report */

static enum tfu_status want_tap(void *arg, struct tfu_metric_host *h, const char *source,
                                const char *glob)
{
    struct tfu_scorer *s = ((struct tfu_scored_metric *)arg)->scorer;
    if (strcmp(source, "a") != 0 && strcmp(source, "b") != 0)
        return h->fail(h, TFU_EINVAL, "want_tap() knows the sources 'a' and 'b', not '%s'", source);
    if (s->wish_count == TFU_WISHES_MAX)
        return h->fail(h, TFU_EINVAL, "it asks for more than %d patterns of nodes", TFU_WISHES_MAX);
    struct tfu_tap_wish *wish = &s->wish[s->wish_count];
    wish->source = source[0] == 'a' ? "a" : "b";
    wish->glob = tfu_arena_strdup(&s->wish_arena, glob);
    if (!wish->glob)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    s->wish_count++;
    return TFU_OK;
}

/* "auc.class.3" under the metric's name in the configuration, and of some examples as
 * "auc.by.sex.female.class.3". */
static void report(void *arg, const char *key, double value, const char *note, struct tfu_error *e)
{
    struct tfu_scored_metric *m = arg;
    const size_t head = strlen(m->choice.plugin->name);
    const bool known = strncmp(key, m->choice.plugin->name, head) == 0;
    struct tfu_text text = TFU_TEXT_INIT;
    if (known)
        tfu_text_puts(&text, m->name);
    if (m->by >= 0)
        tfu_text_printf(&text, ".by.%s.%s", m->cohorts[m->by].attribute,
                        m->cohorts[m->by].key[m->value]);
    tfu_text_puts(&text, known ? key + head : key);
    const struct tfu_score_origin origin = {
        .metric = m, .own = key, .by = m->by, .value = m->value, .aside = tfu_score_is_aside(key)};
    if (text.failed)
        tfu_error_memory(e, "keeping scores", 0);
    else
        tfu_scorer_put(m->scorer, origin, tfu_text_get(&text), value, note, e);
    tfu_text_free(&text);
}

/* ---- the life of a scorer */

static enum tfu_status create(struct tfu_scorer *s, const struct tfu_scorer_request *request,
                              size_t i, struct tfu_error *e)
{
    struct tfu_scored_metric *m = &s->metric[i];
    *m = (struct tfu_scored_metric){
        .scorer = s, .choice = request->metric[i], .by = -1, .value = -1};
    if (request->scored)
        m->keys = request->scored[i];
    m->name = m->keys.name && m->keys.name[0] ? m->keys.name : m->choice.plugin->name;
    s->keeps = s->keeps || m->keys.by.count > 0 || m->keys.bootstrap > 0 ||
               (!s->captures && tfu_metric_needs_fit(m->choice.plugin));
    const struct tfu_metric_listener listener = {
        .arg = m, .report = report, .want_tap = s->captures ? want_tap : NULL};
    s->metric_count++;
    enum tfu_status st = tfu_metric_open(&m->instance, &s->shape, &m->choice, listener, e);
    if (st == TFU_OK && m->keys.by.count > 0)
        st = tfu_metric_open(&m->part, &s->shape, &m->choice, listener, e);
    return st;
}

enum tfu_status tfu_scorer_new(struct tfu_scorer **out, const struct tfu_scorer_request *request,
                               struct tfu_error *e)
{
    *out = NULL;
    struct tfu_scorer *s = calloc(1, sizeof *s);
    if (!s)
        return tfu_error_memory(e, "making the metrics", sizeof *s);
    s->shape = (struct tfu_metric_shape){
        .task = request->task,
        .outputs = request->outputs,
        .label_columns = request->label_columns,
        .class_names = request->class_names,
        .registry = request->registry,
        .threads = request->threads,
    };
    s->captures = request->captures;
    s->seed = request->seed;
    s->rows = (struct tfu_kept_rows){.outputs = request->outputs,
                                     .label_columns = request->label_columns};
    s->metric = calloc(request->metric_count + 1, sizeof *s->metric);
    tfu_arena_init(&s->arena, 0);
    tfu_arena_init(&s->wish_arena, 0);
    enum tfu_status st = s->metric ? TFU_OK : tfu_error_memory(e, "making the metrics", 0);
    for (size_t i = 0; st == TFU_OK && i < request->metric_count; i++)
        st = create(s, request, i, e);
    if (st != TFU_OK)
        tfu_scorer_free(s);
    else
        *out = s;
    return st;
}

static void forget_cohorts(struct tfu_scored_metric *m)
{
    for (uint64_t i = 0; m->cohorts && i < m->keys.by.count; i++)
        tfu_cohorts_free(&m->cohorts[i]);
    free(m->cohorts);
    m->cohorts = NULL;
}

void tfu_scorer_free(struct tfu_scorer *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->metric_count; i++) {
        tfu_metric_close(&s->metric[i].instance);
        tfu_metric_close(&s->metric[i].part);
        forget_cohorts(&s->metric[i]);
    }
    tfu_arena_free(&s->arena);
    tfu_arena_free(&s->wish_arena);
    tfu_kept_rows_free(&s->rows);
    free(s->interval);
    free(s->origin);
    free(s->score);
    free(s->metric);
    free(s);
}

const struct tfu_tap_wish *tfu_scorer_wishes(const struct tfu_scorer *s, size_t *count)
{
    *count = s->wish_count;
    return s->wish;
}

static enum tfu_status read_cohorts(struct tfu_scored_metric *m, const struct tfu_dataset *data,
                                    struct tfu_error *e)
{
    forget_cohorts(m);
    if (m->keys.by.count == 0)
        return TFU_OK;
    m->cohorts = calloc(m->keys.by.count, sizeof *m->cohorts);
    enum tfu_status st = m->cohorts ? TFU_OK : tfu_error_memory(e, "grouping examples", 0);
    for (uint64_t i = 0; st == TFU_OK && i < m->keys.by.count; i++) {
        st = tfu_cohorts_read(&m->cohorts[i], data, m->keys.by.item[i], e);
        for (uint64_t j = 0; st == TFU_OK && j < i; j++)
            if (strcmp(m->cohorts[i].attribute, m->cohorts[j].attribute) == 0)
                st = tfu_error_set(e, TFU_EINVAL,
                                   "the numbers of '%s' and of '%s' would both be called "
                                   "'%s.by.%s'; list one of them",
                                   m->keys.by.item[j], m->keys.by.item[i], m->name,
                                   m->cohorts[i].attribute);
    }
    if (st != TFU_OK)
        tfu_error_prefix(e, "`by` of metric '%s'", m->name);
    return st;
}

enum tfu_status tfu_scorer_data(struct tfu_scorer *s, const struct tfu_dataset *data,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (s->data == data)
        return TFU_OK;
    s->data = NULL;
    for (size_t i = 0; st == TFU_OK && i < s->metric_count; i++)
        st = read_cohorts(&s->metric[i], data, e);
    if (st == TFU_OK)
        s->data = data;
    return st;
}

const struct tfu_dataset *tfu_scorer_dataset(const struct tfu_scorer *s)
{
    return s->data;
}

void tfu_scorer_reset(struct tfu_scorer *s)
{
    for (size_t i = 0; i < s->metric_count; i++)
        tfu_metric_reset(&s->metric[i].instance);
    tfu_kept_rows_clear(&s->rows);
    s->fit = NULL;
}

/* ---- a split */

enum tfu_status tfu_scorer_fit(struct tfu_scorer *s, const struct tfu_kept_rows *rows,
                               struct tfu_error *e)
{
    const struct tfu_batch batch = tfu_kept_rows_batch(rows, TFU_PART_FIT);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < s->metric_count; i++)
        if (tfu_metric_needs_fit(s->metric[i].choice.plugin))
            st = tfu_metric_update(&s->metric[i].instance, &batch, e);
    s->fit = st == TFU_OK ? rows : NULL;
    return st;
}

enum tfu_status tfu_scorer_update(struct tfu_scorer *s, const struct tfu_batch *batch,
                                  struct tfu_error *e)
{
    return tfu_scorer_update_of(s, batch, NULL, e);
}

enum tfu_status tfu_scorer_update_of(struct tfu_scorer *s, const struct tfu_batch *batch,
                                     const int64_t *example, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < s->metric_count; i++)
        st = tfu_metric_update(&s->metric[i].instance, batch, e);
    if (st == TFU_OK && s->keeps && batch->part == TFU_PART_TEST)
        st = tfu_kept_rows_add(&s->rows, batch, example, e);
    return st;
}

const struct tfu_kept_rows *tfu_scorer_rows(const struct tfu_scorer *s)
{
    return s->keeps && s->rows.examples > 0 ? &s->rows : NULL;
}

size_t tfu_scorer_bytes(const struct tfu_scorer *s, int64_t examples, int64_t positions)
{
    return s->keeps ? tfu_kept_rows_bytes(&s->rows, examples, positions) : 0;
}

bool tfu_scorer_wants_fit(const struct tfu_scorer *s)
{
    for (size_t i = 0; i < s->metric_count; i++)
        if (tfu_metric_needs_fit(s->metric[i].choice.plugin))
            return true;
    return false;
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
    for (size_t i = 0; st == TFU_OK && i < s->metric_count; i++) {
        st = tfu_metric_finalize(&s->metric[i].instance, e);
        if (st == TFU_OK)
            st = tfu_scorer_parts(&s->metric[i], e);
    }
    *score = st == TFU_OK ? s->score : NULL;
    *count = st == TFU_OK ? s->score_count : 0;
    return st;
}

/* Who reports `key`: known after a finish; before it, a metric's keys begin with its name. */
static const struct tfu_scored_metric *find_owner(const struct tfu_scorer *s, const char *key)
{
    const struct tfu_score *score = tfu_scorer_find(s, key);
    if (score)
        return s->origin[score - s->score].metric;
    for (size_t i = 0; i < s->metric_count; i++) {
        const char *name = s->metric[i].name;
        const size_t n = strlen(name);
        if (strncmp(key, name, n) == 0 && (key[n] == '\0' || key[n] == '.'))
            return &s->metric[i];
    }
    return NULL;
}

/* "auc.by.sex.gap.class.3": no value is called so. */
static bool is_gap(const struct tfu_scored_metric *m, const char *key)
{
    const size_t head = strlen(m->name);
    if (m->keys.by.count == 0 || strncmp(key, m->name, head) != 0 ||
        strncmp(key + head, ".by.", 4) != 0)
        return false;
    const char *part = key + head + 4;
    part += strcspn(part, ".");
    return strncmp(part, ".gap", 4) == 0 && (part[4] == '\0' || part[4] == '.');
}

bool tfu_scorer_lower_is_better(const struct tfu_scorer *s, const char *key)
{
    const struct tfu_scored_metric *m = find_owner(s, key);
    return m && (is_gap(m, key) || (((const struct tfu_metric_ops *)m->choice.plugin->ops)->needs &
                                    TFU_LOWER_IS_BETTER));
}
