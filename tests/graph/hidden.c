/* SPDX-License-Identifier: MIT
 *
 * hidden.c - a backend whose memory the host cannot touch: its pages are without access but while
 * its own functions run. What it computes is what the layers define: its kernels are core/layer,
 * compiled into it, over copies in float64, so that its bits are those of the reference.
 *
 * -DLACKS_ADD: without add(); -DLACKS="\"conv2d\"": without kernels of an operation;
 * -DDOWNLOADS=n: the n-th copy to the host fails; -DHANGS: so does waiting.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <transfuse/backend.h>

#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/layer/layer.h"

#ifndef LACKS
#define LACKS ""
#endif
#ifndef DOWNLOADS
#define DOWNLOADS 0
#endif

struct memory {
    unsigned char *page;
    size_t bytes; /* whole pages */
    struct memory *next;
};

struct device {
    struct memory *first;
    unsigned downloads;
};

/* ---- memory */

static void protect(const struct device *d, int access)
{
    for (const struct memory *m = d->first; m; m = m->next)
        if (mprotect(m->page, m->bytes, access) != 0)
            abort();
}

static void unlock(const struct device *d)
{
    protect(d, PROT_READ | PROT_WRITE);
}

static void lock(const struct device *d)
{
    protect(d, PROT_NONE);
}

static enum tfu_status device_alloc(void *dev, size_t bytes, void **data, struct tfu_host *h)
{
    struct device *d = dev;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct memory *m = calloc(1, sizeof *m);
    if (!m)
        return h->fail(h, TFU_ENOMEM, "no memory for a list of memory");
    m->bytes = (bytes + page - 1) / page * page;
    m->page = mmap(NULL, m->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m->page == MAP_FAILED) {
        free(m);
        return h->fail(h, TFU_ENOMEM, "no pages for %zu bytes", bytes);
    }
    memset(m->page, 0xff, m->bytes); /* as numbers none */
    m->next = d->first;
    d->first = m;
    lock(d);
    *data = m->page;
    return TFU_OK;
}

static void device_free(void *dev, void *data)
{
    struct device *d = dev;
    for (struct memory **at = &d->first; *at; at = &(*at)->next) {
        struct memory *m = *at;
        if (m->page != data)
            continue;
        *at = m->next;
        munmap(m->page, m->bytes);
        free(m);
        return;
    }
    abort(); /* not of this device */
}

/* Does all of it lie in the device's memory? */
static int is_own(const struct device *d, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    for (const struct memory *m = d->first; m; m = m->next)
        if (at >= m->page && bytes <= m->bytes && (size_t)(at - m->page) <= m->bytes - bytes)
            return 1;
    return 0;
}

static enum tfu_status device_upload(void *dev, void *device, const void *host, size_t bytes,
                                     struct tfu_host *h)
{
    const struct device *d = dev;
    if (!is_own(d, device, bytes))
        return h->fail(h, TFU_EINVAL, "upload() to memory of others");
    unlock(d);
    memcpy(device, host, bytes);
    lock(d);
    return TFU_OK;
}

static enum tfu_status device_download(void *dev, void *host, const void *device, size_t bytes,
                                       struct tfu_host *h)
{
    struct device *d = dev;
    if (!is_own(d, device, bytes))
        return h->fail(h, TFU_EINVAL, "download() from memory of others");
    if (++d->downloads == DOWNLOADS)
        return h->fail(h, TFU_EIO, "the cable came off");
    unlock(d);
    memcpy(host, device, bytes);
    lock(d);
    return TFU_OK;
}

static enum tfu_status device_open(void **dev, const void *config,
                                   const struct tfu_backend_host *host)
{
    (void)config;
    *dev = calloc(1, sizeof(struct device));
    return *dev ? TFU_OK : host->base->fail(host->base, TFU_ENOMEM, "no memory for a device");
}

static void device_close(void *dev)
{
    struct device *d = dev;
    if (d->first)
        abort(); /* memory that was not freed */
    free(d);
}

/* ---- kernels: what the layers define, over copies in float64 at the start of the workspace */

enum { GROUPS = 7, ALIGN = 64 };

struct group {
    const struct tfu_tensor *const *tensor;
    uint32_t count;
    int read, written; /* by the definition */
};

