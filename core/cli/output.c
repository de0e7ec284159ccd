/* SPDX-License-Identifier: MIT */
#include "core/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/cli/cli.h"

static FILE *own; /* NULL: not claimed */

void tfu_cli_output_claim(void)
{
    if (own)
        return;
    fflush(stdout);
    const int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        return;
    FILE *file = fdopen(fd, "w");
    if (file && dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO) {
        own = file;
        return;
    }
    if (file)
        fclose(file);
    else
        close(fd);
}

FILE *tfu_cli_output(void)
{
    return own ? own : stdout;
}

bool tfu_cli_output_flush(void)
{
    FILE *f = tfu_cli_output();
    const bool failed_before = ferror(f) != 0;
    errno = 0;
    return fflush(f) == 0 && !failed_before;
}

enum tfu_status tfu_cli_json_print(json_t *root, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    const enum tfu_status st = tfu_json_write(root, &text, e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    return st;
}

int tfu_cli_print_json(json_t *root)
{
    struct tfu_error e = TFU_ERROR_INIT;
    return tfu_cli_json_print(root, &e) == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

int tfu_cli_print_text(struct tfu_text *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (text->failed)
        tfu_error_memory(&e, "writing the results", text->length);
    else
        fputs(tfu_text_get(text), tfu_cli_output());
    tfu_text_free(text);
    return e.status == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}
