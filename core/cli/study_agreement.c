/* SPDX-License-Identifier: MIT
 *
 * transfuse study agreement
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/cli/output.h"
#include "core/cli/study.h"
#include "core/study/agreement.h"
#include "core/task/task.h"

static const char help[] =
    "usage: transfuse study agreement A B [KEY=VALUE...] [--split NAME] [--output FOLDER]\n"
    "                                 [--json] [--quiet]\n"
    "\n"
    "Do two networks say the same of the same examples, and do they err on the same ones? Shares "
    "of\n"
    "examples that both get right, only A, only B, neither; Cohen's kappa of what they say; and\n"
    "error consistency: how far `both right or both wrong` is above what their accuracies alone\n"
    "would have it be (0: no more than chance, 1: they err on the very same examples). Of each\n"
    "label of a multi-label task, whose probability counts as a yes from 0.5 on.\n"
    "\n"
    "A and B are the folder of a run (its best checkpoint, else its final), RUN@best, RUN@final,\n"
    "RUN@initial, RUN@STEP, a configuration (its initial state) or a checkpoint; they may be of\n"
    "different architecture, but must have the same task and data.\n"
    "\n"
    "  --split NAME     train, valid or test; default: test, else valid\n"
    "  --config FILE    the configuration that files of weights belong to\n"
    "  --output FOLDER  write agreement-scores.csv and the figure agreement there\n"
    "  --json           print all as JSON; what is not defined is null\n"
    "  --quiet          show no progress\n";

/* The numbers of an agreement, as JSON, CSV and the table have them. */
static const struct {
    const char *key, *title;
    size_t place; /* of a tfu_estimate in struct tfu_agreement */
} columns[] = {
    {"accuracy_a", "A right", offsetof(struct tfu_agreement, accuracy_a)},
    {"accuracy_b", "B right", offsetof(struct tfu_agreement, accuracy_b)},
    {"both_right", "both", offsetof(struct tfu_agreement, both_right)},
    {"only_a", "only A", offsetof(struct tfu_agreement, only_a)},
    {"only_b", "only B", offsetof(struct tfu_agreement, only_b)},
    {"both_wrong", "none", offsetof(struct tfu_agreement, both_wrong)},
    {"both_wrong_chance", "chance", offsetof(struct tfu_agreement, both_wrong_chance)},
    {"same", "same", offsetof(struct tfu_agreement, same)},
    {"kappa", "kappa", offsetof(struct tfu_agreement, kappa)},
    {"chance", NULL, offsetof(struct tfu_agreement, chance)},
    {"consistency", "consistency", offsetof(struct tfu_agreement, consistency)},
};

static double number(const struct tfu_agreement *g, size_t column)
{
    const void *at = (const char *)g + columns[column].place;
    return tfu_study_value(*(const struct tfu_estimate *)at);
}

/* "all" for the one item of a classification, else the label's name, else its number. */
static void name_item(const struct tfu_experiment *x, const char *const *names, size_t item,
                      struct tfu_text *out)
{
    if (tfu_task_of(&x->task)->words.chooses_one)
        tfu_text_puts(out, "all");
    else if (names)
        tfu_text_puts(out, names[item]);
    else
        tfu_text_printf(out, "%zu", item);
}

struct named {
    const struct tfu_study *study;
    const struct tfu_agreements *agreements;
    const char *const *class_names; /* NULL: none */
};

static json_t *to_json(const struct named *n)
{
    json_t *items = json_array();
    for (size_t i = 0; i < n->agreements->count; i++) {
        const struct tfu_agreement *g = &n->agreements->item[i];
        struct tfu_text name = TFU_TEXT_INIT;
        name_item(n->study->subject[0]->experiment, n->class_names, i, &name);
        json_t *item = json_pack("{s:s, s:I}", "name", tfu_text_get(&name), "examples",
                                 (json_int_t)g->examples);
        for (size_t k = 0; k < TFU_COUNT(columns); k++)
            json_object_set_new(item, columns[k].key, tfu_json_number(number(g, k)));
        json_array_append_new(items, item);
        tfu_text_free(&name);
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:o}", "a", n->study->subject[0]->label, "b",
                     n->study->subject[1]->label, "split", n->agreements->split, "examples",
                     (json_int_t)n->agreements->examples, "agreement", items);
}

