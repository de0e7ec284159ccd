/* SPDX-License-Identifier: MIT
 *
 * The options take the way of overrides, so that they are checked and reported like those.
 */
#include "core/config/choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/build_choice.h"
#include "core/config/override.h"
#include "core/config/parse.h"
#include "core/config/schema.h"

struct tfu_chosen {
    struct tfu_arena arena;
    struct tfu_plugin_choice choice;
    struct tfu_arch_config arch; /* of an architecture */
};

/* `name` as a double-quoted scalar of YAML. */
static char *quoted(struct tfu_load *l, const char *name)
{
    char *text = tfu_load_array(l, strlen(name) + 2, 2);
    char *to = text;
    if (!text)
        return NULL;
    *to++ = '"';
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            *to++ = '\\';
        *to++ = *name;
    }
    *to++ = '"';
    *to = '\0';
    return text;
}

static void read(struct tfu_load *l, enum tfu_kind kind, const char *name,
                 const char *const *options, size_t count, struct tfu_chosen *c)
{
    const char *section = tfu_kind_name((int)kind);
    const char **overrides = tfu_load_array(l, count + 1, sizeof *overrides);
    const char *value = quoted(l, name);
    if (!overrides || !value)
        return;
    overrides[0] = tfu_load_printf(l, "%s.plugin=%s", section, value);
    for (size_t i = 0; i < count; i++)
        overrides[i + 1] = tfu_load_printf(l, "%s.%s", section, options[i]);
    struct tfu_node *root = tfu_parse_yaml(l, "{}", 2, tfu_load_mark(l));
    if (!root || l->out_of_memory)
        return;
    tfu_override_apply(l, root, overrides, count + 1);
    const struct tfu_node *n = tfu_node_at(root, section);
    const struct tfu_options_table host = tfu_schema_arch(&c->arch);
    if (n)
        tfu_build_choice(l, section, kind, NULL, kind == TFU_KIND_ARCH ? &host : NULL, n,
                         &c->choice);
}

enum tfu_status tfu_chosen_new(struct tfu_chosen **out, enum tfu_kind kind, const char *name,
                               const char *const *options, size_t option_count,
                               struct tfu_registry *r, struct tfu_diagnostics *d,
                               struct tfu_error *e)
{
    *out = NULL;
    struct tfu_chosen *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "reading options", 0);
    tfu_arena_init(&c->arena, 0);
    struct tfu_load l = {
        .arena = &c->arena, .diagnostics = d, .registry = r, .path = TFU_LOAD_COMMAND_LINE};
    const size_t before = tfu_diagnostics_count(d);
    read(&l, kind, name, options, option_count, c);
    enum tfu_status st = TFU_OK;
    if (l.out_of_memory)
        st = tfu_error_memory(e, "reading options", 0);
    else if (tfu_diagnostics_count(d) > before)
        st = tfu_error_set(e, TFU_EINVAL, "the options of '%s' are not right", name);
    if (st == TFU_OK)
        *out = c;
    else
        tfu_chosen_free(c);
    return st;
}

void tfu_chosen_free(struct tfu_chosen *c)
{
    if (!c)
        return;
    tfu_arena_free(&c->arena);
    free(c);
}

const struct tfu_plugin_choice *tfu_chosen_get(const struct tfu_chosen *c)
{
    return &c->choice;
}

const struct tfu_arch_config *tfu_chosen_arch(const struct tfu_chosen *c)
{
    return &c->arch;
}
