/* SPDX-License-Identifier: MIT
 *
 * transfuse weights convert
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/cmd_weights.h"

static int unknown_preprocessing(const char *name)
{
    struct tfu_text all = TFU_TEXT_INIT;
    for (const char *const *n = tfu_preprocessing_names(); *n; n++)
        tfu_text_printf(&all, "%s%s", all.length ? ", " : "", *n);
    const int status =
        tfu_cli_usage("weights", "--preprocessing '%s' is not one of %s", name, tfu_text_get(&all));
    tfu_text_free(&all);
    return status;
}

/* "transfuse: warning: " before each line. */
static void print_warnings(const char *lines)
{
    while (*lines) {
        const size_t n = strcspn(lines, "\n");
        fprintf(stderr, "transfuse: warning: %.*s\n", (int)n, lines);
        lines += n + (lines[n] == '\n');
    }
}

/* OLD=NEW of the command line as pairs; `text` gets what they point to. Both are to be freed. */
static enum tfu_status read_renames(const struct tfu_weights_command *c,
                                    struct tfu_weights_rename **out, char **text,
                                    struct tfu_error *e)
{
    const size_t count = c->rename.count;
    size_t length = 1;
    for (size_t i = 0; i < count; i++)
        length += strlen(c->rename.item[i]) + 1;
    *out = calloc(count + 1, sizeof **out);
    *text = malloc(length);
    if (!*out || !*text)
        return tfu_error_memory(e, "reading the command line", 0);
    char *to = *text;
    for (size_t i = 0; i < count; i++) {
        const size_t n = strlen(c->rename.item[i]) + 1;
        memcpy(to, c->rename.item[i], n);
        char *equals = strchr(to, '=');
        *equals = '\0';
        (*out)[i] = (struct tfu_weights_rename){to, equals + 1};
        to += n;
    }
    return TFU_OK;
}

static enum tfu_status convert(const struct tfu_weights_command *c, const struct tfu_weights *w,
                               const struct tfu_preprocessing *preprocessing, struct tfu_text *said,
                               struct tfu_error *e)
{
    static const enum tfu_stored_type types[] = {0, TFU_STORED_F64, TFU_STORED_F32, TFU_STORED_F16,
                                                 TFU_STORED_BF16};
    struct tfu_weights_rename *rename;
    char *text;
    enum tfu_status st = read_renames(c, &rename, &text, e);
    if (st == TFU_OK)
        st = tfu_weights_convert(w,
                                 &(struct tfu_weights_conversion){.path = c->file[1],
                                                                  .typed = c->type != 0,
                                                                  .type = types[c->type],
                                                                  .match = tfu_cmd_weights_match(c),
                                                                  .rename = rename,
                                                                  .rename_count = c->rename.count,
                                                                  .preprocessing = preprocessing},
                                 said, e);
    free(rename);
    free(text);
    return st;
}

int tfu_cmd_weights_convert(const struct tfu_weights_command *c)
{
    const bool noted = c->preprocessing[0];
    struct tfu_preprocessing preprocessing;
    if (noted && !tfu_preprocessing_named(c->preprocessing, &preprocessing))
        return unknown_preprocessing(c->preprocessing);
    if (!c->force && access(c->file[1], F_OK) == 0)
        return tfu_cli_usage("weights", "'%s' exists; --force overwrites it", c->file[1]);
    struct tfu_weights *w = tfu_cmd_weights_open(c, 0);
    if (!w)
        return TFU_EXIT_FAILED;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text said = TFU_TEXT_INIT;
    const enum tfu_status st = convert(c, w, noted ? &preprocessing : NULL, &said, &e);
    if (st == TFU_OK) {
        print_warnings(tfu_text_get(&said));
        if (tfu_weights_unwrapped(w)[0])
            printf("%s: taken off: %s\n", c->file[0], tfu_weights_unwrapped(w));
        printf("%s: written\n", c->file[1]);
    }
    tfu_text_free(&said);
    tfu_weights_close(w);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}
