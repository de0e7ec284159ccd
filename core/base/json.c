/* SPDX-License-Identifier: MIT */
#include "core/base/json.h"

#include <math.h>
#include <stdlib.h>

json_t *tfu_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

enum tfu_status tfu_json_write(json_t *root, struct tfu_text *out, struct tfu_error *e)
{
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (text)
        tfu_text_printf(out, "%s\n", text);
    const bool failed = !text || out->failed;
    free(text);
    return failed ? tfu_error_memory(e, "writing JSON", 0) : TFU_OK;
}
