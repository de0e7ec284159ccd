/* SPDX-License-Identifier: MIT
 *
 * Kernels that keep something of constant parameters: the same bits with it as without, also for a
 * smaller batch.
 */
#include "core/conformance/backend_device.h"
#include "core/plugin/kernel.h"
#include "core/trial/cases.h"

/* Runs a kernel with and without what has been packed. */
static enum tfu_status compare(const struct tfu_trial_request *r, const struct tfu_kernel *k,
                               const struct tfu_check_device *d, const struct tfu_guarded *packed,
                               struct tfu_error *e)
{
    struct tfu_trial *with = NULL, *without = NULL;
    enum tfu_status st = tfu_trial_new(&with, r, e);
    if (st == TFU_OK)
        st = tfu_trial_new(&without, r, e);
    if (st == TFU_OK)
        st = tfu_trial_kernel_packed(with, k, d->dev, packed, e);
    if (st == TFU_OK)
        st = tfu_trial_kernel(without, k, d->dev, e);
    if (st == TFU_OK && !tfu_trial_same_bits(with, without))
        st =
            tfu_error_set(e, TFU_EINVAL,
                          "%s has other bits with what its pack() made than without; a host may do "
                          "either",
                          r->in[0].dim[0] > 1 ? "a batch" : "a batch of one");
    tfu_trial_free(with);
    tfu_trial_free(without);
    return st;
}

/* One kernel on one case: its whole batch, and the first example alone. */
static enum tfu_status try_kernel(const struct tfu_layer_case *c, struct tfu_trial_request r,
                                  struct tfu_trial *t, const struct tfu_kernel *k,
                                  const struct tfu_check_device *d, int *tried, struct tfu_error *e)
{
    struct tfu_shape one[TFU_LAYER_CASE_INPUTS];
    struct tfu_guarded packed = {.bytes = 0};
    if (!tfu_kernel_packs(k) || !tfu_trial_supported(t, k, d->dev))
        return TFU_OK;
    enum tfu_status st = tfu_trial_pack(t, k, d->dev, &packed, e);
    if (st == TFU_OK && packed.bytes) {
        ++*tried;
        st = compare(&r, k, d, &packed, e);
        for (uint32_t i = 0; i < r.n_in; i++) {
            one[i] = r.in[i];
            one[i].dim[0] = 1;
        }
        r.in = one;
        if (st == TFU_OK)
            st = compare(&r, k, d, &packed, e);
    }
    tfu_guarded_free(&packed);
    if (st != TFU_OK)
        tfu_error_prefix(e, "%s, algorithm %s, case '%s'", k->op, k->algorithm, c->label);
    return st;
}

static enum tfu_status try_case(const struct tfu_layer_case *c, enum tfu_guard guard,
                                const struct tfu_check_device *d, int *tried, struct tfu_error *e)
{
    const uint32_t dtype = d->ops->dtypes & TFU_TAKES_F32 ? TFU_F32 : TFU_F64;
    struct tfu_trial_request r = tfu_layer_case_request(c, dtype, false, 11);
    struct tfu_trial *t = NULL;
    r.guard = guard;
    enum tfu_status st = tfu_trial_new(&t, &r, e);
    for (uint32_t i = 0; st == TFU_OK && i < d->ops->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(d->ops, i);
        if (k->direction == TFU_FORWARD)
            st = try_kernel(c, r, t, k, d, tried, e);
    }
    tfu_trial_free(t);
    return st;
}

static bool keeps_nothing(const struct tfu_backend_ops *b)
{
    for (uint32_t i = 0; i < b->kernel_count; i++)
        if (tfu_kernel_packs(tfu_kernel_at(b, i)))
            return false;
    return true;
}

enum tfu_status tfu_check_packed(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_device d;
    int tried = 0;
    if (tfu_check_no_kernels(c))
        return TFU_OK;
    if (keeps_nothing(c->plugin->ops))
        return tfu_check_skip(c, "no kernel has pack()");
    enum tfu_status st = tfu_check_device_open(c, c->config, 2, &d, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_layer_case_count; i++)
        if (tfu_check_has_kernel(d.ops, tfu_layer_cases[i].op))
            st = try_case(&tfu_layer_cases[i],
                          tfu_layer_cases[i].real ? TFU_GUARD_NUMBERS : TFU_GUARD_PAGE_BEHIND, &d,
                          &tried, e);
    if (st != TFU_OK)
        return st;
    tfu_check_device_close(&d);
    tfu_check_note(c, "%d kernels and cases", tried);
    return tried ? TFU_OK
                 : tfu_error_set(e, TFU_EINVAL, "packed_size() is 0 for each of the cases");
}
