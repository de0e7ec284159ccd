/* SPDX-License-Identifier: MIT
 *
 * transfuse plugins list | describe | check | new
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/output.h"
#include "core/cli/plugins_check.h"
#include "core/describe/list_text.h"
#include "core/describe/named.h"
#include "core/describe/plugin_text.h"
#include "core/plugin/places.h"
#include "core/plugin/template.h"

static const char help[] =
    "usage: transfuse plugins list [--kind KIND] [--json]\n"
    "       transfuse plugins describe NAME|KIND/NAME|FILE.so [--json | --markdown]\n"
    "       transfuse plugins check NAME|KIND/NAME|FILE.so [KEY=VALUE]... [--file FILE]\n"
    "                        [--seconds N]\n"
    "       transfuse plugins new KIND NAME [--output FOLDER]\n"
    "\n"
    "  list      the plugins on the search path, and the layers that are built in; those that\n"
    "            cannot be used, and why, on stderr\n"
    "  describe  a plugin's options with types, ranges and defaults, and YAML to paste; a layer's\n"
    "            shapes, parameters and attributes\n"
    "  check     tries whether a plugin keeps the rules of its kind; KEY=VALUE are options of it;\n"
    "            FILE is one of the format that a reader reads, which most of its tests need;\n"
    "            a test that takes more than N seconds (60) has failed; status 1 if one fails\n"
    "  new       a folder (NAME, or --output) with a plugin that builds as it is\n"
    "\n";

/* What the command line says. */
struct request {
    const char *const *word; /* what is named */
    size_t words;
    const char *const *pair; /* KEY=VALUE */
    size_t pairs;
    int64_t seconds;
    const char *kind, *file, *output; /* "": not said */
    int32_t json, markdown;
};

static const struct tfu_option options[] = {
    TFU_OPT_STRING(struct request, kind, "", 0, "of list: this kind alone"),
    TFU_OPT_BOOL(struct request, json, 0, "of list and describe: JSON instead of text"),
    TFU_OPT_BOOL(struct request, markdown, 0, "of describe: as docs/plugins.md has it"),
    TFU_OPT_PATH(struct request, file, "", 0, "of check: one of the format that a reader reads"),
    TFU_OPT_INT(struct request, seconds, 60, 1, 86400, "of check: for each test"),
    TFU_OPT_PATH(struct request, output, "", 0, "of new: the folder, in place of NAME"),
};

static int print_help(const struct tfu_options_table *table)
{
    const int status = tfu_cli_arguments_print_help(help, table, 1);
    puts("\nKIND is one of");
    for (size_t i = 0; i < tfu_kind_count(); i++)
        printf("  %-10s%s\n", tfu_kind_at(i)->name, tfu_kind_at(i)->plural);
    return status;
}

static int wrong_kind(const char *name)
{
    struct tfu_text kinds = TFU_TEXT_INIT;
    tfu_kind_put_names(&kinds, ", ", " and ");
    const int status =
        tfu_cli_usage("plugins", "'%s' is no kind; there are %s", name, tfu_text_get(&kinds));
    tfu_text_free(&kinds);
    return status;
}

static int list(struct tfu_registry *r, const struct request *q)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry_list l;
    if (q->words)
        return tfu_cli_usage("plugins", "list takes no name, as in '%s'", q->word[0]);
    const int kind = q->kind[0] ? tfu_kind_from_name(q->kind) : 0;
    if (q->kind[0] && !kind)
        return wrong_kind(q->kind);
    if (tfu_registry_list(r, kind, &l, &e) != TFU_OK)
        return tfu_cli_error(&e);
    tfu_registry_list_open(r, &l);
    struct tfu_text text = TFU_TEXT_INIT;
    if (!q->json)
        tfu_list_put(&text, &l, kind);
    const int status =
        q->json ? tfu_cli_print_json(tfu_list_json(&l, kind)) : tfu_cli_print_text(&text);
    for (size_t i = 0; i < l.count; i++)
        if (!l.entry[i].plugin && !l.entry[i].hidden)
            tfu_cli_error(&l.entry[i].error);
    tfu_registry_list_free(&l);
    return status;
}

static int describe_layer(const struct request *q, const char *name)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (q->json)
        return tfu_cli_print_json(tfu_describe_layer_json(name));
    if (q->markdown)
        tfu_describe_layer_markdown(name, &text);
    else
        tfu_describe_layer(name, &text);
    return tfu_cli_print_text(&text);
}

static int describe_plugin(const struct request *q, const struct tfu_named *n)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (q->json)
        return tfu_cli_print_json(tfu_describe_json(n->plugin, n->path));
    if (q->markdown)
        tfu_describe_markdown(n->plugin, &text);
    else
        tfu_describe(n->plugin, n->path, tfu_text_get(&n->written), &text);
    return tfu_cli_print_text(&text);
}

