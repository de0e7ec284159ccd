/* SPDX-License-Identifier: MIT */
#include "core/cli/weights_command.h"

#include <inttypes.h>
#include <string.h>

#include "core/train/checkpoint.h"

struct tfu_patterns tfu_cmd_weights_match(const struct tfu_weights_command *c)
{
    return (struct tfu_patterns){.pattern = c->match.item, .count = c->match.count};
}

static const char *or_null(const char *text)
{
    return text && text[0] ? text : NULL;
}

struct tfu_weights *tfu_cmd_weights_open(const struct tfu_weights_command *c, int i)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = c->file[i],
                                                .strip = c->strips ? c->strip : NULL,
                                                .sha256 = or_null(c->sha256),
                                                .dictionary = or_null(c->dictionary),
                                                .own = &tfu_checkpoint_own};
    if (tfu_weights_open(&w, &request, &e) != TFU_OK)
        tfu_cli_error(&e);
    else if (tfu_weights_warning(w)[0])
        fprintf(stderr, "transfuse: warning: %s\n", tfu_weights_warning(w));
    return w;
}

void tfu_cmd_weights_put_name(const char *name, int width)
{
    for (; *name; name++, width--)
        putchar((unsigned char)*name < ' ' || *name == 127 ? '?' : *name);
    for (; width > 0; width--)
        putchar(' ');
}

void tfu_cmd_weights_shape(const struct tfu_weights_tensor *t, struct tfu_text *out)
{
    for (size_t i = 0; i < t->rank; i++)
        tfu_text_printf(out, "%s%" PRId64, i ? " x " : "", t->dim[i]);
    if (t->rank == 0)
        tfu_text_puts(out, t->problem ? "?" : "scalar");
}

int tfu_cmd_weights_name_width(const struct tfu_weights_command *c, const struct tfu_weights *w,
                               int least)
{
    enum { WIDEST = 60 };
    const struct tfu_patterns match = tfu_cmd_weights_match(c);
    for (size_t i = 0; i < tfu_weights_count(w); i++) {
        const char *name = tfu_weights_get(w, i)->name;
        const int n = (int)strnlen(name, WIDEST);
        if (n > least && tfu_patterns_fit(&match, name))
            least = n;
    }
    return least;
}
