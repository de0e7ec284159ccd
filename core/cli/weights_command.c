/* SPDX-License-Identifier: MIT */
#include "core/cli/weights_command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/train/checkpoint.h"

struct tfu_weights *tfu_cmd_weights_open(const struct tfu_weights_command *c, int i)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = c->file[i],
                                                .strip = c->strip,
                                                .sha256 = c->sha256,
                                                .dictionary = c->dictionary,
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

/* Runs of digits by their value, everything else by bytes. */
static int by_nature(const char *a, const char *b)
{
    while (*a && *b) {
        const size_t m = strspn(a, "0123456789"), n = strspn(b, "0123456789");
        if (!m || !n) {
            if (*a != *b)
                break;
            a++;
            b++;
            continue;
        }
        const size_t skip_a = strspn(a, "0"), skip_b = strspn(b, "0");
        const size_t digits_a = m > skip_a ? m - skip_a : 0, digits_b = n > skip_b ? n - skip_b : 0;
        if (digits_a != digits_b)
            return digits_a < digits_b ? -1 : 1;
        const int order = strncmp(a + skip_a, b + skip_b, digits_a);
        if (order)
            return order;
        a += m;
        b += n;
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

static int by_name(const void *left, const void *right, void *weights)
{
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const int order =
        by_nature(tfu_weights_get(weights, a)->name, tfu_weights_get(weights, b)->name);
    return order ? order : (a > b) - (a < b); /* "01" and "1" */
}

size_t *tfu_cmd_weights_order(const struct tfu_weights *w)
{
    const size_t count = tfu_weights_count(w);
    size_t *order = calloc(count + 1, sizeof *order);
    for (size_t i = 0; order && i < count; i++)
        order[i] = i;
    if (order)
        qsort_r(order, count, sizeof *order, by_name, (void *)w);
    return order;
}

int tfu_cmd_weights_name_width(const struct tfu_weights_command *c, const struct tfu_weights *w,
                               int least)
{
    enum { WIDEST = 60 };
    for (size_t i = 0; i < tfu_weights_count(w); i++) {
        const char *name = tfu_weights_get(w, i)->name;
        const int n = (int)strnlen(name, WIDEST);
        if (n > least && tfu_patterns_fit(&c->match, name))
            least = n;
    }
    return least;
}
