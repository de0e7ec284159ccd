/* SPDX-License-Identifier: MIT */
#include "core/train/init_call.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/base/random.h"
#include "core/train/init_rules.h"

/* A tensor lent to an initializer for the time of a call. */
struct loan {
    struct loan *next;
    struct tfu_tensor tensor;
};

/* One call into an initializer. */
struct call {
    struct tfu_init_host host; /* what the plugin sees; its `host` points back here */
    const struct tfu_init_context *context;
    const struct tfu_init_instance *instance;
    struct tfu_random random;
    uint32_t param;        /* TFU_GRAPH_NONE: not in fill() */
    struct tfu_text *note; /* NULL: likewise */
    const char *speaker;   /* goes before the first note: an inner initializer's name */
    struct loan *loan;
    struct tfu_error *error;
};

static enum tfu_status host_fail(struct tfu_init_host *h, enum tfu_status st, const char *fmt, ...)
{
    const struct call *c = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(c->error, st, fmt, args);
    va_end(args);
    return st;
}

static bool in_fill(struct tfu_init_host *h, const char *function)
{
    const struct call *c = h->host;
    if (c->param == TFU_GRAPH_NONE)
        h->fail(h, TFU_EINVAL, "%s() is for a parameter; call it in fill() only", function);
    return c->param != TFU_GRAPH_NONE;
}

static double host_uniform(struct tfu_init_host *h)
{
    struct call *c = h->host;
    return in_fill(h, "uniform") ? tfu_random_uniform(&c->random) : 0;
}

static double host_normal(struct tfu_init_host *h)
{
    struct call *c = h->host;
    return in_fill(h, "normal") ? tfu_random_normal(&c->random) : 0;
}

/* Keeps `t` until the call returns. NULL when there is nothing to keep, or after an error. */
static const struct tfu_tensor *lend(struct call *c, struct tfu_tensor t)
{
    if (!t.data)
        return NULL;
    struct loan *loan = calloc(1, sizeof *loan);
    if (!loan) {
        free(t.data);
        tfu_error_memory(c->error, "reading weights", 0);
        return NULL;
    }
    *loan = (struct loan){.next = c->loan, .tensor = t};
    c->loan = loan;
    return &loan->tensor;
}

static const struct tfu_tensor *host_source(struct tfu_init_host *h, const char *source,
                                            const char *name)
{
    struct call *c = h->host;
    struct tfu_tensor t;
    const enum tfu_status st =
        tfu_init_sources_read(c->context->sources, c->instance->rule, source, name, &t, c->error);
    return st == TFU_OK ? lend(c, t) : NULL;
}

static const struct tfu_tensor *host_take(struct tfu_init_host *h, const char *source,
                                          const struct tfu_param *p, uint32_t flags)
{
    struct call *c = h->host;
    struct tfu_tensor t;
    if (!in_fill(h, "take"))
        return NULL;
    if (strcmp(p->name, c->context->graph->param[c->param].name) != 0) {
        h->fail(h, TFU_EINVAL, "take() for '%s' while '%s' is filled; use source() to look at it",
                p->name, c->context->graph->param[c->param].name);
        return NULL;
    }
    const char *adapted = NULL;
    const struct tfu_init_taking taking = {.rule = c->instance->rule,
                                           .path = source,
                                           .param = c->param,
                                           .any_shape = flags & TFU_TAKE_ANY_SHAPE,
                                           .statistics = flags & TFU_TAKE_STATISTICS};
    const enum tfu_status st =
        tfu_init_sources_take(c->context->sources, &taking, &t, &adapted, c->error);
    if (adapted)
        h->note(h, "%s", adapted);
    return st == TFU_OK ? lend(c, t) : NULL;
}

static void host_note(struct tfu_init_host *h, const char *fmt, ...)
{
    struct call *c = h->host;
    if (!c->note)
        return;
    if (c->note->length > 0)
        tfu_text_puts(c->note, "; ");
    if (c->speaker)
        tfu_text_printf(c->note, "%s: ", c->speaker);
    c->speaker = NULL;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(c->note, fmt, args);
    va_end(args);
}

static const struct tfu_init_instance *find_instance(const struct tfu_init_context *c, size_t rule,
                                                     const struct tfu_inner *inner)
{
    const struct tfu_init_instance *i = c->instance;
    while (i && (i->rule != rule || i->inner != inner))
        i = i->next;
    return i;
}

static enum tfu_status run_fill(const struct tfu_init_context *c,
                                const struct tfu_init_instance *instance, uint32_t param,
                                const struct tfu_param *p, const struct tfu_tensor *dst,
                                struct tfu_text *note, struct tfu_error *e);

static enum tfu_status host_fill_inner(struct tfu_init_host *h, const struct tfu_inner *inner,
                                       const struct tfu_param *p, const struct tfu_tensor *dst)
{
    const struct call *c = h->host;
    if (!in_fill(h, "fill_inner"))
        return TFU_EINVAL;
    const struct tfu_init_instance *i =
        inner ? find_instance(c->context, c->instance->rule, inner) : NULL;
    if (!i)
        return h->fail(h, TFU_EINVAL,
                       "fill_inner() is given what is not one of the initializer's own options of "
                       "type TFU_INNER");
    return run_fill(c->context, i, c->param, p, dst, c->note, c->error);
}

