/* SPDX-License-Identifier: MIT */
#include "core/describe/key_text.h"

#include <string.h>

#include "core/base/json.h"
#include "core/config/reference.h"
#include "core/describe/option_text.h"

enum { NAMES_MAX = 512 };

/* One request on its way. */
struct printer {
    struct tfu_registry *registry;
    const char *path; /* as the sections have it; "": all */
    enum tfu_key_form form;
    struct tfu_text *out;
    json_t *json;
    size_t found;
    bool failed; /* memory ran out */
};

/* Is `name` the path that is asked for, or does that lie around it? */
static bool is_within(const char *path, const char *name)
{
    const size_t n = strlen(path);
    return n == 0 || (strncmp(name, path, n) == 0 && (name[n] == '\0' || name[n] == '.'));
}

static struct tfu_text full_name(const char *section, const char *key)
{
    struct tfu_text t = TFU_TEXT_INIT;
    tfu_text_printf(&t, "%s%s%s", section, section[0] ? "." : "", key);
    return t;
}

static bool is_wanted(const struct printer *p, const char *section, const char *key)
{
    struct tfu_text name = full_name(section, key);
    const bool wanted = is_within(p->path, tfu_text_get(&name));
    tfu_text_free(&name);
    return wanted;
}

static void put(struct printer *p, const struct tfu_option_view *v)
{
    p->found++;
    if (p->form == TFU_KEY_JSON)
        p->failed |= json_array_append_new(p->json, tfu_option_json(v)) != 0;
    else if (p->form == TFU_KEY_MARKDOWN)
        tfu_option_put_table_line(p->out, v);
    else
        tfu_option_put_text(p->out, v);
}

/* ---- the program's own keys */

/* An example, each line of it behind four blanks. */
static void put_example(struct tfu_text *out, const char *yaml)
{
    for (size_t n; *yaml; yaml += n) {
        n = strcspn(yaml, "\n");
        n += yaml[n] == '\n';
        tfu_text_printf(out, "    %.*s", (int)n, yaml);
    }
    tfu_text_puts(out, "\n");
}

static void put_head(struct printer *p, const struct tfu_reference_section *s)
{
    struct tfu_text *out = p->out;
    const char *name = s->path[0] ? s->path : "the file itself";
    if (p->form == TFU_KEY_JSON)
        return;
    if (p->form == TFU_KEY_TEXT) {
        tfu_text_printf(out, "%s%s\n%s\n", out->length ? "\n" : "", name, s->help);
        if (s->yaml)
            put_example(out, s->yaml);
    } else {
        tfu_text_printf(out, "## %s\n\n", name);
        tfu_option_put_markdown(out, s->help);
        tfu_text_puts(out, "\n\n");
        if (s->yaml)
            put_example(out, s->yaml);
        tfu_text_puts(out, s->yaml ? "\n" : "");
        tfu_option_put_table_head(out, "key");
    }
}

static void put_tail(struct printer *p, const struct tfu_reference_section *s)
{
    const char *kind = tfu_kind_name(s->kind);
    if (p->form == TFU_KEY_TEXT && kind)
        tfu_text_printf(p->out,
                        "  Options of the plugin stand beside these: `transfuse plugins list "
                        "--kind %s`, `transfuse plugins describe NAME`.\n",
                        kind);
    else if (p->form == TFU_KEY_MARKDOWN && kind)
        tfu_text_printf(p->out, "\nOptions of the plugin stand beside these: "
                                "[plugins.md](plugins.md), `transfuse plugins describe NAME`.\n\n");
    else if (p->form == TFU_KEY_MARKDOWN)
        tfu_text_puts(p->out, "\n");
}

static void put_section(struct printer *p, const struct tfu_reference_section *s)
{
    const bool whole = strcmp(s->path, p->path) == 0 || is_within(p->path, s->path);
    bool begun = false;
    for (size_t i = 0; i < tfu_reference_key_count(s); i++) {
        const struct tfu_option *o = tfu_reference_key(s, i);
        if (!is_wanted(p, s->path, o->name))
            continue;
        if (whole && !begun)
            put_head(p, s);
        begun = true;
        const struct tfu_reference_words words = tfu_reference_words(s->path, o->name);
        struct tfu_option_view v = tfu_option_view(o);
        v.section = s->path;
        v.type = words.type;
        v.standard = words.standard;
        put(p, &v);
    }
    if (whole && begun)
        put_tail(p, s);
}

/* ---- options of plugins */

/* The part of the path behind the section, or NULL. */
static const char *option_part(const char *path, const char *section)
{
    const size_t n = strlen(section);
    return n && strncmp(path, section, n) == 0 && path[n] == '.' && path[n + 1] ? path + n + 1
                                                                                : NULL;
}