static void print_reasons(const struct named *n)
{
    bool none = false, kappa = false, consistency = false;
    for (size_t i = 0; i < n->agreements->count; i++) {
        const struct tfu_agreement *g = &n->agreements->item[i];
        none = none || g->examples == 0;
        kappa = kappa || (g->examples > 0 && !g->kappa.defined);
        consistency = consistency || (g->examples > 0 && !g->consistency.defined);
    }
    if (none)
        puts("  n/a without examples: no known labels");
    if (kappa)
        puts("  kappa n/a: both networks say one and the same thing of every example");
    if (consistency)
        puts("  consistency n/a: both networks are right always, or wrong always");
}

static enum tfu_status print(const struct named *n, struct tfu_error *e)
{
    struct tfu_table t;
    const struct tfu_study *s = n->study;
    size_t shown = 2;
    for (size_t k = 0; k < TFU_COUNT(columns); k++)
        shown += columns[k].title != NULL;
    tfu_table_init(&t, shown);
    tfu_table_cell(&t, "label");
    tfu_table_cell(&t, "examples");
    for (size_t k = 0; k < TFU_COUNT(columns); k++)
        if (columns[k].title)
            tfu_table_cell(&t, "%s", columns[k].title);
    for (size_t i = 0; i < n->agreements->count; i++) {
        const struct tfu_agreement *g = &n->agreements->item[i];
        struct tfu_text name = TFU_TEXT_INIT;
        name_item(s->subject[0]->experiment, n->class_names, i, &name);
        tfu_table_cell(&t, "%s", tfu_text_get(&name));
        tfu_text_free(&name);
        tfu_table_cell(&t, "%" PRId64, g->examples);
        for (size_t k = 0; k < TFU_COUNT(columns); k++)
            if (columns[k].title)
                tfu_table_number(&t, number(g, k), 4);
    }
    printf("A: %s\nB: %s\n%s data, %" PRId64 " examples\n", s->subject[0]->label,
           s->subject[1]->label, n->agreements->split, n->agreements->examples);
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    print_reasons(n);
    return st;
}

static enum tfu_status write(const struct named *n, struct tfu_error *e)
{
    struct tfu_study_file f;
    const enum tfu_status st = tfu_study_file_open(&f, n->study, "agreement-scores.csv", e);
    if (st == TFU_OK) {
        tfu_csv_text(&f.csv, "label");
        tfu_csv_text(&f.csv, "examples");
        for (size_t k = 0; k < TFU_COUNT(columns); k++)
            tfu_csv_text(&f.csv, columns[k].key);
        tfu_csv_end_line(&f.csv);
        for (size_t i = 0; i < n->agreements->count; i++) {
            struct tfu_text name = TFU_TEXT_INIT;
            name_item(n->study->subject[0]->experiment, n->class_names, i, &name);
            tfu_csv_text(&f.csv, tfu_text_get(&name));
            tfu_text_free(&name);
            tfu_csv_int(&f.csv, n->agreements->item[i].examples);
            for (size_t k = 0; k < TFU_COUNT(columns); k++)
                tfu_csv_number(&f.csv, number(&n->agreements->item[i], k), 17);
            tfu_csv_end_line(&f.csv);
        }
    }
    return tfu_study_file_close(&f, st, e);
}

/* ---- the figure */

static enum tfu_status draw_panel(const struct named *n, const struct tfu_figure_panel *panel,
                                  const char *what, struct tfu_error *e)
{
    struct tfu_text caption = TFU_TEXT_INIT;
    tfu_text_printf(&caption, "%s A: %s; B: %s; %s data, %" PRId64 " examples.", what,
                    n->study->subject[0]->label, n->study->subject[1]->label, n->agreements->split,
                    n->agreements->examples);
    const struct tfu_figure figure = {.kind = TFU_FIGURE_LINES,
                                      .caption = tfu_text_get(&caption),
                                      .panel = panel,
                                      .panel_count = 1};
    const enum tfu_status st = caption.failed ? tfu_error_memory(e, "drawing a figure", 0)
                                              : tfu_study_figure(n->study, &figure, "agreement", e);
    tfu_text_free(&caption);
    return st;
}

