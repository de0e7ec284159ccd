/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: the runs that a study file in memory asks for. What is accepted has cases, each
 * with a key, behind all that it needs; and is the same sweep when it is read again.
 */
#include <stdlib.h>
#include <string.h>

#include "core/sweep/sweep.h"
#include "tests/config/fake_registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct tfu_sweep *s, struct tfu_text *out)
{
    if (s->count == 0 || s->support >= s->count)
        abort();
    for (size_t i = 0; i < s->count; i++) {
        if (strlen(s->item[i].key) != TFU_CASE_KEY_SIZE - 1 ||
            s->item[i].support != (i < s->support))
            abort();
        for (size_t k = 0; k < s->item[i].need_count; k++)
            if (s->item[i].need[k] >= i)
                abort();
        tfu_text_printf(out, "%s %s\n", s->item[i].key, s->item[i].name);
    }
}

static void load(const char *text, size_t length, struct tfu_text *out)
{
    static const char *const few[] = {"max_cases=60"}; /* many take long, and are no different */
    struct tfu_diagnostics *d;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_sweep *s;
    struct tfu_text found = TFU_TEXT_INIT;
    const struct tfu_document document = {.path = "fuzz.yaml",
                                          .text = text,
                                          .length = length,
                                          .override = few,
                                          .override_count = 1,
                                          .registry = fake_registry()};
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        abort();
    const enum tfu_status st = tfu_sweep_load(&s, &document, d, &e);
    if ((st == TFU_OK) != (tfu_diagnostics_count(d) == 0) || (st == TFU_OK) != (s != NULL))
        abort();
    if (st == TFU_OK)
        check(s, out);
    tfu_diagnostics_print(d, &found);
    tfu_text_free(&found);
    tfu_sweep_free(s);
    tfu_diagnostics_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    /* other files are none of its business */
    if (memmem(data, size, "include", 7) || memmem(data, size, "against", 7) ||
        memmem(data, size, "../", 3) || memmem(data, size, " /", 2) || memchr(data, '\0', size))
        return 0;
    load((const char *)data, size, &once);
    load((const char *)data, size, &twice);
    if (strcmp(tfu_text_get(&once), tfu_text_get(&twice)) != 0)
        abort();
    tfu_text_free(&once);
    tfu_text_free(&twice);
    return 0;
}
