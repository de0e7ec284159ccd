/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/graph/access.h"
#include "core/graph/layers.h"
#include "core/infer/model_json.h"
#include "core/infer/model_parts.h"

const char *const tfu_model_scores_names[] = {"softmax", "sigmoid", "squared", NULL};

enum tfu_status tfu_model_digest(const char *json, const struct tfu_safetensors_tensor *sorted,
                                 size_t count, char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    return tfu_safetensors_digest(json, strlen(json) + 1, sorted, count, hex, e);
}

/* ---- the graph */

/* What is left of a graph: each value's number in the file; 0 is the image. */
struct kept {
    uint32_t *number;
    uint32_t count;
};

bool tfu_model_keeps(const struct tfu_graph_node *n)
{
    return !n->training_only && strcmp(n->op, "dropout") != 0;
}

static enum tfu_status check_node(const struct tfu_graph *g, const struct tfu_graph_node *n,
                                  struct tfu_error *e)
{
    if (tfu_model_keeps(n) && tfu_layer_find(n->op) != n->layer)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "operation '%s' is the layer '%s' of a plugin, which a model file "
                             "cannot hold; leave it out of the architecture '%s', or run the "
                             "network by `predict`, which loads plugins",
                             n->name, n->op, g->arch);
    const bool is_linear = strcmp(n->op, "linear") == 0 && n->out == g->output;
    if (n->is_head && !n->training_only && !is_linear)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "operation '%s' of the head is the layer '%s'; a model file holds "
                             "networks that end in one linear layer",
                             n->name, n->op);
    return TFU_OK;
}

static json_t *attributes(const struct tfu_graph_node *n)
{
    json_t *of = json_object();
    for (uint32_t i = 0; i < n->attr_count; i++) {
        const struct tfu_attr_info *info =
            (const void *)((const char *)n->layer->attrs + (size_t)i * n->layer->attr_size);
        json_object_set_new(of, info->name,
                            info->type == TFU_INT ? json_integer((json_int_t)n->attr[i].i)
                                                  : json_real(n->attr[i].f));
    }
    return of;
}

static json_t *node_json(const struct tfu_graph_node *n, const struct kept *k)
{
    json_t *root = json_object(), *in = json_array();
    json_object_set_new(root, "name", json_string(n->name));
    json_object_set_new(root, "op", json_string(n->op));
    for (uint32_t i = 0; i < n->in_count; i++)
        json_array_append_new(in, json_integer(k->number[n->in[i]]));
    json_object_set_new(root, "in", in);
    json_object_set_new(root, "attributes", attributes(n));
    return root;
}

static void set_graph(json_t *root, const struct tfu_graph *g, struct kept *k)
{
    const int64_t *dim = g->value[g->input].shape.dim;
    json_t *nodes = json_array();
    const struct tfu_graph_node *head = NULL;
    json_object_set_new(root, "arch", json_string(g->arch));
    json_object_set_new(
        root, "input",
        json_pack("[I,I,I]", (json_int_t)dim[1], (json_int_t)dim[2], (json_int_t)dim[3]));
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *n = &g->node[i];
        if (n->training_only)
            continue;
        if (!tfu_model_keeps(n)) {
            k->number[n->out] = k->number[n->in[0]];
        } else if (n->is_head) {
            head = n;
        } else {
            k->number[n->out] = ++k->count;
            json_array_append_new(nodes, node_json(n, k));
        }
    }
    json_object_set_new(root, "nodes", nodes);
    json_object_set_new(root, "head",
                        json_pack("{s:s,s:i,s:I}", "name", head->name, "in",
                                  (int)k->number[head->in[0]], "outputs",
                                  (json_int_t)tfu_graph_outputs(g)));
}

/* ---- the rest */

static json_t *numbers(const double *x, int64_t count)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < count; i++)
        json_array_append_new(list, json_real(x[i]));
    return list;
}

json_t *tfu_model_prepare_json(const struct tfu_model_draft *d)
{
    const struct tfu_model_prepare *p = &d->prepare;
    const int64_t channels = d->graph->value[d->graph->input].shape.dim[3];
    json_t *root = json_object();
    json_object_set_new(root, "channels", json_integer((json_int_t)p->channels));
    if (!p->channels) {
        json_object_set_new(root, "why", tfu_json_text(p->why ? p->why : "it is not known"));
        return root;
    }
    if (p->height)
        json_object_set_new(root, "resize",
                            json_pack("{s:I,s:I,s:s}", "height", (json_int_t)p->height, "width",
                                      (json_int_t)p->width, "filter",
                                      p->bicubic ? "bicubic" : "bilinear"));
    if (p->reverse)
        json_object_set_new(root, "reverse", json_true());
    if (p->normalise) {
        json_object_set_new(root, "mean", numbers(p->mean, channels));
        json_object_set_new(root, "deviation", numbers(p->deviation, channels));
    }
    return root;
}

