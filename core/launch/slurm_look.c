/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/launch/command.h"
#include "core/launch/slurm_keys.h"
#include "core/launch/slurm_rows.h"

enum { JOBS_AT_ONCE = 200 }; /* in one question: a command line has an end */

static const double patience = 60; /* seconds that an answer may take */

/* ---- questions */

/* Runs a program and reads its rows; of jobs that it does not know there are none. */
static enum tfu_status ask(enum tfu_slurm_source source, const char *const *argv,
                           void (*each)(void *arg, const struct tfu_slurm_row *row), void *arg,
                           struct tfu_error *e)
{
    struct tfu_command_end end;
    const struct tfu_command c = {.argv = argv, .seconds = patience};
    enum tfu_status st = tfu_command_run(&c, &end, e);
    const bool none =
        st == TFU_OK && end.status != 0 && strstr(tfu_text_get(&end.err), "Invalid job id") != NULL;
    if (st == TFU_OK && !none && (end.status != 0 || end.late)) {
        struct tfu_text words = TFU_TEXT_INIT;
        tfu_command_put_words(&words, &end);
        st = tfu_error_set(e, TFU_EIO, "%s: %s", argv[0], tfu_text_get(&words));
        tfu_text_free(&words);
    } else if (st == TFU_OK && !none && end.out.length) {
        st = tfu_slurm_rows_read(source, end.out.data, each, arg, e);
    }
    tfu_command_end_free(&end);
    return st;
}

static enum tfu_status cannot_ask(enum tfu_status st, struct tfu_error *e)
{
    if (st != TFU_OK && st != TFU_ENOMEM) {
        tfu_error_prefix(e, "what Slurm has in its queue is not known");
        return TFU_EIO;
    }
    return st;
}

/* ---- jobs whose number is not known */

static void take_number(void *arg, const struct tfu_slurm_row *row)
{
    struct tfu_slurm_record *r = arg;
    for (size_t i = 0; i < r->count; i++)
        if (!r->job[i].number[0] && strcmp(r->job[i].name, row->name) == 0)
            tfu_slurm_record_number(r, i, row->job, strlen(row->job), NULL);
}

enum tfu_status tfu_slurm_recover(struct tfu_slurm_record *r, bool *changed, struct tfu_error *e)
{
    struct tfu_text names = TFU_TEXT_INIT;
    const char *argv[TFU_SLURM_ARGUMENTS];
    *changed = false;
    for (size_t i = 0; i < r->count; i++)
        if (!r->job[i].number[0])
            tfu_text_printf(&names, "%s%s", names.length ? "," : "", r->job[i].name);
    if (!names.length)
        return TFU_OK;
    tfu_slurm_question_by_name(tfu_text_get(&names), argv);
    const enum tfu_status st =
        names.failed ? TFU_ENOMEM : ask(TFU_SLURM_SQUEUE, argv, take_number, r, e);
    tfu_text_free(&names);
    if (st != TFU_OK)
        return cannot_ask(st, e);
    *changed = true;
    for (size_t i = r->count; i-- > 0;)
        if (!r->job[i].number[0])
            tfu_slurm_record_remove(r, i);
    return TFU_OK;
}

/* ---- which task has which case */

/* A case as a task of a job. */
struct entry {
    size_t job, task;
    struct tfu_slurm_seen *seen;
};

struct looking {
    const struct tfu_slurm_record *record;
    struct entry *entry; /* sorted by job and task */
    size_t count;
    bool refine; /* only what has ended is told more of */
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->job != y->job)
        return x->job < y->job ? -1 : 1;
    return x->task < y->task ? -1 : x->task > y->task;
}

/* The cases of a task, in all names that they have here. */
static void place_task(const struct tfu_slurm_key *name, size_t count, struct tfu_slurm_seen *seen,
                       const struct tfu_slurm_job *job, size_t job_index, size_t task)
{
    for (const char *s = job->task[task]; *s; s += *s == ',') {
        char key[64];
        const size_t n = strcspn(s, ",");
        snprintf(key, sizeof key, "%.*s", (int)(n < sizeof key ? n : sizeof key - 1), s);
        s += n;
        size_t at = tfu_slurm_keys_find(name, count, key);
        for (; at < count && strcmp(name[at].key, key) == 0; at++) {
            struct tfu_slurm_seen *to = &seen[name[at].index];
            to->job = job_index;
            to->state = TFU_SLURM_FORGOTTEN;
            snprintf(to->task, sizeof to->task, "%s_%zu", job->number, task);
        }
    }
}

