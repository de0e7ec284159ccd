/* SPDX-License-Identifier: MIT
 *
 * Model files: what was written is read and computes the same bits, and what is damaged is refused
 * with a sentence.
 */
#include "core/infer/model.h"

#include <math.h>

#include "core/graph/access.h"
#include "core/infer/model_parts.h"
#include "core/infer/prepare.h"
#include "core/io/safetensors.h"
#include "tests/infer/sample.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static const char *write_sample(const char *name)
{
    struct sample s;
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path(name);
    sample_open(&s);
    ck_assert_msg(tfu_model_write(path, &s.draft, &e) == TFU_OK, "%s", e.text);
    sample_close(&s);
    return path;
}

static void outputs_of(struct tfu_network *n, float *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    network_fill_batch(n, 9);
    ck_assert_int_eq(tfu_network_forward(n, SAMPLE_BATCH, false, 0, &e), TFU_OK);
    ck_assert_int_eq(
        tfu_network_read(n, tfu_region_output(tfu_network_graph(n), SAMPLE_BATCH), out, &e),
        TFU_OK);
}

START_TEST(what_is_read_computes_the_same_bits)
{
    struct sample s;
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    float was[SAMPLE_BATCH * SAMPLE_OUTPUTS], is[SAMPLE_BATCH * SAMPLE_OUTPUTS];
    const char *path = write_sample("same.tfm");
    ck_assert_msg(tfu_model_read(&m, path, SAMPLE_BATCH, &e) == TFU_OK, "%s", e.text);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = m->graph, .dtype = TFU_F32});
    ck_assert_int_eq(tfu_model_load(m, n, &e), TFU_OK);
    sample_open(&s);
    outputs_of(s.network, was);
    outputs_of(n, is);
    ck_assert_mem_eq(was, is, sizeof was);
    ck_assert(fabsf(was[0] - was[SAMPLE_OUTPUTS]) > 0);

    ck_assert_uint_lt(m->graph->node_count, s.graph->node_count);
    for (uint32_t i = 0; i < m->graph->node_count; i++) {
        ck_assert_str_ne(m->graph->node[i].op, "dropout");
        ck_assert_ptr_null(strstr(m->graph->node[i].name, "aux"));
    }
    ck_assert_str_eq(m->names[2], "h\xc3\xb6her");
    ck_assert_str_eq(m->source.run, "0123456789ab");
    ck_assert_int_eq(m->source.step, 1200);
    ck_assert_int_eq(m->prepare.height, SAMPLE_SIDE);
    ck_assert(m->prepare.reverse && m->prepare.mean[1] == 0.25 && m->prepare.deviation[2] == 2);
    tfu_network_free(n);
    tfu_model_free(m);
    sample_close(&s);
}
END_TEST

/* A program of today writes what the first one wrote. With $MODEL_FILE set, it is written there. */
START_TEST(the_first_version_is_written_and_read_byte_for_byte)
{
    char golden[1024];
    size_t n, k;
    snprintf(golden, sizeof golden, "%s/tests/infer/version_1.tfm", getenv("TOP_SRCDIR"));
    char *is = scratch_read(write_sample("again.tfm"), &n);
    if (getenv("MODEL_FILE"))
        scratch_write(getenv("MODEL_FILE"), is, n);
    char *was = scratch_read(golden, &k);
    ck_assert_uint_eq(n, k);
    ck_assert_mem_eq(is, was, n);
    free(is);
    free(was);
}
END_TEST

START_TEST(another_batch_is_another_graph)
{
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_model_read(&m, write_sample("seven.tfm"), 7, &e), TFU_OK);
    ck_assert_int_eq(m->graph->value[m->graph->output].shape.dim[0], 7);
    tfu_model_free(m);
}
END_TEST

/* ---- what is refused */

START_TEST(no_part_of_a_file_is_a_file)
{
    size_t n;
    char *bytes = scratch_read(write_sample("whole.tfm"), &n);
    for (size_t i = 0; i < n; i += i < 3000 ? 1 : 37) {
        struct tfu_model *m;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_ne(tfu_model_parse(&m, "part", bytes, i, 1, &e), TFU_OK);
        ck_assert_ptr_null(m);
        ck_assert(e.text[0]);
    }
    free(bytes);
}
END_TEST

START_TEST(a_bit_that_fell_over_is_seen)
{
    size_t n;
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    char *bytes = scratch_read(write_sample("bit.tfm"), &n);
    bytes[n - 5] ^= 4;
    ck_assert_int_eq(tfu_model_parse(&m, "bit", bytes, n, 1, &e), TFU_ECORRUPT);
    ck_assert_str_eq(e.source, "bit");
    ck_assert_msg(strstr(e.text, "was changed after it was written") != NULL, "%s", e.text);
    free(bytes);
}
END_TEST

