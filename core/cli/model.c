/* SPDX-License-Identifier: MIT */
#include "core/cli/model.h"

#include "core/config/defaults.h"

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct tfu_cli_model_options, batch, 8, 1, 1 << 20,
                "images at once, where no configuration says it"),
    TFU_OPT_INT(struct tfu_cli_model_options, size, 224, 1, 1 << 16,
                "side of the images, where no configuration's data say it"),
    TFU_OPT_INT(struct tfu_cli_model_options, channels, 3, 1, 1 << 16, "of the images, likewise"),
    TFU_OPT_INT(struct tfu_cli_model_options, classes, 5, 1, 1 << 20,
                "outputs of the head, where no configuration says it"),
    TFU_OPT_STRING(struct tfu_cli_model_options, backend, TFU_DEFAULT_BACKEND, 0,
                   "plugin that computes, where no configuration says it"),
};

struct tfu_options_table tfu_cli_model_table(struct tfu_cli_model_options *o)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(options, o);
}

/* 0 where a configuration may say another. */
static int64_t said(const struct tfu_cli_arguments *a, const char *name, int64_t value)
{
    return tfu_cli_arguments_given(a, name) ? value : 0;
}

int tfu_cli_model_request(const struct tfu_cli_arguments *a, const struct tfu_cli_model_options *o,
                          struct tfu_bench_model_request *out)
{
    if (a->positional_count == 0)
        return tfu_cli_usage(a->command, "the architecture or configuration is missing");
    if (a->positional_count > 1)
        return tfu_cli_usage(a->command, "'%s' is one architecture too many", a->positional[1]);
    *out = (struct tfu_bench_model_request){
        .what = a->positional[0],
        .pair = a->pair,
        .pair_count = a->pair_count,
        .batch = said(a, "batch", o->batch),
        .size = said(a, "size", o->size),
        .channels = said(a, "channels", o->channels),
        .classes = said(a, "classes", o->classes),
        .backend = tfu_cli_arguments_given(a, "backend") ? o->backend : NULL,
    };
    return TFU_EXIT_OK;
}

int tfu_cli_model_open(struct tfu_cli_model *m, struct tfu_cli *cli,
                       const struct tfu_bench_model_request *request)
{
    struct tfu_error e = TFU_ERROR_INIT;
    *m = (struct tfu_cli_model){.registry = NULL};
    enum tfu_status st = tfu_cli_registry(cli, &m->registry, &e);
    if (st == TFU_OK)
        st = tfu_bench_model_open(&m->model, request, m->registry, &cli->log, &e);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_model_error(m, &e);
}

void tfu_cli_model_close(struct tfu_cli_model *m)
{
    tfu_bench_model_close(&m->model);
    tfu_registry_free(m->registry);
}

int tfu_cli_model_error(const struct tfu_cli_model *m, const struct tfu_error *e)
{
    return tfu_cli_failure(m->model.findings, e);
}
