/* SPDX-License-Identifier: MIT
 *
 * transfuse weights convert
 */
#include <string.h>
#include <unistd.h>

#include "core/cli/weights_command.h"

static int unknown_preprocessing(const char *name)
{
    struct tfu_text all = TFU_TEXT_INIT;
    for (const char *const *n = tfu_preprocessing_names(); *n; n++)
        tfu_text_printf(&all, "%s%s", all.length ? ", " : "", *n);
    const int status =
        tfu_cli_usage("weights", "--preprocessing '%s' is not one of %s", name, tfu_text_get(&all));
    tfu_text_free(&all);
    return status;
}

/* "transfuse: warning: " before each line. */
static void print_warnings(const char *lines)
{
    while (*lines) {
        const size_t n = strcspn(lines, "\n");
        fprintf(stderr, "transfuse: warning: %.*s\n", (int)n, lines);
        lines += n + (lines[n] == '\n');
    }
}

int tfu_cmd_weights_convert(const struct tfu_weights_command *c)
{
    struct tfu_preprocessing preprocessing;
    if (c->preprocessing && !tfu_preprocessing_named(c->preprocessing, &preprocessing))
        return unknown_preprocessing(c->preprocessing);
    if (!c->force && access(c->file[1], F_OK) == 0)
        return tfu_cli_usage("weights", "'%s' exists; --force overwrites it", c->file[1]);
    struct tfu_weights *w = tfu_cmd_weights_open(c, 0);
    if (!w)
        return TFU_EXIT_FAILED;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text said = TFU_TEXT_INIT;
    const struct tfu_weights_conversion conversion = {
        .path = c->file[1],
        .typed = c->typed,
        .type = c->type,
        .match = c->match,
        .rename = c->rename,
        .rename_count = c->renames,
        .preprocessing = c->preprocessing ? &preprocessing : NULL,
    };
    const enum tfu_status st = tfu_weights_convert(w, &conversion, &said, &e);
    if (st == TFU_OK) {
        print_warnings(tfu_text_get(&said));
        if (tfu_weights_unwrapped(w)[0])
            printf("%s: taken off: %s\n", c->file[0], tfu_weights_unwrapped(w));
        printf("%s: written\n", c->file[1]);
    }
    tfu_text_free(&said);
    tfu_weights_close(w);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}
