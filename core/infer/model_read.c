/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/access.h"
#include "core/infer/model_parts.h"

/* ---- the parts of the JSON */

static const char *keep(struct tfu_model *m, const json_t *text, bool *failed)
{
    const char *copy =
        json_is_string(text) ? tfu_arena_strdup(&m->arena, json_string_value(text)) : NULL;
    *failed |= json_is_string(text) && !copy;
    return copy;
}

static enum tfu_status read_names(struct tfu_model *m, const json_t *root, struct tfu_error *e)
{
    const json_t *list = json_object_get(root, "names");
    const size_t count = (size_t)tfu_graph_outputs(m->graph);
    bool failed = false;
    if (!list || json_is_null(list))
        return TFU_OK;
    if (json_array_size(list) != count)
        return tfu_error_set(e, TFU_ECORRUPT, "`names` has %zu names for %zu outputs",
                             json_array_size(list), count);
    const char **name = tfu_arena_array(&m->arena, count, sizeof *name);
    for (size_t i = 0; name && i < count; i++) {
        name[i] = keep(m, json_array_get(list, i), &failed);
        if (!name[i] && !failed)
            return tfu_error_set(e, TFU_ECORRUPT, "name %zu of `names` is no text", i);
    }
    m->names = name;
    return name && !failed ? TFU_OK : tfu_error_memory(e, "reading a model file", 0);
}

static bool read_numbers(const json_t *list, int64_t count, double *out)
{
    for (int64_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, (size_t)i);
        out[i] = json_number_value(item);
        if (!json_is_number(item) || !isfinite(out[i]))
            return false;
    }
    return json_array_size(list) == (size_t)count;
}

static enum tfu_status read_resize(struct tfu_model_prepare *p, const json_t *resize,
                                   const int64_t *dim, struct tfu_error *e)
{
    const char *filter = json_string_value(json_object_get(resize, "filter"));
    p->height = json_integer_value(json_object_get(resize, "height"));
    p->width = json_integer_value(json_object_get(resize, "width"));
    p->bicubic = filter && strcmp(filter, "bicubic") == 0;
    if (p->height != dim[1] || p->width != dim[2])
        return tfu_error_set(e, TFU_ECORRUPT,
                             "`prepare` resizes to %" PRId64 " x %" PRId64
                             ", where the network takes %" PRId64 " x %" PRId64,
                             p->height, p->width, dim[1], dim[2]);
    return filter && (p->bicubic || strcmp(filter, "bilinear") == 0)
               ? TFU_OK
               : tfu_error_set(e, TFU_ECORRUPT,
                               "`prepare` has the filter '%s'; there are bilinear "
                               "and bicubic",
                               filter ? filter : "");
}

static enum tfu_status read_prepare(struct tfu_model *m, const json_t *root, struct tfu_error *e)
{
    const json_t *from = json_object_get(root, "prepare");
    const int64_t *dim = m->graph->value[m->graph->input].shape.dim;
    struct tfu_model_prepare *p = &m->prepare;
    bool failed = false;
    p->channels = json_integer_value(json_object_get(from, "channels"));
    p->why = keep(m, json_object_get(from, "why"), &failed);
    if (failed)
        return tfu_error_memory(e, "reading a model file", 0);
    if (!p->channels)
        return TFU_OK;
    if ((p->channels != dim[3] && p->channels != 1) || dim[3] > TFU_MODEL_CHANNELS_MAX)
        return tfu_error_set(e, TFU_ECORRUPT, "`prepare` makes %" PRId64 " channels into %" PRId64,
                             p->channels, dim[3]);
    const json_t *resize = json_object_get(from, "resize");
    enum tfu_status st = resize ? read_resize(p, resize, dim, e) : TFU_OK;
    if (st != TFU_OK)
        return st;
    p->reverse = json_is_true(json_object_get(from, "reverse"));
    p->normalise = json_object_get(from, "mean") != NULL;
    if (!p->normalise)
        return TFU_OK;
    bool good = read_numbers(json_object_get(from, "mean"), dim[3], p->mean) &&
                read_numbers(json_object_get(from, "deviation"), dim[3], p->deviation);
    for (int64_t c = 0; c < dim[3]; c++)
        good = good && p->deviation[c] > 0;
    return good ? TFU_OK
                : tfu_error_set(e, TFU_ECORRUPT,
                                "`prepare` has no mean and deviation above 0 for each of %" PRId64
                                " channels",
                                dim[3]);
}

