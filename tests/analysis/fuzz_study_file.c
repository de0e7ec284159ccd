/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: a study file in memory. What is accepted has to print as it prints when it is
 * read again.
 */
#include <stdlib.h>
#include <string.h>

#include "core/analysis/study_file.h"
#include "tests/config/fake_registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True, with what it prints, when it is right. */
static bool load(const char *text, size_t length, struct tfu_text *out)
{
    struct tfu_diagnostics *d;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_study_file f;
    struct tfu_text found = TFU_TEXT_INIT;
    const struct tfu_document document = {
        .path = "fuzz.yaml", .text = text, .length = length, .registry = fake_registry()};
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        abort();
    const enum tfu_status st = tfu_study_file_load(&f, &document, d, &e);
    if ((st == TFU_OK) != (tfu_diagnostics_count(d) == 0))
        abort();
    if (st == TFU_OK && tfu_study_file_print(&f, NULL, out, &e) != TFU_OK)
        abort();
    tfu_diagnostics_print(d, &found);
    tfu_text_free(&found);
    tfu_study_file_free(&f);
    tfu_diagnostics_free(d);
    return st == TFU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    /* other files are none of its business, and patterns of them may take long */
    if (memmem(data, size, "include", 7) || memmem(data, size, "base", 4) ||
        memchr(data, '*', size) || memchr(data, '\0', size))
        return 0;
    if (load((const char *)data, size, &once) &&
        (!load(once.data, once.length, &twice) || strcmp(once.data, twice.data) != 0))
        abort();
    tfu_text_free(&once);
    tfu_text_free(&twice);
    return 0;
}
