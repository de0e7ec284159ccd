/* SPDX-License-Identifier: MIT
 *
 * What analyses of the file left in their folders: text, table, figure. One that was not done, or
 * not to its end, is a hole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/analysis/study_folder.h"
#include "core/report/answer_figure.h"
#include "core/report/build_parts.h"
#include "core/report/words.h"

enum { TEXT_MAX = 1 << 20 };

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "reading an analysis", 0);
}

/* What stands in "<stem><ending>"; NULL: nothing. */
static const char *read_text(struct tfu_report_builder *b, const char *stem, const char *ending)
{
    const char *path = tfu_arena_printf(&b->out->arena, "%s%s", stem, ending);
    FILE *f = path ? fopen(path, "re") : NULL;
    char *text = f ? malloc(TEXT_MAX) : NULL;
    const size_t n = text ? fread(text, 1, TEXT_MAX - 1, f) : 0;
    size_t end = n;
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == ' '))
        end--;
    const char *out = end ? tfu_arena_strndup(&b->out->arena, text, end) : NULL;
    free(text);
    if (f)
        fclose(f);
    return out;
}

/* Is the network `spec`, as of core/study/subject.h, of the run at `path` below the store? */
static bool is_of_run(const struct tfu_report_builder *b, const char *spec, const char *path)
{
    const size_t k = strlen(b->out->store), length = strlen(path);
    return strncmp(spec, b->out->store, k) == 0 && spec[k] == '/' &&
           strncmp(spec + k + 1, path, length) == 0 &&
           (!spec[k + 1 + length] || spec[k + 1 + length] == '@');
}

static bool has_run(const struct tfu_report_builder *b, const struct tfu_analysis_networks *n,
                    const char *path)
{
    bool found = false;
    for (size_t i = 0; i < n->count && !found; i++)
        found = is_of_run(b, n->of[i], path);
    for (size_t i = 0; i < n->lines && !found; i++)
        for (size_t p = 0; p < n->line[i].pairs && !found; p++)
            found = is_of_run(b, n->line[i].a[p], path) || is_of_run(b, n->line[i].b[p], path);
    return found;
}

/* The cases whose runs are among the networks of the analysis. */
static void list_runs(struct tfu_report_builder *b, const struct tfu_study_item *item,
                      struct tfu_report_figure *out)
{
    size_t *run = tfu_arena_array(&b->out->arena, b->cases->count + 1, sizeof *run);
    for (size_t i = 0; run && i < b->cases->count; i++)
        if (b->cases->item[i].path && has_run(b, &item->networks, b->cases->item[i].path))
            run[out->runs++] = i;
    out->run = run;
    const size_t asked = item->gaps.cases - item->gaps.left_out;
    out->asked = asked > out->runs ? asked : out->runs;
}

/* The text that an analysis printed, and "NAME/movement.txt" of its file. */
static enum tfu_status add_text(struct tfu_report_builder *b, const char *stem, const char *said,
                                struct tfu_error *e)
{
    const char *text = said;
    struct tfu_text words = TFU_TEXT_INIT;
    if (b->section->names.count) {
        words.failed |= !tfu_report_words_put_printed(&words, b->cases, said);
        if (!(text = tfu_report_keep(b, &words, e)))
            return e->status;
    }
    const char *from = strrchr(stem, '/');
    while (from && from > stem && from[-1] != '/')
        from--;
    const struct tfu_report_block block = {
        .kind = TFU_REPORT_PRINTED,
        .text = text,
        .file = tfu_arena_printf(&b->out->arena, "%s.txt", from ? from : stem)};
    return block.file ? tfu_report_add(b, &block, e) : no_memory(e);
}

/* "arch=cbr_tiny. " of an analysis that is done once for each of them: what its figure says itself
 * is the same of all. */
static void put_value(const struct tfu_report_builder *b, const struct tfu_study_item *item,
                      struct tfu_text *out)
{
    if (!item->each)
        return;
    for (size_t a = 0; a < b->cases->axes; a++) {
        const struct tfu_report_axis *axis = &b->cases->axis[a];
        for (size_t v = 0; strcmp(axis->name, item->each) == 0 && v < axis->count; v++)
            if (strcmp(axis->value[v], item->value) == 0) {
                tfu_report_put_axis_value(out, axis, v);
                tfu_text_puts(out, ". ");
                return;
            }
    }
    tfu_text_printf(out, "%s=%s. ", item->each, item->value);
}

/* What an analysis said, in the words of `names` where there are any. */
static void put_words(const struct tfu_report_builder *b, const char *said, struct tfu_text *out)
{
    if (b->section->names.count)
        tfu_report_words_put(out, b->cases, said);
    else
        tfu_text_puts(out, said);
}