static enum tfu_status read_scores(struct tfu_model *m, const json_t *root, struct tfu_error *e)
{
    const char *name = json_string_value(json_object_get(root, "scores"));
    for (int i = 0; name && tfu_model_scores_names[i]; i++)
        if (strcmp(name, tfu_model_scores_names[i]) == 0) {
            m->scores = (enum tfu_model_scores)i;
            return TFU_OK;
        }
    return tfu_error_set(e, TFU_ECORRUPT,
                         "`scores` is '%s'; there are softmax, sigmoid and squared",
                         name ? name : "");
}

static enum tfu_status read_source(struct tfu_model *m, const json_t *root, struct tfu_error *e)
{
    const json_t *from = json_object_get(root, "source"), *step = json_object_get(from, "step");
    bool failed = false;
    m->source = (struct tfu_model_source){
        .arch = keep(m, json_object_get(root, "arch"), &failed),
        .run = keep(m, json_object_get(from, "run"), &failed),
        .checkpoint = keep(m, json_object_get(from, "checkpoint"), &failed),
        .data = keep(m, json_object_get(from, "data"), &failed),
        .step = json_is_integer(step) ? json_integer_value(step) : -1};
    return failed ? tfu_error_memory(e, "reading a model file", 0) : TFU_OK;
}

/* ---- the weights */

/* Is every parameter in the file as the graph wants it, and nothing else? */
static enum tfu_status check_weights(const struct tfu_model *m, struct tfu_error *e)
{
    const struct tfu_graph *g = m->graph;
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_graph_param *param = &g->param[p];
        const struct tfu_safetensors_tensor *t = tfu_safetensors_find(m->file, param->name);
        bool same = t && t->dtype == TFU_STORED_F32 && !t->other && t->rank == param->shape.rank;
        for (size_t i = 0; same && i < t->rank; i++)
            same = t->dim[i] == param->shape.dim[i];
        if (!same)
            return tfu_error_set(
                e, TFU_ECORRUPT, "the weights '%s' are %s; the file is damaged, or not whole",
                param->name, t ? "not of the shape that the operation has, in F32" : "not in it");
    }
    if (tfu_safetensors_count(m->file) != g->param_count)
        return tfu_error_set(e, TFU_ECORRUPT, "it has %zu tensors for %u parameters",
                             tfu_safetensors_count(m->file), g->param_count);
    return TFU_OK;
}

static enum tfu_status check_digest(struct tfu_model *m, const char *json, struct tfu_error *e)
{
    const char *said = tfu_safetensors_note(m->file, TFU_MODEL_NOTE_DIGEST);
    char hex[TFU_HASH_HEX];
    const size_t count = tfu_safetensors_count(m->file);
    const enum tfu_status st =
        tfu_model_digest(json, count ? tfu_safetensors_get(m->file, 0) : NULL, count, hex, e);
    if (st != TFU_OK)
        return st;
    if (!said || strcmp(said, hex) != 0)
        return tfu_error_set(e, TFU_ECORRUPT,
                             "its digest is %s, and should be %s: it was changed after it was "
                             "written; copy or export it again",
                             hex, said ? said : "in it");
    m->sha256 = said;
    return TFU_OK;
}

