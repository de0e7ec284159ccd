/* SPDX-License-Identifier: MIT
 *
 * model.h - what `model` and `bench` share: the options that say which network is meant, and the
 * network.
 */
#ifndef TFU_CORE_CLI_MODEL_H
#define TFU_CORE_CLI_MODEL_H

#include "core/bench/model.h"
#include "core/cli/arguments.h"
#include "core/cli/cli.h"

struct tfu_cli_model_options {
    int64_t batch, size, channels, classes;
    const char *backend;
};
struct tfu_options_table tfu_cli_model_table(struct tfu_cli_model_options *o);

/* What the command line says of the network; `a` has been read, with the options in one of its
 * tables. `command` is what messages begin with. 0, or an exit status with what is wrong said. */
int tfu_cli_model_request(const struct tfu_cli_arguments *a, const struct tfu_cli_model_options *o,
                          struct tfu_bench_model_request *out);

struct tfu_cli_model {
    struct tfu_registry *registry;
    struct tfu_bench_model model;
};

/* Loads and builds. Returns an exit status; on failure all has been said. To be closed in any case.
 */
int tfu_cli_model_open(struct tfu_cli_model *m, struct tfu_cli *cli,
                       const struct tfu_bench_model_request *request);
void tfu_cli_model_close(struct tfu_cli_model *m);
/* Says what is wrong: the model's findings, or else `e`; returns an exit status. */
int tfu_cli_model_error(const struct tfu_cli_model *m, const struct tfu_error *e);

#endif
