/* SPDX-License-Identifier: MIT */
#include "core/cli/bench_layers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/host.h"
#include "core/cli/output.h"
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
    const struct tfu_bench_request *request;
    struct tfu_model model;
    struct device device;
    json_t *rows;
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

static enum tfu_status device_open(struct device *d, struct tfu_cli *cli,
                                   const struct tfu_plugin_choice *backend, int64_t threads,
                                   struct tfu_error *e)
{
    enum tfu_status st = tfu_threads_new(&d->threads, (uint32_t)threads, e);
    if (st != TFU_OK)
        return st;
    d->ops = backend->plugin->ops;
    d->api = (struct tfu_backend_host){.struct_size = sizeof d->api,
                                       .threads = tfu_threads_count(d->threads),
                                       .base = tfu_host_call_init(&d->call, &cli->log, &d->error),
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
    for (int64_t i = 0; i <= m->request->steps; i++) {
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

/* Height, width, channels and attributes, by name. */
static json_t *sizes_json(const struct tfu_op_call *c)
{
    static const char *const dims[] = {"batch", "height", "width", "channels"};
    json_t *sizes = json_object();
    const struct tfu_shape *in = &c->in[0]->shape;
    for (uint32_t i = 0; i < in->rank && i < TFU_COUNT(dims); i++)
        json_object_set_new(sizes, dims[i], json_integer((json_int_t)in->dim[i]));
    for (uint32_t i = 0; i < c->n_attrs; i++)
        json_object_set_new(sizes, c->attrs[i]->name, json_integer((json_int_t)c->attrs[i]->i));
    return sizes;
}

static enum tfu_status measure_direction(struct measurement *m, const struct layer *l,
                                         uint32_t direction, struct tfu_error *e)
{
    struct device *d = &m->device;
    const struct tfu_op_call *c = l->sketch;
    const struct tfu_kernel *chosen = NULL;
    double least = 0, copied = 0;
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
    const double bytes = traffic(&l->call, direction);
    const double defined = tfu_graph_multiply_adds(l->graph, l->node);
    enum tfu_status st = time_copy(m, bytes, &copied, e);
    for (uint32_t i = 0; i < d->ops->kernel_count && st == TFU_OK; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(d->ops, i);
        double seconds = 0;
        if (k->direction != direction || cost_of(d, k, c) < 0)
            continue;
        st = tfu_kernel_time(k, d->dev, &l->call, l->sketch, m->request->steps, &seconds, e);
        const bool counts = TFU_HAS(k, struct tfu_kernel, multiply_adds) && k->multiply_adds;
        const double executed = counts ? k->multiply_adds(d->dev, c) : defined;
        if (st == TFU_OK)
            json_array_append_new(
                m->rows, json_pack("{s:s, s:s, s:I, s:s, s:s, s:b, s:f, s:f, s:f, s:f, s:f, s:o}",
                                   "name", l->call.node, "operation", c->op, "count",
                                   (json_int_t)l->count, "direction", tfu_direction_name(direction),
                                   "algorithm", k->algorithm, "chosen", k == chosen, "seconds",
                                   seconds, "multiply_adds", defined, "executed", executed, "bytes",
                                   bytes, "copy_seconds", copied, "sizes", sizes_json(c)));
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

int tfu_bench_layers(struct tfu_cli *cli, const struct tfu_bench_request *request, json_t **out)
{
    struct measurement m = {.request = request};
    m.device.error = (struct tfu_error)TFU_ERROR_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    *out = NULL;
    int status = tfu_model_open(cli, &request->model, &m.model);
    if (status != TFU_EXIT_OK)
        return status;
    enum tfu_status st = device_open(&m.device, cli, m.model.backend, request->threads, &e);
    if (st == TFU_OK && !(m.rows = json_array()))
        st = tfu_error_memory(&e, "measuring layers", 0);
    for (uint32_t i = 0; st == TFU_OK && i < m.model.graph->node_count; i++)
        st = measure_node(&m, m.model.graph, i, &e);
    if (st == TFU_OK)
        *out = json_incref(m.rows);
    else
        status = tfu_cli_error(&e);
    json_decref(m.rows);
    device_close(&m.device);
    tfu_model_close(&m.model);
    return status;
}

static double number(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

static const char *text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

void tfu_bench_layers_csv(const json_t *rows)
{
    static const char *const sizes[] = {"batch",    "height",   "width",    "channels",
                                        "out",      "kernel_h", "kernel_w", "stride_h",
                                        "stride_w", "pad_h",    "pad_w",    "groups"};
    FILE *out = tfu_cli_output();
    size_t i;
    const json_t *row;
    fputs("layer,operation,count", out);
    for (size_t k = 0; k < TFU_COUNT(sizes); k++)
        fprintf(out, ",%s", sizes[k]);
    fputs(",direction,algorithm,chosen,ms,direct_gflops,executed_gflops,gb_per_s,copy_gb_per_s\n",
          out);
    json_array_foreach(rows, i, row)
    {
        const double seconds = number(row, "seconds"), bytes = 1e-9 * number(row, "bytes");
        fprintf(out, "%s,%s,%.0f", text(row, "name"), text(row, "operation"), number(row, "count"));
        for (size_t k = 0; k < TFU_COUNT(sizes); k++) {
            const json_t *size = json_object_get(json_object_get(row, "sizes"), sizes[k]);
            if (size)
                fprintf(out, ",%.0f", json_number_value(size));
            else
                putc(',', out);
        }
        fprintf(out, ",%s,%s,%d,%.4f,%.2f,%.2f,%.3f,%.3f\n", text(row, "direction"),
                text(row, "algorithm"), json_is_true(json_object_get(row, "chosen")), 1e3 * seconds,
                2e-9 * number(row, "multiply_adds") / seconds,
                2e-9 * number(row, "executed") / seconds, bytes / seconds,
                bytes / number(row, "copy_seconds"));
    }
}

void tfu_bench_layers_print(const json_t *rows)
{
    size_t i;
    const json_t *row;
    const char *before = "";
    printf("%-28s %-16s %-10s %10s %9s %9s %9s %9s\n", "layer", "direction", "algorithm", "ms",
           "GFLOP/s", "executed", "GB/s", "copy");
    json_array_foreach(rows, i, row)
    {
        const bool again = strcmp(before, text(row, "name")) == 0;
        const double seconds = number(row, "seconds"), flops = 2e-9 * number(row, "multiply_adds");
        printf("%-28s %-16s %-9s%c %10.3f", again ? "" : text(row, "name"), text(row, "direction"),
               text(row, "algorithm"), json_is_true(json_object_get(row, "chosen")) ? '*' : ' ',
               1e3 * seconds);
        if (flops > 0)
            printf(" %9.1f %9.1f", flops / seconds, 2e-9 * number(row, "executed") / seconds);
        else
            printf(" %9s %9s", "", "");
        printf(" %9.1f %9.1f\n", 1e-9 * number(row, "bytes") / seconds,
               1e-9 * number(row, "bytes") / number(row, "copy_seconds"));
        before = text(row, "name");
    }
    puts("\n*: what the backend's predictions choose. GFLOP/s: counted as direct convolution; "
         "executed: what is really done.");
}
