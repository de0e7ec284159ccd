/* SPDX-License-Identifier: MIT
 *
 * Which kernel runs which node: the one that the configuration forces, else the cheapest by the
 * backend's own predictions, else the layer's definition.
 */
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"
#include "core/graph/measure.h"
#include "core/graph/state.h"

static const char definition_name[] = "definition";
enum { MAX_NAMES = 64 };

/* Does "conv2d" or "conv2d/forward" speak of this operation and direction? "conv2d/backward" speaks
 * of both its halves. */
static bool choice_is_for(const char *key, const char *op, uint32_t direction)
{
    const size_t n = strlen(op);
    if (strncmp(key, op, n) != 0 || (key[n] != '\0' && key[n] != '/'))
        return false;
    return key[n] == '\0' || strcmp(key + n + 1, tfu_direction_name(direction)) == 0 ||
           (direction >= TFU_BACKWARD_DATA &&
            strcmp(key + n + 1, tfu_direction_name(TFU_BACKWARD)) == 0);
}

/* The forced algorithm, or NULL; the last entry that speaks of it wins. */
static const char *forced(const struct tfu_network *n, const char *op, uint32_t direction)
{
    const char *name = NULL;
    for (size_t i = 0; i < n->request.algorithm_count; i++)
        if (choice_is_for(n->request.algorithm[i].op, op, direction))
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

/* Predicted seconds of a row for a unit's call; negative: it does not do it. */
static double predicted(const struct tfu_network *n, const struct tfu_kernel *k,
                        const struct tfu_unit *unit, const struct tfu_op_call *c,
                        uint32_t direction, const char *algorithm)
{
    if (k->direction != direction || !tfu_kernel_does(k, n->graph, unit) ||
        (algorithm && strcmp(k->algorithm, algorithm) != 0))
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
                                         const char *algorithm, double *cost)
{
    const struct tfu_kernel *best = NULL;
    const uint32_t count = n->backend->kernel_count;
    uint32_t able = 0;
    for (uint32_t i = 0; i < count && n->request.timings; i++)
        able += predicted(n, tfu_kernel_at(n->backend, i), unit, c, direction, algorithm) >= 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(n->backend, i);
        double price = predicted(n, k, unit, c, direction, algorithm);
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

static enum tfu_status cannot_run(const struct tfu_network *n, const struct tfu_op_call *c,
                                  uint32_t direction, const char *algorithm, struct tfu_error *e)
{
    if (algorithm)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "algorithm '%s' cannot do the %s pass of layer '%s' (%s); choose "
                             "another in `algorithm:`, or leave it out",
                             algorithm, tfu_direction_name(direction), c->node, c->op);
    return tfu_error_set(e, TFU_EUNSUPPORTED,
                         "backend '%s' has no kernel for the %s pass of layer '%s' (%s), and the "
                         "layer has no definition for it to run",
                         n->request.backend->name, tfu_direction_name(direction), c->node, c->op);
}

static enum tfu_status choose_forward(const struct tfu_network *n, const struct tfu_unit *unit,
                                      struct tfu_prepared *p, struct tfu_error *e)
{
    const char *algorithm = forced(n, p->call.op, TFU_FORWARD);
    double cost = 0;
    p->choice[0].used = true;
    if (unit->count == 1 && algorithm && strcmp(algorithm, definition_name) == 0)
        return TFU_OK;
    p->choice[0].kernel = cheapest(n, unit, &p->call, TFU_FORWARD, algorithm, &cost);
    const bool defined = unit->count == 1 && n->graph->node[unit->node[0]].layer->forward;
    if (!p->choice[0].kernel && (algorithm || !defined))
        return cannot_run(n, &p->call, TFU_FORWARD, algorithm, e);
    return TFU_OK;
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

/* One row for everything, or a row for each of data and parameters, whichever is cheaper. A row for
 * everything, and the definition, must suit whoever forces one half. */
static enum tfu_status choose_backward(const struct tfu_network *n, const struct tfu_unit *unit,
                                       struct tfu_prepared *p, struct tfu_error *e)
{
    const struct wanted w = wanted_of(unit, p);
    if (!n->wants_grad[tfu_unit_out(n->graph, unit)] || (!w.data && !w.params))
        return TFU_OK;
    const struct tfu_op_call *c = &p->call;
    const char *for_data = w.data ? forced(n, c->op, TFU_BACKWARD_DATA) : NULL;
    const char *for_params = w.params ? forced(n, c->op, TFU_BACKWARD_PARAMS) : NULL;
    const char *for_whole = for_data ? for_data : for_params;
    const bool agree = !for_data || !for_params || strcmp(for_data, for_params) == 0;
    p->choice[0].used = true;
    if (unit->count == 1 && agree && for_whole && strcmp(for_whole, definition_name) == 0)
        return TFU_OK;

    double whole_cost = 0, data_cost = 0, params_cost = 0;
    const struct tfu_kernel *whole =
        agree ? cheapest(n, unit, c, TFU_BACKWARD, for_whole, &whole_cost) : NULL;
    const struct tfu_kernel *by_data =
        w.data ? cheapest(n, unit, c, TFU_BACKWARD_DATA, for_data, &data_cost) : NULL;
    const struct tfu_kernel *by_params =
        w.params ? cheapest(n, unit, c, TFU_BACKWARD_PARAMS, for_params, &params_cost) : NULL;
    const bool split = (!w.data || by_data) && (!w.params || by_params);
    if (split && (!whole || data_cost + params_cost < whole_cost)) {
        /* parameters first: a layer in place writes the data's gradient over that of its output */
        p->choice[0] = (struct tfu_choice){by_params, by_params != NULL};
        p->choice[1] = (struct tfu_choice){by_data, by_data != NULL};
        return TFU_OK;
    }
    p->choice[0].kernel = whole;
    const bool defined = unit->count == 1 && n->graph->node[unit->node[0]].layer->backward;
    if (whole || (!for_whole && defined))
        return TFU_OK;
    if (agree)
        return cannot_run(n, c, TFU_BACKWARD, for_whole, e);
    return by_data ? cannot_run(n, c, TFU_BACKWARD_PARAMS, for_params, e)
                   : cannot_run(n, c, TFU_BACKWARD_DATA, for_data, e);
}

/* An operation that the configuration speaks of is done by itself, or first in its chain. */
static bool speaks_of_others(const struct tfu_network *n, enum tfu_pass pass,
                             const struct tfu_unit *unit)
{
    for (uint32_t i = 1; i < unit->count; i++) {
        const char *op = n->graph->node[unit->node[i]].op;
        if (pass != TFU_PASS_BACKWARD
                ? forced(n, op, TFU_FORWARD) != NULL
                : forced(n, op, TFU_BACKWARD_DATA) || forced(n, op, TFU_BACKWARD_PARAMS))
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

/* "no such operation, did you mean": among the rows of the backend, and what is known without. */
static enum tfu_status unknown_name(const struct tfu_network *n, const char *what, const char *name,
                                    const char *op, struct tfu_error *e)
{
    const char *known[MAX_NAMES] = {definition_name};
    size_t count = op ? 1 : 0;
    for (const char *const *core = tfu_layer_names(); !op && *core && count < MAX_NAMES; core++)
        known[count++] = *core;
    for (uint32_t i = 0; i < n->backend->kernel_count && count < MAX_NAMES; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(n->backend, i);
        if (tfu_kernel_then(k)[0])
            continue; /* its algorithm has a row for the operation alone */
        if (op ? strcmp(k->op, op) == 0 : !tfu_layer_find(k->op))
            known[count++] = op ? k->algorithm : k->op;
    }
    const char *nearest = tfu_text_nearest(name, known, count);
    return tfu_error_set(e, TFU_EINVAL, "algorithm: backend '%s' has no %s '%s'%s%s%s%s%s",
                         n->request.backend->name, what, name, op ? " for " : "", op ? op : "",
                         nearest ? "; did you mean '" : "", nearest ? nearest : "",
                         nearest ? "'?" : "");
}

enum tfu_status tfu_network_check_names(const struct tfu_network *n, struct tfu_error *e)
{
    for (size_t a = 0; a < n->request.algorithm_count; a++) {
        const struct tfu_algorithm_choice *c = &n->request.algorithm[a];
        char op[64];
        const size_t length = strcspn(c->op, "/");
        if (length >= sizeof op)
            return unknown_name(n, "operation", c->op, NULL, e);
        memcpy(op, c->op, length);
        op[length] = '\0';
        bool op_known = tfu_layer_find(op) != NULL, algorithm_known = false,
             direction_known = false;
        for (uint32_t i = 0; i < n->backend->kernel_count; i++) {
            const struct tfu_kernel *k = tfu_kernel_at(n->backend, i);
            op_known = op_known || strcmp(k->op, op) == 0;
            algorithm_known = algorithm_known ||
                              (strcmp(k->op, op) == 0 && strcmp(k->algorithm, c->algorithm) == 0);
        }
        for (uint32_t d = TFU_FORWARD; d <= TFU_BACKWARD_PARAMS; d++)
            direction_known = direction_known || choice_is_for(c->op, op, d);
        if (!op_known)
            return unknown_name(n, "operation", op, NULL, e);
        if (!direction_known)
            return tfu_error_set(e, TFU_EINVAL,
                                 "algorithm: '%s' names no direction; write forward, backward, "
                                 "backward_data or backward_params behind the slash",
                                 c->op);
        if (!algorithm_known && strcmp(c->algorithm, definition_name) != 0)
            return unknown_name(n, "algorithm", c->algorithm, op, e);
    }
    return TFU_OK;
}

const struct tfu_kernel *tfu_network_repeats(const struct tfu_network *n,
                                             const struct tfu_unit *unit,
                                             const struct tfu_prepared *p)
{
    const struct tfu_kernel *forward = p->choice[0].kernel;
    double cost = 0;
    return forward ? cheapest(n, unit, &p->call, TFU_RECOMPUTE, forward->algorithm, &cost) : NULL;
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
    return c->kernel ? c->kernel->algorithm : definition_name;
}
