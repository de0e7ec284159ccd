/* SPDX-License-Identifier: MIT */
#include "core/report/names.h"

#include <string.h>

#include "core/report/section_declared.h"

const char *tfu_report_names_find(const struct tfu_report_names *n, const char *key)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->item[i].key, key) == 0)
            return n->item[i].words;
    return NULL;
}

/* ---- reading */

static bool are_words(const struct tfu_node *n)
{
    return n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n) &&
           n->text[strspn(n->text, " \t\r\n")] && !strpbrk(n->text, "\r\n");
}

void tfu_report_names_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n)
{
    struct tfu_report_names *names = &r->section->names;
    if (n->kind != TFU_NODE_MAPPING || !n->first) {
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: expected a mapping as {test/auc: AUC, arch: network}, got %s",
                            path, tfu_node_describe(r->load, n));
        return;
    }
    struct tfu_report_name *item =
        tfu_load_array(r->load, names->count + n->count + 1, sizeof *item);
    if (!item)
        return;
    if (names->count)
        memcpy(item, names->item, names->count * sizeof *item);
    names->item = item;
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (!are_words(k))
            tfu_diagnostics_add(r->load->diagnostics, k->mark,
                                "%s.%s: expected words in one line, got %s", path, k->key,
                                tfu_node_describe(r->load, k));
        else if (tfu_report_names_find(names, k->key))
            tfu_diagnostics_add(r->load->diagnostics, k->key_mark,
                                "%s: '%s' has words already, which are '%s'; leave one of them out",
                                path, k->key, tfu_report_names_find(names, k->key));
        else
            item[names->count++] = (struct tfu_report_name){
                .key = k->key, .words = k->text, .path = path, .mark = k->key_mark};
    }
}

/* ---- axes and their values */

static bool is_number(const char *key)
{
    struct tfu_report_value value;
    return tfu_report_value_read(&value, key);
}

/* Gives an axis, or the value of one, its words. `of`: "AXIS=VALUE" is meant. */
static bool lay(struct tfu_report_axis *a, const struct tfu_report_name *name, bool of)
{
    const size_t n = strlen(a->name);
    const char *value = name->key;
    bool any = false;
    if (!of && strcmp(a->name, name->key) == 0) {
        a->word = name->words;
        any = true;
    }
    if (of) {
        if (strncmp(name->key, a->name, n) != 0 || name->key[n] != '=')
            return false;
        value += n + 1;
    }
    for (size_t v = 0; v < a->count; v++)
        if (tfu_report_same_value(a->value[v], value)) {
            a->value_word[v] = name->words;
            any = true;
        }
    return any;
}

static void refuse(struct tfu_section_reader *r, const struct tfu_report_name *name)
{
    const struct tfu_report_cases *c = r->cases;
    size_t room = c->axes + TFU_MEASURE_SECONDS, count = 0;
    for (size_t a = 0; a < c->axes; a++)
        room += 2 * c->axis[a].count;
    const char **known = tfu_load_array(r->load, room + 1, sizeof *known);
    for (size_t a = 0; known && a < c->axes; a++) {
        known[count++] = c->axis[a].name;
        for (size_t v = 0; v < c->axis[a].count; v++) {
            known[count++] = c->axis[a].value[v];
            const char *of =
                tfu_load_printf(r->load, "%s=%s", c->axis[a].name, c->axis[a].value[v]);
            if (of)
                known[count++] = of;
        }
    }
    for (size_t i = 0; known && tfu_report_costs[i]; i++)
        known[count++] = tfu_report_costs[i];
    const char *near = known ? tfu_text_nearest(name->key, known, count) : NULL;
    tfu_diagnostics_add(r->load->diagnostics, name->mark,
                        "%s: nothing is called '%s': it is no axis, no value of one, and no number "
                        "of a run as test/auc or cost/size%s%s%s",
                        name->path, name->key, near ? "; did you mean '" : "", near ? near : "",
                        near ? "'?" : "");
}

void tfu_report_names_lay(struct tfu_section_reader *r)
{
    const struct tfu_report_names *names = &r->section->names;
    struct tfu_report_cases *c = r->cases;
    if (names->count)
        c->between = ", ";
    for (int of = 0; of < 2; of++) /* what says its axis goes before what does not */
        for (size_t i = 0; i < names->count; i++) {
            struct tfu_report_name *name = &names->item[i];
            for (size_t a = 0; a < c->axes; a++)
                name->known |= lay(&c->axis[a], name, of);
        }
    if (r->wrong || (c->blind && !c->sweep)) /* whose axes are not known */
        return;
    for (size_t i = 0; i < names->count; i++)
        if (!names->item[i].known && !is_number(names->item[i].key) &&
            !tfu_section_declares(r, names->item[i].key))
            refuse(r, &names->item[i]);
}
