/* SPDX-License-Identifier: MIT */
#include "core/base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"

json_t *tfu_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *tfu_json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *plain = json_string(text);
    if (plain)
        return plain;
    struct tfu_text clean = TFU_TEXT_INIT;
    uint32_t code;
    for (size_t left = strlen(text); left;) {
        const size_t n = tfu_utf8_decode(text, left, &code);
        tfu_text_append(&clean, n ? text : "\xef\xbf\xbd", n ? n : 3);
        text += n ? n : 1;
        left -= n ? n : 1;
    }
    json_t *root = clean.failed ? NULL : json_string(tfu_text_get(&clean));
    tfu_text_free(&clean);
    return root;
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
