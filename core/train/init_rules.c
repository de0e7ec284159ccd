/* SPDX-License-Identifier: MIT */
#include "core/train/init_rules.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/defaults.h"

static const char *stage_of(const struct tfu_graph *graph, uint32_t param)
{
    return graph->stage[graph->node[graph->param[param].node].stage].name;
}

static bool rule_is_for(const struct tfu_init_rule *rule, const struct tfu_graph *graph,
                        uint32_t param)
{
    if (rule->match.count == 0 && rule->stages.count == 0)
        return true;
    if (tfu_text_glob_any(rule->match.item, rule->match.count, graph->param[param].name))
        return true;
    for (uint64_t i = 0; i < rule->stages.count; i++)
        if (strcmp(rule->stages.item[i], stage_of(graph, param)) == 0)
            return true;
    return false;
}

/* "'<word>' <problem>; did you mean '<nearest>'?", or else all the names there are. */
static enum tfu_status unknown_name(const char *word, const char *problem, const char *const *name,
                                    size_t count, struct tfu_error *e)
{
    enum { SHOWN = 12 };
    struct tfu_text text = TFU_TEXT_INIT;
    const char *nearest = tfu_text_nearest(word, name, count);
    tfu_text_printf(&text, "'%s' %s", word, problem);
    if (nearest) {
        tfu_text_printf(&text, "; did you mean '%s'?", nearest);
    } else {
        tfu_text_puts(&text, "; there are ");
        for (size_t i = 0; i < count && i < SHOWN; i++)
            tfu_text_printf(&text, "%s'%s'", i ? ", " : "", name[i]);
        if (count > SHOWN)
            tfu_text_printf(&text, " and %zu more", count - SHOWN);
    }
    const enum tfu_status st = text.failed
                                   ? tfu_error_memory(e, "naming parameters", 0)
                                   : tfu_error_set(e, TFU_EINVAL, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_init_rules_find(const struct tfu_graph *graph, const char *pattern,
                                    struct tfu_error *e)
{
    for (uint32_t p = 0; p < graph->param_count; p++)
        if (tfu_text_glob(pattern, graph->param[p].name))
            return TFU_OK;
    const char **name = calloc(graph->param_count, sizeof *name);
    if (!name)
        return tfu_error_memory(e, "naming parameters", 0);
    for (uint32_t p = 0; p < graph->param_count; p++)
        name[p] = graph->param[p].name;
    const enum tfu_status st =
        unknown_name(pattern, "matches no parameter of the network", name, graph->param_count, e);
    free(name);
    return st;
}

static enum tfu_status find_stage(const struct tfu_graph *graph, const char *stage,
                                  struct tfu_error *e)
{
    for (uint32_t p = 0; p < graph->param_count; p++)
        if (strcmp(stage, stage_of(graph, p)) == 0)
            return TFU_OK;
    const char **name = calloc(graph->stage_count, sizeof *name);
    if (!name)
        return tfu_error_memory(e, "naming stages", 0);
    for (uint32_t s = 0; s < graph->stage_count; s++)
        name[s] = graph->stage[s].name;
    const enum tfu_status st =
        unknown_name(stage, "is no stage with parameters", name, graph->stage_count, e);
    free(name);
    return st;
}

static enum tfu_status check_rule(const struct tfu_graph *graph, const struct tfu_init_rule *rule,
                                  struct tfu_error *e)
{
    const struct tfu_mark *m = &rule->choice.mark;
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = TFU_OK;
    for (uint64_t i = 0; st == TFU_OK && i < rule->match.count; i++)
        st = tfu_init_rules_find(graph, rule->match.item[i], &said);
    for (uint64_t i = 0; st == TFU_OK && i < rule->stages.count; i++)
        st = find_stage(graph, rule->stages.item[i], &said);
    return st == TFU_OK ? st : tfu_error_at(e, st, m->source, m->line, m->column, "%s", said.text);
}

enum tfu_status tfu_init_rules_match(const struct tfu_graph *graph,
                                     const struct tfu_init_rule *rule, size_t rule_count,
                                     size_t *winner, struct tfu_error *e)
{
    for (size_t r = 0; r < rule_count; r++) {
        const enum tfu_status st = check_rule(graph, &rule[r], e);
        if (st != TFU_OK)
            return st;
    }
    uint32_t orphans = 0, first = 0;
    for (uint32_t p = 0; p < graph->param_count; p++) {
        size_t r = rule_count;
        while (r > 0 && !rule_is_for(&rule[r - 1], graph, p))
            r--;
        if (r > 0)
            winner[p] = r - 1;
        else if (orphans++ == 0)
            first = p;
    }
    if (orphans == 0)
        return TFU_OK;
    const struct tfu_mark *m = rule_count > 0 ? &rule[0].choice.mark : NULL;
    return tfu_error_at(e, TFU_EINVAL, m ? m->source : NULL, m ? m->line : 0, m ? m->column : 0,
                        "no rule of `init` is for parameter '%s'%s; begin the list with a rule "
                        "that has neither `match` nor `stages`, such as {plugin: " TFU_DEFAULT_INIT
                        "}",
                        graph->param[first].name, orphans > 1 ? " (and others)" : "");
}
