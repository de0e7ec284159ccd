/* SPDX-License-Identifier: MIT */
#include "core/config/build_cut.h"

#include <float.h>
#include <string.h>

#include "core/config/hint.h"
#include "core/config/path.h"
#include "core/config/schema.h"
#include "core/config/value.h"

static const char *const part_name[] = {NULL, "valid", "test"};

static const struct tfu_option share_option = {
    .name = "share", .type = TFU_FLOAT, .fmin = 0, .fmax = 1};
static const struct tfu_option file_option = {
    .name = "file", .type = TFU_PATH, .flags = TFU_OPT_REQUIRED};
static const struct tfu_option values_option = {.name = "values", .type = TFU_STRING_LIST};
static const struct tfu_option value_option = {.name = "value", .type = TFU_STRING};

/* ---- what a part is */

/* Was a number meant: does it begin like one, and not look like a file? */
static bool is_number(const char *text)
{
    const char *digits = text + strspn(text, "+-.");
    return *digits >= '0' && *digits <= '9' && !tfu_path_is_likely(text);
}

static bool read_values(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        struct tfu_cut_part *p)
{
    p->kind = TFU_CUT_VALUES;
    if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n))
        return tfu_value_read(l, path, &values_option, n, &p->values);
    const char **one = tfu_load_array(l, 1, sizeof *one);
    if (!one || !tfu_value_read(l, path, &value_option, n, one))
        return false;
    p->values = (struct tfu_string_list){one, 1};
    return true;
}

static bool read_share(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       struct tfu_cut_part *p)
{
    p->kind = TFU_CUT_SHARE;
    if (!tfu_value_read(l, path, &share_option, n, &p->share))
        return false;
    if (p->share > 0 && p->share < 1)
        return true;
    tfu_diagnostics_add(l->diagnostics, n->mark,
                        "%s: a share of %g leaves %s; it is more than 0 and less than 1, and "
                        "without the key there is no such part",
                        path, p->share, p->share > 0 ? "nothing to train on" : "nothing in it");
    return false;
}

static bool read_part(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      bool by_column, struct tfu_cut_part *p)
{
    p->mark = n->mark;
    if (by_column)
        return read_values(l, path, n, p);
    if (n->kind == TFU_NODE_SCALAR && !n->quoted && is_number(n->text))
        return read_share(l, path, n, p);
    if (n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n)) {
        p->kind = TFU_CUT_FILE;
        return tfu_value_read(l, path, &file_option, n, &p->file);
    }
    tfu_diagnostics_add(l->diagnostics, n->mark,
                        "%s: expected a share such as 0.1, a file with a name a line, or, with "
                        "`column`, a list of that column's values; got %s",
                        path, tfu_node_describe(l, n));
    return false;
}

/* ---- what they are together */

static void check(struct tfu_load *l, const struct tfu_node *n, const struct tfu_data_cut *cut)
{
    const struct tfu_cut_part *valid = &cut->part[TFU_CUT_VALID];
    const struct tfu_cut_part *test = &cut->part[TFU_CUT_TEST];
    const double sum = valid->share + test->share;
    if (!valid->kind && !test->kind && !tfu_node_at(n, "valid") && !tfu_node_at(n, "test"))
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(n),
                            "data.split: it says neither `valid` nor `test`; write something like "
                            "`split: {valid: 0.1, test: 0.2}`");
    if (sum >= 1)
        tfu_diagnostics_add(l->diagnostics, valid->mark,
                            "data.split: the shares of valid and test, %g and %g, leave nothing "
                            "to train on",
                            valid->share, test->share);
    const bool shares = valid->kind == TFU_CUT_SHARE || test->kind == TFU_CUT_SHARE;
    if (cut->by != TFU_CUT_BY_AUTO && !shares)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "by")->mark,
                            "data.split.by: it says how shares are cut, and neither valid nor "
                            "test is one; remove it");
    if (cut->unsafe && cut->by != TFU_CUT_BY_EXAMPLE)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "unsafe")->mark,
                            "data.split.unsafe: it allows `by: example`, which is not there; "
                            "remove it");
}

void tfu_build_cut(struct tfu_load *l, const struct tfu_node *data, struct tfu_data_cut *cut)
{
    static const char *const other[] = {"valid", "test"};
    const struct tfu_node *n = tfu_node_at(data, "split");
    const struct tfu_options_table table = tfu_schema_cut(cut);
    if (n && n->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "data.split: expected a mapping such as {valid: 0.1, test: 0.2}, got "
                            "%s",
                            tfu_node_describe(l, n));
    if (!n || n->kind != TFU_NODE_MAPPING)
        return;
    cut->present = 1;
    cut->mark = tfu_node_key_mark(n);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = "data.split",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = other,
                                                   .other_count = TFU_COUNT(other)},
                     n, n->mark);
    const bool by_column = cut->column && cut->column[0];
    bool good = true;
    for (int k = TFU_CUT_VALID; k <= TFU_CUT_TEST; k++) {
        const struct tfu_node *part = tfu_node_at(n, part_name[k]);
        const char *path = tfu_options_path(l, "data.split", part_name[k]);
        if (part && path)
            good &= read_part(l, path, part, by_column, &cut->part[k]);
    }
    if (good && !l->out_of_memory)
        check(l, n, cut);
}

/* ---- the sections of parts */

void tfu_build_part(struct tfu_load *l, const struct tfu_node *data, const char *path,
                    const struct tfu_data_split *train, struct tfu_data_split *split)
{
    static const char *const other[] = {"transforms"};
    const struct tfu_node *n = tfu_node_at(data, split->name);
    const struct tfu_node *plugin = tfu_node_at(n, "plugin");
    const struct tfu_options_table host = tfu_schema_select(&split->select);
    if (n && n->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s: expected a mapping, got %s", path,
                            tfu_node_describe(l, n));
    if (plugin)
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(plugin),
                            "%s.plugin: data.split cuts the %s data out of data.train, whose "
                            "plugin and options they have; leave these out here, or `%s` out of "
                            "data.split",
                            path, split->name, split->name);
    split->choice = train->choice;
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = path,
                                                   .owner = "a part of data.train",
                                                   .table = &host,
                                                   .table_count = 1,
                                                   .other = other,
                                                   .other_count = TFU_COUNT(other),
                                                   .open = plugin != NULL},
                     n && n->kind == TFU_NODE_MAPPING ? n : NULL, tfu_load_mark(l));
}
