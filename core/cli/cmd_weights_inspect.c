/* SPDX-License-Identifier: MIT
 *
 * transfuse weights inspect
 */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/cli/cmd_weights.h"
#include "core/io/weights_order.h"

enum { LABEL = 15 };

static void put_line(const char *label, const char *text)
{
    printf("%-*s ", LABEL, label);
    tfu_cmd_weights_put_name(text, 0);
    putchar('\n');
}

/* What the file says beside the numbers. A long note is cut off, as is one of several lines. */
static void print_notes(const struct tfu_weights *w)
{
    enum { SHOWN = 100 };
    const char *key, *value;
    for (size_t i = 0; tfu_weights_note_at(w, i, &key, &value); i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_printf(&text, "%s = %.*s", key, SHOWN, value);
        put_line("note", tfu_text_get(&text));
        tfu_text_free(&text);
    }
}

static int print_preprocessing(const struct tfu_weights *w)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_preprocessing p;
    bool found;
    if (tfu_preprocessing_from_notes(&p, &found, w, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (found) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_preprocessing_text(&p, &text);
        put_line("preprocessing", tfu_text_get(&text));
        tfu_text_free(&text);
    }
    return TFU_EXIT_OK;
}

/* Where a file has more than one, or a part of it was taken. */
static void print_dictionaries(const struct tfu_weights *w)
{
    const char *path;
    size_t tensors;
    bool taken;
    for (size_t i = 0; tfu_weights_dictionary_at(w, i, &path, &tensors, &taken); i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_printf(&text, "%s, %zu tensor%s%s", path, tensors, tensors == 1 ? "" : "s",
                        taken ? ", listed here" : "");
        put_line("dictionary", tfu_text_get(&text));
        tfu_text_free(&text);
    }
}

/* What cannot be read, and why. */
static void print_problems(const struct tfu_weights_command *c, const struct tfu_weights *w,
                           const size_t *order)
{
    const struct tfu_patterns match = tfu_cmd_weights_match(c);
    for (size_t k = 0; k < tfu_weights_count(w); k++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(w, order[k]);
        if (!t->problem || !tfu_patterns_fit(&match, t->name))
            continue;
        fputs("not read: ", stdout);
        tfu_cmd_weights_put_name(t->name, 0);
        printf(" (%s): %s\n", t->kind, t->problem);
    }
}

static void print_table(const struct tfu_weights_command *c, const struct tfu_weights *w,
                        const size_t *order)
{
    const int width = tfu_cmd_weights_name_width(c, w, 4);
    const struct tfu_patterns match = tfu_cmd_weights_match(c);
    size_t tensors = 0;
    int64_t numbers = 0;
    uint64_t bytes = 0;
    printf("\n%-*s  %-7s  %-22s %12s\n", width, "name", "type", "shape", "numbers");
    for (size_t i = 0; i < tfu_weights_count(w); i++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(w, order[i]);
        if (!tfu_patterns_fit(&match, t->name))
            continue;
        struct tfu_text shape = TFU_TEXT_INIT;
        tfu_cmd_weights_shape(t, &shape);
        tfu_cmd_weights_put_name(t->name, width);
        printf("  %-7s  %-22s %12" PRId64 "\n", t->kind, tfu_text_get(&shape), t->count);
        tfu_text_free(&shape);
        tensors++;
        numbers += t->count;
        bytes += t->problem ? 0 : (uint64_t)t->count * tfu_stored_type_size(t->type);
    }
    printf("\n%zu tensor%s, %" PRId64 " numbers, %" PRIu64 " bytes\n", tensors,
           tensors == 1 ? "" : "s", numbers, bytes);
}

static int print_all(const struct tfu_weights_command *c, struct tfu_weights *w)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_patterns match = tfu_cmd_weights_match(c);
    char hex[TFU_HASH_HEX];
    struct stat info;
    if (tfu_patterns_check(&match, w, NULL, &e) != TFU_OK ||
        tfu_weights_sha256(w, hex, &e) != TFU_OK)
        return tfu_cli_error(&e);
    put_line("file", c->file[0]);
    put_line("format", tfu_weights_format(w));
    if (stat(c->file[0], &info) == 0)
        printf("%-*s %lld bytes\n", LABEL, "size", (long long)info.st_size);
    put_line("SHA-256", hex);
    put_line("taken off", tfu_weights_unwrapped(w)[0] ? tfu_weights_unwrapped(w) : "nothing");
    print_dictionaries(w);
    print_notes(w);
    const int status = print_preprocessing(w);
    size_t *order;
    if (tfu_weights_order(&order, w, &e) != TFU_OK)
        return tfu_cli_error(&e);
    print_table(c, w, order);
    print_problems(c, w, order);
    free(order);
    return status;
}

int tfu_cmd_weights_inspect(const struct tfu_weights_command *c)
{
    struct tfu_weights *w = tfu_cmd_weights_open(c, 0);
    if (!w)
        return TFU_EXIT_FAILED;
    const int status = print_all(c, w);
    tfu_weights_close(w);
    return status;
}
