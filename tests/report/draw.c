/* SPDX-License-Identifier: MIT
 *
 * draw FOLDER: draws all samples there, a name a line.
 */
#include <stdio.h>

#include "tests/report/samples.h"

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
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
