/* SPDX-License-Identifier: MIT */
#include "core/plugin/kernel.h"

#include <stdlib.h>

#include "core/base/calling.h"
#include "core/base/clock.h"
#include "core/base/host.h"

enum tfu_status tfu_kernel_time(const struct tfu_kernel *k, void *device,
                                const struct tfu_op_call *call, const struct tfu_op_call *sketch,
                                int64_t runs, double *seconds, struct tfu_error *e)
{
    enum { ALIGN = 64 };
    struct tfu_op_call c = *call;
    c.workspace_size = k->workspace ? k->workspace(device, sketch) : 0;
    void *workspace = NULL;
    if (posix_memalign(&workspace, ALIGN, c.workspace_size + ALIGN) != 0)
        return tfu_error_memory(e, "measuring a kernel", c.workspace_size);
    c.workspace = workspace;
    struct tfu_host_call host;
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host *h = tfu_host_call_init(&host, NULL, &error);
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; i <= runs && st == TFU_OK; i++) {
        const double start = tfu_clock_seconds();
        const struct tfu_calling *outer =
            tfu_calling_begin(&(struct tfu_calling){.kind = "backend",
                                                    .plugin = "",
                                                    .function = "run",
                                                    .where = c.node,
                                                    .kernel = k->algorithm});
        st = k->run(device, &c, h);
        tfu_calling_end(outer);
        const double taken = tfu_clock_seconds() - start;
        if (i == 1 || (i > 1 && taken < *seconds))
            *seconds = taken;
    }
    free(workspace);
    if (st != TFU_OK)
        return tfu_error_set(e, st, "%s of layer '%s': %s", k->algorithm, c.node, error.text);
    return st;
}
