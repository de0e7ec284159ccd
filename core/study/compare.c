/* SPDX-License-Identifier: MIT */
#include "core/study/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/tasks.h"
#include "core/study/metrics.h"
#include "core/study/noise.h"

enum { CHUNK = 4096 }; /* rows that a metric gets at a time */

/* One network's side of a pass: the wants that are captured at once. */
struct side {
    struct tfu_capture_want *want;
    size_t count;
};

/* A pair in the pass, and where its activations are. */
struct place {
    size_t pair, want_a, want_b;
};

struct pass {
    struct side a, b;
    struct place *place;
    size_t count;
};

struct job {
    const struct tfu_compare_request *request;
    struct tfu_comparison *out;
    bool maps;
    int64_t draws;
    struct pass pass;
    /* of the block of tasks that is run at once */
    struct tfu_scorer **scorer;
    struct tfu_error *refusal;
    size_t first, block;
};

/* ---- which pairs, and on which grid */

static bool matches(const struct tfu_tap_wish *wish, size_t count, char source, const char *node)
{
    bool any = false;
    for (size_t i = 0; i < count && !any; i++)
        any = wish[i].source[0] == source && tfu_text_glob(wish[i].glob, node);
    return any;
}

static enum tfu_status check_metric(const struct tfu_compare_request *r, struct tfu_error *e)
{
    const struct tfu_metric_ops *ops = r->metric->plugin->ops;
    if (r->noise && (ops->needs & TFU_NEEDS_MAPS))
        return tfu_error_set(e, TFU_EINVAL,
                             "metric '%s' looks at whole maps, of which there is no noise baseline",
                             r->metric->plugin->name);
    return tfu_metric_check(r->metric, &tfu_metric_compares, r->registry, e);
}

/* The pairs that were asked for and that the metric wants. */
static enum tfu_status list_pairs(struct job *job, struct tfu_error *e)
{
    const struct tfu_compare_request *r = job->request;
    struct tfu_scorer *s;
    enum tfu_status st = tfu_compare_scorer(&s, r->metric, r->registry, r->threads, e);
    if (st != TFU_OK)
        return st;
    size_t wishes;
    const struct tfu_tap_wish *wish = tfu_scorer_wishes(s, &wishes);
    const size_t rows = r->count_a, columns = r->matrix ? r->count_b : 1;
    struct tfu_comparison *c = job->out;
    c->pair = tfu_arena_alloc(&c->arena, (rows * columns + 1) * sizeof *c->pair);
    if (!c->pair)
        st = tfu_error_memory(e, "comparing", 0);
    for (size_t i = 0; st == TFU_OK && i < rows * columns; i++) {
        const size_t a = i / columns, b = r->matrix ? i % columns : a;
        if (!matches(wish, wishes, 'a', r->node_a[a].name) ||
            !matches(wish, wishes, 'b', r->node_b[b].name))
            continue;
        struct tfu_compare_pair *p = &c->pair[c->pair_count++];
        const size_t bytes = (size_t)job->draws * sizeof *p->draw;
        *p = (struct tfu_compare_pair){a, b, tfu_arena_alloc(&c->arena, bytes)};
        if (p->draw)
            memset(p->draw, 0, bytes);
        else
            st = tfu_error_memory(e, "comparing", 0);
    }
    tfu_scorer_free(s);
    if (st == TFU_OK && c->pair_count == 0)
        st = tfu_error_set(e, TFU_EINVAL,
                           "metric '%s' wants none of the nodes that were chosen; choose others "
                           "by `nodes`",
                           r->metric->plugin->name);
    return st;
}

static void map_size(const struct tfu_capture *c, uint32_t value, int64_t size[2])
{
    const struct tfu_shape *s = &tfu_capture_graph(c)->value[value].shape;
    size[0] = s->rank == 4 ? s->dim[1] : 1;
    size[1] = s->rank == 4 ? s->dim[2] : 1;
}

/* What of each side a pair needs: on the coarser of the two grids, so that row i of both is the
 * same part of the same image. */
static void pair_wants(const struct job *job, const struct tfu_compare_pair *p,
                       struct tfu_capture_want *a, struct tfu_capture_want *b)
{
    const struct tfu_compare_request *r = job->request;
    const struct tfu_node_choice *na = &r->node_a[p->a], *nb = &r->node_b[p->b];
    int64_t sa[2], sb[2], grid[2];
    map_size(r->a, na->value, sa);
    map_size(r->b, nb->value, sb);
    for (int i = 0; i < 2; i++)
        grid[i] = r->pooled ? 1 : sa[i] < sb[i] ? sa[i] : sb[i];
    *a = (struct tfu_capture_want){na->name, na->value, job->maps ? sa[0] : grid[0],
                                   job->maps ? sa[1] : grid[1], 0};
    *b = (struct tfu_capture_want){nb->name, nb->value, job->maps ? sb[0] : grid[0],
                                   job->maps ? sb[1] : grid[1], 0};
}