static void put_plugin_options(struct printer *p, const struct tfu_reference_section *s,
                               const struct tfu_plugin *plugin, const char *option)
{
    bool begun = false;
    for (uint32_t i = 0; i < plugin->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(plugin, i);
        if (!is_within(option, o->name))
            continue;
        if (!begun && p->form == TFU_KEY_TEXT)
            tfu_text_printf(p->out, "with {plugin: %s}\n", plugin->name);
        begun = true;
        struct tfu_option_view v = tfu_option_view(o);
        v.section = s->path;
        put(p, &v);
    }
}

static enum tfu_status put_options(struct printer *p, const struct tfu_reference_section *s,
                                   struct tfu_error *e)
{
    const char *option = s->kind ? option_part(p->path, s->path) : NULL;
    if (!option)
        return TFU_OK;
    struct tfu_registry_list l;
    const enum tfu_status st = tfu_registry_list(p->registry, s->kind, &l, e);
    if (st != TFU_OK)
        return st;
    tfu_registry_list_open(p->registry, &l);
    for (size_t i = 0; i < l.count; i++)
        if (l.entry[i].plugin)
            put_plugin_options(p, s, l.entry[i].plugin, option);
    tfu_registry_list_free(&l);
    return TFU_OK;
}

/* ---- what is not there */

/* Does the path of a key end with `word`, which is one component or several? */
static bool ends_with(const char *name, const char *word)
{
    const size_t n = strlen(name), m = strlen(word);
    return n > m && name[n - m - 1] == '.' && strcmp(name + n - m, word) == 0;
}

static enum tfu_status report_unknown(const struct printer *p, const char *path,
                                      struct tfu_error *e)
{
    struct tfu_text name[NAMES_MAX], similar = TFU_TEXT_INIT;
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (size_t k = 0; k < tfu_reference_count(); k++) {
        const struct tfu_reference_section s = tfu_reference_section(k);
        for (size_t i = 0; i <= tfu_reference_key_count(&s) && count < NAMES_MAX; i++) {
            const bool is_key = i < tfu_reference_key_count(&s);
            if (!is_key && !s.path[0])
                continue;
            name[count] =
                full_name(is_key ? s.path : "", is_key ? tfu_reference_key(&s, i)->name : s.path);
            names[count] = tfu_text_get(&name[count]);
            if (ends_with(names[count], p->path))
                tfu_text_printf(&similar, "%s%s", similar.length ? ", " : "", names[count]);
            count++;
        }
    }
    const char *nearest = tfu_text_nearest(p->path, names, count);
    if (similar.length)
        tfu_error_set(e, TFU_ENOTFOUND, "there is no key '%s'; there is %s", path,
                      tfu_text_get(&similar));
    else if (nearest)
        tfu_error_set(e, TFU_ENOTFOUND, "there is no key '%s'; did you mean '%s'?", path, nearest);
    else
        tfu_error_set(e, TFU_ENOTFOUND,
                      "there is no key '%s'; `transfuse config describe` lists all", path);
    for (size_t i = 0; i < count; i++)
        tfu_text_free(&name[i]);
    tfu_text_free(&similar);
    return TFU_ENOTFOUND;
}

/* ---- all of it */

static enum tfu_status fill(struct printer *p, struct tfu_error *e)
{
    if (p->form == TFU_KEY_MARKDOWN && !p->path[0])
        tfu_text_puts(
            p->out,
            "# Every key of a configuration\n\n"
            "Made by `make reference` from the tables by which configurations are read; "
            "`transfuse config describe KEY` prints the same of one key. A key with dots is "
            "written "
            "as mappings, one in the other; on a command line as it is, with `=` and a value. How "
            "files include each other and values are overridden: "
            "[configure.md](configure.md).\n\n");
    for (size_t i = 0; i < tfu_reference_count(); i++) {
        const struct tfu_reference_section s = tfu_reference_section(i);
        put_section(p, &s);
    }
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; p->found == 0 && i < tfu_reference_count() && st == TFU_OK; i++) {
        const struct tfu_reference_section s = tfu_reference_section(i);
        st = put_options(p, &s, e);
    }
    return st;
}

enum tfu_status tfu_key_text(struct tfu_text *out, struct tfu_registry *r, const char *path,
                             enum tfu_key_form form, struct tfu_error *e)
{
    struct tfu_text normal = TFU_TEXT_INIT;
    tfu_reference_normalise(&normal, path ? path : "");
    struct printer p = {.registry = r,
                        .path = tfu_text_get(&normal),
                        .form = form,
                        .out = out,
                        .json = json_array()};
    enum tfu_status st = TFU_OK;
    if (normal.failed || !p.json)
        st = tfu_error_memory(e, "describing a configuration", 0);
    if (st == TFU_OK)
        st = fill(&p, e);
    if (st == TFU_OK && p.found == 0)
        st = report_unknown(&p, path, e);
    if (st == TFU_OK && form == TFU_KEY_JSON)
        st = tfu_json_write(json_incref(p.json), out, e);
    if (st == TFU_OK && (out->failed || p.failed))
        st = tfu_error_memory(e, "describing a configuration", 0);
    json_decref(p.json);
    tfu_text_free(&normal);
    return st;
}
