/* SPDX-License-Identifier: MIT */
#include "core/graph/measure.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/graph/memory.h"
#include "core/graph/number.h"
#include "core/plugin/kernel.h"

enum { RUNS = 3 }; /* after one to warm up */

/* The options of the backend that are numbers or choices, such as the instruction set. */
static void put_options(struct tfu_text *t, const struct tfu_plugin *p, const void *config)
{
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o =
            (const struct tfu_option *)((const char *)p->options + (size_t)i * p->option_size);
        const char *at = (const char *)config + o->offset;
        if (o->type == TFU_ENUM || o->type == TFU_BOOL)
            tfu_text_printf(t, " %s=%d", o->name, (int)*(const int32_t *)at);
        else if (o->type == TFU_INT)
            tfu_text_printf(t, " %s=%lld", o->name, (long long)*(const int64_t *)at);
    }
}

/* float32 goes without saying. */
static void put_type(struct tfu_text *t, const struct tfu_tensor *x)
{
    if (x->dtype != TFU_F32)
        tfu_text_printf(t, " of %s", tfu_number_name(x->dtype));
}

/* Everything that the time depends on. */
static void put_key(struct tfu_text *t, const struct tfu_network *n, const struct tfu_kernel *k,
                    const struct tfu_op_call *c)
{
    const struct tfu_plugin *p = n->request.backend;
    tfu_text_printf(t, "%s; %s %s", tfu_timings_processor(n->request.timings), p->name,
                    p->version ? p->version : "");
    put_options(t, p, n->request.backend_config);
    tfu_text_printf(t, "; %u threads; %s %s %s;", n->bridge.api.threads, c->op,
                    tfu_direction_name(k->direction), k->algorithm);
    for (uint32_t i = 0; i < c->n_in; i++) {
        tfu_text_puts(t, " ");
        tfu_text_dims(t, c->in[i]->shape.rank, c->in[i]->shape.dim);
        put_type(t, c->in[i]);
    }
    for (uint32_t i = 0; i < c->n_param; i++)
        put_type(t, c->param[i]);
    for (uint32_t i = 0; i < c->n_attrs; i++)
        if (c->attrs[i]->f != 0)
            tfu_text_printf(t, " %s=%g", c->attrs[i]->name, c->attrs[i]->f);
        else
            tfu_text_printf(t, " %s=%lld", c->attrs[i]->name, (long long)c->attrs[i]->i);
}

/* A call with memory of its own. */
struct trial {
    struct tfu_op_call call;
    struct tfu_tensor *tensor;
    const struct tfu_tensor **view; /* pointers to each of them */
    uint32_t count;
    bool failed; /* memory is short */
};

static size_t bytes_of(const struct tfu_tensor *t)
{
    return (size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(t->dtype);
}

/* Copies tensors behind those that are there, and gives them memory. */
static const struct tfu_tensor *const *take(struct trial *t, const struct tfu_tensor *const *from,
                                            uint32_t count)
{
    const struct tfu_tensor **first = t->view + t->count;
    for (uint32_t i = 0; i < count; i++) {
        struct tfu_tensor *to = &t->tensor[t->count];
        t->view[t->count++] = to;
        *to = *from[i];
        to->data = NULL;
        if (to->shape.rank &&
            posix_memalign(&to->data, TFU_MEMORY_ALIGN, bytes_of(to) + TFU_MEMORY_ALIGN) != 0) {
            to->data = NULL;
            t->failed = true;
        }
        if (to->data)
            memset(to->data, 0, bytes_of(to));
    }
    return first;
}

/* Small numbers around 0, all different enough that no arithmetic is spared. */
static void fill(const struct tfu_tensor *const *t, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        uint32_t state = 1;
        const size_t n = t[k]->data && t[k]->dtype == TFU_F32 ? bytes_of(t[k]) / sizeof(float) : 0;
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525u + 1013904223u;
            ((float *)t[k]->data)[i] = (float)(state >> 8) / (float)(1 << 24) - 0.5f;
        }
    }
}

static void trial_init(struct trial *t, const struct tfu_op_call *c)
{
    const uint32_t grads = c->grad_out ? c->n_in + c->n_param + 1 : 0;
    *t = (struct trial){.call = *c};
    const size_t most = (size_t)c->n_in + c->n_param + c->n_state + 1 + grads;
    t->tensor = calloc(most, sizeof *t->tensor);
    t->view = calloc(most, sizeof *t->view);
    t->failed = !t->tensor || !t->view;
    if (t->failed)
        return;
    t->call.n_parts = 0;
    t->call.parts = NULL;
    t->call.in = take(t, c->in, c->n_in);
    t->call.param = take(t, c->param, c->n_param);
    t->call.out = *take(t, &c->out, 1);
    t->call.state = take(t, c->state, c->n_state);
    if (grads) {
        t->call.grad_out = *take(t, &c->grad_out, 1);
        t->call.grad_in = take(t, c->grad_in, c->n_in);
        t->call.grad_param = take(t, c->grad_param, c->n_param);
        fill(&t->call.grad_out, 1);
    }
    fill(t->call.in, c->n_in);
    fill(t->call.param, c->n_param);
}

static void trial_free(struct trial *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        free(t->tensor[i].data);
    free(t->tensor);
    free(t->view);
}

double tfu_measure_seconds(const struct tfu_network *n, const struct tfu_kernel *k,
                           const struct tfu_op_call *c)
{
    struct tfu_timings *timings = n->request.timings;
    struct tfu_text key = TFU_TEXT_INIT;
    put_key(&key, n, k, c);
    double seconds = key.failed ? -1 : tfu_timings_find(timings, key.data);
    /* a trial has host memory */
    const bool runs = n->backend->place == TFU_HOST && !n->is_plan;
    if (seconds < 0 && !key.failed && runs && tfu_timings_added_to(timings)) {
        struct trial t;
        trial_init(&t, c);
        struct tfu_error ignored = TFU_ERROR_INIT;
        const bool timed = !t.failed && tfu_kernel_time(k, n->device, &t.call, c, RUNS, &seconds,
                                                        &ignored) == TFU_OK;
        if (!timed)
            seconds = -1;
        trial_free(&t);
        if (seconds >= 0) /* what cannot be remembered is measured again */
            tfu_timings_add(timings, key.data, seconds, &ignored);
    }
    tfu_text_free(&key);
    return seconds;
}