/* ---- passes */

static size_t find_want(const struct side *s, const struct tfu_capture_want *w)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->want[i].value == w->value && s->want[i].height == w->height &&
            s->want[i].width == w->width && strcmp(s->want[i].node, w->node) == 0)
            return i;
    return s->count;
}

/* Its index; it is added when it is new. */
static size_t add_want(struct side *s, const struct tfu_capture_want *w)
{
    const size_t at = find_want(s, w);
    if (at == s->count)
        s->want[s->count++] = *w;
    return at;
}

static size_t pass_bytes(const struct job *job)
{
    return tfu_capture_bytes(job->request->a, job->pass.a.want, job->pass.a.count) +
           tfu_capture_bytes(job->request->b, job->pass.b.want, job->pass.b.count);
}

static enum tfu_status too_large(const struct job *job, struct tfu_error *e)
{
    return tfu_error_set(e, TFU_ENOMEM,
                         "the activations of one pair of nodes take %.0f MiB, more than the %.0f "
                         "MiB that are allowed; take fewer `rows`, `channels` or `draws`, "
                         "or allow more `memory`",
                         (double)pass_bytes(job) / 1048576, (double)job->request->memory / 1048576);
}

/* Takes pairs from `first` on while they fit; returns the one after the last. */
static size_t plan_pass(struct job *job, size_t first)
{
    struct pass *p = &job->pass;
    p->a.count = p->b.count = p->count = 0;
    for (size_t i = first; i < job->out->pair_count; i++) {
        struct tfu_capture_want a, b;
        const size_t before_a = p->a.count, before_b = p->b.count;
        pair_wants(job, &job->out->pair[i], &a, &b);
        p->place[p->count] = (struct place){i, add_want(&p->a, &a), add_want(&p->b, &b)};
        p->count++;
        if (job->request->memory && pass_bytes(job) > job->request->memory && p->count > 1) {
            p->a.count = before_a;
            p->b.count = before_b;
            p->count--;
            return i;
        }
    }
    return job->out->pair_count;
}

/* ---- one pair and draw */

static struct tfu_tensor rows_of(const struct tfu_tensor *t, int64_t first, int64_t rows)
{
    struct tfu_tensor part = *t;
    const int64_t width = tfu_shape_count(&t->shape) / t->shape.dim[0];
    part.shape.dim[0] = rows;
    part.data = (float *)t->data + first * width;
    return part;
}

static enum tfu_status feed(struct tfu_scorer *s, const struct tfu_tensor *a, const char *name_a,
                            const struct tfu_tensor *b, const char *name_b, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    const int64_t total = a->shape.dim[0];
    for (int64_t first = 0; st == TFU_OK && first < total; first += CHUNK) {
        const int64_t rows = total - first < CHUNK ? total - first : CHUNK;
        const struct tfu_tensor part[] = {rows_of(a, first, rows), rows_of(b, first, rows)};
        const struct tfu_activations batch = {
            .rows = rows, .node = {name_a, name_b}, .t = {&part[0], &part[1]}};
        st = tfu_scorer_look(s, &batch, e);
    }
    return st;
}

/* Noise in the place of `b`: `*out`, which is to be freed in any case. */
static enum tfu_status make_noise(const struct job *job, const struct place *p, int64_t draw,
                                  struct tfu_tensor *b, float **out, struct tfu_error *e)
{
    const struct tfu_compare_pair *pair = &job->out->pair[p->pair];
    const int64_t rows = b->shape.dim[0], columns = b->shape.dim[1];
    char name[320];
    snprintf(name, sizeof name, "%lld/%.255s", (long long)draw, job->request->node_b[pair->b].name);
    float *noise = *out = malloc((size_t)(rows * columns) * sizeof *noise + 1);
    if (!noise)
        return tfu_error_memory(e, "drawing noise", (size_t)(rows * columns) * sizeof *noise);
    const enum tfu_status st = tfu_noise_like(
        b->data, rows, columns,
        tfu_random_key(tfu_capture_seed(job->request->b), "noise baseline", name), noise, e);
    b->data = noise;
    return st;
}

