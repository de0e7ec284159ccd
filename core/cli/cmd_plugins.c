/* SPDX-License-Identifier: MIT
 *
 * transfuse plugins list | describe | check | new
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/cli.h"
#include "core/cli/describe.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/plugins_check.h"
#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/layer/about.h"
#include "core/plugin/open.h"
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
    "\n"
    "KIND is one of\n";

/* What the command line says. */
struct request {
    const char *word[2]; /* what is named: up to two */
    int words;
    const char **pair; /* KEY=VALUE; room for all arguments */
    size_t pairs;
    int64_t seconds;  /* --seconds */
    const char *file; /* --file */
    int kind;         /* --kind; 0: all */
    const char *output;
    bool json, markdown;
};

static int print_help(void)
{
    fputs(help, stdout);
    for (size_t i = 0; i < tfu_kind_count(); i++)
        printf("  %-10s%s\n", tfu_kind_at(i)->name, tfu_kind_at(i)->plural);
    return TFU_EXIT_OK;
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

static int print_json(json_t *j)
{
    char *text = j ? json_dumps(j, JSON_INDENT(2)) : NULL;
    if (text)
        fprintf(tfu_cli_output(), "%s\n", text);
    else
        fputs("transfuse: error: out of memory\n", stderr);
    free(text);
    json_decref(j);
    return text ? TFU_EXIT_OK : TFU_EXIT_FAILED;
}

/* Those that a listing of `kind` (0: all) has. */
static const char *const *core_layers(int kind)
{
    static const char *const none[] = {NULL};
    return kind && kind != TFU_KIND_LAYER ? none : tfu_layer_names();
}

static json_t *list_json(const struct tfu_registry_list *l, int kind)
{
    json_t *array = json_array();
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_registry_entry *e = &l->entry[i];
        json_t *j = json_pack("{s:s, s:s, s:s, s:b}", "kind", tfu_kind_name((int)e->kind), "name",
                              e->name, "path", e->path, "hidden", (int)e->hidden);
        if (e->plugin) {
            json_object_set_new(j, "version", json_string(e->plugin->version));
            json_object_set_new(j, "summary", json_string(e->plugin->summary));
        } else if (!e->hidden) {
            json_object_set_new(j, "refused", json_string(e->error.text));
        }
        json_array_append_new(array, j);
    }
    for (const char *const *layer = core_layers(kind); *layer; layer++)
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:b, s:s}", "kind", "layer", "name", *layer,
                                        "builtin", 1, "summary", tfu_layer_about(*layer)->summary));
    return array;
}

static void print_table(const struct tfu_registry_list *l, int kind)
{
    int name = 14, version = 8; /* "global_avgpool", "built in" */
    for (size_t i = 0; i < l->count; i++)
        if (l->entry[i].plugin) {
            const int n = (int)strlen(l->entry[i].name);
            const int v = (int)strlen(l->entry[i].plugin->version);
            name = n > name ? n : name;
            version = v > version ? v : version;
        }
    printf("%-8s %-*s %-*s %s\n", "kind", name, "name", version, "version", "summary");
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_registry_entry *e = &l->entry[i];
        if (e->plugin)
            printf("%-8s %-*s %-*s %s\n", tfu_kind_name((int)e->kind), name, e->name, version,
                   e->plugin->version, e->plugin->summary);
    }
    for (const char *const *layer = core_layers(kind); *layer; layer++)
        printf("%-8s %-*s %-*s %s\n", "layer", name, *layer, version, "built in",
               tfu_layer_about(*layer)->summary);
}

static int list(struct tfu_registry *r, const struct request *q)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry_list l;
    if (q->words)
        return tfu_cli_usage("plugins", "list takes no name, as in '%s'", q->word[0]);
    if (tfu_registry_list(r, q->kind, &l, &e) != TFU_OK)
        return tfu_cli_error(&e);
    tfu_registry_list_open(r, &l);
    int status = TFU_EXIT_OK;
    if (q->json)
        status = print_json(list_json(&l, q->kind));
    else
        print_table(&l, q->kind);
    for (size_t i = 0; i < l.count; i++)
        if (!l.entry[i].plugin && !l.entry[i].hidden)
            tfu_cli_error(&l.entry[i].error);
    tfu_registry_list_free(&l);
    return status;
}

