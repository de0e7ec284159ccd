/* SPDX-License-Identifier: MIT
 *
 * Which rows and channels are looked at, noise with a covariance, and activations on grids against
 * averages of the whole maps.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/capture.h"
#include "core/study/nodes.h"
#include "core/study/noise.h"
#include "tests/support/check_main.h"
#include "tests/support/lab.h"

/* ---- samples */

static const struct tfu_sampling sampling = {.rows = 50, .channels = 6, .draws = 3, .seed = 9};

static void check_ascending(const int64_t *item, int64_t count, int64_t total)
{
    for (int64_t i = 0; i < count; i++) {
        ck_assert(item[i] >= 0 && item[i] < total);
        ck_assert(i == 0 || item[i] > item[i - 1]);
    }
}

START_TEST(rows_are_distinct_and_depend_on_draw_grid_and_seed)
{
    const int64_t images[] = {2, 3, 7, 1000000};
    for (size_t k = 0; k < TFU_COUNT(images); k++) {
        struct tfu_error e = TFU_ERROR_INIT;
        int64_t *a, *b, *c, n;
        ck_assert_int_eq(tfu_sample_rows(&a, &n, &sampling, 0, images[k], 4, 5, &e), TFU_OK);
        ck_assert_int_eq(n, images[k] * 20 < 50 ? images[k] * 20 : 50);
        check_ascending(a, n, images[k] * 20);
        ck_assert_int_eq(tfu_sample_rows(&b, &n, &sampling, 0, images[k], 4, 5, &e), TFU_OK);
        ck_assert(memcmp(a, b, (size_t)n * sizeof *a) == 0);
        ck_assert_int_eq(tfu_sample_rows(&c, &n, &sampling, 1, images[k], 4, 5, &e), TFU_OK);
        /* all rows are the same rows in every draw */
        ck_assert((memcmp(a, c, (size_t)n * sizeof *a) == 0) == (images[k] * 20 <= 50));
        free(b);
        free(c);
        struct tfu_sampling other = sampling;
        other.same_rows = true;
        ck_assert_int_eq(tfu_sample_rows(&b, &n, &other, 2, images[k], 4, 5, &e), TFU_OK);
        ck_assert(memcmp(a, b, (size_t)n * sizeof *a) == 0);
        other = sampling;
        other.seed++;
        ck_assert_int_eq(tfu_sample_rows(&c, &n, &other, 0, images[k], 4, 5, &e), TFU_OK);
        ck_assert((memcmp(a, c, (size_t)n * sizeof *a) == 0) == (images[k] * 20 <= 50));
        free(a);
        free(b);
        free(c);
    }
}
END_TEST

/* Every row as often as every other: 600 draws of 50 of 200, each hit 150 times on average with a
 * standard deviation of sqrt(600 * 1/4 * 3/4) = 10.6. */
START_TEST(rows_are_drawn_evenly)
{
    int64_t hits[200] = {0};
    for (int64_t draw = 0; draw < 600; draw++) {
        struct tfu_error e = TFU_ERROR_INIT;
        int64_t *row, n;
        ck_assert_int_eq(tfu_sample_rows(&row, &n, &sampling, draw, 10, 4, 5, &e), TFU_OK);
        for (int64_t i = 0; i < n; i++)
            hits[row[i]]++;
        free(row);
    }
    for (int i = 0; i < 200; i++)
        ck_assert_msg(llabs(hits[i] - 150) < 50, "row %d: %lld", i, (long long)hits[i]);
}
END_TEST

START_TEST(channels_are_those_of_their_node)
{
    struct tfu_error e = TFU_ERROR_INIT;
    int64_t *a, *b, n;
    ck_assert_int_eq(tfu_sample_channels(&a, &n, &sampling, 0, "block1", 32, &e), TFU_OK);
    ck_assert_int_eq(n, 6);
    check_ascending(a, n, 32);
    ck_assert_int_eq(tfu_sample_channels(&b, &n, &sampling, 0, "block2", 32, &e), TFU_OK);
    ck_assert(memcmp(a, b, 6 * sizeof *a) != 0);
    free(b);
    ck_assert_int_eq(tfu_sample_channels(&b, &n, &sampling, 0, "block1", 5, &e), TFU_OK);
    ck_assert_int_eq(n, 5);
    check_ascending(b, n, 5);
    free(a);
    free(b);
}
END_TEST

