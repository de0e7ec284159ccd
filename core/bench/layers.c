/* SPDX-License-Identifier: MIT */
#include "core/bench/layers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/host.h"
#include "core/graph/summary.h"
#include "core/plugin/kernel.h"
#include "core/trial/trial.h"

struct device {
    struct tfu_backend_host api; /* first: parallel() finds the rest behind it */
    struct tfu_threads *threads;
    struct tfu_host_call call;
    struct tfu_error error;
    const struct tfu_backend_ops *ops;
    void *dev;
};

struct measurement {
    const struct tfu_bench_model *model;
    int64_t steps;
    struct device device;
    struct tfu_bench_rows *rows;
};

/* A layer under measurement. */
struct layer {
    const struct tfu_graph *graph;
    uint32_t node;
    int64_t count; /* layers like it */
    struct tfu_op_call call;
    const struct tfu_op_call *sketch; /* the same without data */
};

static void parallel(const struct tfu_backend_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    tfu_threads_run(((const struct device *)h)->threads, tasks, task, arg);
}

static enum tfu_status device_open(struct device *d, const struct tfu_bench_model *m,
                                   struct tfu_error *e)
{
    const struct tfu_plugin_choice *backend = &m->experiment.backend;
    enum tfu_status st = tfu_threads_new(&d->threads, (uint32_t)m->experiment.threads, e);
    if (st != TFU_OK)
        return st;
    d->ops = backend->plugin->ops;
    d->api =
        (struct tfu_backend_host){.struct_size = sizeof d->api,
                                  .threads = tfu_threads_count(d->threads),
                                  .base = tfu_host_call_init(&d->call, m->context.log, &d->error),
                                  .parallel = parallel};
    st = d->ops->open(&d->dev, backend->config, &d->api);
    if (st != TFU_OK)
        return tfu_error_set(e, st, "backend '%s': %s", backend->plugin->name, d->error.text);
    return st;
}

static void device_close(struct device *d)
{
    if (d->dev)
        d->ops->close(d->dev);
    tfu_threads_free(d->threads);
}

/* Negative: it does not take the call. */
static double cost_of(const struct device *d, const struct tfu_kernel *k,
                      const struct tfu_op_call *c)
{
    if (strcmp(k->op, c->op) != 0 || tfu_kernel_then(k)[0])
        return -1;
    return k->cost ? k->cost(d->dev, c) : 0;
}

static double tensor_bytes(const struct tfu_tensor *const *t, uint32_t count)
{
    double bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        if (t[i]->data)
            bytes += (double)tfu_shape_count(&t[i]->shape) * (double)tfu_dtype_size(t[i]->dtype);
    return bytes;
}

/* What a direction has to read and write of activations at least. */
static double traffic(const struct tfu_op_call *c, uint32_t direction)
{
    const double in = tensor_bytes(c->in, c->n_in), out = tensor_bytes(&c->out, 1);
    const double grads = tensor_bytes(&c->grad_out, 1) + tensor_bytes(c->grad_in, c->n_in);
    return direction == TFU_FORWARD           ? in + out
           : direction == TFU_BACKWARD_DATA   ? grads
           : direction == TFU_BACKWARD_PARAMS ? in + tensor_bytes(&c->grad_out, 1)
                                              : in + grads;
}

struct copy {
    char *to;
    const char *from;
    size_t bytes;
};

enum { COPY_PIECE = 256 << 10 };

static void copy_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct copy *c = arg;
    const size_t first = (size_t)index * COPY_PIECE, rest = c->bytes - first;
    memcpy(c->to + first, c->from + first, rest < COPY_PIECE ? rest : COPY_PIECE);
}

/* Seconds for a copy that reads and writes so many bytes together. */
static enum tfu_status time_copy(struct measurement *m, double bytes, double *fastest,
                                 struct tfu_error *e)
{
    enum {
        LINE = 64
    }; /* whole lines of cache: what copies bytes that lie otherwise is far slower */
    struct copy c = {.bytes = ((size_t)(bytes / 2) / LINE + 1) * LINE};
    char *both = aligned_alloc(LINE, 2 * c.bytes);
    if (!both)
        return tfu_error_memory(e, "measuring layers", 2 * c.bytes);
    memset(both, 1, 2 * c.bytes);
    c.from = both;
    c.to = both + c.bytes;
    for (int64_t i = 0; i <= m->steps; i++) {
        const double start = tfu_clock_seconds();
        tfu_threads_run(m->device.threads, (uint32_t)((c.bytes + COPY_PIECE - 1) / COPY_PIECE),
                        copy_task, &c);
        const double seconds = tfu_clock_seconds() - start;
        if (i == 1 || (i > 1 && seconds < *fastest))
            *fastest = seconds;
    }
    free(both);
    return TFU_OK;
}

/* The next row of the table, zeros. */
static enum tfu_status add_row(struct tfu_bench_rows *r, struct tfu_bench_row **out,
                               struct tfu_error *e)
{
    if (r->count == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 64;
        struct tfu_bench_row *larger = realloc(r->row, capacity * sizeof *larger);
        if (!larger)
            return tfu_error_memory(e, "measuring layers", capacity * sizeof *larger);
        r->row = larger;
        r->capacity = capacity;
    }
    *out = &r->row[r->count++];
    **out = (struct tfu_bench_row){.name = NULL};
    return TFU_OK;
}