/* "cbr_tiny", "arch/cbr_tiny" or "./cbr_tiny.so": a name alone is looked for in every kind. */
static enum tfu_status find(struct tfu_registry *r, const char *what, const struct tfu_plugin **out,
                            struct tfu_plugin_file *file, struct tfu_error *e)
{
    const char *slash = strchr(what, '/');
    const size_t n = strlen(what);
    if (n > 3 && strcmp(what + n - 3, ".so") == 0) {
        const enum tfu_status st = tfu_plugin_open(what, 0, NULL, file, e);
        *out = file->plugin;
        return st;
    }
    if (slash) {
        char kind[16];
        snprintf(kind, sizeof kind, "%.*s", (int)(slash - what), what);
        const int number = tfu_kind_from_name(kind);
        if (number)
            return tfu_registry_find(r, (enum tfu_kind)number, slash + 1, NULL, out, e);
    }
    struct tfu_registry_list l;
    enum tfu_status st = tfu_registry_list(r, 0, &l, e);
    if (st != TFU_OK)
        return st;
    const char *const *layer = tfu_layer_names();
    size_t count = 0;
    while (layer[count])
        count++;
    const char **names = calloc(l.count + count + 1, sizeof *names);
    enum tfu_kind kind = 0;
    for (size_t i = 0; names && i < count; i++)
        names[l.count + i] = layer[i];
    for (size_t i = 0; names && i < l.count; i++) {
        names[i] = l.entry[i].name;
        if (!kind && strcmp(names[i], what) == 0)
            kind = l.entry[i].kind;
    }
    if (kind) {
        st = tfu_registry_find(r, kind, what, NULL, out, e);
    } else {
        const char *nearest = names ? tfu_text_nearest(what, names, l.count + count) : NULL;
        st = tfu_error_set(
            e, TFU_ENOTFOUND,
            "there is no plugin '%s'%s%s%s; `transfuse plugins list` shows what there "
            "is",
            what, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
    free(names);
    tfu_registry_list_free(&l);
    return st;
}

/* The layer of the core that "conv2d" or "layer/conv2d" names, or NULL. */
static const char *core_layer(const char *what)
{
    const char *name = strncmp(what, "layer/", 6) == 0 ? what + 6 : what;
    const struct tfu_layer_about *about = tfu_layer_about(name);
    return about ? about->name : NULL;
}

static int describe_layer(const struct request *q, const char *name)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (q->json)
        return print_json(tfu_describe_layer_json(name));
    if (q->markdown)
        tfu_describe_layer_markdown(name, &text);
    else
        tfu_describe_layer(name, &text);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    return TFU_EXIT_OK;
}

/* `path` is its file's, `is_file`: the command line named it so. */
static int describe_plugin(const struct request *q, const struct tfu_plugin *p, const char *path,
                           bool is_file)
{
    if (q->json)
        return print_json(tfu_describe_json(p, path));
    struct tfu_text text = TFU_TEXT_INIT, written = TFU_TEXT_INIT;
    if (is_file) /* a file is one by a slash in its name */
        tfu_text_printf(&written, "%s%s", strchr(path, '/') ? "" : "./", path);
    else
        tfu_text_puts(&written, p->name);
    if (q->markdown)
        tfu_describe_markdown(p, &text);
    else
        tfu_describe(p, path, tfu_text_get(&written), &text);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    tfu_text_free(&written);
    return TFU_EXIT_OK;
}

static int describe(struct tfu_registry *r, const struct request *q)
{
    if (q->words != 1)
        return tfu_cli_usage("plugins", "describe takes one plugin");
    if (q->json && q->markdown)
        return tfu_cli_usage("plugins", "--json and --markdown exclude each other");
    if (core_layer(q->word[0]))
        return describe_layer(q, core_layer(q->word[0]));
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_plugin_file file = {.library = NULL};
    const struct tfu_plugin *p = NULL;
    if (find(r, q->word[0], &p, &file, &e) != TFU_OK)
        return tfu_cli_error(&e);
    const char *path = file.library ? q->word[0] : tfu_registry_path(r, p);
    const int status = describe_plugin(q, p, path, file.library != NULL);
    tfu_plugin_close(&file);
    return status;
}

static int check(struct tfu_registry *r, const struct request *q)
{
    if (q->words != 1)
        return tfu_cli_usage("plugins", "check takes one plugin, and its options as KEY=VALUE");
    if (core_layer(q->word[0]))
        return tfu_cli_usage("plugins", "'%s' is built in: only plugins are checked", q->word[0]);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_plugin_file file = {.library = NULL};
    const struct tfu_plugin *p = NULL;
    if (find(r, q->word[0], &p, &file, &e) != TFU_OK)
        return tfu_cli_error(&e);
    /* a file is named by a path, with a slash */
    struct tfu_text name = TFU_TEXT_INIT;
    if (file.library)
        tfu_text_printf(&name, "%s%s", strchr(q->word[0], '/') ? "" : "./", q->word[0]);
    else
        tfu_text_puts(&name, p->name);
    const struct tfu_plugins_check_request request = {.kind = (enum tfu_kind)p->kind,
                                                      .name = tfu_text_get(&name),
                                                      .pair = q->pair,
                                                      .pair_count = q->pairs,
                                                      .file = q->file,
                                                      .seconds = (unsigned)q->seconds};
    tfu_plugin_close(&file);
    const int status = tfu_plugins_check(r, &request);
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
    const char *to = q->output ? q->output : q->word[1];
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

static int parse(int argc, char **argv, struct request *q)
{
    for (int i = 2; i < argc; i++) {
        const char *a = argv[i];
        if (strcmp(a, "--json") == 0) {
            q->json = true;
        } else if (strcmp(a, "--markdown") == 0) {
            q->markdown = true;
        } else if (strcmp(a, "--kind") == 0 && i + 1 < argc) {
            q->kind = tfu_kind_from_name(argv[++i]);
            if (!q->kind)
                return wrong_kind(argv[i]);
        } else if (strcmp(a, "--output") == 0 && i + 1 < argc) {
            q->output = argv[++i];
        } else if (strcmp(a, "--file") == 0 && i + 1 < argc) {
            q->file = argv[++i];
        } else if (strcmp(a, "--seconds") == 0) {
            int status;
            if (!tfu_model_number("plugins", a, argv[++i], 1, 86400, &q->seconds, &status))
                return status;
        } else if (a[0] == '-') {
            return tfu_cli_usage("plugins", "unknown option '%s', or its value is missing", a);
        } else if (q->words && tfu_cli_is_pair(a)) {
            q->pair[q->pairs++] = a;
        } else if (q->words == 2) {
            return tfu_cli_usage("plugins", "'%s' is one word too many", a);
        } else {
            q->word[q->words++] = a;
        }
    }
    return TFU_EXIT_OK;
}

static int carry_out(struct tfu_cli *cli, const char *action, const struct request *q)
{
    if (q->pairs && strcmp(action, "check") != 0)
        return tfu_cli_usage("plugins", "%s takes no KEY=VALUE, as in '%s'", action, q->pair[0]);
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
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return print_help();
    if (argc < 2)
        return tfu_cli_usage("plugins", "what to do is missing: list, describe, check or new");
    struct request q = {.seconds = 60, .pair = calloc((size_t)argc, sizeof *q.pair)};
    if (!q.pair) {
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_error_memory(&e, "reading the command line", 0);
        return tfu_cli_error(&e);
    }
    int status = parse(argc, argv, &q);
    if (status == TFU_EXIT_OK)
        status = carry_out(cli, argv[1], &q);
    free(q.pair);
    return status;
}