/* ---- noise */

enum { NOISE_ROWS = 20000, NOISE_COLUMNS = 4 };

/* Columns 0 and 1 correlate, 2 is 0 - 1 (the rank is 3 of 4), 3 is constant. */
START_TEST(noise_has_the_mean_and_covariance)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const size_t n = (size_t)NOISE_ROWS * NOISE_COLUMNS;
    float *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y);
    ck_assert(x && y);
    for (int64_t r = 0; r < NOISE_ROWS; r++) {
        const double u = sin((double)(r * r % 997)), v = cos((double)(r * 31 % 1009));
        float *row = x + r * NOISE_COLUMNS;
        row[0] = (float)(3 + 2 * u);
        row[1] = (float)(u + v);
        row[2] = row[0] - row[1];
        row[3] = 0.25f;
    }
    ck_assert_int_eq(tfu_noise_like(x, NOISE_ROWS, NOISE_COLUMNS, 5, y, &e), TFU_OK);
    double mean[2][NOISE_COLUMNS] = {{0}}, product[2][NOISE_COLUMNS][NOISE_COLUMNS] = {{{0}}};
    for (int k = 0; k < 2; k++)
        for (int64_t r = 0; r < NOISE_ROWS; r++)
            for (int i = 0; i < NOISE_COLUMNS; i++) {
                const float *row = (k ? y : x) + r * NOISE_COLUMNS;
                mean[k][i] += (double)row[i] / NOISE_ROWS;
                for (int j = 0; j < NOISE_COLUMNS; j++)
                    product[k][i][j] += (double)row[i] * (double)row[j] / NOISE_ROWS;
            }
    for (int i = 0; i < NOISE_COLUMNS; i++) {
        ck_assert_double_eq_tol(mean[1][i], mean[0][i], 0.05);
        for (int j = 0; j < NOISE_COLUMNS; j++)
            ck_assert_double_eq_tol(product[1][i][j] - mean[1][i] * mean[1][j],
                                    product[0][i][j] - mean[0][i] * mean[0][j], 0.1);
    }
    for (int64_t r = 0; r < NOISE_ROWS; r++) {
        const float *row = y + r * NOISE_COLUMNS;
        ck_assert_float_eq_tol(row[2], row[0] - row[1], 1e-5f);
        ck_assert_float_eq(row[3], 0.25f);
    }
    /* and is no copy: unrelated to it */
    double together = 0;
    for (int64_t r = 0; r < NOISE_ROWS; r++)
        together += ((double)x[r * NOISE_COLUMNS] - mean[0][0]) *
                    ((double)y[r * NOISE_COLUMNS] - mean[1][0]) / NOISE_ROWS;
    ck_assert_double_eq_tol(together, 0, 0.1);
    free(x);
    free(y);
}
END_TEST

/* ---- activations on grids */

/* The mean over the cell by the definition of adaptive average pooling. */
static double cell_mean(const float *image, int64_t size, int64_t channels, int64_t grid, int64_t i,
                        int64_t j, int64_t channel)
{
    double sum = 0;
    int64_t count = 0;
    for (int64_t y = i * size / grid; y * grid < (i + 1) * size; y++)
        for (int64_t x = j * size / grid; x * grid < (j + 1) * size; x++, count++)
            sum += (double)image[(y * size + x) * channels + channel];
    return sum / (double)count;
}

