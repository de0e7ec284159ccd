/* SPDX-License-Identifier: MIT
 *
 * Which kernel runs which node: one that the configuration prefers, else the cheapest by the
 * backend's own predictions, else the layer's definition.
 */
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"
#include "core/graph/algorithm.h"
#include "core/graph/measure.h"
#include "core/graph/preference.h"
#include "core/graph/state.h"

/* The preferences for a direction, or NULL; the last entry that speaks of it wins. */
static const char *preferred(const struct tfu_network *n, const char *op, uint32_t direction)
{
    const char *name = NULL;
    for (size_t i = 0; i < n->request.algorithm_count; i++)
        if (tfu_algorithm_speaks_of(n->request.algorithm[i].op, op, direction))
            name = n->request.algorithm[i].algorithm;
    return name;
}

/* Does a list of operations, as "batchnorm relu", name those of the unit behind its first? */
static bool follows(const char *then, const struct tfu_graph *g, const struct tfu_unit *unit)
{
    for (uint32_t i = 1; i < unit->count; i++) {
        const char *op = g->node[unit->node[i]].op;
        const size_t length = strlen(op);
        if (strncmp(then, op, length) != 0 || (then[length] != ' ' && then[length] != '\0'))
            return false;
        then += length + (then[length] == ' ');
    }
    return *then == '\0';
}

bool tfu_kernel_does(const struct tfu_kernel *k, const struct tfu_graph *g,
                     const struct tfu_unit *unit)
{
    return strcmp(k->op, g->node[unit->node[0]].op) == 0 && follows(tfu_kernel_then(k), g, unit);
}

/* Which rows come into question: an alternative of a list. */
struct filter {
    const char *list;
    struct tfu_preference alternative;
};

/* Predicted seconds of a row for a unit's call; negative: it does not do it. */
static double predicted(const struct tfu_network *n, const struct tfu_kernel *k,
                        const struct tfu_unit *unit, const struct tfu_op_call *c,
                        uint32_t direction, const struct filter *f)
{
    if (k->direction != direction || !tfu_kernel_does(k, n->graph, unit) ||
        !tfu_preference_takes(f->list, &f->alternative, k->algorithm))
        return -1;
    if (!k->cost)
        return 0;
    const struct tfu_calling *outer =
        tfu_calling_begin(&(struct tfu_calling){.kind = "backend",
                                                .plugin = n->request.backend->name,
                                                .function = "cost",
                                                .where = c->node,
                                                .kernel = k->algorithm});
    const double seconds = k->cost(n->device, c);
    tfu_calling_end(outer);
    return seconds;
}

/* The cheapest row for a unit's call, or NULL. `cost` gets its price: measured seconds where the
 * network has timings and there is a choice, else predicted ones. */
static const struct tfu_kernel *cheapest(const struct tfu_network *n, const struct tfu_unit *unit,
                                         const struct tfu_op_call *c, uint32_t direction,
                                         const struct filter *f, double *cost)
{
    const struct tfu_kernel *best = NULL;
    const uint32_t count = n->backend->kernel_count;
    uint32_t able = 0;
    for (uint32_t i = 0; i < count && n->request.timings; i++)
        able += predicted(n, tfu_kernel_at(n->backend, i), unit, c, direction, f) >= 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(n->backend, i);
        double price = predicted(n, k, unit, c, direction, f);
        const double measured = price >= 0 && able > 1 ? tfu_measure_seconds(n, k, c) : -1;
        if (measured >= 0)
            price = measured;
        if (price >= 0 && (!best || price < *cost)) {
            best = k;
            *cost = price;
        }
    }
    return best;
}

/* What does a direction of a unit, and how far down the list it stands. */
struct finding {
    bool found;
    const struct tfu_kernel *kernel; /* NULL: the definition */
    double cost;
    size_t rank;
};

/* Has the unit's layer a definition of that direction, by which it may run? */
static bool may_define(const struct tfu_network *n, const struct tfu_unit *unit, uint32_t direction,
                       const struct filter *f)
{
    if (unit->count > 1 || !tfu_preference_takes(f->list, &f->alternative, TFU_DEFINITION_NAME))
        return false;
    const struct tfu_layer_ops *layer = n->graph->node[unit->node[0]].layer;
    return (direction == TFU_FORWARD && layer->forward) ||
           (direction == TFU_BACKWARD && layer->backward);
}