static enum tfu_status run_task(void *arg, uint32_t index, struct tfu_error *e)
{
    struct job *job = arg;
    const struct tfu_compare_request *r = job->request;
    const size_t task = job->first + index;
    const struct place *p = &job->pass.place[task / (size_t)job->draws];
    const int64_t draw = (int64_t)(task % (size_t)job->draws);
    struct tfu_compare_pair *pair = &job->out->pair[p->pair];
    struct tfu_compare_draw *to = &pair->draw[draw];
    const struct tfu_tensor a = tfu_capture_get(r->a, p->want_a, draw);
    struct tfu_tensor b = tfu_capture_get(r->b, p->want_b, draw);
    *to = (struct tfu_compare_draw){.rows = a.shape.dim[0],
                                    .columns_a = a.shape.dim[a.shape.rank - 1],
                                    .columns_b = b.shape.dim[b.shape.rank - 1]};
    enum tfu_status st = TFU_OK;
    float *noise = NULL;
    if (r->noise)
        st = make_noise(job, p, draw, &b, &noise, e);
    if (st == TFU_OK)
        feed(job->scorer[index], &a, r->node_a[pair->a].name, &b, r->node_b[pair->b].name,
             &job->refusal[index]);
    free(noise);
    return st;
}

/* ---- results */

/* A metric that refuses what it is given has said so; anything else is a failure. */
static enum tfu_status conclude(struct job *job, size_t index, struct tfu_error *e)
{
    const size_t task = job->first + index;
    const struct place *p = &job->pass.place[task / (size_t)job->draws];
    struct tfu_compare_pair *pair = &job->out->pair[p->pair];
    struct tfu_compare_draw *to = &pair->draw[task % (size_t)job->draws];
    struct tfu_error *said = &job->refusal[index];
    const struct tfu_score *score;
    size_t count;
    if (said->status == TFU_OK &&
        tfu_scorer_finish(job->scorer[index], &score, &count, said) == TFU_OK)
        return tfu_compare_keep(&job->out->arena, to, score, count, e);
    if (said->status == TFU_ENOMEM || said->status == TFU_ENUMERIC) {
        tfu_error_set(e, said->status, "%s", said->text);
        return tfu_error_prefix(e, "'%s' of a and '%s' of b", job->request->node_a[pair->a].name,
                                job->request->node_b[pair->b].name);
    }
    to->refusal = tfu_arena_strdup(&job->out->arena, said->text);
    return to->refusal ? TFU_OK : tfu_error_memory(e, "keeping scores", 0);
}

/* A block of tasks: instances are made and freed one after the other, and run side by side. */
static enum tfu_status run_block(struct job *job, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    size_t made = 0;
    for (; st == TFU_OK && made < job->block; made++) {
        job->refusal[made] = (struct tfu_error)TFU_ERROR_INIT;
        st = tfu_compare_scorer(&job->scorer[made], job->request->metric, job->request->registry,
                                job->request->threads, e);
        if (st != TFU_OK)
            break;
    }
    /* a single one may use all workers itself */
    if (st == TFU_OK && made == 1)
        st = run_task(job, 0, e);
    else if (st == TFU_OK)
        st = tfu_tasks_run(job->request->threads, (uint32_t)made, run_task, job, e);
    for (size_t i = 0; st == TFU_OK && i < made; i++)
        st = conclude(job, i, e);
    for (size_t i = 0; i < made; i++)
        tfu_scorer_free(job->scorer[i]);
    return st;
}

static enum tfu_status run_pass(struct job *job, struct tfu_error *e)
{
    const struct tfu_compare_request *r = job->request;
    struct pass *p = &job->pass;
    if (r->memory && pass_bytes(job) > r->memory)
        return too_large(job, e);
    enum tfu_status st;
    if (r->a == r->b) { /* one network: both sides' wants at once */
        for (size_t i = 0; i < p->count; i++)
            p->place[i].want_b = add_want(&p->a, &p->b.want[p->place[i].want_b]);
        st = tfu_capture_run(r->a, p->a.want, p->a.count, e);
    } else {
        st = tfu_capture_run(r->a, p->a.want, p->a.count, e);
        if (st == TFU_OK)
            st = tfu_capture_run(r->b, p->b.want, p->b.count, e);
    }
    const size_t tasks = p->count * (size_t)job->draws;
    const size_t most = 2 * (size_t)tfu_threads_count(r->threads);
    for (job->first = 0; st == TFU_OK && job->first < tasks; job->first += job->block) {
        job->block = tasks - job->first < most ? tasks - job->first : most;
        st = run_block(job, e);
    }
    return st;
}

