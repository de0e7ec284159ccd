/* SPDX-License-Identifier: MIT */
#include "core/cli/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/path.h"
#include "core/data/dataset.h"
#include "core/task/task.h"

bool tfu_model_number(const char *command, const char *option, const char *text, int64_t min,
                      int64_t max, int64_t *out, int *status)
{
    char *end = NULL;
    errno = 0;
    const long long v = text ? strtoll(text, &end, 10) : 0;
    if (text && end != text && *end == '\0' && errno == 0 && v >= min && v <= max) {
        *out = v;
        return true;
    }
    *status = tfu_cli_usage(command, "%s needs a whole number from %lld to %lld, not '%s'", option,
                            (long long)min, (long long)max, text ? text : "");
    return false;
}

static bool is_configuration(const char *what)
{
    const size_t n = strlen(what);
    return tfu_path_is_stream(what) || (n > 5 && strcmp(what + n - 5, ".yaml") == 0) ||
           (n > 4 && strcmp(what + n - 4, ".yml") == 0);
}

/* The image size of a configuration's data, unless the command line says another. */
static enum tfu_status data_size(struct tfu_cli *cli, const struct tfu_model_request *r,
                                 const struct tfu_model *m, struct tfu_shape *input,
                                 struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(m->config);
    if (r->size && r->channels) {
        *input = tfu_shape_make(4, 0, r->size, r->size, r->channels, 1);
        return TFU_OK;
    }
    struct tfu_dataset *d = NULL;
    const enum tfu_status st = tfu_dataset_open(&d, &x->train_data, m->registry, &cli->log, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    *input = tfu_shape_make(4, 0, r->size ? r->size : info->height, r->size ? r->size : info->width,
                            r->channels ? r->channels : info->channels, 1);
    tfu_dataset_close(d);
    return TFU_OK;
}

static enum tfu_status from_configuration(struct tfu_cli *cli, const struct tfu_model_request *r,
                                          struct tfu_model *m, struct tfu_graph_request *graph,
                                          struct tfu_error *e)
{
    enum tfu_status st = tfu_config_load(&m->config, r->what, r->pair, r->pair_count, m->registry,
                                         m->diagnostics, e);
    tfu_diagnostics_write_notes(m->diagnostics, &cli->log);
    if (st == TFU_OK)
        st = data_size(cli, r, m, &graph->input, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_experiment *x = tfu_config_experiment(m->config);
    graph->arch = x->arch.plugin;
    graph->config = x->arch.config;
    graph->head = tfu_task_of(&x->task)->head;
    graph->outputs = r->classes ? r->classes : x->task.classes;
    graph->truncate = x->arch_host.truncate;
    graph->input.dim[0] = r->batch ? r->batch : x->train.batch;
    m->backend = &x->backend;
    return TFU_OK;
}

static enum tfu_status from_plugin(const struct tfu_model_request *r, struct tfu_model *m,
                                   struct tfu_graph_request *graph, struct tfu_error *e)
{
    const enum tfu_status st = tfu_chosen_new(&m->choice, TFU_KIND_ARCH, r->what, r->pair,
                                              r->pair_count, m->registry, m->diagnostics, e);
    if (st != TFU_OK)
        return st;
    const int64_t size = r->size ? r->size : 224;
    graph->arch = tfu_chosen_get(m->choice)->plugin;
    graph->config = tfu_chosen_get(m->choice)->config;
    graph->truncate = tfu_chosen_arch(m->choice)->truncate;
    graph->outputs = r->classes ? r->classes : 5;
    graph->input =
        tfu_shape_make(4, r->batch ? r->batch : 8, size, size, r->channels ? r->channels : 3, 1);
    return TFU_OK;
}

static enum tfu_status open_model(struct tfu_cli *cli, const struct tfu_model_request *r,
                                  struct tfu_model *m, struct tfu_error *e)
{
    enum tfu_status st = tfu_cli_registry(cli, &m->registry, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&m->diagnostics, e);
    if (st != TFU_OK)
        return st;
    struct tfu_graph_request graph = {.layers = m->registry};
    st = is_configuration(r->what) ? from_configuration(cli, r, m, &graph, e)
                                   : from_plugin(r, m, &graph, e);
    if (st == TFU_OK && (r->backend || !m->backend)) {
        /* findings of its own: places on the command line are counted anew */
        tfu_diagnostics_free(m->diagnostics);
        st = tfu_diagnostics_new(&m->diagnostics, e);
    }
    if (st == TFU_OK && (r->backend || !m->backend)) {
        st = tfu_chosen_new(&m->backend_choice, TFU_KIND_BACKEND, r->backend ? r->backend : "cpu",
                            NULL, 0, m->registry, m->diagnostics, e);
        if (st == TFU_OK)
            m->backend = tfu_chosen_get(m->backend_choice);
    }
    return st == TFU_OK ? tfu_graph_build(&m->graph, &graph, e) : st;
}

int tfu_model_open(struct tfu_cli *cli, const struct tfu_model_request *request,
                   struct tfu_model *out)
{
    *out = (struct tfu_model){.registry = NULL};
    struct tfu_error e = TFU_ERROR_INIT;
    if (open_model(cli, request, out, &e) == TFU_OK)
        return TFU_EXIT_OK;
    const int status = out->diagnostics && tfu_diagnostics_count(out->diagnostics)
                           ? tfu_cli_diagnostics(out->diagnostics)
                           : tfu_cli_error(&e);
    tfu_model_close(out);
    return status;
}

void tfu_model_close(struct tfu_model *m)
{
    tfu_graph_free(m->graph);
    tfu_chosen_free(m->choice);
    tfu_chosen_free(m->backend_choice);
    tfu_config_free(m->config);
    tfu_diagnostics_free(m->diagnostics);
    tfu_registry_free(m->registry);
    *m = (struct tfu_model){.registry = NULL};
}
