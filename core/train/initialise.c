/* SPDX-License-Identifier: MIT */
#include "core/train/initialise.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/init.h>

#include "core/base/tasks.h"
#include "core/graph/access.h"
#include "core/layer/size.h"
#include "core/train/init_call.h"
#include "core/train/init_rules.h"

/* Written before a plugin fills a parameter: what is still there was left out. A quiet NaN that no
 * arithmetic makes. */
static const uint32_t poison = 0x7fc0dead;

struct job {
    const struct tfu_initialise_request *request;
    struct tfu_init_context context;
    const struct tfu_graph *graph;
    size_t *winner;        /* rule of each parameter */
    struct tfu_text *note; /* of each parameter */
    uint32_t *layer_index; /* of each node, among those with parameters */
    uint32_t layer_count;
};

static const char *plugin_name(const struct job *job, size_t rule)
{
    return job->request->rule[rule].choice.plugin->name;
}

/* ---- one parameter */

/* Every element was written, and is finite. */
static enum tfu_status check_filled(const float *w, int64_t n, struct tfu_error *e)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &w[i], sizeof bits);
        if (bits == poison)
            return tfu_error_set(e, TFU_EINVAL,
                                 "left element %lld of %lld unwritten; fill() must write all",
                                 (long long)i, (long long)n);
        if (!isfinite(w[i]))
            return tfu_error_set(e, TFU_ENUMERIC, "wrote %g to element %lld", (double)w[i],
                                 (long long)i);
    }
    return TFU_OK;
}

static struct tfu_param describe(const struct job *job, uint32_t p)
{
    const struct tfu_graph_param *param = &job->graph->param[p];
    const struct tfu_graph_node *node = &job->graph->node[param->node];
    return (struct tfu_param){
        .struct_size = sizeof(struct tfu_param),
        .role = param->role,
        .name = param->name,
        .op = node->op,
        .stage = job->graph->stage[node->stage].name,
        .fan_in = param->fan_in,
        .fan_out = param->fan_out,
        .stage_index = node->stage,
        .stage_count = job->graph->stage_count,
        .layer_index = job->layer_index[param->node],
        .layer_count = job->layer_count,
    };
}

/* Fills `w`, which has the shape of parameter `p`. */
static enum tfu_status fill(const struct job *job, uint32_t p, float *w, struct tfu_error *e)
{
    const struct tfu_param param = describe(job, p);
    const struct tfu_tensor dst = {.struct_size = sizeof dst,
                                   .dtype = TFU_F32,
                                   .place = TFU_HOST,
                                   .shape = job->graph->param[p].shape,
                                   .data = w};
    const int64_t n = tfu_shape_count(&dst.shape);
    for (int64_t i = 0; i < n; i++)
        memcpy(&w[i], &poison, sizeof poison);
    tfu_init_fill(&job->context, job->winner[p], p, &param, &dst, &job->note[p], e);
    /* a call that failed on the host's side has failed, whatever it returned */
    if (e->status == TFU_OK && job->note[p].failed)
        tfu_error_memory(e, "keeping its note", 0);
    if (e->status == TFU_OK)
        check_filled(w, n, e);
    if (e->status != TFU_OK)
        tfu_error_prefix(e, "initializer '%s', parameter '%s'", plugin_name(job, job->winner[p]),
                         param.name);
    return e->status;
}

static enum tfu_status fill_param(void *arg, uint32_t p, struct tfu_error *e)
{
    const struct job *job = arg;
    return fill(job, p, tfu_network_draft(job->request->network, tfu_region_param(p)), e);
}

/* A backend's copies are made by one thread. */
static enum tfu_status commit_params(const struct job *job, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < job->graph->param_count; p++)
        st = tfu_network_commit(job->request->network, tfu_region_param(p), e);
    return st;
}

/* ---- all of them */

