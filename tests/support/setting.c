/* SPDX-License-Identifier: MIT */
#include "tests/support/setting.h"

#include <check.h>
#include <math.h>

#include "core/base/random.h"
#include "core/train/initialise.h"
#include "tests/support/network_memory.h"
#include "tests/support/scratch.h"

void folder_begin(void)
{
    scratch_begin();
}

void folder_end(void)
{
    scratch_end();
}

const char *folder_path(const char *name)
{
    return scratch_path(name);
}

static const char frame[] = "task: {kind: classification, classes: 5}\n"
                            "arch: %s\n"
                            "init: %s\n"
                            "data: {train: {plugin: idx, images: none, labels: none}}\n"
                            "train: {optimizer: {plugin: sgd}, steps: 1}\n"
                            "metrics: [{plugin: accuracy}]\n"
                            "backend: {plugin: reference}\n";

static void load(struct setting *s, const char *arch, const char *init)
{
    struct tfu_text rules = TFU_TEXT_INIT, text = TFU_TEXT_INIT, findings = TFU_TEXT_INIT;
    struct tfu_diagnostics *d = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    for (const char *c = init; *c; c++)
        if (c[0] == '%' && c[1] == 's')
            tfu_text_puts(&rules, (c++, scratch));
        else
            tfu_text_append(&rules, c, 1);
    tfu_text_printf(&text, frame, arch, tfu_text_get(&rules));
    scratch_write(scratch_path("test.yaml"), tfu_text_get(&text), text.length);
    ck_assert_int_eq(tfu_diagnostics_new(&d, NULL), TFU_OK);
    tfu_config_load(&s->config, scratch_path("test.yaml"), NULL, 0, s->registry, d, &e);
    tfu_diagnostics_print(d, &findings);
    ck_assert_msg(e.status == TFU_OK, "%s%s", e.text, tfu_text_get(&findings));
    tfu_diagnostics_free(d);
    tfu_text_free(&findings);
    tfu_text_free(&rules);
    tfu_text_free(&text);
}