static int describe(struct tfu_registry *r, const struct request *q)
{
    if (q->words != 1)
        return tfu_cli_usage("plugins", "describe takes one plugin");
    if (q->json && q->markdown)
        return tfu_cli_usage("plugins", "--json and --markdown exclude each other");
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_named n;
    int status;
    if (tfu_named_find(&n, r, q->word[0], &e) != TFU_OK)
        status = tfu_cli_error(&e);
    else
        status = n.layer ? describe_layer(q, n.layer) : describe_plugin(q, &n);
    tfu_named_free(&n);
    return status;
}

static int check(struct tfu_registry *r, const struct request *q)
{
    if (q->words != 1)
        return tfu_cli_usage("plugins", "check takes one plugin, and its options as KEY=VALUE");
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_named n;
    int status = TFU_EXIT_OK;
    if (tfu_named_find(&n, r, q->word[0], &e) != TFU_OK)
        status = tfu_cli_error(&e);
    else if (n.layer)
        status = tfu_cli_usage("plugins", "'%s' is built in: only plugins are checked", q->word[0]);
    if (status != TFU_EXIT_OK) {
        tfu_named_free(&n);
        return status;
    }
    struct tfu_text name = n.written;
    const struct tfu_plugins_check_request request = {.kind = (enum tfu_kind)n.plugin->kind,
                                                      .name = tfu_text_get(&name),
                                                      .pair = q->pair,
                                                      .pair_count = q->pairs,
                                                      .file = q->file[0] ? q->file : NULL,
                                                      .seconds = (unsigned)q->seconds};
    n.written = (struct tfu_text)TFU_TEXT_INIT;
    tfu_named_free(&n); /* the check opens it by itself */
    status = tfu_plugins_check(r, &request);
    tfu_text_free(&name);
    return status;
}

static int make_new(const struct request *q)
{
    if (q->words != 2)
        return tfu_cli_usage("plugins", "new takes a kind and a name");
    const int kind = tfu_kind_from_name(q->word[0]);
    if (!kind)
        return wrong_kind(q->word[0]);
    struct tfu_error e = TFU_ERROR_INIT;
    const char *named = getenv("TRANSFUSE_TEMPLATES");
    const char *to = q->output[0] ? q->output : q->word[1];
    char *templates = named && named[0] ? strdup(named) : tfu_own_templates();
    const enum tfu_status st = templates ? tfu_template_copy(templates, kind, q->word[1], to, &e)
                                         : tfu_error_memory(&e, "looking for templates", 0);
    free(templates);
    if (st != TFU_OK)
        return tfu_cli_error(&e);
    printf("%s: a new plugin of kind %s; next: cd %s && make && make check\n"
           "make ARCH=native compiles for the processor of this machine, faster and for it alone\n",
           to, q->word[0], to);
    return TFU_EXIT_OK;
}

static int carry_out(struct tfu_cli *cli, const char *action, const struct request *q)
{
    if (q->pairs && strcmp(action, "check") != 0)
        return tfu_cli_usage("plugins", "%s takes no KEY=VALUE, as in '%s'", action, q->pair[0]);
    if (q->words > 2)
        return tfu_cli_usage("plugins", "'%s' is one word too many", q->word[2]);
    if (strcmp(action, "new") == 0)
        return make_new(q);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *r = NULL;
    if (tfu_cli_registry(cli, &r, &e) != TFU_OK)
        return tfu_cli_error(&e);
    int status;
    if (strcmp(action, "list") == 0)
        status = list(r, q);
    else if (strcmp(action, "describe") == 0)
        status = describe(r, q);
    else if (strcmp(action, "check") == 0)
        status = check(r, q);
    else
        status = tfu_cli_usage("plugins",
                               "'%s' is not a thing to do; there are list, describe, check and new",
                               action);
    tfu_registry_free(r);
    return status;
}

int tfu_cmd_plugins(struct tfu_cli *cli, int argc, char **argv)
{
    struct request q = {.words = 0};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &q);
    struct tfu_cli_arguments a = {.command = "plugins", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    const char *action = tfu_cli_arguments_shift(&a);
    q.word = a.positional;
    q.words = a.positional_count;
    q.pair = a.pair;
    q.pairs = a.pair_count;
    if (status == TFU_EXIT_OK && a.help)
        status = print_help(&table);
    else if (status == TFU_EXIT_OK && !action)
        status = tfu_cli_usage("plugins", "what to do is missing: list, describe, check or new");
    else if (status == TFU_EXIT_OK)
        status = carry_out(cli, action, &q);
    tfu_cli_arguments_free(&a);
    return status;
}
