/* SPDX-License-Identifier: MIT
 *
 * The graph of a model file: the list of its operations takes the place of an architecture, and is
 * built by the same calls.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/infer/model_parts.h"

/* The file, in place of an architecture's options. */
struct list {
    const json_t *nodes, *head;
    size_t count;
};

enum { ATTRIBUTES_MAX = 32, INPUTS_MAX = 256 };

/* Value number `item` of those that there are; "none" after fail(). */
static tfu_value value_at(struct tfu_builder *b, const json_t *item, const tfu_value *value,
                          size_t known)
{
    const json_int_t i = json_integer_value(item);
    if (json_is_integer(item) && i >= 0 && (size_t)i < known)
        return value[i];
    b->fail(b, TFU_ECORRUPT,
            "operation %zu reads the value %lld, where there are %zu so far; the file is damaged",
            known, (long long)i, known);
    return 0;
}

static uint32_t read_attributes(struct tfu_builder *b, const json_t *of, const char *name,
                                struct tfu_attr attr[ATTRIBUTES_MAX])
{
    uint32_t n = 0;
    const char *key;
    json_t *value;
    if (json_object_size(of) > ATTRIBUTES_MAX) {
        b->fail(b, TFU_ECORRUPT, "operation '%s' has %zu attributes; the file is damaged", name,
                json_object_size(of));
        return 0;
    }
    json_object_foreach((json_t *)(uintptr_t)of, key, value)
    {
        if (!json_is_number(value)) {
            b->fail(b, TFU_ECORRUPT, "attribute '%s' of operation '%s' is no number", key, name);
            return 0;
        }
        attr[n++] = (struct tfu_attr){key, json_integer_value(value), json_number_value(value)};
    }
    return n;
}

static tfu_value add_node(struct tfu_builder *b, const json_t *node, const tfu_value *value,
                          size_t known)
{
    struct tfu_attr attr[ATTRIBUTES_MAX];
    tfu_value in[INPUTS_MAX];
    const char *name = json_string_value(json_object_get(node, "name"));
    const char *op = json_string_value(json_object_get(node, "op"));
    const json_t *inputs = json_object_get(node, "in");
    const size_t count = json_array_size(inputs);
    if (!name || !op || count > INPUTS_MAX) {
        b->fail(b, TFU_ECORRUPT,
                "operation %zu has no `name`, no `op` or %zu inputs; the file is damaged", known,
                count);
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        if (!(in[i] = value_at(b, json_array_get(inputs, i), value, known)))
            return 0;
    const uint32_t attrs = read_attributes(b, json_object_get(node, "attributes"), name, attr);
    const tfu_value out =
        b->op(b, op, name, in, (uint32_t)count, attr, attrs, (uint32_t)sizeof attr[0]);
    const struct tfu_shape *shape = b->shape(b, out);
    if (shape && tfu_shape_count(shape) / shape->dim[0] > TFU_MODEL_NUMBERS_MAX)
        b->fail(b, TFU_ECORRUPT, "operation '%s' has %lld outputs, more than the %lld that one may",
                name, (long long)(tfu_shape_count(shape) / shape->dim[0]),
                (long long)TFU_MODEL_NUMBERS_MAX);
    return out;
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    const struct list *l = config;
    tfu_value *value = calloc(l->count + 1, sizeof *value);
    if (!value)
        return b->fail(b, TFU_ENOMEM, "out of memory for %zu operations", l->count);
    value[0] = b->input(b, "image");
    b->stage(b, "model");
    for (size_t i = 0; i < l->count && b->status(b) == TFU_OK; i++)
        value[i + 1] = add_node(b, json_array_get(l->nodes, i), value, i + 1);
    if (b->status(b) == TFU_OK) {
        const tfu_value in = value_at(b, json_object_get(l->head, "in"), value, l->count + 1);
        const char *name = json_string_value(json_object_get(l->head, "name"));
        if (in && !name)
            b->fail(b, TFU_ECORRUPT, "`head` has no name; the file is damaged");
        else if (in)
            b->features(b, in, name);
    }
    free(value);
    return b->status(b);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};
static const struct tfu_plugin arch = {TFU_PLUGIN_HEADER(TFU_KIND_ARCH), .name = "model file",
                                       .version = "1", .ops_size = sizeof ops, .ops = &ops};

static bool read_size(const json_t *input, int64_t dim[3])
{
    int64_t room = TFU_MODEL_NUMBERS_MAX;
    for (size_t i = 0; i < 3; i++) {
        const json_t *item = json_array_get(input, i);
        dim[i] = json_integer_value(item);
        if (!json_is_integer(item) || dim[i] < 1 || dim[i] > TFU_MODEL_SIDE_MAX || dim[i] > room)
            return false;
        room /= dim[i];
    }
    return json_array_size(input) == 3;
}

enum tfu_status tfu_model_graph(struct tfu_graph **out, const json_t *root, int64_t batch,
                                struct tfu_error *e)
{
    int64_t dim[3];
    struct list list = {.nodes = json_object_get(root, "nodes"),
                        .head = json_object_get(root, "head")};
    list.count = json_array_size(list.nodes);
    const json_int_t outputs = json_integer_value(json_object_get(list.head, "outputs"));
    *out = NULL;
    if (!read_size(json_object_get(root, "input"), dim))
        return tfu_error_set(e, TFU_ECORRUPT,
                             "`input` is to be height, width and channels of an image, each from "
                             "1 to %d, and at most %lld numbers",
                             TFU_MODEL_SIDE_MAX, (long long)TFU_MODEL_NUMBERS_MAX);
    if (list.count < 1 || list.count > TFU_MODEL_NODES_MAX)
        return tfu_error_set(e, TFU_ECORRUPT, "`nodes` lists %zu operations; there are 1 to %d",
                             list.count, TFU_MODEL_NODES_MAX);
    if (outputs < 1 || outputs > INT32_MAX)
        return tfu_error_set(e, TFU_ECORRUPT, "`head` has %lld outputs", (long long)outputs);
    const struct tfu_graph_request request = {
        .arch = &arch,
        .config = &list,
        .input = tfu_shape_make(4, batch, dim[0], dim[1], dim[2], 1),
        .outputs = outputs};
    return tfu_graph_build(out, &request, e);
}