/* The same file with `from` in its JSON replaced; its digest is right. */
static void write_edited(const char *path, const char *from, const char *to)
{
    struct tfu_safetensors *f;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text json = TFU_TEXT_INIT;
    char hex[TFU_HASH_HEX];
    ck_assert_int_eq(tfu_safetensors_open(&f, write_sample("base.tfm"), &e), TFU_OK);
    const char *was = tfu_safetensors_note(f, TFU_MODEL_NOTE), *at = strstr(was, from);
    ck_assert_msg(at != NULL, "%s is not in %s", from, was);
    tfu_text_append(&json, was, (size_t)(at - was));
    tfu_text_puts(&json, to);
    tfu_text_puts(&json, at + strlen(from));
    const struct tfu_safetensors_tensor *tensor = tfu_safetensors_get(f, 0);
    const size_t count = tfu_safetensors_count(f);
    ck_assert_int_eq(tfu_model_digest(tfu_text_get(&json), tensor, count, hex, &e), TFU_OK);
    const struct tfu_safetensors_note note[] = {{TFU_MODEL_NOTE, tfu_text_get(&json)},
                                                {TFU_MODEL_NOTE_DIGEST, hex}};
    ck_assert_int_eq(tfu_safetensors_write(path, tensor, count, note, 2, &e), TFU_OK);
    tfu_safetensors_close(f);
    tfu_text_free(&json);
}

static const struct {
    const char *from, *to, *says;
} edits[] = {
    {"\"version\":1", "\"version\":2", "version 2, and this program reads version 1; take a later"},
    {"\"version\":1", "\"version\":0", "version 0, and this program reads version 1"},
    {"\"version\":1", "\"version\":1,\"version\":1", "is no JSON: duplicate object key"},
    {"\"version\":1", "\"version\":1]", "is no JSON"},
    {"\"input\":[12,12,3]", "\"input\":[12,12]", "`input` is to be height, width and channels"},
    {"\"input\":[12,12,3]", "\"input\":[99999999,99999999,3]", "each from 1 to 16384"},
    {"\"input\":[12,12,3]", "\"input\":[16384,16384,3]", "at most 268435456 numbers"},
    {"\"input\":[12,12,3]", "\"input\":[0,12,3]", "each from 1 to"},
    {"\"input\":[12,12,3]", "\"input\":[12,12,4]", "channels"},
    {"\"input\":[12,12,3]", "\"input\":[2,2,3]", "weights 'rows.weight' are not of the shape"},
    {"\"nodes\":[", "\"nodes\":[],\"old\":[", "`nodes` lists 0 operations; there are 1 to 10000"},
    {"\"in\":[0]", "\"in\":[1]", "reads the value 1, where there are 1 so far"},
    {"\"in\":[0]", "\"in\":[-1]", "reads the value -1"},
    {"\"in\":[0]", "\"in\":[0,0]", "affine takes 1 to 1 inputs and was given 2"},
    {"\"in\":[0]", "\"in\":[\"x\"]", "reads the value 0"},
    {"\"op\":\"affine\"", "\"op\":\"afine\"", "there is no layer 'afine'; did you mean 'affine'?"},
    {"\"op\":\"affine\"", "\"po\":\"affine\"", "operation 1 has no `name`, no `op`"},
    {"\"name\":\"affine\"", "\"name\":\"\"", "has no name"},
    {"\"name\":\"conv\"", "\"name\":\"affine\"", "two operations are called 'affine'"},
    {"\"name\":\"conv\"", "\"name\":\"conf\"", "weights 'conf.weight' are not in it"},
    {"\"out\":6", "\"out\":12", "weights 'conv.weight' are not of the shape"},
    {"\"out\":6", "\"out\":16777215", "has 1207959480 outputs, more than the 268435456"},
    {"\"out\":6", "\"out\":true", "attribute 'out' of operation 'conv' is no number"},
    {"\"out\":6", "\"aus\":6", "has no attribute 'aus'"},
    {"\"bias\":1", "\"bias\":0", "it has"},
    {"\"head\":{\"name\":\"fc\"", "\"head\":{\"name\":5", "`head` has no name"},
    {"\"outputs\":3", "\"outputs\":0", "`head` has 0 outputs"},
    {"\"outputs\":3", "\"outputs\":4", "weights 'fc.weight' are not of the shape"},
    {"\"scores\":\"softmax\"", "\"scores\":\"softer\"", "`scores` is 'softer'; there are softmax"},
    {"\"names\":[\"none\",", "\"names\":[", "`names` has 2 names for 3 outputs"},
    {"\"names\":[\"none\",", "\"names\":[7,", "name 0 of `names` is no text"},
    {"\"channels\":3,\"resize\"", "\"channels\":2,\"resize\"", "`prepare` makes 2 channels into 3"},
    {"\"filter\":\"bilinear\"", "\"filter\":\"cubic\"", "`prepare` has the filter 'cubic'"},
    {"\"height\":12", "\"height\":13", "resizes to 13 x 12, where the network takes 12 x 12"},
    {"\"deviation\":[0.5", "\"deviation\":[0.0", "no mean and deviation above 0"},
    {"\"deviation\":[0.5", "\"deviation\":[0.5,1.0", "no mean and deviation above 0"},
};