START_TEST(grids_are_means_of_whole_maps)
{
    struct lab l;
    lab_open(&l, 2);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *c;
    const struct tfu_capture_request request = {
        .subject = l.subject,
        .data = l.data,
        .sampling = {.rows = 1000000, .draws = 1, .seed = 1},
    };
    ck_assert_int_eq(tfu_capture_new(&c, &request, &e), TFU_OK);
    const uint32_t node = tfu_graph_find_node(tfu_capture_graph(c), "block1.relu");
    const uint32_t value = tfu_capture_graph(c)->node[node].out;
    const struct tfu_shape map = tfu_capture_graph(c)->value[value].shape;
    const int64_t size = map.dim[1], channels = map.dim[3];
    const struct tfu_capture_want want[] = {{"block1.relu", value, size, size, 0},
                                            {"block1.relu", value, 5, 5, 0},
                                            {"block1.relu", value, 1, 1, 0}};
    ck_assert_int_eq(tfu_capture_run(c, want, TFU_COUNT(want), &e), TFU_OK);
    const struct tfu_tensor whole = tfu_capture_get(c, 0, 0);
    ck_assert_int_eq(whole.shape.dim[0], 11 * size * size);
    ck_assert_int_eq(whole.shape.dim[1], channels);
    for (size_t w = 1; w < TFU_COUNT(want); w++) {
        const struct tfu_tensor t = tfu_capture_get(c, w, 0);
        const int64_t grid = want[w].height;
        ck_assert_int_eq(t.shape.dim[0], 11 * grid * grid);
        for (int64_t r = 0; r < t.shape.dim[0]; r++) {
            const int64_t image = tfu_capture_image(c, w, 0, r), cell = r % (grid * grid);
            ck_assert_int_eq(image, r / (grid * grid));
            for (int64_t k = 0; k < channels; k++)
                ck_assert_double_eq_tol(
                    (double)((const float *)t.data)[r * channels + k],
                    cell_mean((const float *)whole.data + image * size * size * channels, size,
                              channels, grid, cell / grid, cell % grid, k),
                    1e-6);
        }
    }
    tfu_capture_free(c);
    lab_close(&l);
}
END_TEST

/* A sample is what it says of the whole, and the labels are those of the images. */
START_TEST(samples_are_rows_and_channels_of_the_whole)
{
    struct lab l;
    lab_open(&l, 2);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *all, *some;
    struct tfu_capture_request request = {
        .subject = l.subject,
        .data = l.data,
        .images = 9,
        .sampling = {.rows = 1000000, .draws = 1, .seed = 4},
    };
    ck_assert_int_eq(tfu_capture_new(&all, &request, &e), TFU_OK);
    request.sampling.rows = 40;
    request.sampling.channels = 7;
    request.sampling.draws = 3;
    ck_assert_int_eq(tfu_capture_new(&some, &request, &e), TFU_OK);
    struct tfu_node_choice *node;
    const char *const pattern[] = {"block2"};
    size_t count;
    ck_assert_int_eq(tfu_nodes_choose(&node, &count, tfu_capture_graph(all), pattern, 1, &e),
                     TFU_OK);
    ck_assert_uint_eq(count, 1);
    const struct tfu_shape map = tfu_capture_graph(all)->value[node->value].shape;
    const struct tfu_capture_want want = {node->name, node->value, map.dim[1], map.dim[2], 0};
    ck_assert_int_eq(tfu_capture_run(all, &want, 1, &e), TFU_OK);
    ck_assert_int_eq(tfu_capture_run(some, &want, 1, &e), TFU_OK);
    const float *whole = tfu_capture_get(all, 0, 0).data;
    for (int64_t draw = 0; draw < 3; draw++) {
        int64_t *row, *channel, rows, channels;
        tfu_sample_rows(&row, &rows, &request.sampling, draw, 9, map.dim[1], map.dim[2], &e);
        tfu_sample_channels(&channel, &channels, &request.sampling, draw, "block2", map.dim[3], &e);
        const struct tfu_tensor t = tfu_capture_get(some, 0, draw);
        ck_assert_int_eq(t.shape.dim[0], rows);
        ck_assert_int_eq(t.shape.dim[1], channels);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t k = 0; k < channels; k++)
                ck_assert_float_eq(((const float *)t.data)[i * channels + k],
                                   whole[row[i] * map.dim[3] + channel[k]]);
        free(row);
        free(channel);
    }
    int64_t columns;
    const float *labels = tfu_capture_labels(some, &columns);
    ck_assert_int_eq(columns, 1);
    double sum = 0;
    for (int i = 0; i < 9; i++)
        sum += (double)labels[i];
    ck_assert(sum > 0);
    free(node);
    tfu_capture_free(all);
    tfu_capture_free(some);
    lab_close(&l);
}
END_TEST

/* Rows that came out of emit(), one behind the other. */
struct emitted {
    float *number[3];
    int64_t rows[3];
    size_t bytes[3];
};