/* The first alternative of `list` that can, up to number `last`. */
static struct finding find_up_to(const struct tfu_network *n, const struct tfu_unit *unit,
                                 const struct tfu_op_call *c, uint32_t direction, const char *list,
                                 size_t last)
{
    struct filter f = {.list = list};
    for (size_t rank = 0; rank <= last && tfu_preference_at(list, rank, &f.alternative); rank++) {
        struct finding found = {.rank = rank};
        found.kernel = cheapest(n, unit, c, direction, &f, &found.cost);
        found.found = found.kernel || may_define(n, unit, direction, &f);
        if (found.found)
            return found;
    }
    return (struct finding){.found = false};
}

/* The same; a chain must not be done by less than its first operation would be alone. */
static struct finding find(const struct tfu_network *n, const struct tfu_unit *unit,
                           const struct tfu_op_call *c, uint32_t direction, const char *list)
{
    size_t last = SIZE_MAX;
    if (unit->count > 1 && list) {
        const struct tfu_unit head = {.node = unit->node, .count = 1};
        const struct finding alone = find_up_to(n, &head, c->parts[0], direction, list, SIZE_MAX);
        if (alone.found)
            last = alone.rank;
    }
    return find_up_to(n, unit, c, direction, list, last);
}

static enum tfu_status cannot_run(const struct tfu_network *n, const struct tfu_op_call *c,
                                  uint32_t direction, const char *algorithm, struct tfu_error *e)
{
    if (algorithm && (strchr(algorithm, ',') || strncmp(algorithm, "not ", 4) == 0))
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "none of the algorithms '%s' can do the %s pass of layer '%s' (%s); "
                             "choose others in `algorithm:`, with `any` as the last for those that "
                             "are left, or leave it out",
                             algorithm, tfu_direction_name(direction), c->node, c->op);
    if (algorithm)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "algorithm '%s' cannot do the %s pass of layer '%s' (%s); write "
                             "`algorithm: {%s: [%s, any]}` to use it where it can, choose another, "
                             "or leave it out",
                             algorithm, tfu_direction_name(direction), c->node, c->op, c->op,
                             algorithm);
    return tfu_error_set(e, TFU_EUNSUPPORTED,
                         "backend '%s' has no kernel for the %s pass of layer '%s' (%s), and the "
                         "layer has no definition for it to run",
                         n->request.backend->name, tfu_direction_name(direction), c->node, c->op);
}

static enum tfu_status choose_forward(const struct tfu_network *n, const struct tfu_unit *unit,
                                      struct tfu_prepared *p, struct tfu_error *e)
{
    const char *list = preferred(n, p->call.op, TFU_FORWARD);
    const struct finding f = find(n, unit, &p->call, TFU_FORWARD, list);
    p->choice[0] = (struct tfu_choice){f.kernel, true};
    return f.found ? TFU_OK : cannot_run(n, &p->call, TFU_FORWARD, list, e);
}

/* What backward() has to write. */
struct wanted {
    bool data, params;
};

static struct wanted wanted_of(const struct tfu_unit *unit, const struct tfu_prepared *p)
{
    struct wanted w = {false, false};
    for (uint32_t i = 0; i < unit->count; i++) {
        for (uint32_t k = 0; k < p->part[i].n_in; k++)
            w.data = w.data || p->node[i].grad_in[k].shape.rank;
        for (uint32_t k = 0; k < p->part[i].n_param; k++)
            w.params = w.params || p->node[i].grad_param[k].shape.rank;
    }
    return w;
}

/* Two halves, of which either may not be wanted, rather than one row for everything? */
static bool prefers_halves(const struct wanted *w, const struct finding *whole,
                           const struct finding *data, const struct finding *params)
{
    if ((w->data && !data->found) || (w->params && !params->found))
        return false;
    const size_t rank = data->rank > params->rank ? data->rank : params->rank;
    if (!whole->found || rank != whole->rank)
        return !whole->found || rank < whole->rank;
    return !whole->kernel || data->cost + params->cost < whole->cost;
}

/* One row for everything, or a row for each of data and parameters: what stands further up in the
 * list, else what is cheaper. A row for everything, and the definition, must suit whoever prefers
 * something for one half. */