/* The kernel's time, and all else of its row. */
static enum tfu_status measure_kernel(struct measurement *m, const struct layer *l,
                                      const struct tfu_kernel *k, struct tfu_bench_row like,
                                      struct tfu_error *e)
{
    struct tfu_bench_row *row = NULL;
    enum tfu_status st = add_row(m->rows, &row, e);
    if (st != TFU_OK)
        return st;
    *row = like;
    st = tfu_kernel_time(k, m->device.dev, &l->call, l->sketch, m->steps, &row->seconds, e);
    const bool counts = TFU_HAS(k, struct tfu_kernel, multiply_adds) && k->multiply_adds;
    row->algorithm = k->algorithm;
    row->executed = counts ? k->multiply_adds(m->device.dev, l->sketch) : row->multiply_adds;
    return st;
}

static enum tfu_status measure_direction(struct measurement *m, const struct layer *l,
                                         uint32_t direction, struct tfu_error *e)
{
    struct device *d = &m->device;
    const struct tfu_op_call *c = l->sketch;
    const struct tfu_kernel *chosen = NULL;
    double least = 0;
    for (uint32_t i = 0; i < d->ops->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(d->ops, i);
        const double cost = k->direction == direction ? cost_of(d, k, c) : -1;
        if (cost >= 0 && (!chosen || cost < least)) {
            chosen = k;
            least = cost;
        }
    }
    if (!chosen)
        return TFU_OK;
    const struct tfu_graph_node *node = &l->graph->node[l->node];
    struct tfu_bench_row row = {
        .name = node->name,
        .operation = node->op,
        .count = l->count,
        .in = c->in[0]->shape,
        .attr = node->attrs,
        .attr_count = node->attr_count,
        .direction = (enum tfu_direction)direction,
        .multiply_adds = tfu_graph_multiply_adds(l->graph, l->node),
        .bytes = traffic(&l->call, direction),
    };
    enum tfu_status st = time_copy(m, row.bytes, &row.copy_seconds, e);
    for (uint32_t i = 0; i < d->ops->kernel_count && st == TFU_OK; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(d->ops, i);
        row.chosen = k == chosen;
        if (k->direction == direction && cost_of(d, k, c) >= 0)
            st = measure_kernel(m, l, k, row, e);
    }
    return st;
}

/* Are two nodes the same but for their names? */
static bool alike(const struct tfu_graph *g, uint32_t a, uint32_t b)
{
    const struct tfu_graph_node *x = &g->node[a], *y = &g->node[b];
    if (strcmp(x->op, y->op) != 0 || x->in_count != y->in_count || x->attr_count != y->attr_count)
        return false;
    for (uint32_t i = 0; i < x->in_count; i++)
        if (!tfu_shape_equal(&g->value[x->in[i]].shape, &g->value[y->in[i]].shape))
            return false;
    for (uint32_t i = 0; i < x->attr_count; i++)
        if (memcmp(&x->attr[i].i, &y->attr[i].i, sizeof x->attr[i].i) != 0 ||
            memcmp(&x->attr[i].f, &y->attr[i].f, sizeof x->attr[i].f) != 0)
            return false;
    return true;
}

static enum tfu_status measure_node(struct measurement *m, const struct tfu_graph *g, uint32_t node,
                                    struct tfu_error *e)
{
    const struct tfu_graph_node *n = &g->node[node];
    struct layer l = {.graph = g, .node = node};
    for (uint32_t i = 0; i < g->node_count; i++)
        if (alike(g, i, node)) {
            if (i < node)
                return TFU_OK; /* had it */
            l.count++;
        }
    struct tfu_shape in[8];
    if (n->in_count > TFU_COUNT(in))
        return TFU_OK;
    for (uint32_t i = 0; i < n->in_count; i++)
        in[i] = g->value[n->in[i]].shape;
    struct tfu_trial *trial;
    enum tfu_status st =
        tfu_trial_new(&trial,
                      &(struct tfu_trial_request){.op = n->op,
                                                  .layer = n->layer,
                                                  .in = in,
                                                  .n_in = n->in_count,
                                                  .attr = n->attr,
                                                  .attr_count = n->attr_count,
                                                  .dtype = TFU_F32,
                                                  .training = true,
                                                  .seed = 1,
                                                  /* nobody wants the gradient by the image */
                                                  .skip_in = n->in[0] == g->input},
                      e);
    if (st != TFU_OK)
        return st;
    l.call = *tfu_trial_call(trial);
    l.call.node = n->name;
    l.sketch = tfu_trial_sketch(trial);
    for (uint32_t d = 0; d < TFU_RECOMPUTE && st == TFU_OK; d++)
        if (d != TFU_BACKWARD_DATA || n->in[0] != g->input)
            st = measure_direction(m, &l, d, e);
    tfu_trial_free(trial);
    return st;
}

enum tfu_status tfu_bench_layers(const struct tfu_bench_model *model, int64_t steps,
                                 struct tfu_bench_rows *out, struct tfu_error *e)
{
    struct measurement m = {.model = model, .steps = steps, .rows = out};
    *out = (struct tfu_bench_rows){.row = NULL};
    enum tfu_status st = device_open(&m.device, model, e);
    for (uint32_t i = 0; st == TFU_OK && i < model->graph->node_count; i++)
        st = measure_node(&m, model->graph, i, e);
    device_close(&m.device);
    return st;
}

void tfu_bench_rows_free(struct tfu_bench_rows *r)
{
    free(r->row);
    *r = (struct tfu_bench_rows){.row = NULL};
}

bool tfu_bench_row_size(const struct tfu_bench_row *r, size_t index, const char **name,
                        int64_t *size)
{
    static const char *const dims[] = {"batch", "height", "width", "channels"};
    const size_t rank = r->in.rank < TFU_COUNT(dims) ? r->in.rank : TFU_COUNT(dims);
    if (index >= rank + r->attr_count)
        return false;
    *name = index < rank ? dims[index] : r->attr[index - rank]->name;
    *size = index < rank ? r->in.dim[index] : r->attr[index - rank]->i;
    return true;
}
