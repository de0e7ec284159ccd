/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "core/cli/comparing.h"
#include "core/config/defaults.h"

const char tfu_comparing_help[] =
    "what is compared:\n"
    "  --metric NAME    default " TFU_DEFAULT_SIMILARITY
    " where nothing else is said; `transfuse plugins list` has all\n"
    "  --mode MODE      short for mode=MODE\n"
    "  KEY=VALUE        an option of the metric; `transfuse plugins describe NAME` lists them\n"
    "  --nodes LIST     stages or nodes, patterns with commas between, features, logits; default:\n"
    "                   all stages\n"
    "  --rows N         rows of a draw; default 10000, or what the metric allows\n"
    "  --channels N     channels of a draw, 0: all; default 64\n"
    "  --draws N        draws of rows and channels; default 5\n"
    "  --per WHAT       position: rows are positions in maps (default); image: means over them\n"
    "  --images N       images that go through the networks; default: enough for the rows\n"
    "  --seed N         of the draws; default 1\n"
    "which networks and images:\n"
    "  --split NAME     train, valid or test; default: test, else valid\n"
    "  --data SIDE      a or b: both networks see the images of that network's configuration\n"
    "  --config FILE    the configuration that files of weights belong to\n"
    "  --set KEY=VALUE  overrides a value of the networks' configurations; may be repeated\n"
    "results:\n"
    "  --output FOLDER  write CSV and figures\n"
    "  --json           print JSON instead of a table\n"
    "  --memory MIB     of activations that are held at once; default 2048\n"
    "  --threads N      default: the processors that may be used\n"
    "  --quiet          show no progress\n";

bool tfu_comparing_options_init(struct tfu_comparing_options *o, int argc)
{
    *o = (struct tfu_comparing_options){
        .rows = 0, .channels = 64, .draws = 5, .seed = 1, .memory = 2048};
    o->pair = calloc((size_t)argc + 1, sizeof *o->pair);
    o->set = calloc((size_t)argc + 1, sizeof *o->set);
    return o->pair && o->set;
}

void tfu_comparing_options_free(struct tfu_comparing_options *o)
{
    free(o->pair);
    free(o->set);
    tfu_text_free(&o->mode_option);
}

bool tfu_comparing_option_take(struct tfu_comparing_options *o, const char *command, int argc,
                               char **argv, int *i, int *status)
{
    const char *set = NULL;
    const struct tfu_cli_option table[] = {
        {.name = "--metric", .text = &o->metric},
        {.name = "--mode", .text = &o->mode},
        {.name = "--nodes", .text = &o->nodes},
        {.name = "--nodes-b", .text = &o->nodes_b},
        {.name = "--rows", .number = &o->rows, .min = 2, .max = INT32_MAX},
        {.name = "--channels", .number = &o->channels, .min = 0, .max = INT32_MAX},
        {.name = "--draws", .number = &o->draws, .min = 1, .max = 10000},
        {.name = "--per", .text = &o->per},
        {.name = "--images", .number = &o->images, .min = 1, .max = INT32_MAX},
        {.name = "--seed", .number = &o->seed, .min = 0, .max = INT64_MAX},
        {.name = "--split", .text = &o->split},
        {.name = "--data", .text = &o->data},
        {.name = "--config", .text = &o->config},
        {.name = "--set", .text = &set},
        {.name = "--output", .text = &o->output},
        {.name = "--memory", .number = &o->memory, .min = 1, .max = INT32_MAX},
        {.name = "--threads", .number = &o->threads, .min = 1, .max = 1024},
        {.name = "--json", .flag = &o->json},
        {.name = "--quiet", .flag = &o->quiet},
        {.name = "--help", .flag = &o->help},
        {.name = "-h", .flag = &o->help},
    };
    if (tfu_cli_option_take(table, TFU_COUNT(table), command, argc, argv, i, status)) {
        if (set)
            o->set[o->set_count++] = set;
        return true;
    }
    if (argv[*i][0] == '-' || !tfu_cli_is_pair(argv[*i]))
        return false;
    o->pair[o->pair_count++] = argv[*i];
    return true;
}

static bool is_one_of(const char *text, const char *a, const char *b, const char *c)
{
    return !text || strcmp(text, a) == 0 || strcmp(text, b) == 0 || (c && strcmp(text, c) == 0);
}

int tfu_comparing_options_check(struct tfu_comparing_options *o, const char *command)
{
    if (!is_one_of(o->split, "train", "valid", "test"))
        return tfu_cli_usage(command, "--split is train, valid or test, not '%s'", o->split);
    if (!is_one_of(o->per, "position", "image", NULL))
        return tfu_cli_usage(command, "--per is position or image, not '%s'", o->per);
    if (!is_one_of(o->data, "a", "b", NULL))
        return tfu_cli_usage(command, "--data is a or b, not '%s'", o->data);
    if (o->mode) {
        tfu_text_printf(&o->mode_option, "mode=%s", o->mode);
        o->pair[o->pair_count++] = tfu_text_get(&o->mode_option);
    }
    return 0;
}