static enum tfu_status allocate(struct job *job, struct tfu_error *e)
{
    const size_t pairs = job->out->pair_count;
    const size_t most = 2 * (size_t)tfu_threads_count(job->request->threads);
    /* one network on both sides holds the wants of both */
    job->pass.a.want = calloc(2 * pairs + 1, sizeof *job->pass.a.want);
    job->pass.b.want = calloc(pairs + 1, sizeof *job->pass.b.want);
    job->pass.place = calloc(pairs + 1, sizeof *job->pass.place);
    job->scorer = calloc(most + 1, sizeof *job->scorer);
    job->refusal = calloc(most + 1, sizeof *job->refusal);
    return job->pass.a.want && job->pass.b.want && job->pass.place && job->scorer && job->refusal
               ? TFU_OK
               : tfu_error_memory(e, "comparing", 0);
}

/* When there will be several passes, a network that keeps the nodes of all of them is built once,
 * if their maps of one batch take no more than is allowed for the samples. */
static enum tfu_status foresee(const struct job *job, struct tfu_error *e)
{
    const struct tfu_compare_request *r = job->request;
    const size_t n = job->out->pair_count;
    uint32_t *value = calloc(2 * n + 1, sizeof *value), *b = value ? value + n : NULL;
    if (!value)
        return tfu_error_memory(e, "comparing", 0);
    for (size_t i = 0; i < n; i++) {
        value[i] = r->node_a[job->out->pair[i].a].value;
        b[i] = r->node_b[job->out->pair[i].b].value;
    }
    enum tfu_status st = TFU_OK;
    if (r->a == r->b && tfu_capture_kept_bytes(r->a, value, 2 * n) <= r->memory) {
        st = tfu_capture_foresee(r->a, value, 2 * n, e);
    } else if (r->a != r->b &&
               tfu_capture_kept_bytes(r->a, value, n) + tfu_capture_kept_bytes(r->b, b, n) <=
                   r->memory) {
        st = tfu_capture_foresee(r->a, value, n, e);
        if (st == TFU_OK)
            st = tfu_capture_foresee(r->b, b, n, e);
    }
    free(value);
    return st;
}

/* To be freed in any case, as is `out`. */
static enum tfu_status open_job(struct job *job, struct tfu_comparison *out,
                                const struct tfu_compare_request *request, struct tfu_error *e)
{
    const struct tfu_metric_ops *ops = request->metric->plugin->ops;
    *out = (struct tfu_comparison){.draws = tfu_capture_draws(request->a)};
    tfu_arena_init(&out->arena, 0);
    *job = (struct job){
        .request = request, .out = out, .maps = ops->needs & TFU_NEEDS_MAPS, .draws = out->draws};
    enum tfu_status st = check_metric(request, e);
    if (st == TFU_OK)
        st = list_pairs(job, e);
    return st == TFU_OK ? allocate(job, e) : st;
}

static void free_job(struct job *job)
{
    free(job->pass.a.want);
    free(job->pass.b.want);
    free(job->pass.place);
    free(job->scorer);
    free(job->refusal);
}

enum tfu_status tfu_compare(struct tfu_comparison *out, const struct tfu_compare_request *request,
                            struct tfu_error *e)
{
    struct job job;
    enum tfu_status st = open_job(&job, out, request, e);
    for (size_t next = 0; st == TFU_OK && next < out->pair_count;) {
        const bool first = next == 0;
        next = plan_pass(&job, next);
        if (first && next < out->pair_count)
            st = foresee(&job, e);
        if (st == TFU_OK)
            st = run_pass(&job, e);
    }
    if (st == TFU_OK)
        st = tfu_compare_all_refused(out, e);
    free_job(&job);
    if (st != TFU_OK)
        tfu_comparison_free(out);
    return st;
}

enum tfu_status tfu_compare_bytes(size_t *out, const struct tfu_compare_request *request,
                                  struct tfu_error *e)
{
    struct tfu_compare_request unlimited = *request;
    struct tfu_comparison pairs;
    struct job job;
    unlimited.memory = 0;
    enum tfu_status st = open_job(&job, &pairs, &unlimited, e);
    if (st == TFU_OK)
        plan_pass(&job, 0);
    *out = st == TFU_OK ? pass_bytes(&job) : 0;
    free_job(&job);
    tfu_comparison_free(&pairs);
    return st;
}
