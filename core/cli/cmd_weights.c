/* SPDX-License-Identifier: MIT
 *
 * transfuse weights inspect | stats | diff | convert: the command line; each action has its file.
 */
#include "core/cli/weights_command.h"

#include <float.h>
#include <string.h>

#include "core/cli/arguments.h"
#include "core/cli/option.h"

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
    "  --histogram[=BINS]  of stats: how the numbers spread, in BINS intervals (16)\n";

static const char *const types[] = {"", "F64", "F32", "F16", "BF16", NULL};

/* Of every action, then those that only some take. */
static const struct tfu_option every[] = {
    TFU_OPT_STRING_LIST(struct tfu_weights_command, match,
                        "only tensors whose names fit these shell patterns (after --strip)"),
    TFU_OPT_STRING(struct tfu_weights_command, strip, "", 0,
                   "only tensors that begin with it, which is taken off; without it prefixes such "
                   "as 'module.' are taken off when every name has them"),
    TFU_OPT_STRING(struct tfu_weights_command, dictionary, "", 0,
                   "the dictionary of a PyTorch file whose tensors count, such as state_dict_ema; "
                   "inspect lists those that there are"),
};
static const struct tfu_option of_one_file[] = {
    TFU_OPT_STRING(struct tfu_weights_command, sha256, "", 0,
                   "what the SHA-256 of FILE has to be, or to begin with"),
};
static const struct tfu_option of_stats[] = {
    TFU_OPT_BOOL(struct tfu_weights_command, csv, 0, "of stats: a line a tensor, with all digits"),
};
static const struct tfu_option of_diff[] = {
    TFU_OPT_FLOAT(struct tfu_weights_command, tolerance, 0, 0, DBL_MAX,
                  "of diff: numbers that are at most so far apart are the same, of whatever type"),
};
static const struct tfu_option of_convert[] = {
    TFU_OPT_ENUM(struct tfu_weights_command, type, "", types,
                 "of convert: what floats become; integers stay as they are"),
    TFU_OPT_STRING_LIST(struct tfu_weights_command, rename,
                        "of convert: OLD=NEW; names that begin with OLD begin with NEW instead"),
    TFU_OPT_STRING(struct tfu_weights_command, preprocessing, "", 0,
                   "of convert: notes how images are prepared for these weights: torchvision, "
                   "timm, inception, keras_resnet, radimagenet, torchxrayvision or none"),
    TFU_OPT_BOOL(struct tfu_weights_command, force, 0, "of convert: overwrites TO"),
};

enum { TABLES = 5 };

static const struct action {
    const char *name;
    size_t files;
    bool takes[TABLES]; /* those tables */
    bool histogram;
    int (*run)(const struct tfu_weights_command *c);
} actions[] = {
    {"inspect", 1, {true, true}, false, tfu_cmd_weights_inspect},
    {"stats", 1, {true, true, true}, true, tfu_cmd_weights_stats},
    {"diff", 2, {true, false, false, true}, false, tfu_cmd_weights_diff},
    {"convert", 2, {true, true, false, false, true}, false, tfu_cmd_weights_convert},
};

/* --histogram, whose value may be left out. */
static bool take_histogram(void *arg, int argc, char **argv, int *i, int *status)
{
    struct tfu_weights_command *c = arg;
    const char *a = argv[*i];
    (void)argc;
    if (strncmp(a, "--histogram", 11) != 0 || (a[11] && a[11] != '='))
        return false;
    tfu_cli_number("weights", "--histogram", a[11] ? a + 12 : "16", 1, 1000, &c->bins, status);
    return true;
}

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < TFU_COUNT(actions); i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static int carry_out(const struct action *action, const struct tfu_cli_arguments *a,
                     struct tfu_weights_command *c)
{
    if (a->positional_count < action->files)
        return tfu_cli_usage("weights", "%s takes %s", action->name,
                             action->files == 1 ? "a file" : "two files");
    if (a->positional_count > action->files)
        return tfu_cli_usage("weights", "'%s' is one word too many", a->positional[action->files]);
    for (uint64_t i = 0; i < c->rename.count; i++)
        if (!strchr(c->rename.item[i], '='))
            return tfu_cli_usage("weights", "--rename '%s' is not OLD=NEW", c->rename.item[i]);
    for (size_t i = 0; i < action->files; i++)
        c->file[i] = a->positional[i];
    c->strips = tfu_cli_arguments_given(a, "strip");
    c->tolerates = tfu_cli_arguments_given(a, "tolerance");
    return action->run(c);
}

int tfu_cmd_weights(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_weights_command c = {.bins = 0};
    const struct tfu_options_table all[TABLES] = {
        TFU_OPTIONS_TABLE(every, &c), TFU_OPTIONS_TABLE(of_one_file, &c),
        TFU_OPTIONS_TABLE(of_stats, &c), TFU_OPTIONS_TABLE(of_diff, &c),
        TFU_OPTIONS_TABLE(of_convert, &c)};
    struct tfu_options_table taken[TABLES];
    (void)cli;
    if (argc < 2)
        return tfu_cli_usage("weights", "what to do is missing: inspect, stats, diff or convert");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return tfu_cli_arguments_print_help(help, all, TABLES);
    const struct action *action = find_action(argv[1]);
    if (!action)
        return tfu_cli_usage(
            "weights", "'%s' is not a thing to do; there are inspect, stats, diff and convert",
            argv[1]);
    struct tfu_cli_arguments a = {.command = "weights",
                                  .table = taken,
                                  .other = action->histogram ? take_histogram : NULL,
                                  .arg = &c,
                                  .no_pairs = true};
    for (size_t t = 0; t < TABLES; t++)
        if (action->takes[t])
            taken[a.table_count++] = all[t];
    int status = tfu_cli_arguments_read(&a, argc - 1, argv + 1);
    if (status == TFU_EXIT_OK && a.help)
        status = tfu_cli_arguments_print_help(help, all, TABLES);
    else if (status == TFU_EXIT_OK)
        status = carry_out(action, &a, &c);
    tfu_cli_arguments_free(&a);
    return status;
}