static size_t task_of(const struct tfu_slurm_seen *seen)
{
    return (size_t)strtoull(strchr(seen->task, '_') + 1, NULL, 10);
}

/* ---- answers */

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

static void tell(const struct looking *l, struct tfu_slurm_seen *seen,
                 const struct tfu_slurm_row *row)
{
    const bool is_new = seen->state == TFU_SLURM_FORGOTTEN;
    if (l->refine && !is_new && seen->state != row->state)
        return; /* of an earlier start */
    if (!l->refine || is_new) {
        seen->state = row->state;
        copy(seen->word, sizeof seen->word, row->word);
        copy(seen->reason, sizeof seen->reason, row->reason);
        copy(seen->node, sizeof seen->node, row->node);
    }
    if (row->exit >= 0)
        seen->exit = row->exit;
    if (row->restarts >= 0)
        seen->restarts = row->restarts;
}

/* A row is of one task or, while they wait, of many. */
static void take_row(void *arg, const struct tfu_slurm_row *row)
{
    const struct looking *l = arg;
    const bool is_one = row->tasks[0] && strspn(row->tasks, "0123456789") == strlen(row->tasks);
    const size_t task = is_one ? (size_t)strtoull(row->tasks, NULL, 10) : 0;
    for (size_t j = 0; j < l->record->count; j++) {
        if (strcmp(l->record->job[j].number, row->job) != 0)
            continue;
        size_t low = 0, high = l->count;
        const struct entry wanted = {.job = j, .task = task};
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (compare_entries(&l->entry[middle], &wanted) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < l->count && l->entry[low].job == j; low++) {
            if (is_one && l->entry[low].task != task)
                break;
            if (is_one || !row->tasks[0] ||
                tfu_slurm_tasks_have(row->tasks, (int64_t)l->entry[low].task))
                tell(l, l->entry[low].seen, row);
        }
    }
}

/* Is there a question about a job? Of all, or of what has ended and whose status is not known. */
static bool is_open(const struct looking *l, const struct entry *entry)
{
    return !l->refine || (!tfu_slurm_state_is_queued(entry->seen->state) && entry->seen->exit < 0);
}

static enum tfu_status ask_about(struct looking *l, enum tfu_slurm_source source,
                                 struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < l->count && st == TFU_OK;) {
        struct tfu_text jobs = TFU_TEXT_INIT;
        const char *argv[TFU_SLURM_ARGUMENTS];
        size_t asked = 0, last = SIZE_MAX;
        /* scontrol is asked about one job at a time */
        const size_t room = source == TFU_SLURM_SCONTROL ? 1 : JOBS_AT_ONCE;
        for (; i < l->count && (asked < room || l->entry[i].job == last); i++)
            if (l->entry[i].job != last && is_open(l, &l->entry[i])) {
                last = l->entry[i].job;
                tfu_text_printf(&jobs, "%s%s", asked++ ? "," : "", l->record->job[last].number);
            }
        tfu_slurm_question(source, tfu_text_get(&jobs), argv);
        if (jobs.failed)
            st = TFU_ENOMEM;
        else if (asked)
            st = ask(source, argv, take_row, l, e);
        tfu_text_free(&jobs);
    }
    return st;
}

static enum tfu_status look(struct looking *l, struct tfu_error *e)
{
    enum tfu_status st = cannot_ask(ask_about(l, TFU_SLURM_SQUEUE, e), e);
    if (st != TFU_OK)
        return st;
    /* How something ended is good to know and changes nothing: whoever cannot say it may be silent,
     * as sacct is where no accounts are kept. */
    struct tfu_error dropped = TFU_ERROR_INIT;
    l->refine = true;
    st = ask_about(l, TFU_SLURM_SACCT, &dropped);
    if (st != TFU_ENOMEM)
        st = ask_about(l, TFU_SLURM_SCONTROL, &dropped);
    return st == TFU_ENOMEM ? tfu_error_memory(e, "reading what Slurm says", 0) : TFU_OK;
}

