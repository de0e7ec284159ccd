/* SPDX-License-Identifier: MIT
 *
 * The resolved configuration as YAML: for people (with where each value is from), for the run
 * folder, and for the hash that names a run. Other readers of YAML see the same types: texts that
 * would read as numbers or booleans are quoted, numbers have a point.
 */
#include <string.h>

#include "core/config/load.h"
#include "core/config/print.h"
#include "core/config/print_data.h"
#include "core/config/print_keys.h"
#include "core/config/schema.h"

/* One option of the root's table. */
static void print_root(struct tfu_printer *p, const char *key)
{
    struct tfu_experiment x = p->config->experiment;
    x.output = x.output_absolute; /* it is read again in other files and folders */
    const struct tfu_options_table t = tfu_schema_root(&x);
    for (size_t i = 0; i < t.count; i++)
        if (strcmp(tfu_options_get(&t, i)->name, key) == 0)
            tfu_print_option(p, &t, i, key, p->config->root);
}

/* ---- sections */

static void print_init(struct tfu_printer *p, const struct tfu_experiment *x,
                       const struct tfu_node *list)
{
    const struct tfu_node *section = list ? list->first : NULL;
    tfu_print_open(p, "init", 4);
    p->indent += 2;
    for (size_t i = 0; i < x->init_count; i++) {
        p->item = true;
        tfu_print_choice(p, &x->init[i].choice, section);
        tfu_print_table(p, tfu_schema_rule(&x->init[i]), section);
        section = section ? section->next : NULL;
    }
    p->indent -= 2;
    tfu_print_close(p);
}

/* What a metric compares with is what the state holds, as far as that is known. */
static void print_versus(struct tfu_printer *p, const struct tfu_versus *w, const char *contents,
                         const struct tfu_node *section)
{
    struct tfu_versus host = *w;
    tfu_print_choice(p, &w->choice, section);
    if (contents) {
        tfu_print_begin(p, "against");
        tfu_text_printf(p->out, " sha256 %s", contents);
        tfu_print_end(p, section);
        host.against = "";
    }
    tfu_print_table(p, tfu_schema_versus(&host), section);
}

/* Few metrics have any of these keys: what is left out is not printed. */
static void print_scored(struct tfu_printer *p, struct tfu_scored *keys,
                         const struct tfu_node *section)
{
    const struct tfu_options_table t = tfu_schema_scored(keys);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        if (!tfu_options_is_default(o, (const char *)keys + o->offset))
            tfu_print_option(p, &t, i, o->name, section);
    }
}

static void print_metrics(struct tfu_printer *p, const struct tfu_experiment *x,
                          const struct tfu_node *list)
{
    const size_t count = x->metric_count + x->versus_count;
    const char *const *against = p->identity ? p->identity->against : NULL;
    if (count == 0) {
        tfu_print_begin(p, "metrics");
        tfu_text_puts(p->out, " []");
        tfu_print_end(p, list);
        return;
    }
    const struct tfu_node *section = list->first;
    tfu_print_open(p, "metrics", 7);
    p->indent += 2;
    for (size_t i = 0, w = 0; i < count; i++, section = section->next) {
        p->item = true;
        if (w < x->versus_count && x->versus[w].place == i) {
            print_versus(p, &x->versus[w], against ? against[w] : NULL, section);
            w++;
        } else {
            tfu_print_choice(p, &x->metric[i - w], section);
            print_scored(p, &x->scored[i - w], section);
        }
    }
    p->indent -= 2;
    tfu_print_close(p);
}

/* A name, or a list of names with commas between. */
static void print_names(struct tfu_text *out, const char *names)
{
    if (!strchr(names, ',')) {
        tfu_value_print_text(out, names);
        return;
    }
    tfu_text_puts(out, "[");
    for (const char *s = names; *s;) {
        s += strspn(s, ", ");
        const size_t n = strcspn(s, ",");
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_text_append(&name, s, n);
        tfu_text_puts(out, s == names ? "" : ", ");
        tfu_value_print_text(out, tfu_text_get(&name));
        out->failed |= name.failed;
        tfu_text_free(&name);
        s += n;
    }
    tfu_text_puts(out, "]");
}