enum tfu_status tfu_model_load(const struct tfu_model *m, struct tfu_network *network,
                               struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < m->graph->param_count; p++) {
        float *to = tfu_network_draft(network, tfu_region_param(p));
        const struct tfu_safetensors_tensor *t =
            tfu_safetensors_find(m->file, m->graph->param[p].name);
        memcpy(to, t->data, t->bytes);
        st = tfu_network_commit(network, tfu_region_param(p), e);
    }
    return st;
}

/* ---- all of it */

static enum tfu_status check_version(const json_t *root, struct tfu_error *e)
{
    const json_int_t version = json_integer_value(json_object_get(root, "version"));
    if (version == TFU_MODEL_VERSION)
        return TFU_OK;
    return tfu_error_set(e, version > TFU_MODEL_VERSION ? TFU_EUNSUPPORTED : TFU_ECORRUPT,
                         "its format is version %lld, and this program reads version %d%s",
                         (long long)version, TFU_MODEL_VERSION,
                         version > TFU_MODEL_VERSION ? "; take a later one" : "");
}

static enum tfu_status read_parts(struct tfu_model *m, const json_t *root, const char *json,
                                  int64_t batch, struct tfu_error *e)
{
    enum tfu_status st = check_version(root, e);
    if (st == TFU_OK)
        st = check_digest(m, json, e);
    if (st == TFU_OK)
        st = tfu_model_graph(&m->graph, root, batch, e);
    if (st == TFU_OK)
        st = check_weights(m, e);
    if (st == TFU_OK)
        st = read_scores(m, root, e);
    if (st == TFU_OK)
        st = read_names(m, root, e);
    if (st == TFU_OK)
        st = read_prepare(m, root, e);
    return st == TFU_OK ? read_source(m, root, e) : st;
}

static enum tfu_status read_model(struct tfu_model *m, int64_t batch, struct tfu_error *e)
{
    const char *json = tfu_safetensors_note(m->file, TFU_MODEL_NOTE);
    json_error_t where;
    if (!json)
        return tfu_error_set(e, TFU_EINVAL,
                             "it is a file of weights and no model: it has no note `%s`; "
                             "`transfuse export` writes models",
                             TFU_MODEL_NOTE);
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return tfu_error_set(e, TFU_ECORRUPT, "its note `%s` is no JSON: %s", TFU_MODEL_NOTE,
                             where.text);
    const enum tfu_status st = read_parts(m, root, json, batch, e);
    json_decref(root);
    return st;
}

/* Takes `file`. */
static enum tfu_status take(struct tfu_model **out, struct tfu_safetensors *file, const char *name,
                            int64_t batch, struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_model *m = calloc(1, sizeof *m);
    if (!m) {
        tfu_safetensors_close(file);
        return tfu_error_memory(e, "reading a model file", 0);
    }
    tfu_arena_init(&m->arena, 0);
    m->file = file;
    const enum tfu_status st = read_model(m, batch, &why);
    if (st == TFU_OK) {
        *out = m;
        return st;
    }
    tfu_model_free(m);
    return tfu_error_at(e, st, name, 0, 0, "%s", why.text);
}

enum tfu_status tfu_model_read(struct tfu_model **out, const char *path, int64_t batch,
                               struct tfu_error *e)
{
    struct tfu_safetensors *file;
    *out = NULL;
    const enum tfu_status st = tfu_safetensors_open(&file, path, e);
    return st == TFU_OK ? take(out, file, path, batch, e) : st;
}

enum tfu_status tfu_model_parse(struct tfu_model **out, const char *name, const void *bytes,
                                size_t n, int64_t batch, struct tfu_error *e)
{
    struct tfu_safetensors *file;
    *out = NULL;
    const enum tfu_status st = tfu_safetensors_parse(&file, name, bytes, n, e);
    return st == TFU_OK ? take(out, file, name, batch, e) : st;
}

void tfu_model_free(struct tfu_model *m)
{
    if (!m)
        return;
    tfu_graph_free(m->graph);
    tfu_safetensors_close(m->file);
    tfu_arena_free(&m->arena);
    free(m);
}