/* What stands below the figure. The report's; NULL after an error. */
static const char *caption_of(struct tfu_report_builder *b, const struct tfu_study_item *item,
                              const char *stem, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    const char *said = read_text(b, stem, ".caption.txt");
    put_value(b, item, &text);
    put_words(b, said ? said : item->analysis->summary, &text);
    return tfu_report_keep(b, &text, e);
}

static enum tfu_status add_figure(struct tfu_report_builder *b, const struct tfu_study_item *item,
                                  const char *stem, struct tfu_error *e)
{
    struct tfu_report_figure *f = tfu_arena_alloc(&b->out->arena, sizeof *f);
    const char *picture = tfu_arena_printf(&b->out->arena, "%s.svg", stem);
    if (!f || !picture)
        return no_memory(e);
    if (access(picture, R_OK) != 0)
        return TFU_OK;
    f->name = tfu_arena_strdup(&b->out->arena, item->name);
    f->stem = stem;
    f->caption = caption_of(b, item, stem, e);
    if (!f->caption)
        return e->status;
    struct tfu_figure *drawn = NULL;
    if (b->section->names.count && tfu_report_answer_figure(b, stem, &drawn, e) != TFU_OK)
        return e->status;
    if (drawn)
        drawn->caption = f->caption;
    f->figure = drawn;
    f->alternative =
        tfu_arena_printf(&b->out->arena, "Figure of the analysis %s: %s", item->name, f->caption);
    if (!f->name || !f->alternative)
        return no_memory(e);
    list_runs(b, item, f);
    return tfu_report_add(b, &(struct tfu_report_block){.kind = TFU_REPORT_FIGURE, .figure = f}, e);
}

/* `other`: there is a result, but not of what is asked. */
static enum tfu_status add_hole(struct tfu_report_builder *b, const struct tfu_study_item *item,
                                bool other, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_study_gaps *g = &item->gaps;
    b->missing_analyses = true;
    tfu_text_printf(&text,
                    other ? "the analysis '%s' was done of other runs, or with other options"
                          : "the analysis '%s' was not done yet",
                    item->name);
    /* those that the command line left out are not asked for */
    const size_t gone = g->count - g->left_out, cases = g->cases - g->left_out;
    if (gone)
        tfu_text_printf(&text, " (%zu of its %zu case%s %s not done)", gone, cases,
                        cases == 1 ? "" : "s", gone == 1 ? "is" : "are");
    tfu_text_printf(&text, "; `transfuse analyse %s` does it%s", b->words, other ? " anew" : "");
    return tfu_report_add_text(b, TFU_REPORT_HOLE, 0, tfu_report_keep(b, &text, e), e);
}

static enum tfu_status add_item(struct tfu_report_builder *b, const struct tfu_study_item *item,
                                bool figure_alone, struct tfu_error *e)
{
    char *found;
    bool other;
    enum tfu_status st = tfu_study_find_result(&found, &other, b->file, item, e);
    if (st != TFU_OK)
        return st;
    if (!found)
        return add_hole(b, item, other, e);
    const char *stem = tfu_arena_strdup(&b->out->arena, found);
    free(found);
    if (!stem)
        return no_memory(e);
    const char *name = tfu_arena_strdup(&b->out->arena, item->name);
    if (!figure_alone) {
        const char *text = read_text(b, stem, ".txt");
        st = tfu_report_add_text(b, TFU_REPORT_HEADING, 3, name, e);
        if (st == TFU_OK && text)
            st = add_text(b, stem, text, e);
    }
    const size_t before = b->blocks;
    if (st == TFU_OK)
        st = add_figure(b, item, stem, e);
    if (st == TFU_OK && figure_alone && b->blocks == before)
        st = tfu_report_add_text(
            b, TFU_REPORT_HOLE, 0,
            tfu_arena_printf(&b->out->arena,
                             "the analysis '%s' has no figure; `analysis: %s` shows its text", name,
                             name),
            e);
    return st;
}

enum tfu_status tfu_report_analysis_build(struct tfu_report_builder *b, const char *name,
                                          bool figure_alone, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    bool whole = false;
    for (size_t i = 0; b->file && i < b->file->count; i++)
        whole |= strcmp(b->file->item[i].name, name) == 0;
    for (size_t i = 0; st == TFU_OK && b->file && i < b->file->count; i++)
        /* else it is done for each value of something */
        if (strcmp(whole ? b->file->item[i].name : b->file->item[i].asked, name) == 0)
            st = add_item(b, &b->file->item[i], figure_alone, e);
    return st;
}
