/* SPDX-License-Identifier: MIT */
#include "core/report/run_sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/text.h"

void tfu_run_set_name(const struct tfu_report *r, const size_t *run, size_t runs,
                      char name[TFU_RUN_SET_NAME])
{
    enum { DIGITS = 12 };
    name[0] = '\0';
    if (runs == 1)
        snprintf(name, TFU_RUN_SET_NAME, "run-%zu", run[0] + 1);
    if (runs < 2)
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    for (size_t i = 0; i < runs; i++) {
        tfu_text_puts(&text, r->run[run[i]].label);
        tfu_text_append(&text, "", 1);
    }
    tfu_hash_bytes(text.data, text.length, digest);
    tfu_hash_to_hex(digest, hex);
    if (!text.failed)
        snprintf(name, TFU_RUN_SET_NAME, "runs-%.*s", DIGITS, hex);
    tfu_text_free(&text);
}

/* ---- all of them */

static bool follow_each_other(const size_t *run, size_t runs)
{
    for (size_t i = 1; i < runs; i++)
        if (run[i] != run[i - 1] + 1)
            return false;
    return true;
}

static void add(struct tfu_run_sets *s, const struct tfu_report *r, const size_t *run, size_t runs)
{
    if (runs < 2)
        return;
    struct tfu_run_set *set = &s->set[s->count++];
    *set = (struct tfu_run_set){.run = run, .runs = runs, .together = follow_each_other(run, runs)};
    tfu_run_set_name(r, run, runs, set->name);
}

static void add_table(struct tfu_run_sets *s, const struct tfu_report *r,
                      const struct tfu_report_table *t)
{
    for (size_t i = 0; i < t->rows * t->columns; i++)
        if (!t->cell[i].text)
            add(s, r, t->cell[i].number.run, t->cell[i].number.runs);
}

static size_t count_most(const struct tfu_report *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->blocks; i++) {
        const struct tfu_report_block *b = &r->block[i];
        if (b->kind == TFU_REPORT_TABLE)
            count += b->table->rows * b->table->columns;
        else if (b->kind == TFU_REPORT_FIGURE)
            count++;
    }
    return count;
}

static int by_name(const void *a, const void *b)
{
    const struct tfu_run_set *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void drop_doubles(struct tfu_run_sets *s)
{
    size_t kept = 0;
    qsort(s->set, s->count, sizeof *s->set, by_name);
    for (size_t i = 0; i < s->count; i++)
        if (kept == 0 || strcmp(s->set[kept - 1].name, s->set[i].name) != 0)
            s->set[kept++] = s->set[i];
    s->count = kept;
}

/* Those that are together first, by their first run and the smaller one before the larger. */
static int by_place(const void *a, const void *b)
{
    const struct tfu_run_set *x = a, *y = b;
    if (x->together != y->together)
        return x->together ? -1 : 1;
    if (x->run[0] != y->run[0])
        return x->run[0] < y->run[0] ? -1 : 1;
    if (x->runs != y->runs)
        return x->runs < y->runs ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Of sets that share runs one is together. */
static void part_overlapping(struct tfu_run_sets *s)
{
    size_t end = 0;
    qsort(s->set, s->count, sizeof *s->set, by_place);
    for (size_t i = 0; i < s->count; i++) {
        if (!s->set[i].together)
            break;
        if (s->set[i].run[0] < end)
            s->set[i].together = false;
        else
            end = s->set[i].run[0] + s->set[i].runs;
    }
    qsort(s->set, s->count, sizeof *s->set, by_place);
}

enum tfu_status tfu_run_sets_collect(struct tfu_run_sets *out, const struct tfu_report *r,
                                     struct tfu_error *e)
{
    *out = (struct tfu_run_sets){.set = calloc(count_most(r) + 1, sizeof *out->set)};
    if (!out->set)
        return tfu_error_memory(e, "the runs of a report", 0);
    for (size_t i = 0; i < r->blocks; i++) {
        const struct tfu_report_block *b = &r->block[i];
        if (b->kind == TFU_REPORT_TABLE)
            add_table(out, r, b->table);
        else if (b->kind == TFU_REPORT_FIGURE)
            add(out, r, b->figure->run, b->figure->runs);
    }
    drop_doubles(out);
    part_overlapping(out);
    return TFU_OK;
}

void tfu_run_sets_free(struct tfu_run_sets *s)
{
    free(s->set);
    *s = (struct tfu_run_sets){.set = NULL};
}