enum tfu_status tfu_slurm_look(const struct tfu_slurm_record *r, const char *const *key,
                               const bool *settled, size_t count, struct tfu_slurm_seen *seen,
                               struct tfu_error *e)
{
    struct tfu_slurm_key *name = calloc(count + 1, sizeof *name);
    struct entry *entry = calloc(count + 1, sizeof *entry);
    struct looking l = {.record = r, .entry = entry};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < count; i++)
        seen[i] = (struct tfu_slurm_seen){
            .state = TFU_SLURM_NEVER, .exit = -1, .restarts = -1, .job = SIZE_MAX};
    if (!name || !entry) {
        st = tfu_error_memory(e, "reading what Slurm says", 0);
    } else {
        for (size_t i = 0; i < count; i++)
            name[i] = (struct tfu_slurm_key){.key = key[i], .index = i};
        tfu_slurm_keys_sort(name, count);
        for (size_t j = 0; j < r->count; j++)
            for (size_t t = 0; t < r->job[j].tasks; t++)
                place_task(name, count, seen, &r->job[j], j, t);
        for (size_t i = 0; i < count; i++)
            if (seen[i].job != SIZE_MAX && r->job[seen[i].job].number[0] &&
                !(settled && settled[i]))
                entry[l.count++] =
                    (struct entry){.job = seen[i].job, .task = task_of(&seen[i]), .seen = &seen[i]};
        qsort(entry, l.count, sizeof *entry, compare_entries);
        st = l.count ? look(&l, e) : TFU_OK;
    }
    free(name);
    free(entry);
    return st;
}

/* ---- counted */

static void count_row(void *arg, const struct tfu_slurm_row *row)
{
    struct tfu_slurm_queue *queue = arg;
    if (row->state == TFU_SLURM_PENDING || row->state == TFU_SLURM_HELD)
        queue->pending++;
    else if (tfu_slurm_state_is_queued(row->state))
        queue->running++;
}

enum tfu_status tfu_slurm_count(const struct tfu_slurm_record *r, struct tfu_slurm_queue *queue,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    *queue = (struct tfu_slurm_queue){.pending = 0};
    for (size_t j = 0; j < r->count && st == TFU_OK;) {
        struct tfu_text jobs = TFU_TEXT_INIT;
        const char *argv[TFU_SLURM_ARGUMENTS];
        for (size_t asked = 0; j < r->count && asked < JOBS_AT_ONCE; j++)
            if (r->job[j].number[0])
                tfu_text_printf(&jobs, "%s%s", asked++ ? "," : "", r->job[j].number);
        tfu_slurm_question(TFU_SLURM_SQUEUE, tfu_text_get(&jobs), argv);
        if (jobs.failed)
            st = TFU_ENOMEM;
        else if (jobs.length)
            st = ask(TFU_SLURM_SQUEUE, argv, count_row, queue, e);
        tfu_text_free(&jobs);
    }
    return cannot_ask(st, e);
}

/* ---- in words */

void tfu_slurm_put_seen(struct tfu_text *t, const struct tfu_slurm_seen *seen)
{
    tfu_text_puts(t, tfu_slurm_state_text(seen->state));
    if (seen->state == TFU_SLURM_STRANGE)
        tfu_text_printf(t, " '%s'", seen->word);
    if (tfu_slurm_state_is_queued(seen->state)) {
        if (seen->reason[0])
            tfu_text_printf(t, " (%s)", seen->reason);
        if (seen->node[0])
            tfu_text_printf(t, " on %s", seen->node);
    } else if (seen->state == TFU_SLURM_FAILED && seen->exit > 0) {
        tfu_text_printf(t, " with status %d", seen->exit);
    }
    if (seen->restarts > 0)
        tfu_text_printf(t, ", started %" PRId64 " times", seen->restarts + 1);
}