START_TEST(what_is_wrong_is_said)
{
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("edited.tfm");
    write_edited(path, edits[_i].from, edits[_i].to);
    ck_assert_int_ne(tfu_model_read(&m, path, 1, &e), TFU_OK);
    ck_assert_ptr_null(m);
    ck_assert_ptr_nonnull(strstr(e.source, "edited.tfm"));
    ck_assert_msg(strstr(e.text, edits[_i].says) != NULL, "%s -> %s: %s", edits[_i].from,
                  edits[_i].to, e.text);
}
END_TEST

START_TEST(weights_alone_are_no_model)
{
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("weights.safetensors");
    ck_assert_int_eq(tfu_safetensors_write(path, NULL, 0, NULL, 0, &e), TFU_OK);
    ck_assert_int_eq(tfu_model_read(&m, path, 1, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "a file of weights and no model"));
}
END_TEST

static void with_plugin(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = b->op(b, fake_layers[0]->name, "mine", &x, 1, TFU_NO_ATTRS);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

START_TEST(a_layer_of_a_plugin_is_named)
{
    struct sample s;
    struct tfu_error e = TFU_ERROR_INIT;
    sample_open(&s);
    struct tfu_graph *g = draw(with_plugin, image(1, 4, 4, 3), fake_registry());
    s.draft.graph = g;
    ck_assert_int_eq(tfu_model_write(scratch_path("no.tfm"), &s.draft, &e), TFU_EUNSUPPORTED);
    ck_assert_msg(strstr(e.text, "operation 'mine' is the layer") != NULL, "%s", e.text);
    ck_assert_ptr_nonnull(strstr(e.text, "of a plugin"));
    tfu_graph_free(g);
    sample_close(&s);
}
END_TEST

/* ---- images */

START_TEST(images_are_prepared_by_the_rule)
{
    const struct tfu_model_prepare p = {.channels = 1,
                                        .normalise = true,
                                        .reverse = true,
                                        .mean = {0.5, 0.25, 0},
                                        .deviation = {0.5, 1, 2}};
    const int64_t dim[3] = {1, 2, 3};
    const uint8_t gray[] = {255, 51}, alpha[] = {255, 9, 51, 9};
    const uint8_t colours[] = {255, 255, 255, 51, 51, 51};
    const float wanted[] = {1, 0.75f, 0.5f, -0.6f, -0.05f, 0.1f};
    const uint8_t *const pixels[] = {gray, alpha, colours};
    float x[6];
    for (int64_t channels = 1; channels <= 3; channels++) {
        struct tfu_error e = TFU_ERROR_INIT;
        const struct tfu_raw_image raw = {pixels[channels - 1], TFU_U8, 1, 2, channels};
        ck_assert_msg(tfu_model_prepare(&p, dim, &raw, x, &e) == TFU_OK, "%s", e.text);
        for (int i = 0; i < 6; i++)
            ck_assert_float_eq_tol(x[i], wanted[i], 1e-6f);
    }
}
END_TEST

START_TEST(images_that_do_not_fit_are_refused)
{
    const int64_t dim[3] = {2, 2, 1};
    const struct tfu_model_prepare plain = {.channels = 1}, none = {.why = "it is `clahe`"};
    float x[4], pixels[64] = {0};
    const struct {
        const struct tfu_model_prepare *p;
        struct tfu_raw_image raw;
        const char *says;
    } bad[] = {
        {&none, {pixels, TFU_U8, 2, 2, 1}, "it is `clahe`"},
        {&plain, {pixels, TFU_U8, 3, 2, 1}, "takes 2 x 2"},
        {&plain, {pixels, TFU_U8, 2, 2, 5}, "1 to 4 channels"},
        {&plain, {pixels, TFU_U8, INT64_MAX, INT64_MAX, 1}, "at most"},
        {&plain, {pixels, TFU_U8, 0, 2, 1}, "of 0 x 2"},
        {&plain, {pixels, TFU_F64, 2, 2, 1}, "numbers of type"},
    };
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_ne(tfu_model_prepare(bad[i].p, dim, &bad[i].raw, x, &e), TFU_OK);
        ck_assert_msg(strstr(e.text, bad[i].says) != NULL, "%s", e.text);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("infer/model");
    TCase *c = tcase_create("files");
    tcase_add_unchecked_fixture(c, scratch_begin, scratch_end);
    tcase_add_test(c, what_is_read_computes_the_same_bits);
    tcase_add_test(c, the_first_version_is_written_and_read_byte_for_byte);
    tcase_add_test(c, another_batch_is_another_graph);
    suite_add_tcase(s, c);
    c = tcase_create("refused");
    tcase_add_unchecked_fixture(c, scratch_begin, scratch_end);
    tcase_add_test(c, no_part_of_a_file_is_a_file);
    tcase_add_test(c, a_bit_that_fell_over_is_seen);
    tcase_add_loop_test(c, what_is_wrong_is_said, 0, TFU_COUNT(edits));
    tcase_add_test(c, weights_alone_are_no_model);
    tcase_add_test(c, a_layer_of_a_plugin_is_named);
    suite_add_tcase(s, c);
    c = tcase_create("images");
    tcase_add_test(c, images_are_prepared_by_the_rule);
    tcase_add_test(c, images_that_do_not_fit_are_refused);
    suite_add_tcase(s, c);
    return run_suite(s);
}
