/* SPDX-License-Identifier: MIT */
#include "core/bench/text.h"

#include <stdbool.h>
#include <stddef.h>

#include "core/graph/summary.h"
#include "core/plugin/kernel.h"

/* `element`, or NULL where the list that it was for could not take it. */
static bool append(json_t *array, json_t *element)
{
    return json_array_append_new(array, element) == 0;
}

/* ---- models */

static json_t *shape_json(const struct tfu_shape *s)
{
    json_t *a = json_array();
    for (uint32_t i = 1; i < s->rank; i++)
        json_array_append_new(a, json_integer(s->dim[i]));
    return a;
}

static json_t *memory_json(const struct tfu_network_memory *m)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "parameters", (json_int_t)m->parameters,
                     "gradients", (json_int_t)m->gradients, "activations",
                     (json_int_t)m->activations, "workspace", (json_int_t)m->workspace,
                     "packed_weights", (json_int_t)m->packed, "total", (json_int_t)m->total);
}

static json_t *layers_json(const struct tfu_graph *g)
{
    const double batch = (double)g->value[g->input].shape.dim[0];
    json_t *layers = json_array();
    for (uint32_t i = 0; layers && i < g->node_count; i++)
        if (json_array_append_new(
                layers,
                json_pack("{s:s, s:s, s:s, s:o, s:I, s:f}", "name", g->node[i].name, "stage",
                          g->stage[g->node[i].stage].name, "operation", g->node[i].op, "output",
                          shape_json(&g->value[g->node[i].out].shape), "parameters",
                          (json_int_t)tfu_graph_node_trained(g, i), "multiply_adds",
                          tfu_graph_multiply_adds(g, i) / batch)) != 0) {
            json_decref(layers);
            layers = NULL;
        }
    return layers;
}

json_t *tfu_bench_model_json(const struct tfu_bench_model *m, const struct tfu_bench_plans *p)
{
    const struct tfu_graph *g = m->graph;
    const struct tfu_shape *input = &g->value[g->input].shape;
    return json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "arch", g->arch, "input",
                     shape_json(input), "batch", (json_int_t)input->dim[0], "parameters",
                     (json_int_t)tfu_graph_trained_count(g), "layers", layers_json(g),
                     "training_bytes", memory_json(&p->training), "inference_bytes",
                     memory_json(&p->inference));
}

/* ---- whole runs */

static json_t *measured_json(const struct tfu_bench_layer *l)
{
    json_t *j =
        json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:i}", "name", l->name, "operation", l->operation,
                  "forward_algorithm", l->forward_algorithm, "forward_seconds", l->forward_seconds,
                  "backward_seconds", l->backward_seconds, "multiply_adds", l->multiply_adds,
                  "gradients", l->gradients);
    if (j && l->backward_algorithm[0])
        json_object_set_new(j, "backward_algorithm", json_string(l->backward_algorithm));
    if (j && l->then.length)
        json_object_set_new(j, "then", json_string(tfu_text_get(&l->then)));
    return j;
}

static json_t *result_json(const struct tfu_bench_model *m, const struct tfu_bench_result *r)
{
    const int64_t *image = m->graph->value[m->graph->input].shape.dim;
    json_t *layers = json_array();
    bool complete = layers != NULL;
    for (size_t i = 0; complete && i < r->layer_count; i++)
        complete = append(layers, measured_json(&r->layer[i]));
    if (!complete) {
        json_decref(layers);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:o, s:f, s:I}", "arch",
                     m->graph->arch, "backend", m->experiment.backend.plugin->name, "batch",
                     (json_int_t)image[0], "height", (json_int_t)image[1], "width",
                     (json_int_t)image[2], "channels", (json_int_t)image[3], "threads",
                     (json_int_t)r->threads, "seconds", r->seconds, "planned_bytes",
                     (json_int_t)r->planned_bytes, "layers", layers, "images_per_second",
                     (double)image[0] / r->seconds, "peak_bytes", (json_int_t)r->peak_bytes);
}

json_t *tfu_bench_run_json(const struct tfu_bench_model *m, const struct tfu_bench_result *training,
                           const struct tfu_bench_result *inference)
{
    const struct tfu_bench_result *const result[] = {training, inference};
    static const char *const names[] = {"training", "inference"};
    json_t *root = json_object();
    for (int i = 0; root && i < 2; i++)
        if (result[i] && json_object_set_new(root, names[i], result_json(m, result[i])) != 0) {
            json_decref(root);
            root = NULL;
        }
    return root;
}

/* ---- kernels on layers */

/* Height, width, channels and attributes, by name. */
static json_t *sizes_json(const struct tfu_bench_row *r)
{
    const char *name;
    int64_t size;
    json_t *sizes = json_object();
    for (size_t i = 0; sizes && tfu_bench_row_size(r, i, &name, &size); i++)
        json_object_set_new(sizes, name, json_integer((json_int_t)size));
    return sizes;
}

