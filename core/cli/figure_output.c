/* SPDX-License-Identifier: MIT */
#include "core/cli/figure_output.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/path.h"
#include "core/io/folder.h"

enum tfu_status tfu_cli_figure(struct tfu_cli *cli, const struct tfu_figure *f, const char *folder,
                               const char *name, FILE *said, struct tfu_error *e)
{
    enum tfu_status st = tfu_folder_make(folder, e);
    if (st != TFU_OK)
        return st;
    char *stem = tfu_path_join(folder, name);
    if (!stem)
        return tfu_error_memory(e, "writing a figure", 0);
    struct tfu_error drawing = TFU_ERROR_INIT;
    st = tfu_figure_write(f, stem, &drawing);
    const bool drawn = st == TFU_OK;
    if (st == TFU_ENOTFOUND) {
        tfu_log_write(&cli->log, TFU_LOG_WARNING, "%s", drawing.text);
        st = TFU_OK;
    } else if (st != TFU_OK) {
        *e = drawing;
    }
    if (st == TFU_OK && said)
        fprintf(said, "wrote %s.csv, .gp%s\n", stem, drawn ? ", .svg, .png" : "");
    free(stem);
    return st;
}