/* One item: shares of examples, beside those of networks that err independently. */
static enum tfu_status draw_shares(const struct named *n, struct tfu_error *e)
{
    static const char *const category[] = {"both right", "only A", "only B", "both wrong"};
    const struct tfu_agreement *g = &n->agreements->item[0];
    const double a = tfu_study_value(g->accuracy_a), b = tfu_study_value(g->accuracy_b);
    const double seen[] = {tfu_study_value(g->both_right), tfu_study_value(g->only_a),
                           tfu_study_value(g->only_b), tfu_study_value(g->both_wrong)};
    const double chance[] = {a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)};
    struct tfu_figure_point point[2][TFU_COUNT(category)];
    for (size_t i = 0; i < TFU_COUNT(category); i++) {
        point[0][i] = (struct tfu_figure_point){(double)i, seen[i], NAN, NAN};
        point[1][i] = (struct tfu_figure_point){(double)i, chance[i], NAN, NAN};
    }
    const struct tfu_figure_series series[] = {
        {.label = "these networks", .point = point[0], .count = TFU_COUNT(category)},
        {.label = "independent ones", .point = point[1], .count = TFU_COUNT(category)},
    };
    const struct tfu_figure_panel panel = {
        .x_label = "",
        .y_label = "share of examples",
        .category = category,
        .category_count = TFU_COUNT(category),
        .series = series,
        .series_count = TFU_COUNT(series),
    };
    return draw_panel(n, &panel,
                      "Who is right, and what it would be of independent networks that are right "
                      "as often.",
                      e);
}

/* Several: the two kappas of each label. */
static enum tfu_status draw_kappas(const struct named *n, struct tfu_figure_point *point,
                                   struct tfu_text *name, const char **category,
                                   struct tfu_error *e)
{
    const size_t count = n->agreements->count;
    for (size_t i = 0; i < count; i++) {
        const struct tfu_agreement *g = &n->agreements->item[i];
        const double consistency = tfu_study_value(g->consistency),
                     kappa = tfu_study_value(g->kappa);
        name_item(n->study->subject[0]->experiment, n->class_names, i, &name[i]);
        category[i] = tfu_text_get(&name[i]);
        point[i] = (struct tfu_figure_point){(double)i, consistency, NAN, NAN};
        point[count + i] = (struct tfu_figure_point){(double)i, kappa, NAN, NAN};
    }
    const struct tfu_figure_series series[] = {
        {.label = "error consistency", .point = point, .count = count},
        {.label = "kappa of what they say", .point = point + count, .count = count},
    };
    const struct tfu_figure_panel panel = {
        .x_label = "label",
        .y_label = "beyond chance",
        .category = category,
        .category_count = count,
        .series = series,
        .series_count = TFU_COUNT(series),
    };
    return draw_panel(n, &panel, "Agreement beyond chance, 1 at most.", e);
}

static enum tfu_status draw(const struct named *n, struct tfu_error *e)
{
    const size_t count = n->agreements->count;
    if (count == 1)
        return draw_shares(n, e);
    struct tfu_figure_point *point = calloc(count, 2 * sizeof *point);
    struct tfu_text *name = calloc(count, sizeof *name);
    const char **category = calloc(count, sizeof *category);
    const enum tfu_status st = point && name && category
                                   ? draw_kappas(n, point, name, category, e)
                                   : tfu_error_memory(e, "drawing a figure", 0);
    for (size_t i = 0; name && i < count; i++)
        tfu_text_free(&name[i]);
    free(point);
    free(name);
    free(category);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_study *s, struct tfu_error *e)
{
    (void)arg;
    const struct tfu_agreement_request request = {
        .a = s->subject[0],
        .b = s->subject[1],
        .split = s->arguments.split,
        .arg = &s->progress,
        .progress = tfu_progress_evaluating,
    };
    struct tfu_agreements agreements;
    enum tfu_status st = tfu_agree(&agreements, &request, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_task_config *task = &s->subject[0]->experiment->task;
    const struct named n = {
        .study = s,
        .agreements = &agreements,
        .class_names =
            task->class_names.count == (uint64_t)task->classes ? task->class_names.item : NULL,
    };
    tfu_progress_end(&s->progress);
    st = s->arguments.json ? tfu_cli_json_print(to_json(&n), e) : print(&n, e);
    if (st == TFU_OK && s->arguments.output)
        st = write(&n, e);
    if (st == TFU_OK && s->arguments.output)
        st = draw(&n, e);
    tfu_agreements_free(&agreements);
    return st;
}

int tfu_study_agreement(struct tfu_cli *cli, int argc, char **argv)
{
    const struct tfu_study_command command = {
        .name = "study agreement",
        .help = help,
        .subjects = 2,
        .run = run,
    };
    return tfu_study_main(cli, &command, argc, argv);
}
