/* SPDX-License-Identifier: MIT
 *
 * What is written as ONNX, read by a decoder of its own: a network that says every layer, its
 * weights, and that each value is made before it is read.
 */
#include "core/onnx/onnx.h"

#include "core/graph/access.h"
#include "tests/infer/sample.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

/* ---- Protocol Buffers */

struct part {
    const unsigned char *at, *end;
};

struct field {
    uint32_t number;
    uint64_t value;   /* of a number */
    struct part part; /* of bytes */
};

static uint64_t varint(struct part *p)
{
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        ck_assert(p->at < p->end && shift < 64);
        const unsigned char byte = *p->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
}

/* The next field of a message; false at its end. */
static bool next(struct part *p, struct field *out)
{
    if (p->at == p->end)
        return false;
    const uint64_t key = varint(p);
    *out = (struct field){.number = (uint32_t)(key >> 3)};
    size_t size = 0;
    if ((key & 7) == 0)
        out->value = varint(p);
    else if ((key & 7) == 2)
        size = (size_t)varint(p);
    else if ((key & 7) == 5)
        size = 4;
    else
        ck_abort_msg("a field of type %d", (int)(key & 7));
    ck_assert_uint_le(size, (size_t)(p->end - p->at));
    out->part = (struct part){p->at, p->at + size};
    p->at += size;
    return true;
}

static void text_of(struct part p, char text[256])
{
    snprintf(text, 256, "%.*s", (int)(p.end - p.at), (const char *)p.at);
}

/* ---- the graph */

enum { VALUES = 200 };
struct graph {
    char known[VALUES][256]; /* values that were made so far */
    int count;
    struct tfu_text listing; /* "Conv(x, w) -> y", a line each */
};

static bool is_known(const struct graph *g, const char *name)
{
    for (int i = 0; i < g->count; i++)
        if (strcmp(g->known[i], name) == 0)
            return true;
    return false;
}

static void know(struct graph *g, const char *name)
{
    ck_assert_msg(!is_known(g, name), "'%s' is made twice", name);
    ck_assert_int_lt(g->count, VALUES);
    snprintf(g->known[g->count++], 256, "%s", name);
}

/* Dims and bytes agree, and the numbers are the network's. */
static void read_tensor(struct graph *g, struct part p, const struct sample *s)
{
    struct field f;
    int64_t numbers = 1, type = 0;
    struct part raw = {NULL, NULL};
    char name[256] = "";
    while (next(&p, &f)) {
        if (f.number == 1)
            numbers *= (int64_t)f.value;
        else if (f.number == 2)
            type = (int64_t)f.value;
        else if (f.number == 8)
            text_of(f.part, name);
        else if (f.number == 9)
            raw = f.part;
    }
    ck_assert_int_eq(raw.end - raw.at, numbers * (type == 1 ? 4 : 8));
    know(g, name);
    const uint32_t param = tfu_graph_find_param(s->graph, name);
    const float *wanted;
    struct tfu_error e = TFU_ERROR_INIT;
    if (param == TFU_GRAPH_NONE)
        return;
    ck_assert_int_eq(tfu_network_look(s->network, tfu_region_param(param), &wanted, &e), TFU_OK);
    ck_assert_int_eq(tfu_shape_count(&s->graph->param[param].shape), numbers);
    ck_assert_mem_eq(wanted, raw.at, (size_t)(raw.end - raw.at));
}

static void read_node(struct graph *g, struct part p)
{
    struct field f;
    struct tfu_text in = TFU_TEXT_INIT;
    char type[256] = "", out[256] = "", text[256];
    while (next(&p, &f)) {
        text_of(f.part, text);
        if (f.number == 1) {
            ck_assert_msg(is_known(g, text), "'%s' is read before it is made", text);
            tfu_text_printf(&in, "%s%s", in.length ? ", " : "", text);
        } else if (f.number == 2) {
            snprintf(out, sizeof out, "%s", text);
        } else if (f.number == 4) {
            snprintf(type, sizeof type, "%s", text);
        }
    }
    know(g, out);
    tfu_text_printf(&g->listing, "%s(%s) -> %s\n", type, tfu_text_get(&in), out);
    tfu_text_free(&in);
}

/* Weights first: they stand behind the nodes, and are there from the beginning. */
static void read_graph(struct graph *g, struct part p, const struct sample *s)
{
    const struct part all = p;
    struct field f, name;
    char text[256];
    while (next(&p, &f)) {
        if (f.number == 5)
            read_tensor(g, f.part, s);
        if (f.number == 11 && next(&f.part, &name)) {
            text_of(name.part, text);
            know(g, text);
        }
    }
    for (p = all; next(&p, &f);)
        if (f.number == 1)
            read_node(g, f.part);
    for (p = all; next(&p, &f);)
        if (f.number == 12 && next(&f.part, &name)) {
            text_of(name.part, text);
            ck_assert(is_known(g, text));
        }
}