static enum tfu_status choose_backward(const struct tfu_network *n, const struct tfu_unit *unit,
                                       struct tfu_prepared *p, struct tfu_error *e)
{
    const struct wanted w = wanted_of(unit, p);
    if (!n->wants_grad[tfu_unit_out(n->graph, unit)] || (!w.data && !w.params))
        return TFU_OK;
    const struct tfu_op_call *c = &p->call;
    const char *for_data = w.data ? preferred(n, c->op, TFU_BACKWARD_DATA) : NULL;
    const char *for_params = w.params ? preferred(n, c->op, TFU_BACKWARD_PARAMS) : NULL;
    const char *for_whole = for_data ? for_data : for_params;
    const bool agree = !for_data || !for_params || strcmp(for_data, for_params) == 0;
    struct finding whole = {.found = false}, data = whole, params = whole;
    if (agree)
        whole = find(n, unit, c, TFU_BACKWARD, for_whole);
    if (w.data)
        data = find(n, unit, c, TFU_BACKWARD_DATA, for_data);
    if (w.params)
        params = find(n, unit, c, TFU_BACKWARD_PARAMS, for_params);
    p->choice[0] = (struct tfu_choice){whole.kernel, true};
    if (prefers_halves(&w, &whole, &data, &params)) {
        /* parameters first: a layer in place writes the data's gradient over that of its output */
        p->choice[0] = (struct tfu_choice){params.kernel, w.params};
        p->choice[1] = (struct tfu_choice){data.kernel, w.data};
        return TFU_OK;
    }
    if (whole.found)
        return TFU_OK;
    if (agree)
        return cannot_run(n, c, TFU_BACKWARD, for_whole, e);
    return data.found ? cannot_run(n, c, TFU_BACKWARD_PARAMS, for_params, e)
                      : cannot_run(n, c, TFU_BACKWARD_DATA, for_data, e);
}

/* An operation that the configuration speaks of is done by itself, or first in its chain. */
static bool speaks_of_others(const struct tfu_network *n, enum tfu_pass pass,
                             const struct tfu_unit *unit)
{
    for (uint32_t i = 1; i < unit->count; i++) {
        const char *op = n->graph->node[unit->node[i]].op;
        if (pass != TFU_PASS_BACKWARD
                ? preferred(n, op, TFU_FORWARD) != NULL
                : preferred(n, op, TFU_BACKWARD_DATA) || preferred(n, op, TFU_BACKWARD_PARAMS))
            return true;
    }
    return false;
}

enum tfu_status tfu_network_choose_unit(const struct tfu_network *n, enum tfu_pass pass,
                                        const struct tfu_unit *unit, struct tfu_prepared *p,
                                        struct tfu_error *e)
{
    if (speaks_of_others(n, pass, unit))
        return TFU_EUNSUPPORTED;
    return pass == TFU_PASS_BACKWARD ? choose_backward(n, unit, p, e)
                                     : choose_forward(n, unit, p, e);
}

const struct tfu_kernel *tfu_network_repeats(const struct tfu_network *n,
                                             const struct tfu_unit *unit,
                                             const struct tfu_prepared *p)
{
    const struct tfu_kernel *forward = p->choice[0].kernel;
    if (!forward)
        return NULL;
    double cost = 0;
    const struct filter same = {
        .alternative = {.name = forward->algorithm, .length = strlen(forward->algorithm)}};
    return cheapest(n, unit, &p->call, TFU_RECOMPUTE, &same, &cost);
}

enum tfu_status tfu_network_choose(struct tfu_network *n, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (enum tfu_pass pass = 0; pass <= TFU_PASS_BACKWARD && st == TFU_OK; pass++) {
        const struct tfu_units *units = tfu_network_units(n, pass);
        for (uint32_t u = 0; n->prepared[pass] && u < units->count && st == TFU_OK; u++)
            st = tfu_network_choose_unit(n, pass, &units->unit[u], &n->prepared[pass][u], e);
    }
    return st;
}

const char *tfu_network_algorithm(const struct tfu_network *n, uint32_t node,
                                  enum tfu_direction direction)
{
    const enum tfu_pass pass = direction != TFU_FORWARD ? TFU_PASS_BACKWARD
                               : n->request.training    ? TFU_PASS_TRAINING
                                                        : TFU_PASS_INFERENCE;
    if (!n->prepared[pass])
        return NULL;
    const struct tfu_prepared *p = &n->prepared[pass][tfu_network_units(n, pass)->of[node]];
    /* of two halves the second is that of the data */
    const bool second =
        p->choice[1].used && (direction != TFU_BACKWARD_PARAMS || !p->choice[0].used);
    const struct tfu_choice *c = &p->choice[second];
    if (!c->used)
        return NULL;
    return c->kernel ? c->kernel->algorithm : TFU_DEFINITION_NAME;
}
