/* SPDX-License-Identifier: MIT
 *
 * transfuse weights inspect | stats | diff | convert: the command line; each action has its file.
 */
#include "core/cli/cmd_weights.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/model.h"
#include "core/train/checkpoint.h"

static const char help[] =
    "usage: transfuse weights inspect FILE [--match GLOB]...\n"
    "       transfuse weights stats FILE [--match GLOB]... [--histogram[=BINS]] [--csv]\n"
    "       transfuse weights diff A B [--match GLOB]... [--tolerance T]\n"
    "       transfuse weights convert FROM TO [--match GLOB]... [--type TYPE]\n"
    "                         [--rename OLD=NEW]... [--preprocessing NAME] [--force]\n"
    "\n"
    "  inspect  format, size, SHA-256, notes and tensors of a file\n"
    "  stats    moments, range, zeros and numbers that are not finite, of each tensor\n"
    "  diff     what differs; status 0 if nothing does, 1 if something does, 2 for trouble\n"
    "  convert  writes TO (.safetensors or .npz)\n"
    "\n"
    "Files are safetensors, an index of several of them (.index.json), PyTorch's .pth, npz or "
    "npy,\n"
    "whatever they are called.\n"
    "\n"
    "  --match GLOB          only tensors whose names fit (after --strip)\n"
    "  --strip PREFIX        only tensors that begin with it, which is taken off; without it\n"
    "                        prefixes such as 'module.' are taken off when every name has them\n"
    "  --dictionary NAME     the dictionary of a PyTorch file whose tensors count, such as\n"
    "                        state_dict_ema; inspect lists those that there are\n"
    "  --sha256 HEX          what the SHA-256 of FILE has to be, or to begin with\n"
    "  --histogram[=BINS]    how the numbers spread, in BINS intervals (16)\n"
    "  --csv                 a line a tensor, with all digits\n"
    "  --tolerance T         numbers that are at most T apart are the same, of whatever type (0)\n"
    "  --type TYPE           floats become F64, F32, F16 or BF16; integers stay as they are\n"
    "  --rename OLD=NEW      names that begin with OLD begin with NEW instead\n"
    "  --preprocessing NAME  notes how images are prepared for these weights: torchvision, timm,\n"
    "                        inception, keras_resnet or none\n"
    "  --force               overwrites TO\n";

/* Options that only some actions take. */
enum { HISTOGRAM = 1, CSV = 2, TOLERANCE = 4, CONVERT = 8, SHA256 = 16 };

static const struct {
    const char *name;
    int files;
    unsigned options;
    int (*run)(const struct tfu_weights_command *c);
} actions[] = {
    {"inspect", 1, SHA256, tfu_cmd_weights_inspect},
    {"stats", 1, SHA256 | HISTOGRAM | CSV, tfu_cmd_weights_stats},
    {"diff", 2, TOLERANCE, tfu_cmd_weights_diff},
    {"convert", 2, SHA256 | CONVERT, tfu_cmd_weights_convert},
};

static int parse_type(const char *text, struct tfu_weights_command *c)
{
    static const enum tfu_stored_type possible[] = {TFU_STORED_F64, TFU_STORED_F32, TFU_STORED_F16,
                                                    TFU_STORED_BF16};
    c->typed = true;
    for (size_t i = 0; i < TFU_COUNT(possible); i++)
        if (strcmp(text, tfu_stored_type_name(possible[i])) == 0) {
            c->type = possible[i];
            return TFU_EXIT_OK;
        }
    return tfu_cli_usage("weights", "--type '%s' is not one of F64, F32, F16 and BF16", text);
}

static int parse_tolerance(const char *text, struct tfu_weights_command *c)
{
    char *end;
    c->tolerance = strtod(text, &end);
    if (end == text || *end || !isfinite(c->tolerance) || c->tolerance < 0)
        return tfu_cli_usage("weights", "--tolerance '%s' is not a number of 0 or more", text);
    return TFU_EXIT_OK;
}

/* OLD=NEW; the text is cut at its '='. */
static int parse_rename(char *text, struct tfu_weights_command *c)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return tfu_cli_usage("weights", "--rename '%s' is not OLD=NEW", text);
    *equals = '\0';
    c->rename[c->renames++] = (struct tfu_weights_rename){text, equals + 1};
    return TFU_EXIT_OK;
}