static enum tfu_status take_rows(void *arg, size_t want, int64_t first,
                                 const struct tfu_tensor *rows, struct tfu_error *e)
{
    struct emitted *all = arg;
    const size_t bytes = (size_t)tfu_shape_count(&rows->shape) * sizeof(float);
    (void)e;
    ck_assert_int_eq(all->rows[want], first);
    all->number[want] = realloc(all->number[want], all->bytes[want] + bytes);
    memcpy((char *)all->number[want] + all->bytes[want], rows->data, bytes);
    all->bytes[want] += bytes;
    all->rows[want] += rows->shape.dim[0];
    return TFU_OK;
}

/* Batches of 4 of 11 images: what is handed on is what would be kept, and where it came from. */
START_TEST(emitted_rows_are_those_that_are_kept)
{
    struct lab l;
    lab_open(&l, 2);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *kept, *passing;
    struct emitted all = {.rows = {0}};
    struct tfu_capture_request request = {
        .subject = l.subject,
        .data = l.data,
        .sampling = {.rows = 150, .channels = 5, .draws = 1, .seed = 2},
        .maps = _i == 1,
    };
    ck_assert_int_eq(tfu_capture_new(&kept, &request, &e), TFU_OK);
    request.arg = &all;
    request.emit = take_rows;
    ck_assert_int_eq(tfu_capture_new(&passing, &request, &e), TFU_OK);
    const struct tfu_graph *g = tfu_capture_graph(kept);
    const uint32_t value = g->node[tfu_graph_find_node(g, "block1.relu")].out;
    const struct tfu_shape map = g->value[value].shape;
    const struct tfu_capture_want want[] = {{"block1.relu", value, map.dim[1], map.dim[2], 0},
                                            {"features", g->features, 1, 1, 0},
                                            {"logits", g->output, 1, 1, 6}};
    ck_assert_int_eq(tfu_capture_run(kept, want, TFU_COUNT(want), &e), TFU_OK);
    ck_assert_int_eq(tfu_capture_run(passing, want, TFU_COUNT(want), &e), TFU_OK);
    for (size_t w = 0; w < TFU_COUNT(want); w++) {
        const struct tfu_tensor t = tfu_capture_get(kept, w, 0);
        int64_t count;
        const int64_t *row = tfu_capture_rows(passing, w, 0, &count);
        ck_assert_int_eq(all.rows[w], t.shape.dim[0]);
        ck_assert_int_eq(count, t.shape.dim[0]);
        ck_assert_uint_eq(all.bytes[w], (size_t)tfu_shape_count(&t.shape) * sizeof(float));
        ck_assert_mem_eq(all.number[w], t.data, all.bytes[w]);
        for (int64_t i = 0; i < count; i++)
            ck_assert_int_eq(tfu_capture_image(kept, w, 0, i),
                             w || request.maps ? row[i] : row[i] / (map.dim[1] * map.dim[2]));
        free(all.number[w]);
    }
    int64_t images, columns;
    const int64_t *example = tfu_capture_examples(passing, &images);
    const float *label = tfu_capture_labels(passing, &columns);
    ck_assert_int_eq(images, 11);
    for (int64_t i = 0; i < images; i++) {
        float want_label; /* nothing is selected: the index in the data is that of the example */
        ck_assert_int_eq(tfu_dataset_get(l.data, example[i], NULL, &want_label, &e), TFU_OK);
        ck_assert_float_eq(label[i], want_label);
    }
    tfu_capture_free(kept);
    tfu_capture_free(passing);
    lab_close(&l);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sampling");
    TCase *samples = tcase_create("samples");
    tcase_add_test(samples, rows_are_distinct_and_depend_on_draw_grid_and_seed);
    tcase_add_test(samples, rows_are_drawn_evenly);
    tcase_add_test(samples, channels_are_those_of_their_node);
    tcase_add_test(samples, noise_has_the_mean_and_covariance);
    suite_add_tcase(suite, samples);
    TCase *grids = tcase_create("grids");
    tcase_set_timeout(grids, 600);
    tcase_add_test(grids, grids_are_means_of_whole_maps);
    tcase_add_test(grids, samples_are_rows_and_channels_of_the_whole);
    tcase_add_loop_test(grids, emitted_rows_are_those_that_are_kept, 0, 2);
    suite_add_tcase(suite, grids);
    return run_suite(suite);
}
