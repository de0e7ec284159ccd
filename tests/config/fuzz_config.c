/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: a configuration and its overrides, in memory. What is accepted has to resolve
 * to itself. The input is the YAML text; behind a NUL come overrides, with NULs between.
 */
#include <stdlib.h>
#include <string.h>

#include "core/config/load.h"
#include "tests/config/fake_registry.h"

enum { OVERRIDES_MAX = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tfu_config *load(const char *text, size_t length, const char *const *overrides,
                               size_t count)
{
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text found = TFU_TEXT_INIT;
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        abort();
    const enum tfu_status st = tfu_config_load_text(&c, "fuzz.yaml", text, length, overrides, count,
                                                    fake_registry(), d, &e);
    if ((st == TFU_OK) != (c && tfu_diagnostics_count(d) == 0))
        abort();
    tfu_diagnostics_print(d, &found);
    tfu_text_free(&found);
    tfu_diagnostics_free(d);
    return c;
}

static void print(const struct tfu_config *c, struct tfu_text *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_config_print(c, false, out, &e) != TFU_OK)
        abort();
}

static void check_round_trip(const struct tfu_config *c)
{
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    print(c, &once);
    struct tfu_config *again = load(once.data, once.length, NULL, 0);
    if (!again)
        abort();
    print(again, &twice);
    if (strcmp(once.data, twice.data) != 0)
        abort();
    tfu_config_free(again);
    tfu_text_free(&once);
    tfu_text_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* other files are none of its business: some block, such as the terminal */
    if (memmem(data, size, "include", 7))
        return 0;
    char *copy = malloc(size + 1);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    copy[size] = '\0';
    const size_t length = strlen(copy);
    const char *override[OVERRIDES_MAX];
    size_t count = 0;
    for (size_t i = length + 1; i < size && count < OVERRIDES_MAX; i += strlen(copy + i) + 1)
        override[count++] = copy + i;
    struct tfu_config *c = load(copy, length, override, count);
    if (c)
        check_round_trip(c);
    tfu_config_free(c);
    free(copy);
    return 0;
}
