/* SPDX-License-Identifier: MIT */
#include "core/config/study.h"

#include <string.h>

#include "core/config/merge.h"
#include "core/config/replace.h"
#include "core/config/study_base.h"
#include "core/config/study_lists.h"

const char *const tfu_study_roots[] = {
    "study", "profile",    "profiles",  "store",  "output", /* of the file as a whole */
    "base",  "runs",       "cases",     "add",    "exclude",  "zip",    "draw",
    "tune",  "early_stop", "max_cases", "launch", "analyses", "report", NULL};

static size_t root_count(void)
{
    return TFU_COUNT(tfu_study_roots) - 1;
}

/* The value of the last `profile=NAME` on the command line; NULL: there is none. */
static const char *asked_for(const struct tfu_document *document)
{
    static const char key[] = "profile=";
    const char *found = NULL;
    for (size_t i = 0; i < document->override_count; i++)
        if (strncmp(document->override[i], key, sizeof key - 1) == 0)
            found = document->override[i] + sizeof key - 1;
    return found;
}

static void refuse_profile(struct tfu_load *l, const struct tfu_node *profiles, const char *name,
                           struct tfu_mark m)
{
    const char *names[TFU_LOAD_KEYS];
    size_t count = 0;
    struct tfu_text advice = TFU_TEXT_INIT;
    if (profiles && profiles->kind == TFU_NODE_MAPPING)
        for (const struct tfu_node *n = profiles->first; n && count < TFU_LOAD_KEYS; n = n->next)
            names[count++] = n->key;
    tfu_text_put_advice(&advice, name, names, count);
    tfu_diagnostics_add(l->diagnostics, m, "profile: `profiles` has no '%s'%s", name,
                        tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

static void refuse_no_mapping(struct tfu_load *l, const struct tfu_node *profile)
{
    tfu_diagnostics_add(l->diagnostics, profile->mark,
                        "profiles.%s: expected a mapping of keys of this file, got %s",
                        profile->key, tfu_node_describe(l, profile));
}

static void refuse_key(struct tfu_load *l, const struct tfu_node *profile, const struct tfu_node *n)
{
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_put_advice(&advice, n->key, tfu_study_roots, root_count());
    tfu_diagnostics_add(l->diagnostics, n->key_mark, "profiles.%s.%s: unknown key%s", profile->key,
                        n->key, tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

/* Of profiles that are not chosen only the keys are looked at: what they lay over the file is
 * checked with all of it, when they are.
 */
static void check_others(struct tfu_load *l, const struct tfu_node *profiles, const char *chosen)
{
    for (const struct tfu_node *p = profiles ? profiles->first : NULL; p; p = p->next) {
        if (chosen && strcmp(p->key, chosen) == 0)
            continue;
        if (p->kind != TFU_NODE_MAPPING) {
            refuse_no_mapping(l, p);
            continue;
        }
        for (const struct tfu_node *n = p->first; n; n = n->next) {
            const char *const *root = tfu_study_roots;
            while (*root && strcmp(*root, n->key) != 0)
                root++;
            if (!*root)
                refuse_key(l, p, n);
        }
    }
}

/* What is no mapping over an axis that is one chooses among its values, which stay there: the
 * command line may still say what one of them is. */
static void choose_values(const struct tfu_node *root, struct tfu_node *over)
{
    const struct tfu_node *cases = tfu_node_at(root, "cases");
    if (!over || over->kind != TFU_NODE_MAPPING || over->replaces)
        return;
    for (struct tfu_node *n = over->first, *next; n; n = next) {
        struct tfu_node *axis = tfu_node_get(cases, n->key, strlen(n->key));
        next = n->next;
        if (!axis || axis->kind != TFU_NODE_MAPPING || n->kind == TFU_NODE_MAPPING)
            continue;
        tfu_node_remove(over, n);
        axis->choice = n;
    }
}

/* What the profile says of keys of the file itself is laid over it, mapping by mapping. */
static void lay_profile(struct tfu_load *l, struct tfu_node *root, const struct tfu_node *profile)
{
    struct tfu_node *over = tfu_node_copy(l, profile);
    if (!over)
        return;
    if (profile->replaces && !*profile->replaces)
        tfu_diagnostics_note(l->diagnostics,
                             "%s:%d: profiles.%s: '!replace' does nothing here: a profile is laid "
                             "over the file key by key; mark the sections in it that replace those "
                             "of the file",
                             profile->mark.source, profile->mark.line, profile->key);
    for (const struct tfu_node *n = over->first; n; n = n->next)
        if (strcmp(n->key, "profiles") == 0 || strcmp(n->key, "profile") == 0)
            tfu_diagnostics_add(l->diagnostics, n->key_mark,
                                "profiles.%s: a profile has no '%s' of its own", profile->key,
                                n->key);
    const struct tfu_node *base = tfu_node_at(over, "base");
    struct tfu_node *old = tfu_node_at(root, "base");
    if (base && base->kind == TFU_NODE_SCALAR && old) /* another file replaces all of it */
        tfu_node_remove(root, old);
    choose_values(root, tfu_node_at(over, "cases"));
    tfu_merge(l, "", root, over);
}

/* Lays the chosen profile over the file; its name, NULL: none is chosen. */
static const char *choose_profile(struct tfu_load *l, struct tfu_node *root,
                                  const struct tfu_document *document)
{
    const struct tfu_node *profiles = tfu_node_at(root, "profiles");
    const struct tfu_node *standing = tfu_node_at(root, "profile");
    const char *name = asked_for(document);
    struct tfu_mark m = {.source = TFU_LOAD_COMMAND_LINE};
    if (profiles && profiles->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, profiles->mark,
                            "profiles: expected a mapping of names, such as {mini: {cases: {seed: "
                            "0..1}}}, got %s",
                            tfu_node_describe(l, profiles));
        return NULL;
    }
    if (!name && standing && standing->kind == TFU_NODE_SCALAR && !tfu_node_is_null(standing)) {
        name = standing->text;
        m = standing->mark;
    }
    check_others(l, profiles, name);
    if (!name || !name[0])
        return NULL;
    const struct tfu_node *profile = profiles ? tfu_node_get(profiles, name, strlen(name)) : NULL;
    if (!profile)
        refuse_profile(l, profiles, name, m);
    else if (profile->kind != TFU_NODE_MAPPING)
        refuse_no_mapping(l, profile);
    else
        lay_profile(l, root, profile);
    return name;
}

/* Of the sections that nothing is laid over any more; others are looked at by who lays them. */
static void note_idle(struct tfu_load *l, const struct tfu_node *root)
{
    static const char *const sections[] = {"report", "launch", "draw", "tune", "early_stop"};
    for (size_t i = 0; i < TFU_COUNT(sections); i++)
        tfu_replace_note_idle(l->diagnostics, tfu_node_at(root, sections[i]));
}

void tfu_study_prepare(void *arg, struct tfu_load *l, struct tfu_node *root,
                       const struct tfu_document *document)
{
    (void)arg;
    tfu_study_spread_base(l, root);
    const char *profile = choose_profile(l, root, document);
    tfu_study_spread_base(l, root);
    tfu_study_lists_fill(l, root, profile);
    note_idle(l, root);
}

void tfu_study_read_keys(struct tfu_load *l, const struct tfu_options_table *table,
                         struct tfu_node *root)
{
    const struct tfu_options_section section = {.path = "",
                                                .table = table,
                                                .table_count = 1,
                                                .other = tfu_study_roots,
                                                .other_count = root_count()};
    tfu_options_read(l, &section, root, tfu_load_mark(l));
}

const char *tfu_study_stem(struct tfu_load *l, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return tfu_load_printf(l, "%.*s", (int)(dot ? (size_t)(dot - name) : strlen(name)), name);
}

bool tfu_study_is_name(const char *s)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-=,";
    return s[0] && s[0] != '.' && s[0] != '-' && strspn(s, letters) == strlen(s);
}
