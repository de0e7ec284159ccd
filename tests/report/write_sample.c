/* SPDX-License-Identifier: MIT
 *
 * write_sample all|small FOLDER [FORMATS [SECONDS]]: writes a sample there; FORMATS as a number of
 * enum tfu_report_format. Prints how many files changed, or the error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/report/write.h"
#include "tests/report/samples.h"

int main(int argc, char **argv)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (argc < 3)
        return 2;
    struct tfu_report_writing w = {.folder = argv[2],
                                   .formats = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10)
                                                       : TFU_REPORT_ALL,
                                   .refresh = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 0};
    const enum tfu_status st =
        tfu_report_write(strcmp(argv[1], "small") == 0 ? &sample_small : &sample_report, &w, &e);
    printf("%zu changed\n", w.changed);
    if (st != TFU_OK)
        printf("%s\n", e.text);
    return st != TFU_OK;
}
