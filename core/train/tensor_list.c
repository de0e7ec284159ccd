/* SPDX-License-Identifier: MIT */
#include "core/train/tensor_list.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"
#include "core/graph/access.h"

static enum tfu_status add(struct tfu_tensor_list *l, const char *name,
                           const struct tfu_shape *shape, const float *data, struct tfu_error *e)
{
    int64_t *dim = tfu_arena_array(&l->arena, shape->rank + 1, sizeof *dim);
    if (!dim || !name)
        return tfu_error_memory(e, "listing tensors", 0);
    memcpy(dim, shape->dim, shape->rank * sizeof *dim);
    l->tensor[l->count++] = (struct tfu_safetensors_tensor){
        .name = name,
        .dtype = TFU_STORED_F32,
        .rank = shape->rank,
        .dim = dim,
        .data = data,
        .bytes = (size_t)tfu_shape_count(shape) * sizeof(float),
    };
    return TFU_OK;
}

enum tfu_status tfu_tensor_list_make(struct tfu_tensor_list *out, const struct tfu_network *network,
                                     const struct tfu_optimiser *optimiser, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(network);
    const size_t slots = optimiser ? tfu_optimiser_slot_count(optimiser) : 0;
    *out = (struct tfu_tensor_list){.count = 0};
    tfu_arena_init(&out->arena, 0);
    out->tensor = tfu_arena_array(&out->arena, g->param_count + slots + 1, sizeof *out->tensor);
    enum tfu_status st = out->tensor ? TFU_OK : tfu_error_memory(e, "listing tensors", 0);
    for (uint32_t i = 0; st == TFU_OK && i < g->param_count; i++) {
        const float *data;
        st = tfu_network_look(network, tfu_region_param(i), &data, e);
        if (st == TFU_OK)
            st = add(out, g->param[i].name, &g->param[i].shape, data, e);
    }
    for (size_t i = 0; st == TFU_OK && i < slots; i++) {
        const char *name;
        const struct tfu_tensor t = tfu_optimiser_slot(optimiser, i, &name);
        st = add(out, tfu_arena_printf(&out->arena, TFU_TENSOR_LIST_SLOTS "%s", name), &t.shape,
                 t.data, e);
    }
    out->slots = slots;
    if (st != TFU_OK)
        tfu_tensor_list_free(out);
    return st;
}

void tfu_tensor_list_free(struct tfu_tensor_list *l)
{
    tfu_arena_free(&l->arena);
    *l = (struct tfu_tensor_list){.count = 0};
}

static void print_shape(struct tfu_text *out, const struct tfu_safetensors_tensor *t)
{
    tfu_text_printf(out, "%s ", tfu_stored_type_name(t->dtype));
    tfu_text_dims(out, t->rank, t->dim);
}

static bool is_same(const struct tfu_safetensors_tensor *a, const struct tfu_safetensors_tensor *b)
{
    return a->dtype == b->dtype && a->rank == b->rank &&
           (a->rank == 0 || memcmp(a->dim, b->dim, a->rank * sizeof *a->dim) == 0);
}

enum { LINES_MAX = 12 };

/* A line of the table; when it has enough lines they are only counted. */
static void add_line(struct tfu_text *out, size_t *lines, const char *what,
                     const struct tfu_safetensors_tensor *network,
                     const struct tfu_safetensors_tensor *file)
{
    if (++*lines > LINES_MAX)
        return;
    tfu_text_printf(out, "\n  %-10s  %-30s  ", what, network ? network->name : file->name);
    if (network)
        print_shape(out, network);
    if (network && file)
        tfu_text_puts(out, " in the network, in the file ");
    if (file)
        print_shape(out, file);
}

static bool is_expected(const struct tfu_tensor_list *l, const char *name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->tensor[i].name, name) == 0)
            return true;
    return l->slots == 0 &&
           strncmp(name, TFU_TENSOR_LIST_SLOTS, strlen(TFU_TENSOR_LIST_SLOTS)) == 0;
}

enum tfu_status tfu_tensor_list_match(const struct tfu_tensor_list *l,
                                      const struct tfu_safetensors *file, const char *path,
                                      struct tfu_error *e)
{
    struct tfu_text table = TFU_TEXT_INIT;
    size_t lines = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_safetensors_tensor *t = tfu_safetensors_find(file, l->tensor[i].name);
        if (!t)
            add_line(&table, &lines, "missing", &l->tensor[i], NULL);
        else if (!is_same(&l->tensor[i], t))
            add_line(&table, &lines, "mismatched", &l->tensor[i], t);
    }
    for (size_t i = 0; i < tfu_safetensors_count(file); i++) {
        const struct tfu_safetensors_tensor *t = tfu_safetensors_get(file, i);
        if (!is_expected(l, t->name))
            add_line(&table, &lines, "unexpected", NULL, t);
    }
    if (lines > LINES_MAX)
        tfu_text_printf(&table, "\n  and %zu more", lines - LINES_MAX);
    enum tfu_status st = TFU_OK;
    if (lines > 0)
        st = tfu_error_at(e, TFU_ESHAPE, path, 0, 0,
                          "the checkpoint is of another network: %zu tensor%s differ%s%s", lines,
                          lines == 1 ? "" : "s", lines == 1 ? "s" : "", tfu_text_get(&table));
    tfu_text_free(&table);
    return st;
}

enum tfu_status tfu_tensor_list_load(const struct tfu_tensor_list *l,
                                     const struct tfu_safetensors *file,
                                     struct tfu_network *network, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < l->count; i++) {
        const struct tfu_safetensors_tensor *t = tfu_safetensors_find(file, l->tensor[i].name);
        if (t->bytes > 0)
            memcpy((void *)l->tensor[i].data, t->data, t->bytes);
        if (i < l->count - l->slots)
            st = tfu_network_commit(network, tfu_region_param((uint32_t)i), e);
    }
    return st;
}