static void print_algorithms(struct tfu_printer *p, const struct tfu_experiment *x,
                             const struct tfu_node *section)
{
    if (x->algorithm_count == 0) {
        tfu_print_begin(p, "algorithm");
        tfu_text_puts(p->out, " {}");
        tfu_print_end(p, section);
        return;
    }
    tfu_print_open(p, "algorithm", 9);
    for (size_t i = 0; i < x->algorithm_count; i++) {
        const char *op = x->algorithm[i].op;
        tfu_text_printf(p->out, "%*s", p->indent, "");
        tfu_value_print_text(p->out, op);
        tfu_text_puts(p->out, ": ");
        print_names(p->out, x->algorithm[i].algorithm);
        tfu_print_end(p, tfu_node_get(section, op, strlen(op)));
    }
    tfu_print_close(p);
}

static void print_sections(struct tfu_printer *p)
{
    const struct tfu_experiment *x = &p->config->experiment;
    const struct tfu_node *root = p->config->root, *train = tfu_node_at(root, "train");
    tfu_print_open(p, "task", 4);
    tfu_print_table(p, tfu_schema_task((struct tfu_task_config *)&x->task),
                    tfu_node_at(root, "task"));
    tfu_print_close(p);
    tfu_print_open(p, "arch", 4);
    tfu_print_choice(p, &x->arch, tfu_node_at(root, "arch"));
    tfu_print_table(p, tfu_schema_arch((struct tfu_arch_config *)&x->arch_host),
                    tfu_node_at(root, "arch"));
    tfu_print_close(p);
    print_init(p, x, tfu_node_at(root, "init"));
    tfu_print_data(p, x);
    tfu_print_open(p, "train", 5);
    tfu_print_plugin(p, "optimizer", &x->train.optimizer, tfu_node_at(train, "optimizer"));
    tfu_print_table(p, tfu_schema_train((struct tfu_train_config *)&x->train), train);
    tfu_print_close(p);
    print_metrics(p, x, tfu_node_at(root, "metrics"));
    tfu_print_plugin(p, "backend", &x->backend, tfu_node_at(root, "backend"));
    print_algorithms(p, x, tfu_node_at(root, "algorithm"));
}

static enum tfu_status finish(const struct tfu_text *out, struct tfu_error *e)
{
    return out->failed ? tfu_error_memory(e, "printing a configuration", 0) : TFU_OK;
}

enum tfu_status tfu_config_print(const struct tfu_config *c, bool origin, struct tfu_text *out,
                                 struct tfu_error *e)
{
    struct tfu_printer p = {.out = out, .config = c, .origin = origin};
    print_root(&p, "seed");
    print_root(&p, "name");
    print_sections(&p);
    print_root(&p, "deterministic");
    print_root(&p, "timings");
    print_root(&p, "output");
    print_root(&p, "threads");
    return finish(out, e);
}

enum tfu_status tfu_config_print_split(const struct tfu_config *c,
                                       const struct tfu_data_split *split, struct tfu_text *out,
                                       struct tfu_error *e)
{
    struct tfu_printer p = {.out = out, .config = c};
    tfu_print_one_split(&p, split);
    return finish(out, e);
}

enum tfu_status tfu_config_identity(const struct tfu_config *c,
                                    const struct tfu_config_contents *contents,
                                    struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_experiment *x = &c->experiment;
    struct tfu_printer p = {.out = out, .config = c, .identity = contents};
    print_root(&p, "seed");
    print_sections(&p);
    if (!x->deterministic || x->timings[0])
        print_root(&p, "deterministic");
    /* what is measured is added to the file: it decides nothing that can be had again */
    if (x->deterministic && x->timings[0])
        print_root(&p, "timings");
    return finish(out, e);
}
