/* SPDX-License-Identifier: MIT
 *
 * model.h - what `model` and `bench` share: an architecture on the command line, by its name with
 * options or from a configuration, made into a graph.
 */
#ifndef TFU_CORE_CLI_MODEL_H
#define TFU_CORE_CLI_MODEL_H

#include <stdbool.h>

#include "core/cli/cli.h"
#include "core/config/choice.h"
#include "core/graph/graph.h"

struct tfu_model_request {
    const char *what;  /* a plugin's name or file, or a configuration (.yaml, .yml) */
    const char **pair; /* KEY=VALUE */
    size_t pair_count;
    int64_t batch, size, channels, classes; /* 0: not said */
    const char *backend;                    /* NULL: the configuration's, else cpu */
};

struct tfu_model {
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_chosen *choice;         /* when named by a plugin */
    struct tfu_config *config;         /* when from a configuration */
    struct tfu_chosen *backend_choice; /* when the backend was named here */
    const struct tfu_plugin_choice *backend;
    struct tfu_graph *graph;
};

/* An integer option's value ("--batch 8"); false with a usage error in *status. */
bool tfu_model_number(const char *command, const char *option, const char *text, int64_t min,
                      int64_t max, int64_t *out, int *status);

/* Loads and builds. Returns an exit status; on failure everything has been said. */
int tfu_model_open(struct tfu_cli *cli, const struct tfu_model_request *request,
                   struct tfu_model *out);
void tfu_model_close(struct tfu_model *m);

#endif
