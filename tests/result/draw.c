/* SPDX-License-Identifier: MIT
 *
 * draw FOLDER: draws all samples there, a name a line; and tile.png, which one of them shows: a red
 * and a green square, in a frame.
 */
#include <stdio.h>

#include "core/result/image.h"
#include "tests/result/samples.h"

static enum tfu_status write_tile(const char *folder)
{
    char path[4096];
    struct tfu_image square[2] = {{.pixel = NULL}}, grid = {.pixel = NULL};
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++) {
        const float colour[] = {i == 0, i == 1, 0};
        st = tfu_image_new(&square[i], 1, 1, NULL);
        if (st == TFU_OK)
            tfu_image_from_numbers(&square[i], colour, 3, 0, 1);
    }
    if (st == TFU_OK)
        st = tfu_image_grid(&grid, square, 2, 2, 6, 1, NULL);
    snprintf(path, sizeof path, "%s/tile.png", folder);
    if (st == TFU_OK)
        st = tfu_image_write(&grid, path, NULL);
    tfu_image_free(&grid);
    for (int i = 0; i < 2; i++)
        tfu_image_free(&square[i]);
    return st;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    if (write_tile(argv[1]) != TFU_OK)
        return 1;
    for (size_t i = 0; i < sample_count; i++) {
        char stem[4096];
        struct tfu_error e = TFU_ERROR_INIT;
        snprintf(stem, sizeof stem, "%s/%s", argv[1], samples[i].name);
        if (tfu_figure_write(&samples[i].figure, stem, &e) != TFU_OK) {
            fprintf(stderr, "%s: %s\n", samples[i].name, e.text);
            return 1;
        }
        puts(samples[i].name);
    }
    return 0;
}
