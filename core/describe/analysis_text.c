/* SPDX-License-Identifier: MIT */
#include "core/describe/analysis_text.h"

#include "core/analysis/study_networks.h"
#include "core/describe/option_text.h"

/* "A B": the networks on a command line. */
static const char *networks_of(const struct tfu_analysis *a)
{
    static const char *const words[] = {[TFU_ANALYSIS_TAKES_LIST] = "NETWORK...",
                                        [TFU_ANALYSIS_TAKES_PAIR] = "A B",
                                        [TFU_ANALYSIS_TAKES_LINES] = "A B [--pair NAME A B]...",
                                        [TFU_ANALYSIS_TAKES_FILES] = "X Y"};
    return a->takes == TFU_ANALYSIS_TAKES_LIST && a->most == 1 ? "NETWORK" : words[a->takes];
}

void tfu_analysis_put_usage(const struct tfu_analysis *a, const char *command, struct tfu_text *out)
{
    tfu_text_printf(out, "usage: transfuse %s %s %s[OPTION]... [KEY=VALUE]...\n\n%s", command,
                    networks_of(a), a->is_figure ? "--output FOLDER " : "", a->about);
    if (a->takes != TFU_ANALYSIS_TAKES_FILES)
        tfu_text_puts(
            out,
            "\nA network is RUN (its best checkpoint, else its final), RUN@best, RUN@final,\n"
            "RUN@initial (before its first step), RUN@STEP, CONFIG.yaml (its initial state), or "
            "a file\nof weights.\n");
    tfu_text_printf(out, "\n  KEY=VALUE           %s\n",
                    tfu_analysis_metric_option(a)
                        ? "an option of the metric; `transfuse plugins describe NAME` lists them"
                        : "overrides of the networks' configurations");
    if (a->takes == TFU_ANALYSIS_TAKES_LINES)
        tfu_text_puts(out,
                      "  --pair NAME A B     another pair, a line of its own; pairs of one NAME "
                      "are one line, with the\n"
                      "                      spread over them: runs that differ in their seeds\n");
}

/* ---- the page */

/* "`of`" or "`a`, `b`, `pair_by`, `among`, `lines`" */
static void put_keys(struct tfu_text *out, enum tfu_analysis_takes takes)
{
    size_t count;
    const char *const *key = tfu_study_network_keys(takes, &count);
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(out, "%s`%s`", i ? ", " : "", key[i]);
}

static void put_networks(struct tfu_text *out, const struct tfu_analysis *a)
{
    const bool list = a->takes == TFU_ANALYSIS_TAKES_LIST;
    tfu_text_printf(out, "    transfuse %s%s%s %s%s [OPTION]... [KEY=VALUE]...\n\n", a->group,
                    a->group[0] ? " " : "", a->name, networks_of(a),
                    a->is_figure ? " --output FOLDER" : "");
    if (list && a->most == 1)
        tfu_text_puts(out, "Takes one network; ");
    else if (list)
        tfu_text_printf(out, "Takes %zu to %zu networks; ", a->least, a->most);
    else if (a->takes == TFU_ANALYSIS_TAKES_LINES)
        tfu_text_puts(out, "Takes pairs of networks, of which those of one name are a line; ");
    else
        tfu_text_printf(out, "Takes two %s; ",
                        a->takes == TFU_ANALYSIS_TAKES_FILES ? "files" : "networks");
    tfu_text_puts(out, "in a study file: ");
    put_keys(out, a->takes);
    tfu_text_puts(out, ".\n\n");
}

/* "choice: a, b" without the empty word that stands for nothing said */
static void put_choices(struct tfu_text *out, const struct tfu_option *o)
{
    tfu_text_puts(out, "choice: ");
    for (size_t i = 1; o->choices[i]; i++)
        tfu_text_printf(out, "%s%s", i > 1 ? ", " : "", o->choices[i]);
}

static void put_option(struct tfu_text *out, const struct tfu_option *o)
{
    struct tfu_option_view v = tfu_option_view(o);
    struct tfu_text choices = TFU_TEXT_INIT;
    const bool open_choice = o->type == TFU_ENUM && !o->choices[0][0];
    if (open_choice) {
        put_choices(&choices, o);
        v.type = tfu_text_get(&choices);
    }
    if (open_choice || (o->type == TFU_INT && o->idef < o->imin) ||
        ((o->type == TFU_STRING || o->type == TFU_PATH) && (!o->sdef || !o->sdef[0])))
        v.standard = "-"; /* nothing said; the meaning says what is done then */
    tfu_option_put_table_line(out, &v);
    out->failed |= choices.failed;
    tfu_text_free(&choices);
}

static void put_analysis(struct tfu_text *out, const struct tfu_analysis *a)
{
    tfu_text_printf(out, "## %s\n\n", a->name);
    tfu_option_put_markdown(out, a->summary);
    tfu_text_puts(out, "\n\n");
    tfu_option_put_markdown(out, a->about);
    tfu_text_puts(out, "\n");
    put_networks(out, a);
    tfu_option_put_table_head(out, "option");
    for (size_t i = 0; i < a->options; i++)
        put_option(out, &a->option[i]);
    tfu_text_puts(out, "\n");
}

void tfu_reference_analyses(struct tfu_text *out)
{
    tfu_text_puts(
        out,
        "# Analyses\n\n"
        "Made by `make reference` from the tables by which options are read; `transfuse analyse "
        "NAME --help` prints\n"
        "the same of one analysis. An option is a key of a study file "
        "([study-file.md](study-file.md)), `rows: 5000`,\n"
        "and a flag, `--rows 5000`; `_` in a key is `-` in a flag, and a list has commas between "
        "its items. What the\n"
        "numbers mean is in [metrics.md](metrics.md), [studies.md](studies.md) and "
        "[figures.md](figures.md).\n\n"
        "By hand, beside the options below: `--output FOLDER` writes tables (CSV) and figures, "
        "`--json` prints JSON\n"
        "instead of text, `--quiet` shows no progress. Options of a metric are given as "
        "`KEY=VALUE`, `--mode MODE` is\n"
        "short for `mode=MODE`, and in a study file they stand beside the metric's name: `metric: "
        "{plugin: svcca, mode:\n"
        "cca}`. Where there is no metric, `KEY=VALUE` overrides the networks' configurations, as "
        "`set` does. A network\n"
        "is RUN, RUN@best, RUN@final, RUN@initial, RUN@STEP, CONFIG.yaml or a file of weights "
        "([evaluation.md](evaluation.md)).\n\n");
    for (size_t i = 0; i < tfu_analysis_count; i++)
        put_analysis(out, tfu_analyses[i]);
    if (out->length)
        out->data[--out->length] = '\0'; /* no empty line at the end */
}
