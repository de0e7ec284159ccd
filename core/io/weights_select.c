/* SPDX-License-Identifier: MIT */
#include "core/io/weights_select.h"

#include "core/base/text.h"

bool tfu_patterns_fit(const struct tfu_patterns *p, const char *name)
{
    return p->count == 0 || tfu_text_glob_any(p->pattern, p->count, name);
}

static bool fits_any(const char *pattern, const struct tfu_weights *w)
{
    for (size_t i = 0; w && i < tfu_weights_count(w); i++)
        if (tfu_text_glob(pattern, tfu_weights_get(w, i)->name))
            return true;
    return false;
}

enum tfu_status tfu_patterns_check(const struct tfu_patterns *p, const struct tfu_weights *a,
                                   const struct tfu_weights *b, struct tfu_error *e)
{
    for (size_t i = 0; i < p->count; i++)
        if (!fits_any(p->pattern[i], a) && !fits_any(p->pattern[i], b))
            return tfu_error_set(
                e, TFU_ENOTFOUND,
                "no tensor's name fits '%.200s'; `transfuse weights inspect` lists "
                "the names",
                p->pattern[i]);
    return TFU_OK;
}
