/* SPDX-License-Identifier: MIT */
#include "core/cli/configuration.h"

int tfu_cli_configuration_check(const struct tfu_cli_arguments *a, const char *path)
{
    if (!path)
        return tfu_cli_usage(a->command, "the configuration is missing");
    if (a->positional_count)
        return tfu_cli_usage(a->command, "'%s' is one configuration too many", a->positional[0]);
    return TFU_EXIT_OK;
}

enum tfu_status tfu_cli_configuration_open(struct tfu_cli_configuration *c, struct tfu_cli *cli,
                                           const char *path, const struct tfu_cli_arguments *a,
                                           struct tfu_error *e)
{
    *c = (struct tfu_cli_configuration){.registry = NULL};
    enum tfu_status st = tfu_cli_registry(cli, &c->registry, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&c->findings, e);
    if (st == TFU_OK)
        st = tfu_config_load(&c->config, path, a->pair, a->pair_count, c->registry, c->findings, e);
    if (c->findings)
        tfu_diagnostics_write_notes(c->findings, &cli->log);
    return st;
}

void tfu_cli_configuration_close(struct tfu_cli_configuration *c)
{
    tfu_config_free(c->config);
    tfu_diagnostics_free(c->findings);
    tfu_registry_free(c->registry);
}