struct setting setting_open(const char *arch, const char *init)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    struct setting s = {.seed = 1, .report = TFU_TEXT_INIT};
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(scratch[0] != '\0', "call folder_begin() first");
    ck_assert_int_eq(tfu_registry_new(&s.registry, path ? path : "stage", NULL), TFU_OK);
    load(&s, arch, init);
    const struct tfu_experiment *x = tfu_config_experiment(s.config);
    const struct tfu_graph_request graph = {.arch = x->arch.plugin,
                                            .config = x->arch.config,
                                            .input = tfu_shape_make(4, 1, 16, 16, 3, 1),
                                            .outputs = x->task.classes,
                                            .truncate = x->arch_host.truncate,
                                            .layers = s.registry};
    tfu_graph_build(&s.graph, &graph, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_int_eq(tfu_threads_new(&s.threads, 3, NULL), TFU_OK);
    const struct tfu_network_request network = {.graph = s.graph,
                                                .backend = x->backend.plugin,
                                                .backend_config = x->backend.config,
                                                .threads = s.threads,
                                                .dtype = TFU_F32};
    tfu_network_new(&s.network, &network, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return s;
}

enum tfu_status setting_try(struct setting *s, uint32_t threads, struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(s->config);
    struct tfu_threads *some = NULL;
    if (threads > 1)
        ck_assert_int_eq(tfu_threads_new(&some, threads, NULL), TFU_OK);
    const struct tfu_initialise_request request = {.network = s->network,
                                                   .rule = x->init,
                                                   .rule_count = x->init_count,
                                                   .registry = s->registry,
                                                   .seed = s->seed,
                                                   .threads = some};
    tfu_text_free(&s->report);
    s->report = (struct tfu_text)TFU_TEXT_INIT;
    const enum tfu_status st = tfu_initialise(&request, &s->report, e);
    tfu_threads_free(some);
    return st;
}

void setting_run(struct setting *s, uint32_t threads)
{
    struct tfu_error e = TFU_ERROR_INIT;
    setting_try(s, threads, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

struct setting setting_filled(const char *arch, const char *init)
{
    struct setting s = setting_open(arch, init);
    setting_run(&s, 1);
    return s;
}

void setting_close(struct setting *s)
{
    tfu_text_free(&s->report);
    tfu_network_free(s->network);
    tfu_graph_free(s->graph);
    tfu_threads_free(s->threads);
    tfu_config_free(s->config);
    tfu_registry_free(s->registry);
}

float *setting_get(const struct setting *s, const char *param, size_t *n)
{
    const uint32_t p = tfu_graph_find_param(s->graph, param);
    ck_assert_msg(p != TFU_GRAPH_NONE, "no parameter '%s'", param);
    *n = (size_t)tfu_shape_count(&s->graph->param[p].shape);
    return param_of(s->network, p).data;
}

void setting_same(const struct setting *a, const struct setting *b,
                  bool (*which)(const struct tfu_graph *g, uint32_t param))
{
    ck_assert_uint_eq(a->graph->param_count, b->graph->param_count);
    size_t compared = 0;
    for (uint32_t p = 0; p < a->graph->param_count; p++) {
        size_t n, m;
        const char *name = a->graph->param[p].name;
        if (which && !which(a->graph, p))
            continue;
        const float *x = setting_get(a, name, &n), *y = setting_get(b, name, &m);
        ck_assert_uint_eq(n, m);
        ck_assert_msg(memcmp(x, y, n * sizeof *x) == 0, "'%s' differs", name);
        compared++;
    }
    ck_assert_uint_gt(compared, 0);
}

void setting_scramble(struct setting *s, uint64_t seed)
{
    for (uint32_t p = 0; p < s->graph->param_count; p++) {
        const struct tfu_graph_param *param = &s->graph->param[p];
        struct tfu_random r;
        tfu_random_init(&r, tfu_random_key(seed, "scramble", param->name));
        float *w = param_of(s->network, p).data;
        const double shift = tfu_role_trained(param->role) ? -0.04 : 0.01;
        for (int64_t i = 0; i < tfu_shape_count(&param->shape); i++)
            w[i] = (float)(shift - 0.05 * log(1 - tfu_random_uniform(&r)));
    }
}

struct setting setting_source(const char *arch, const char *name)
{
    struct setting s = setting_open(arch, "[{plugin: random}]");
    setting_scramble(&s, 7);
    setting_save(&s, name);
    return s;
}

void setting_save_tensor(const char *file, const char *tensor, size_t rank, const int64_t *dim,
                         const float *data)
{
    const struct tfu_safetensors_tensor t = {
        .name = tensor, .dtype = TFU_STORED_F32, .rank = rank, .dim = dim, .data = data};
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_safetensors_write(scratch_path(file), &t, 1, NULL, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

void setting_save(const struct setting *s, const char *name)
{
    struct tfu_safetensors_tensor tensor[64];
    const uint32_t count = s->graph->param_count;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_uint_le(count, 64);
    for (uint32_t p = 0; p < count; p++) {
        const struct tfu_graph_param *param = &s->graph->param[p];
        tensor[p] = (struct tfu_safetensors_tensor){.name = param->name,
                                                    .dtype = TFU_STORED_F32,
                                                    .rank = param->shape.rank,
                                                    .dim = param->shape.dim,
                                                    .data = param_of(s->network, p).data};
    }
    tfu_safetensors_write(scratch_path(name), tensor, count, NULL, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

struct sample sample_of(const float *w, size_t n)
{
    struct sample s = {0, 0, 0};
    for (size_t i = 0; i < n; i++)
        s.mean += (double)w[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double square = ((double)w[i] - s.mean) * ((double)w[i] - s.mean);
        s.variance += square / (double)n;
        s.fourth += square * square / (double)n;
    }
    return s;
}
