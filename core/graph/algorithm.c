/* SPDX-License-Identifier: MIT */
#include "core/graph/algorithm.h"
#include "core/graph/layers.h"

#include <string.h>

#include "core/base/text.h"
#include "core/graph/preference.h"
#include "core/graph/state.h"

enum { MAX_NAMES = 64, NAME_SIZE = 64 };

bool tfu_algorithm_speaks_of(const char *key, const char *op, uint32_t direction)
{
    const size_t n = strlen(op);
    if (strncmp(key, op, n) != 0 || (key[n] != '\0' && key[n] != '/'))
        return false;
    return key[n] == '\0' || strcmp(key + n + 1, tfu_direction_name(direction)) == 0 ||
           (direction >= TFU_BACKWARD_DATA &&
            strcmp(key + n + 1, tfu_direction_name(TFU_BACKWARD)) == 0);
}

/* "no such operation, did you mean": among the rows of the backend, and what is known without. */
static enum tfu_status unknown_name(const struct tfu_network *n, const char *what, const char *name,
                                    const char *op, struct tfu_error *e)
{
    const char *known[MAX_NAMES] = {TFU_DEFINITION_NAME, "any"};
    size_t count = op ? 2 : 0;
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

static bool is_algorithm(const struct tfu_network *n, const char *op, const char *name)
{
    if (strcmp(name, TFU_DEFINITION_NAME) == 0)
        return true;
    for (uint32_t i = 0; i < n->backend->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(n->backend, i);
        if (strcmp(k->op, op) == 0 && strcmp(k->algorithm, name) == 0)
            return true;
    }
    return false;
}

/* The name of an item; NULL when it is too long to be one. */
static const char *item_name(const struct tfu_preference *item, char name[NAME_SIZE])
{
    if (item->length >= NAME_SIZE)
        return NULL;
    memcpy(name, item->name, item->length);
    name[item->length] = '\0';
    return name;
}

static enum tfu_status check_list(const struct tfu_network *n, const char *op, const char *list,
                                  struct tfu_error *e)
{
    struct tfu_preference item;
    char name[NAME_SIZE];
    bool any = false;
    for (const char *at = list; tfu_preference_next(&at, &item);) {
        if (item.length == 0)
            return tfu_error_set(e, TFU_EINVAL, "algorithm: %s: a name is missing in '%s'", op,
                                 list);
        if (any && !item.excluded)
            return tfu_error_set(e, TFU_EINVAL,
                                 "algorithm: %s: `any` stands for all that are left, so nothing "
                                 "behind it in '%s' is ever tried; put it last",
                                 op, list);
        any = any || item.any;
        if (item.any)
            continue;
        if (!item_name(&item, name) || !is_algorithm(n, op, name))
            return unknown_name(n, "algorithm", item_name(&item, name) ? name : list, op, e);
        const struct tfu_preference all = {.any = true};
        if (!item.excluded && !tfu_preference_takes(list, &all, name))
            return tfu_error_set(e, TFU_EINVAL,
                                 "algorithm: %s: '%s' says both '%s' and 'not %s'; remove one", op,
                                 list, name, name);
    }
    return TFU_OK;
}

static enum tfu_status check_choice(const struct tfu_network *n,
                                    const struct tfu_algorithm_choice *c, struct tfu_error *e)
{
    char op[NAME_SIZE];
    const size_t length = strcspn(c->op, "/");
    if (length >= sizeof op)
        return unknown_name(n, "operation", c->op, NULL, e);
    memcpy(op, c->op, length);
    op[length] = '\0';
    bool op_known = tfu_layer_find(op) != NULL, direction_known = false;
    for (uint32_t i = 0; i < n->backend->kernel_count; i++)
        op_known = op_known || strcmp(tfu_kernel_at(n->backend, i)->op, op) == 0;
    for (uint32_t d = TFU_FORWARD; d <= TFU_BACKWARD_PARAMS; d++)
        direction_known = direction_known || tfu_algorithm_speaks_of(c->op, op, d);
    if (!op_known)
        return unknown_name(n, "operation", op, NULL, e);
    if (!direction_known)
        return tfu_error_set(e, TFU_EINVAL,
                             "algorithm: '%s' names no direction; write forward, backward, "
                             "backward_data or backward_params behind the slash",
                             c->op);
    return check_list(n, op, c->algorithm, e);
}

enum tfu_status tfu_network_check_names(const struct tfu_network *n, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < n->request.algorithm_count; i++)
        st = check_choice(n, &n->request.algorithm[i], e);
    return st;
}