static enum tfu_status host_find_stage(struct tfu_init_host *h, const char *name, uint32_t *index)
{
    const struct call *c = h->host;
    const struct tfu_graph *g = c->context->graph;
    *index = tfu_graph_find_stage(g, name);
    if (*index != TFU_GRAPH_NONE)
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_graph_list_stages(g, &text);
    const enum tfu_status st =
        text.failed ? tfu_error_memory(c->error, "naming stages", 0)
                    : h->fail(h, TFU_EINVAL, "the network has no stage '%s'; its stages are %s",
                              name, tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

static enum tfu_status host_find_param(struct tfu_init_host *h, const char *pattern)
{
    const struct call *c = h->host;
    return tfu_init_rules_find(c->context->graph, pattern, c->error);
}

static struct tfu_init_host *call_begin(struct call *c, const struct tfu_init_context *context,
                                        const struct tfu_init_instance *instance,
                                        struct tfu_error *e)
{
    *c = (struct call){
        .context = context, .instance = instance, .param = TFU_GRAPH_NONE, .error = e};
    c->host = (struct tfu_init_host){
        .struct_size = sizeof c->host,
        .host = c,
        .uniform = host_uniform,
        .normal = host_normal,
        .source = host_source,
        .note = host_note,
        .fail = host_fail,
        .take = host_take,
        .fill_inner = host_fill_inner,
        .find_stage = host_find_stage,
        .find_param = host_find_param,
    };
    return &c->host;
}

static void call_end(struct call *c)
{
    while (c->loan) {
        struct loan *next = c->loan->next;
        free(c->loan->tensor.data);
        free(c->loan);
        c->loan = next;
    }
}

static enum tfu_status run_fill(const struct tfu_init_context *c,
                                const struct tfu_init_instance *instance, uint32_t param,
                                const struct tfu_param *p, const struct tfu_tensor *dst,
                                struct tfu_text *note, struct tfu_error *e)
{
    const struct tfu_init_ops *ops = instance->choice->plugin->ops;
    struct call call;
    struct tfu_init_host *host = call_begin(&call, c, instance, e);
    call.param = param;
    call.note = note;
    call.speaker = instance->inner ? instance->choice->plugin->name : NULL;
    tfu_random_init(&call.random, tfu_random_key(c->seed, "init", p->name));
    const char *name = instance->choice->plugin->name;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "init", .plugin = name, .function = "fill", .where = p->name});
    const enum tfu_status st = ops->fill(instance->self, p, dst, host);
    tfu_calling_end(outer);
    tfu_host_check(st, name, "fill", e);
    call_end(&call);
    return e->status;
}

enum tfu_status tfu_init_fill(const struct tfu_init_context *c, size_t rule, uint32_t param,
                              const struct tfu_param *p, const struct tfu_tensor *dst,
                              struct tfu_text *note, struct tfu_error *e)
{
    return run_fill(c, find_instance(c, rule, NULL), param, p, dst, note, e);
}

/* ---- instances */

static enum tfu_status make(struct tfu_init_context *c, size_t rule, const struct tfu_inner *inner,
                            const struct tfu_plugin_choice *choice, struct tfu_error *e);

/* Those in the options of a plugin. */
static enum tfu_status make_inner(struct tfu_init_context *c, size_t rule,
                                  const struct tfu_plugin_choice *choice, struct tfu_error *e)
{
    const struct tfu_plugin *p = choice->plugin;
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        if (o->type != TFU_INNER)
            continue;
        const void *field = (const char *)choice->config + o->offset;
        const struct tfu_inner *inner = *(const struct tfu_inner *const *)field;
        if (inner)
            st = make(c, rule, inner, &inner->choice, e);
    }
    return st;
}

static enum tfu_status make(struct tfu_init_context *c, size_t rule, const struct tfu_inner *inner,
                            const struct tfu_plugin_choice *choice, struct tfu_error *e)
{
    const struct tfu_init_ops *ops = choice->plugin->ops;
    struct tfu_init_instance *i = calloc(1, sizeof *i);
    if (!i)
        return tfu_error_memory(e, "making initializers", 0);
    *i = (struct tfu_init_instance){.inner = inner, .choice = choice, .rule = rule};
    struct tfu_error said = TFU_ERROR_INIT;
    struct call call;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "init", .plugin = choice->plugin->name, .function = "create"});
    const enum tfu_status st =
        ops->create(&i->self, choice->config, call_begin(&call, c, i, &said));
    tfu_calling_end(outer);
    call_end(&call);
    if (st == TFU_OK) {
        tfu_registry_hold(c->registry, choice->plugin);
        i->next = c->instance;
        c->instance = i;
    } else {
        free(i);
    }
    tfu_host_check(st, choice->plugin->name, "create", &said);
    if (said.status != TFU_OK)
        return tfu_error_at(e, said.status, choice->mark.source, choice->mark.line,
                            choice->mark.column, "initializer '%s': %s", choice->plugin->name,
                            said.text);
    return make_inner(c, rule, choice, e);
}

enum tfu_status tfu_init_instances_new(struct tfu_init_context *c, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t r = 0; st == TFU_OK && r < c->rule_count; r++)
        st = make(c, r, NULL, &c->rule[r].choice, e);
    return st;
}

void tfu_init_instances_free(struct tfu_init_context *c)
{
    while (c->instance) {
        struct tfu_init_instance *next = c->instance->next;
        const struct tfu_plugin *plugin = c->instance->choice->plugin;
        const struct tfu_init_ops *ops = plugin->ops;
        const struct tfu_calling *outer = tfu_calling_begin(
            &(struct tfu_calling){.kind = "init", .plugin = plugin->name, .function = "destroy"});
        ops->destroy(c->instance->self);
        tfu_calling_end(outer);
        tfu_registry_release(c->registry, plugin);
        free(c->instance);
        c->instance = next;
    }
}