static int parse_bins(const char *text, struct tfu_weights_command *c)
{
    int status = TFU_EXIT_OK;
    tfu_model_number("weights", "--histogram", text, 1, 1000, &c->bins, &status);
    return status;
}

/* An option with a value; *used: it was one. */
static int parse_valued(const char *name, char *value, struct tfu_weights_command *c, bool *used)
{
    *used = true;
    if (strcmp(name, "--match") == 0) {
        c->pattern[c->match.count++] = value;
        return TFU_EXIT_OK;
    }
    if (strcmp(name, "--strip") == 0) {
        c->strip = value;
        return TFU_EXIT_OK;
    }
    if (strcmp(name, "--dictionary") == 0) {
        c->dictionary = value;
        return TFU_EXIT_OK;
    }
    if (strcmp(name, "--sha256") == 0) {
        c->given |= SHA256;
        c->sha256 = value;
        return TFU_EXIT_OK;
    }
    if (strcmp(name, "--tolerance") == 0) {
        c->given |= TOLERANCE;
        return parse_tolerance(value, c);
    }
    c->given |= CONVERT;
    if (strcmp(name, "--type") == 0)
        return parse_type(value, c);
    if (strcmp(name, "--rename") == 0)
        return parse_rename(value, c);
    if (strcmp(name, "--preprocessing") == 0) {
        c->preprocessing = value;
        return TFU_EXIT_OK;
    }
    *used = false;
    return TFU_EXIT_OK;
}

static int parse(int argc, char **argv, int files, struct tfu_weights_command *c)
{
    for (int i = 2; i < argc; i++) {
        char *a = argv[i];
        bool used = false;
        if (strcmp(a, "--csv") == 0) {
            c->given |= CSV;
            c->csv = true;
        } else if (strcmp(a, "--force") == 0) {
            c->given |= CONVERT;
            c->force = true;
        } else if (strcmp(a, "--histogram") == 0 || strncmp(a, "--histogram=", 12) == 0) {
            c->given |= HISTOGRAM;
            const int status = parse_bins(a[11] ? a + 12 : "16", c);
            if (status != TFU_EXIT_OK)
                return status;
        } else if (a[0] == '-' && a[1]) {
            const int status = i + 1 < argc ? parse_valued(a, argv[i + 1], c, &used) : TFU_EXIT_OK;
            if (status != TFU_EXIT_OK)
                return status;
            if (!used)
                return tfu_cli_usage("weights", "unknown option '%s', or its value is missing", a);
            i++;
        } else if (c->files == files) {
            return tfu_cli_usage("weights", "'%s' is one word too many", a);
        } else {
            c->file[c->files++] = a;
        }
    }
    return TFU_EXIT_OK;
}

static int carry_out(int argc, char **argv, struct tfu_weights_command *c)
{
    for (size_t k = 0; k < TFU_COUNT(actions); k++) {
        if (strcmp(argv[1], actions[k].name) != 0)
            continue;
        const int status = parse(argc, argv, actions[k].files, c);
        if (status != TFU_EXIT_OK)
            return status;
        if (c->files < actions[k].files)
            return tfu_cli_usage("weights", "%s takes %s", argv[1],
                                 actions[k].files == 1 ? "a file" : "two files");
        if (c->given & ~actions[k].options)
            return tfu_cli_usage("weights", "%s does not take one of these options", argv[1]);
        return actions[k].run(c);
    }
    return tfu_cli_usage("weights",
                         "'%s' is not a thing to do; there are inspect, stats, diff and convert",
                         argv[1]);
}

int tfu_cmd_weights(struct tfu_cli *cli, int argc, char **argv)
{
    (void)cli;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return TFU_EXIT_OK;
        }
    if (argc < 2)
        return tfu_cli_usage("weights", "what to do is missing: inspect, stats, diff or convert");
    struct tfu_weights_command c = {.tolerance = -1};
    c.pattern = calloc((size_t)argc, sizeof *c.pattern);
    c.rename = calloc((size_t)argc, sizeof *c.rename);
    c.match.pattern = c.pattern;
    int status;
    if (c.pattern && c.rename) {
        status = carry_out(argc, argv, &c);
    } else {
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_error_memory(&e, "reading the command line", 0);
        status = tfu_cli_error(&e);
    }
    free(c.pattern);
    free(c.rename);
    return status;
}

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