json_t *tfu_bench_layers_json(const struct tfu_bench_rows *rows)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < rows->count; i++) {
        const struct tfu_bench_row *r = &rows->row[i];
        json_t *row = json_pack(
            "{s:s, s:s, s:I, s:s, s:s, s:b, s:f, s:f, s:f, s:f, s:f, s:o}", "name", r->name,
            "operation", r->operation, "count", (json_int_t)r->count, "direction",
            tfu_direction_name(r->direction), "algorithm", r->algorithm, "chosen", r->chosen,
            "seconds", r->seconds, "multiply_adds", r->multiply_adds, "executed", r->executed,
            "bytes", r->bytes, "copy_seconds", r->copy_seconds, "sizes", sizes_json(r));
        if (!append(array, row)) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

/* ---- the machine */

static json_t *text_or_null(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

static json_t *processor_json(const struct tfu_processor *p, const struct tfu_machine *m)
{
    json_t *sets = json_array();
    for (uint32_t bit = 1; sets && bit; bit <<= 1)
        if (p->sets & bit && tfu_processor_set_name(bit))
            json_array_append_new(sets, json_string(tfu_processor_set_name(bit)));
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "name",
                     text_or_null(p->name), "vendor", text_or_null(p->vendor), "family",
                     (json_int_t)p->family, "model", (json_int_t)p->model, "stepping",
                     (json_int_t)p->stepping, "sockets", (json_int_t)m->sockets, "cores",
                     (json_int_t)m->cores, "threads", (json_int_t)m->threads, "allowed",
                     (json_int_t)m->allowed, "available", (json_int_t)m->available,
                     "instruction_sets", sets);
}

static json_t *caches_json(const struct tfu_machine *m)
{
    json_t *caches = json_array();
    for (uint32_t i = 0; caches && i < m->cache_count; i++) {
        const struct tfu_cache *c = &m->cache[i];
        json_array_append_new(
            caches, json_pack("{s:I, s:o, s:I, s:I, s:I}", "level", (json_int_t)c->level, "type",
                              text_or_null(c->type), "bytes", (json_int_t)c->bytes, "line",
                              (json_int_t)c->line, "shared_by", (json_int_t)c->shared));
    }
    return caches;
}

static json_t *machine_json(const struct tfu_machine *m)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:f}", "system", text_or_null(m->system),
                     "kernel", text_or_null(m->kernel), "libc", text_or_null(m->libc), "clock",
                     text_or_null(m->clock), "memory", (json_int_t)m->memory, "memory_available",
                     (json_int_t)m->memory_free, "load", m->load);
}

static json_t *program_json(const struct tfu_bench_system *s)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:b}", "version", s->program.version, "compiler",
                     s->program.compiler, "isa", s->program.isa, "vector_bits",
                     (json_int_t)s->program.vector_bits, "optimised", s->program.optimised);
}

static json_t *blas_json(const struct tfu_blas *b)
{
    if (b->how == TFU_BLAS_NONE)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:i}", "file", text_or_null(b->file),
                     "config", text_or_null(b->config), "core", text_or_null(b->core), "chosen_by",
                     tfu_blas_how_name(b->how), "took_by_itself", text_or_null(b->took), "wanted",
                     text_or_null(b->wanted), "threading",
                     text_or_null(tfu_blas_parallel_name(b->parallel)), "threads", 1);
}

/* A row of rates behind the words that it begins with. */
static json_t *with_rates(json_t *row, const struct tfu_bench_system *s,
                          const struct tfu_bench_rate *r)
{
    if (row)
        json_object_set_new(row, "one_thread", json_real(r->rate[0]));
    if (row && s->rates > 1)
        json_object_set_new(row, "all_threads", json_real(r->rate[1]));
    return row;
}

json_t *tfu_bench_system_json(const struct tfu_bench_system *s)
{
    json_t *peaks = json_array(), *products = json_array(), *memory = json_array();
    for (size_t i = 0; i < s->peaks; i++)
        json_array_append_new(peaks, with_rates(json_pack("{s:s, s:s}", "instructions",
                                                          s->peak[i].what, "type", s->peak[i].type),
                                                s, &s->peak[i]));
    for (size_t i = 0; i < TFU_COUNT(s->product); i++)
        json_array_append_new(
            products,
            with_rates(json_pack("{s:s}", "function", s->product[i].what), s, &s->product[i]));
    for (size_t i = 0; i < TFU_COUNT(s->memory); i++)
        json_array_append_new(memory, with_rates(json_pack("{s:s, s:I}", "what", s->memory[i].what,
                                                           "bytes", (json_int_t)s->memory[i].bytes),
                                                 s, &s->memory[i]));
    json_t *report =
        json_pack("{s:o, s:o, s:o, s:o}", "program", program_json(s), "system",
                  machine_json(&s->machine), "processor",
                  processor_json(&s->processor, &s->machine), "caches", caches_json(&s->machine));
    if (report && s->backend_error.text[0])
        json_object_set_new(report, "backend_error", json_string(s->backend_error.text));
    json_t *rest = json_pack("{s:o, s:I, s:{s:f, s:f}, s:o, s:o, s:o}", "blas", blas_json(&s->blas),
                             "measured_threads", (json_int_t)s->threads, "clock", "call_seconds",
                             s->clock_call, "resolution_seconds", s->clock_resolution, "peak",
                             peaks, "products", products, "memory", memory);
    if (report && (!rest || json_object_update(report, rest) != 0)) {
        json_decref(report);
        report = NULL;
    }
    json_decref(rest);
    return report;
}
