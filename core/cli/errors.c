/* SPDX-License-Identifier: MIT
 *
 * How the program speaks of errors.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/cli/cli.h"
#include "core/plugin/places.h"

int tfu_cli_error(const struct tfu_error *e)
{
    fflush(stdout);
    if (e->source[0] && e->line)
        fprintf(stderr, "%s:%d:%d: error: %s\n", e->source, e->line, e->column, e->text);
    else if (e->source[0])
        fprintf(stderr, "transfuse: error: %s: %s\n", e->source, e->text);
    else
        fprintf(stderr, "transfuse: error: %s\n", e->text);
    return e->status == TFU_EINVAL && e->source[0] ? TFU_EXIT_USAGE : TFU_EXIT_FAILED;
}

int tfu_cli_diagnostics(const struct tfu_diagnostics *d)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_diagnostics_print(d, &text);
    const size_t n = tfu_diagnostics_count(d);
    fflush(stdout);
    fputs(tfu_text_get(&text), stderr);
    fprintf(stderr, "transfuse: %zu error%s in the configuration\n", n, n == 1 ? "" : "s");
    tfu_text_free(&text);
    return TFU_EXIT_USAGE;
}

/* Findings are not complete where memory ran out, and say nothing of it. */
int tfu_cli_failure(const struct tfu_diagnostics *d, const struct tfu_error *e)
{
    return d && tfu_diagnostics_count(d) > 0 && e->status != TFU_ENOMEM ? tfu_cli_diagnostics(d)
                                                                        : tfu_cli_error(e);
}

int tfu_cli_usage(const char *subcommand, const char *fmt, ...)
{
    va_list args;
    fflush(stdout);
    fprintf(stderr, "transfuse %s: ", subcommand);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, "; see `transfuse %s --help`\n", subcommand);
    return TFU_EXIT_USAGE;
}

enum tfu_status tfu_cli_registry(struct tfu_cli *cli, struct tfu_registry **out,
                                 struct tfu_error *e)
{
    *out = NULL;
    const char *env = getenv("TRANSFUSE_PLUGIN_PATH");
    struct tfu_text path = TFU_TEXT_INIT;
    if (cli->plugin_path && cli->plugin_path[0])
        tfu_text_printf(&path, "%s:", cli->plugin_path);
    if (env && env[0])
        tfu_text_printf(&path, "%s:", env);
    char *own = tfu_own_plugins();
    if (own)
        tfu_text_puts(&path, own);
    enum tfu_status st = path.failed || !own ? tfu_error_memory(e, "reading the plugin path", 0)
                                             : tfu_registry_new(out, tfu_text_get(&path), e);
    if (st == TFU_OK)
        tfu_registry_set_log(*out, &cli->log);
    free(own);
    tfu_text_free(&path);
    return st;
}
