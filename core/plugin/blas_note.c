/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "core/plugin/blas.h"
#include "core/plugin/blas_core.h"

/* "OpenBLAS 0.3.21", which its configuration begins with. */
static int name_length(const struct tfu_blas *b)
{
    size_t n = strcspn(b->config, " ");
    if (b->config[n])
        n += 1 + strcspn(b->config + n + 1, " ");
    return (int)n;
}

static bool note_user(const struct tfu_blas *b, struct tfu_text *out)
{
    struct tfu_processor p;
    tfu_processor_read(&p);
    if (!b->wanted[0])
        tfu_text_printf(out,
                        "OPENBLAS_CORETYPE is set and empty; %.*s took its %s kernels; unset it to "
                        "have them chosen",
                        name_length(b), b->config, b->core);
    else if (strcasecmp(b->wanted, b->core) != 0)
        tfu_text_printf(out,
                        "OPENBLAS_CORETYPE is '%s', for which %.*s has no kernels; it took its %s "
                        "kernels",
                        b->wanted, name_length(b), b->config, b->core);
    else if (!tfu_blas_core_runs(&p, b->core))
        tfu_text_printf(out,
                        "OPENBLAS_CORETYPE is '%s', which needs instructions that this processor "
                        "or its operating system lacks; unset it, or expect an end by SIGILL",
                        b->wanted);
    else
        return false;
    return true;
}

bool tfu_blas_note(const struct tfu_blas *b, struct tfu_text *out, bool *warning)
{
    *warning = b->how == TFU_BLAS_USER;
    if (b->how == TFU_BLAS_USER)
        return note_user(b, out);
    if (b->how == TFU_BLAS_FITTED)
        tfu_text_printf(out,
                        "%.*s does not know this processor and took its %s kernels; it has been "
                        "told to take %s; set OPENBLAS_CORETYPE to choose others",
                        name_length(b), b->config, b->took, b->core);
    else if (b->how == TFU_BLAS_STUCK)
        tfu_text_printf(out,
                        "%.*s does not know this processor and says that it uses its %s kernels, "
                        "also when told to take %s; set OPENBLAS_CORETYPE=%s before starting "
                        "transfuse if matrix products are slow",
                        name_length(b), b->config, b->core, b->wanted, b->wanted);
    else
        return false;
    return true;
}
