/* SPDX-License-Identifier: MIT
 *
 * make_network ARCH OPTIONS SIDE [FIRST COUNT]: writes weights.safetensors, a network of 3 channels
 * and parity.h's numbers, and in the files images and labels examples FIRST to FIRST + COUNT - 1;
 * by default one of each class. make_explain.py and make_values.py have the same.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/io/safetensors.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"
#include "tests/support/network_memory.h"
#include "tests/support/parity.h"

static char **arguments; /* main()'s */
static uint32_t first, count = PARITY_CLASSES;

static void put_u32(FILE *f, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        fputc((int)(v >> shift & 255), f);
}

static void write_data(uint32_t side)
{
    const uint32_t size = side * side * 3;
    FILE *images = fopen("images", "wb"), *labels = fopen("labels", "wb");
    ck_assert(images && labels);
    put_u32(images, 0x00000804);
    put_u32(images, count);
    put_u32(images, side);
    put_u32(images, side);
    put_u32(images, 3);
    put_u32(labels, 0x00000801);
    put_u32(labels, count);
    for (uint32_t i = first * size; i < (first + count) * size; i++)
        fputc((int)floor(256 * formula(stream("explain.image"), i)), images);
    for (uint32_t i = first; i < first + count; i++)
        fputc((int)(i % PARITY_CLASSES), labels);
    ck_assert(fclose(images) == 0 && fclose(labels) == 0);
}

static void write_weights(const struct model *m)
{
    const struct tfu_graph *g = m->graph;
    struct tfu_safetensors_tensor *tensor = calloc(g->param_count, sizeof *tensor);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_ptr_nonnull(tensor);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor t = param_of(m->network, p);
        tensor[p] = (struct tfu_safetensors_tensor){.name = g->param[p].name,
                                                    .dtype = TFU_STORED_F32,
                                                    .rank = g->param[p].shape.rank,
                                                    .dim = g->param[p].shape.dim,
                                                    .data = t.data};
    }
    tfu_safetensors_write("weights.safetensors", tensor, g->param_count, NULL, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    free(tensor);
}

/* A test, as what it is made of speaks to Check. */
START_TEST(network)
{
    const struct parity_case c = {.name = "explain",
                                  .arch = arguments[1],
                                  .options = arguments[2],
                                  .channels = 3,
                                  .side = atoi(arguments[3])};
    struct model m = parity_open(&c, "cpu", TFU_F32);
    parity_fill(&m);
    write_weights(&m);
    write_data((uint32_t)c.side);
    model_close(&m);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 6)
        return 2;
    arguments = argv;
    if (argc == 6) {
        first = (uint32_t)atoi(argv[4]);
        count = (uint32_t)atoi(argv[5]);
    }
    Suite *s = suite_create("make_network");
    TCase *t = tcase_create("make_network");
    tcase_add_test(t, network);
    suite_add_tcase(s, t);
    return run_suite(s);
}