static void list_groups(const struct tfu_op_call *c, int backward, struct group group[GROUPS])
{
    const struct group list[GROUPS] = {
        {c->in, c->n_in, 1, 0},
        {&c->out, 1, backward, !backward},
        {c->param, c->n_param, 1, !backward && c->training},
        {c->state, c->n_state, backward, !backward && c->training},
        {&c->grad_out, (uint32_t)backward, 1, 0},
        {c->grad_in, backward ? c->n_in : 0, 0, 1},
        {c->grad_param, backward ? c->n_param : 0, 0, 1},
    };
    memcpy(group, list, sizeof list);
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

/* States may be of other types; those are left as they are. */
static int is_single(const struct tfu_tensor *t)
{
    return t->dtype == TFU_F32 && t->shape.rank > 0;
}

static size_t copy_size(const struct tfu_tensor *t)
{
    return is_single(t) ? aligned((size_t)tfu_shape_count(&t->shape) * sizeof(double)) : 0;
}

/* Enough for either direction. */
static size_t workspace(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    const struct tfu_layer_ops *layer = tfu_layer_find(c->op);
    struct group group[GROUPS];
    size_t bytes = 2 * aligned(layer->workspace ? layer->workspace(c) : 0), tensors = 0;
    list_groups(c, c->grad_out != NULL, group);
    for (int g = 0; g < GROUPS; g++)
        for (uint32_t k = 0; k < group[g].count; k++, tensors++)
            bytes += copy_size(group[g].tensor[k]);
    return bytes + aligned(tensors * sizeof(struct tfu_tensor)) +
           aligned(tensors * sizeof(struct tfu_tensor *));
}

static void copy_in(const struct tfu_tensor *to, const struct tfu_tensor *from)
{
    for (int64_t i = 0; i < tfu_shape_count(&from->shape); i++)
        ((double *)to->data)[i] = (double)((const float *)from->data)[i];
}

static void copy_back(const struct tfu_tensor *to, const struct tfu_tensor *from)
{
    for (int64_t i = 0; i < tfu_shape_count(&to->shape); i++)
        ((float *)to->data)[i] = (float)((const double *)from->data)[i];
}

/* Makes the copies of a group, and reads what is to be read; returns where the next may lie. */
static unsigned char *take(struct tfu_tensor *copy, const struct group *g, unsigned char *memory)
{
    for (uint32_t k = 0; k < g->count; k++) {
        const struct tfu_tensor *t = g->tensor[k];
        copy[k] = *t;
        copy[k].place = TFU_HOST;
        if (!is_single(t))
            continue;
        copy[k].dtype = TFU_F64;
        copy[k].data = t->data ? memory : NULL;
        memory += copy_size(t);
        if (t->data && g->read)
            copy_in(&copy[k], t);
    }
    return memory;
}

static enum tfu_status run(const struct tfu_op_call *c, int backward, struct tfu_host *h)
{
    const struct tfu_layer_ops *layer = tfu_layer_find(c->op);
    struct group group[GROUPS];
    const struct tfu_tensor **first[GROUPS];
    size_t tensors = 0;
    list_groups(c, backward, group);
    for (int g = 0; g < GROUPS; g++)
        tensors += group[g].count;
    struct tfu_tensor *copy = c->workspace;
    unsigned char *memory = (unsigned char *)c->workspace + aligned(tensors * sizeof *copy);
    const struct tfu_tensor **pointer = (const struct tfu_tensor **)(void *)memory;
    memory += aligned(tensors * sizeof *pointer);
    for (int g = 0; g < GROUPS; g++) {
        memory = take(copy, &group[g], memory);
        first[g] = pointer;
        for (uint32_t k = 0; k < group[g].count; k++)
            *pointer++ = copy++;
    }

    struct tfu_op_call own = *c;
    own.in = first[0];
    own.out = *first[1];
    own.param = first[2];
    own.state = first[3];
    own.grad_out = backward ? *first[4] : c->grad_out;
    own.grad_in = first[5];
    own.grad_param = first[6];
    own.workspace = memory;
    own.workspace_size = c->workspace_size - (size_t)(memory - (unsigned char *)c->workspace);
    const enum tfu_status st = backward ? layer->backward(&own, h) : layer->forward(&own, h);
    for (int g = 0; st == TFU_OK && g < GROUPS; g++)
        for (uint32_t k = 0; k < group[g].count && group[g].written; k++)
            if (is_single(group[g].tensor[k]) && group[g].tensor[k]->data)
                copy_back(group[g].tensor[k], first[g][k]);
    return st;
}

static enum tfu_status run_locked(void *dev, const struct tfu_op_call *c, int backward,
                                  struct tfu_host *h)
{
    if (c->out->place != TFU_DEVICE)
        return h->fail(h, TFU_EINVAL, "the output of '%s' says that it is the host's", c->node);
    unlock(dev);
    const enum tfu_status st = run(c, backward, h);
    lock(dev);
    return st;
}

static enum tfu_status forward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    return run_locked(dev, c, 0, h);
}

static enum tfu_status backward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    return run_locked(dev, c, 1, h);
}

/* Is there a kernel for it? */
static double cost(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    return strcmp(c->op, LACKS) == 0 ? -1 : 0;
}

/* Kernels are done when they return. */
static enum tfu_status device_synchronise(void *dev, struct tfu_host *h)
{
    (void)dev;
#ifdef HANGS
    return h->fail(h, TFU_EIO, "it hangs");
#else
    (void)h;
    return TFU_OK;
#endif
}

#ifndef LACKS_ADD
static enum tfu_status device_add(void *dev, const struct tfu_tensor *to,
                                  const struct tfu_tensor *from, struct tfu_host *h)
{
    float *a = to->data;
    const float *b = from->data;
    if (to->dtype != TFU_F32 || !tfu_shape_equal(&to->shape, &from->shape))
        return h->fail(h, TFU_EINVAL, "add() of tensors that do not go together");
    unlock(dev);
    for (int64_t i = 0; i < tfu_shape_count(&to->shape); i++)
        a[i] += b[i];
    lock(dev);
    return TFU_OK;
}
#endif

#define KERNEL(op_, direction_, run_)                                                              \
    {                                                                                              \
        .struct_size = sizeof(struct tfu_kernel), .direction = (direction_), .op = (op_),          \
        .algorithm = "hidden", .cost = cost, .workspace = workspace, .run = (run_)                 \
    }
#define ROWS(name) KERNEL(#name, TFU_FORWARD, forward), KERNEL(#name, TFU_BACKWARD, backward),
static const struct tfu_kernel kernels[] = {TFU_LAYER_LIST(ROWS)};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .place = TFU_DEVICE,
    .kernel_count = sizeof kernels / sizeof *kernels,
    .kernel_size = sizeof *kernels,
    .kernels = kernels,
    .open = device_open,
    .close = device_close,
    .alloc = device_alloc,
    .free = device_free,
    .upload = device_upload,
    .download = device_download,
#ifndef LACKS_ADD
    .add = device_add,
#endif
    .synchronise = device_synchronise,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),
    .name = "hidden",
    .version = "1.0",
    .summary = "memory that the host cannot touch",
    .ops_size = sizeof ops,
    .ops = &ops,
};