static enum tfu_status job_init(struct job *job, const struct tfu_initialise_request *request,
                                struct tfu_error *e)
{
    const struct tfu_graph *graph = tfu_network_graph(request->network);
    *job = (struct job){.request = request, .graph = graph};
    job->winner = calloc((size_t)graph->param_count + 1, sizeof *job->winner);
    job->note = calloc((size_t)graph->param_count + 1, sizeof *job->note);
    job->layer_index = calloc((size_t)graph->node_count + 1, sizeof *job->layer_index);
    if (!job->winner || !job->note || !job->layer_index)
        return tfu_error_memory(e, "initialising", 0);
    for (uint32_t n = 0; n < graph->node_count; n++)
        if (graph->node[n].param_count > 0)
            job->layer_index[n] = job->layer_count++;
    job->context = (struct tfu_init_context){.graph = graph,
                                             .rule = request->rule,
                                             .rule_count = request->rule_count,
                                             .registry = request->registry,
                                             .seed = request->seed};
    return tfu_init_sources_new(&job->context.sources, graph, request->rule, request->rule_count,
                                &(struct tfu_init_images){.preprocessing = request->preprocessing,
                                                          .log = request->log,
                                                          .digests = request->digests},
                                e);
}

static void job_free(struct job *job)
{
    tfu_init_instances_free(&job->context);
    tfu_init_sources_free(job->context.sources);
    for (uint32_t p = 0; job->note && p < job->graph->param_count; p++)
        tfu_text_free(&job->note[p]);
    free(job->layer_index);
    free(job->note);
    free(job->winner);
}

/* ---- the report */

/* Rules that a later one has overridden everywhere: allowed, but worth a line. */
static void report_idle_rules(const struct job *job, struct tfu_text *report)
{
    for (size_t r = 0; r < job->request->rule_count; r++) {
        uint32_t p = 0;
        while (p < job->graph->param_count && job->winner[p] != r)
            p++;
        if (p == job->graph->param_count)
            tfu_text_printf(
                report, "init.%zu %s fills nothing: later rules are for all of its parameters\n", r,
                plugin_name(job, r));
    }
}

static void write_report(const struct job *job, struct tfu_text *report)
{
    char shape[TFU_SHAPE_TEXT];
    size_t name_width = 0, shape_width = 0, rule_width = 0;
    for (uint32_t p = 0; p < job->graph->param_count; p++) {
        const struct tfu_graph_param *param = &job->graph->param[p];
        const size_t name = strlen(param->name),
                     size = strlen(tfu_shape_text(&param->shape, shape));
        const size_t rule = strlen(plugin_name(job, job->winner[p]));
        name_width = name > name_width ? name : name_width;
        shape_width = size > shape_width ? size : shape_width;
        rule_width = rule > rule_width ? rule : rule_width;
    }
    for (uint32_t p = 0; p < job->graph->param_count; p++) {
        const struct tfu_graph_param *param = &job->graph->param[p];
        tfu_text_printf(report, "%-*s  %-*s  init.%zu %-*s  %s\n", (int)name_width, param->name,
                        (int)shape_width, tfu_shape_text(&param->shape, shape), job->winner[p],
                        (int)rule_width, plugin_name(job, job->winner[p]),
                        tfu_text_get(&job->note[p]));
    }
    report_idle_rules(job, report);
}

enum tfu_status tfu_initialise(const struct tfu_initialise_request *request,
                               struct tfu_text *report, struct tfu_error *e)
{
    struct job job;
    enum tfu_status st = job_init(&job, request, e);
    if (st == TFU_OK)
        st = tfu_init_rules_match(job.graph, request->rule, request->rule_count, job.winner, e);
    if (st == TFU_OK)
        st = tfu_init_instances_new(&job.context, e);
    if (st == TFU_OK)
        st = tfu_tasks_run(request->threads, job.graph->param_count, fill_param, &job, e);
    if (st == TFU_OK)
        st = commit_params(&job, e);
    struct tfu_text account = TFU_TEXT_INIT;
    if (st == TFU_OK)
        st = tfu_init_sources_settle(job.context.sources, &account, e);
    if (st == TFU_OK && request->account)
        tfu_text_puts(request->account, tfu_text_get(&account));
    if (st == TFU_OK && report) {
        tfu_text_puts(report, tfu_text_get(&account));
        write_report(&job, report);
    }
    if (st == TFU_OK && (account.failed || (report && report->failed) ||
                         (request->account && request->account->failed)))
        st = tfu_error_memory(e, "writing the report of the initialisation", 0);
    tfu_text_free(&account);
    job_free(&job);
    return st;
}