json_t *tfu_model_names_json(const struct tfu_model_draft *d)
{
    json_t *list = d->names ? json_array() : json_null();
    for (int64_t i = 0; d->names && i < tfu_graph_outputs(d->graph); i++)
        json_array_append_new(list, tfu_json_text(d->names[i]));
    return list;
}

json_t *tfu_model_source_json(const struct tfu_model_source *s)
{
    json_t *root = json_object();
    json_object_set_new(root, "run", tfu_json_text(s->run));
    json_object_set_new(root, "checkpoint", tfu_json_text(s->checkpoint));
    json_object_set_new(root, "data", tfu_json_text(s->data));
    json_object_set_new(root, "step",
                        s->step >= 0 ? json_integer((json_int_t)s->step) : json_null());
    return root;
}

static char *make_json(const struct tfu_model_draft *d, struct kept *k)
{
    json_t *root = json_object();
    json_object_set_new(root, "version", json_integer(TFU_MODEL_VERSION));
    set_graph(root, d->graph, k);
    json_object_set_new(root, "scores", json_string(tfu_model_scores_names[d->scores]));
    json_object_set_new(root, "names", tfu_model_names_json(d));
    json_object_set_new(root, "prepare", tfu_model_prepare_json(d));
    json_object_set_new(root, "source", tfu_model_source_json(&d->source));
    char *text =
        root ? json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17))
             : NULL;
    json_decref(root);
    return text;
}

/* ---- the weights */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct tfu_safetensors_tensor *)a)->name,
                  ((const struct tfu_safetensors_tensor *)b)->name);
}

/* Of all operations that are kept; `count` of them, sorted. */
static enum tfu_status list_weights(const struct tfu_model_draft *d,
                                    struct tfu_safetensors_tensor *out, size_t *count,
                                    struct tfu_error *e)
{
    const struct tfu_graph *g = d->graph;
    enum tfu_status st = TFU_OK;
    *count = 0;
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++) {
        const struct tfu_graph_param *param = &g->param[p];
        const float *data = NULL;
        if (!tfu_model_keeps(&g->node[param->node]))
            continue;
        st = tfu_network_look(d->network, tfu_region_param(p), &data, e);
        out[(*count)++] = (struct tfu_safetensors_tensor){
            .name = param->name,
            .dtype = TFU_STORED_F32,
            .rank = param->shape.rank,
            .dim = param->shape.dim,
            .data = data,
            .bytes = (size_t)tfu_shape_count(&param->shape) * sizeof(float)};
    }
    qsort(out, *count, sizeof *out, by_name);
    return st;
}

static enum tfu_status write_parts(const char *path, const struct tfu_model_draft *d,
                                   struct tfu_safetensors_tensor *tensor, const char *json,
                                   struct tfu_error *e)
{
    char hex[TFU_HASH_HEX];
    size_t count;
    enum tfu_status st = list_weights(d, tensor, &count, e);
    if (st == TFU_OK)
        st = tfu_model_digest(json, tensor, count, hex, e);
    const struct tfu_safetensors_note note[] = {{TFU_MODEL_NOTE, json},
                                                {TFU_MODEL_NOTE_DIGEST, hex}};
    return st == TFU_OK ? tfu_safetensors_write(path, tensor, count, note, TFU_COUNT(note), e) : st;
}

enum tfu_status tfu_model_write(const char *path, const struct tfu_model_draft *draft,
                                struct tfu_error *e)
{
    const struct tfu_graph *g = draft->graph;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const enum tfu_status st = check_node(g, &g->node[i], e);
        if (st != TFU_OK)
            return st;
    }
    struct kept kept = {.number = calloc(g->value_count, sizeof *kept.number)};
    struct tfu_safetensors_tensor *tensor = calloc((size_t)g->param_count + 1, sizeof *tensor);
    char *json = kept.number && tensor ? make_json(draft, &kept) : NULL;
    const enum tfu_status st = json ? write_parts(path, draft, tensor, json, e)
                                    : tfu_error_memory(e, "writing a model file", 0);
    free(json);
    free(kept.number);
    free(tensor);
    return st;
}