static const char golden[] =
    "Gather(image, image.order) -> image.reversed\n"
    "Sub(image.reversed, image.mean) -> image.centred\n"
    "Div(image.centred, image.deviation) -> image.normalised\n"
    "Mul(image.normalised, affine.scale) -> affine.scaled\n"
    "Add(affine.scaled, affine.shift) -> affine\n"
    "Conv(affine, conv.weight, conv.bias) -> conv\n"
    "BatchNormalization(conv, bn.weight, bn.bias, bn.running_mean, bn.running_var) -> bn\n"
    "Relu(bn) -> relu\n"
    "MaxPool(relu) -> most\n"
    "AveragePool(relu) -> mean\n"
    "AveragePool(relu) -> plain\n"
    "Add(most, mean) -> add\n"
    "Concat(add, plain) -> concat\n"
    "GlobalAveragePool(concat) -> pool.mean\n"
    "Flatten(pool.mean) -> pool\n"
    "Transpose(concat) -> rows.turned\n"
    "Flatten(rows.turned) -> rows.flat\n"
    "Gemm(rows.flat, rows.weight, rows.bias) -> rows\n"
    "Flatten(concat) -> planes.flat\n"
    "Gemm(planes.flat, planes.weight) -> planes\n"
    "Concat(pool, rows, planes) -> ends\n"
    "Mul(ends, half.scale) -> half.scaled\n"
    "Add(half.scaled, half.shift) -> half\n"
    "Softmax(half) -> soft\n"
    "Gemm(soft, fc.weight, fc.bias) -> fc\n"
    "Identity(fc) -> logits\n"
    "Softmax(logits) -> scores\n";

START_TEST(every_layer_is_a_node)
{
    struct sample s;
    struct tfu_error e = TFU_ERROR_INIT;
    struct graph g = {.listing = TFU_TEXT_INIT};
    struct field f, inner;
    size_t n;
    int opset = 0, notes = 0;
    const char *path = scratch_path("sample.onnx");
    sample_open(&s);
    ck_assert_msg(tfu_onnx_write(path, &s.draft, &e) == TFU_OK, "%s", e.text);
    char *bytes = scratch_read(path, &n);
    struct part model = {(unsigned char *)bytes, (unsigned char *)bytes + n};
    while (next(&model, &f)) {
        if (f.number == 1)
            ck_assert_uint_eq(f.value, 8);
        if (f.number == 7)
            read_graph(&g, f.part, &s);
        while (f.number == 8 && next(&f.part, &inner))
            opset = inner.number == 2 ? (int)inner.value : opset;
        notes += f.number == 14;
    }
    ck_assert_str_eq(tfu_text_get(&g.listing), golden);
    ck_assert_int_eq(opset, 17);
    ck_assert_int_eq(notes, 3);
    tfu_text_free(&g.listing);
    free(bytes);
    sample_close(&s);
}
END_TEST

START_TEST(the_same_network_gives_the_same_bytes)
{
    struct sample s;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t n, k;
    sample_open(&s);
    ck_assert_int_eq(tfu_onnx_write(scratch_path("a.onnx"), &s.draft, &e), TFU_OK);
    ck_assert_int_eq(tfu_onnx_write(scratch_path("b.onnx"), &s.draft, &e), TFU_OK);
    char *a = scratch_read(scratch_path("a.onnx"), &n),
         *b = scratch_read(scratch_path("b.onnx"), &k);
    ck_assert_uint_eq(n, k);
    ck_assert_mem_eq(a, b, n);
    free(a);
    free(b);
    sample_close(&s);
}
END_TEST

static void with_plugin(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = b->op(b, fake_layers[0]->name, "mine", &x, 1, TFU_NO_ATTRS);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static void with_a_name_of_ours(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    b->features(b, tfu_softmax(b, "scores", tfu_global_avgpool(b, "pool", x)), "fc");
}

static const struct {
    void (*draw)(struct tfu_builder *b);
    const char *says;
} refused[] = {
    {with_plugin, "operation 'mine' is the layer"},
    {with_a_name_of_ours, "operation 'scores' has the name of a value"},
};

START_TEST(what_cannot_be_written_is_named)
{
    struct sample s;
    struct tfu_error e = TFU_ERROR_INIT;
    sample_open(&s);
    struct tfu_graph *g = draw(refused[_i].draw, image(1, 4, 4, 3), fake_registry());
    s.draft.graph = g;
    ck_assert_int_eq(tfu_onnx_write(scratch_path("no.onnx"), &s.draft, &e), TFU_EUNSUPPORTED);
    ck_assert_msg(strstr(e.text, refused[_i].says) != NULL, "%s", e.text);
    ck_assert_int_ne(access(scratch_path("no.onnx"), F_OK), 0);
    tfu_graph_free(g);
    sample_close(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("onnx/onnx");
    TCase *c = tcase_create("onnx");
    tcase_add_unchecked_fixture(c, scratch_begin, scratch_end);
    tcase_add_test(c, every_layer_is_a_node);
    tcase_add_test(c, the_same_network_gives_the_same_bytes);
    tcase_add_loop_test(c, what_cannot_be_written_is_named, 0, TFU_COUNT(refused));
    suite_add_tcase(s, c);
    return run_suite(s);
}
