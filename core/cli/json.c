/* SPDX-License-Identifier: MIT */
#include "core/cli/json.h"
#include "core/cli/output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *tfu_cli_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *tfu_cli_json_estimate(struct tfu_estimate v)
{
    return v.defined ? tfu_cli_json_number(v.value) : json_null();
}

json_t *tfu_cli_json_interval(struct tfu_interval v)
{
    return v.defined ? json_pack("[f, f]", v.low, v.high) : json_null();
}

enum tfu_status tfu_cli_json_print(json_t *root, struct tfu_error *e)
{
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    if (text)
        fprintf(tfu_cli_output(), "%s\n", text);
    json_decref(root);
    const enum tfu_status st = text ? TFU_OK : tfu_error_memory(e, "printing JSON", 0);
    free(text);
    return st;
}
