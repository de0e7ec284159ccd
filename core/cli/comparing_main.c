/* SPDX-License-Identifier: MIT */
#include "core/cli/comparing_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
    struct tfu_comparing_options shared;
    const char **spec;
    size_t count;
};

/* One of the shared options that this study would not look at? */
static bool is_unused(const struct tfu_comparing_command *c, const char *argument)
{
    const size_t n = strcspn(argument, "=");
    for (size_t i = 0; c->unused && c->unused[i]; i++)
        if (strlen(c->unused[i]) == n && strncmp(argument, c->unused[i], n) == 0)
            return true;
    return false;
}

static int parse(struct arguments *a, const struct tfu_comparing_command *c, int argc, char **argv)
{
    int status = 0;
    for (int i = 1; status == 0 && i < argc; i++) {
        if (is_unused(c, argv[i]))
            return tfu_cli_usage(c->name, "'%s' changes nothing here; leave it out", argv[i]);
        if (tfu_cli_option_take(c->option, c->option_count, c->name, argc, argv, &i, &status) ||
            tfu_comparing_option_take(&a->shared, c->name, argc, argv, &i, &status))
            continue;
        if (argv[i][0] == '-')
            return tfu_cli_usage(c->name, "unknown option '%s'", argv[i]);
        if (a->count == c->subjects_max)
            return tfu_cli_usage(c->name, "'%s' is one network too many", argv[i]);
        a->spec[a->count++] = argv[i];
    }
    if (status != 0 || a->shared.help)
        return status;
    if (a->count < c->subjects_min)
        return tfu_cli_missing(c->name, a->shared.pair, a->shared.pair_count,
                               "it takes %zu network%s%s, not %zu", c->subjects_min,
                               c->subjects_min == 1 ? "" : "s",
                               c->subjects_max > c->subjects_min ? " or more" : "", a->count);
    if (!a->shared.metric)
        a->shared.metric = c->metric;
    return tfu_comparing_options_check(&a->shared, c->name);
}

static int run(struct tfu_cli *cli, const struct tfu_comparing_command *command,
               const struct arguments *a)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_comparing c;
    int status = TFU_EXIT_OK;
    enum tfu_status st = tfu_comparing_open(&c, cli, &a->shared, &e);
    if (st == TFU_OK)
        st = command->run(command->arg, &c, a->spec, a->count, &e);
    if (st != TFU_OK)
        status = tfu_comparing_error(&c, &e);
    tfu_comparing_close(&c);
    return status;
}

int tfu_comparing_main(struct tfu_cli *cli, const struct tfu_comparing_command *command, int argc,
                       char **argv)
{
    struct arguments a = {.spec = calloc((size_t)argc + 1, sizeof *a.spec)};
    int status = TFU_EXIT_FAILED;
    if (tfu_comparing_options_init(&a.shared, argc) && a.spec) {
        if (command->rows >= 0)
            a.shared.rows = command->rows;
        if (command->channels >= 0)
            a.shared.channels = command->channels;
        if (command->draws >= 0)
            a.shared.draws = command->draws;
        a.shared.same_rows = command->same_rows;
        status = parse(&a, command, argc, argv);
        if (status == 0 && a.shared.help) {
            fputs(command->help, stdout);
            fputs(tfu_comparing_help, stdout);
        } else if (status == 0) {
            status = run(cli, command, &a);
        }
    }
    tfu_comparing_options_free(&a.shared);
    free(a.spec);
    return status;
}
