/* SPDX-License-Identifier: MIT
 *
 * Opens plugins and prints what became of the BLAS that each brings along. Without arguments, which
 * core types this processor runs better than Prescott, the best first, among those of Debian's
 * OpenBLAS 0.3.21.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/blas_core.h"
#include "core/plugin/open.h"

static void print_better(void)
{
    const char *better[TFU_BLAS_CORES];
    struct tfu_processor p;
    tfu_processor_read(&p);
    const size_t count = tfu_blas_core_better(&p, "Prescott", better);
    for (size_t i = 0; i < count; i++)
        if (strcmp(better[i], "SapphireRapids") != 0)
            puts(better[i]);
}

static void print(const struct tfu_plugin_file *f)
{
    const struct tfu_blas *b = &f->blas;
    struct tfu_text note = TFU_TEXT_INIT;
    const char *(*core)(void) = NULL;
    void *at = dlsym(f->library, "cblas_core");
    memcpy(&core, &at, sizeof core);
    bool warning = false;
    printf("%s core=%s took=%s wanted=%s threads=%d uses=%s\n", tfu_blas_how_name(b->how), b->core,
           b->took, b->wanted, b->threads, core ? core() : "");
    if (tfu_blas_note(b, &note, &warning))
        printf("%s: %s\n", warning ? "warning" : "note", tfu_text_get(&note));
    tfu_text_free(&note);
}

int main(int argc, char **argv)
{
    struct tfu_plugin_file file[8];
    struct tfu_error e = TFU_ERROR_INIT;
    if (argc == 1)
        print_better();
    for (int i = 1; i < argc && i <= 8; i++) {
        if (tfu_plugin_open(argv[i], 0, NULL, &file[i - 1], &e) != TFU_OK) {
            puts(e.text);
            return EXIT_FAILURE;
        }
        print(&file[i - 1]);
    }
    const char *core = getenv("OPENBLAS_CORETYPE"), *threads = getenv("OPENBLAS_NUM_THREADS");
    if (argc > 1)
        printf("environment: core=%s threads=%s\n", core ? core : "unset",
               threads ? threads : "unset");
    for (int i = 1; i < argc && i <= 8; i++)
        tfu_plugin_close(&file[i - 1]);
    return EXIT_SUCCESS;
}
