/* SPDX-License-Identifier: MIT
 *
 * transfuse study: the table of its kinds.
 */
#include "core/cli/kinds.h"
#include "core/cli/study.h"

static const struct tfu_cli_kind kinds[] = {
    {"movement", tfu_study_movement, "how far did training take each layer?"},
    {"dynamics", tfu_study_dynamics, "similarity over a training, checkpoint by checkpoint"},
    {"subsets", tfu_study_subsets, "does the similarity at the start tell that at the end?"},
    {"reinit", tfu_study_reinit, "a stage back to its values before training: what is lost?"},
    {"interpolate", tfu_study_interpolate, "loss and metrics on the line between two networks"},
    {"agreement", tfu_study_agreement, "do two networks err on the same examples?"},
    {"probe", tfu_study_probe, "how well do the activations of each layer tell the classes?"},
};

int tfu_cmd_study(struct tfu_cli *cli, int argc, char **argv)
{
    return tfu_cli_kinds_run("study", kinds, TFU_COUNT(kinds), cli, argc, argv);
}
