/* SPDX-License-Identifier: MIT */
#include "tests/graph/fake_backend.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#undef fail /* of Check; struct tfu_host has one */

struct fake fake;

static double price_of(int row, const struct tfu_op_call *c)
{
    /* asked without data, for the whole batch */
    for (uint32_t i = 0; i < c->n_in; i++)
        ck_assert(!c->in[i]->data && c->in[i]->shape.dim[0] == 2);
    ck_assert(!c->out->data);
    return fake.price[row];
}

static void clear(const struct tfu_tensor *const *t, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (t[i]->data)
            memset(t[i]->data, 0, tensor_bytes(t[i]));
}

static enum tfu_status run_row(int row, const struct tfu_op_call *c, struct tfu_host *h)
{
    fake.runs[row]++;
    if (c->workspace_size < fake.seen_workspace)
        fake.seen_workspace = c->workspace_size;
    ck_assert_uint_eq((uintptr_t)c->workspace % 64, 0);
    ck_assert_uint_ge(c->workspace_size, fake.workspace[row]);
    memset(c->workspace, 0xee, fake.workspace[row]);
    if (c->packed) { /* what is packed is of these parameters */
        fake.packed_runs[row]++;
        ck_assert_uint_eq((uintptr_t)c->packed % 64, 0);
        ck_assert_mem_eq(c->packed, c->param[0]->data, sizeof(float));
    }
    if (c->grad_out->data) {
        clear(c->grad_in, c->n_in);
        clear(c->grad_param, c->n_param);
    } else {
        clear(&c->out, 1);
    }
    if (fake.fails != TFU_OK && fake.speaks)
        return h->fail(h, fake.fails, "row %d is tired", row);
    return fake.fails;
}

static enum tfu_status pack_row(int row, const struct tfu_op_call *c, void *packed,
                                struct tfu_host *h)
{
    fake.packs[row]++;
    ck_assert_ptr_nonnull(c->param[0]->data);
    memset(packed, 0xee, fake.packed[row]);
    memcpy(packed, c->param[0]->data, sizeof(float));
    if (fake.pack_fails != TFU_OK && fake.speaks)
        return h->fail(h, fake.pack_fails, "row %d has no mind to", row);
    return fake.pack_fails;
}

/* A row is known to its functions by its number alone: one set of functions for each. */
#define ROW(i)                                                                                     \
    static double cost##i(void *dev, const struct tfu_op_call *c)                                  \
    {                                                                                              \
        ck_assert_ptr_eq(dev, &fake);                                                              \
        return price_of(i, c);                                                                     \
    }                                                                                              \
    static size_t workspace##i(void *dev, const struct tfu_op_call *c)                             \
    {                                                                                              \
        ck_assert_ptr_eq(dev, &fake);                                                              \
        ck_assert(!c->out->data);                                                                  \
        return fake.workspace[i];                                                                  \
    }                                                                                              \
    static enum tfu_status run##i(void *dev, const struct tfu_op_call *c, struct tfu_host *h)      \
    {                                                                                              \
        ck_assert_ptr_eq(dev, &fake);                                                              \
        return run_row(i, c, h);                                                                   \
    }                                                                                              \
    static size_t packed_size##i(void *dev, const struct tfu_op_call *c)                           \
    {                                                                                              \
        ck_assert_ptr_eq(dev, &fake);                                                              \
        ck_assert(!c->out->data && !c->param[0]->data);                                            \
        return fake.packed[i];                                                                     \
    }                                                                                              \
    static enum tfu_status pack##i(void *dev, const struct tfu_op_call *c, void *packed,           \
                                   struct tfu_host *h)                                             \
    {                                                                                              \
        ck_assert_ptr_eq(dev, &fake);                                                              \
        return pack_row(i, c, packed, h);                                                          \
    }
ROW(0)
ROW(1)
ROW(2)
ROW(3)
ROW(4)
ROW(5)
ROW(6)

/* A host of a later version has longer rows. */
struct long_kernel {
    struct tfu_kernel kernel;
    char later[24];
};
#define KERNEL(op_, algorithm_, direction_, i)                                                     \
    {                                                                                              \
        .kernel = {                                                                                \
            .struct_size = sizeof(struct tfu_kernel),                                              \
            .direction = (direction_),                                                             \
            .op = (op_),                                                                           \
            .algorithm = (algorithm_),                                                             \
            .cost = cost##i,                                                                       \
            .workspace = workspace##i,                                                             \
            .run = run##i,                                                                         \
            .packed_size = packed_size##i,                                                         \
            .pack = pack##i                                                                        \
        }                                                                                          \
    }
static const struct long_kernel kernels[] = {
    KERNEL("conv2d", "slow", TFU_FORWARD, 0),
    KERNEL("conv2d", "fast", TFU_FORWARD, 1),
    KERNEL("conv2d", "whole", TFU_BACKWARD, 2),
    KERNEL("conv2d", "fast", TFU_BACKWARD_DATA, 3),
    KERNEL("conv2d", "fast", TFU_BACKWARD_PARAMS, 4),
    KERNEL("conv2d", "slow", TFU_BACKWARD_DATA, 5),
    KERNEL("conv2d", "slow", TFU_BACKWARD, 6),
};

static enum tfu_status fake_open(void **dev, const void *config,
                                 const struct tfu_backend_host *host)
{
    (void)config;
    *dev = &fake;
    if (fake.open_fails != TFU_OK)
        return fake.speaks ? host->base->fail(host->base, fake.open_fails, "no processor")
                           : fake.open_fails;
    ck_assert_uint_eq(host->threads, 1);
    fake.opened++;
    return TFU_OK;
}

static void fake_close(void *dev)
{
    ck_assert_ptr_eq(dev, &fake);
    fake.closed++;
}

static enum tfu_status fake_alloc(void *dev, size_t bytes, void **data, struct tfu_host *h)
{
    ck_assert_ptr_eq(dev, &fake);
    ck_assert_uint_gt(bytes, 0);
    if (fake.alloc_fails != TFU_OK && fake.allocated >= 2)
        return fake.speaks ? h->fail(h, fake.alloc_fails, "no room for %zu bytes", bytes)
                           : fake.alloc_fails;
    *data = aligned_alloc(64, (bytes + 63) / 64 * 64);
    ck_assert_ptr_nonnull(*data);
    fake.allocated++;
    return TFU_OK;
}

static void fake_free(void *dev, void *data)
{
    ck_assert_ptr_eq(dev, &fake);
    fake.freed += data != NULL;
    free(data);
}

struct tfu_backend_ops fake_ops = {.struct_size = sizeof fake_ops,
                                   .dtypes = TFU_TAKES_F32,
                                   .place = TFU_HOST,
                                   .kernel_count = TFU_COUNT(kernels),
                                   .kernel_size = sizeof kernels[0],
                                   .kernels = &kernels[0].kernel,
                                   .open = fake_open,
                                   .close = fake_close,
                                   .alloc = fake_alloc,
                                   .free = fake_free};
const struct tfu_plugin fake_backend = {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "fake",
                                        .ops = &fake_ops, .ops_size = sizeof fake_ops};
